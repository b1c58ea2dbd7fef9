"""Reading the data files of the understanding: `data/*.yml`, mostly blocks of patterns, one a line."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from bot.understanding.folding import fold
from bot.understanding.patterns import Lexicon


@cache
def read_data(name: str) -> dict[str, Any]:
    """Return the content of `bot/understanding/data/<name>`; it is read once."""
    text = files("bot.understanding").joinpath("data", name).read_text(encoding="utf-8")
    content: dict[str, Any] = YAML(typ="safe").load(text)
    return content


def read_words(name: str) -> frozenset[str]:
    """Return the words of `bot/understanding/data/<name>`, one a line."""
    return frozenset(files("bot.understanding").joinpath("data", name).read_text(encoding="utf-8").split())


def lines(block: str) -> Iterator[str]:
    """Return the patterns of a block, folded, without empty lines and remarks (# ...)."""
    for line in _folded(block).splitlines():
        pattern = " ".join(line.partition("#")[0].split())
        if pattern:
            yield pattern


def fold_pattern(line: str) -> str:
    """Return a pattern as messages are read: no accents, no apostrophes, no hyphens."""
    return " ".join(_folded(line).split())


def _folded(text: str) -> str:
    return fold(text).replace("'", " ").replace("-", " ")


def labelled_lexicon(name: str, section: str) -> Lexicon[str]:
    """Return the lexicon of a section "label: block of patterns"; the value of a match is its label."""
    blocks: dict[str, str] = read_data(name)[section]
    return Lexicon((line, label) for label, block in blocks.items() for line in lines(block))


def plain_lexicon(name: str, section: str) -> Lexicon[None]:
    """Return the lexicon of a section that is one block of patterns."""
    return Lexicon((line, None) for line in lines(read_data(name)[section]))
