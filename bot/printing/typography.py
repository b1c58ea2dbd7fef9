"""Letters of a printed page: the font, the blanks of French, texts cut into lines."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

FAMILY, PACKAGE = "Atkinson", "fontpkg_atkinson_hyperlegible"
"""Atkinson Hyperlegible: letters drawn by the Braille Institute for people who see badly (SIL Open Font License)."""

REGULAR, BOLD = "Regular", "Bold"

NO_BREAK = "\N{NO-BREAK SPACE}"
GLUED = re.compile(r" (?=[?!:;»])|(?<=«) |(?<=\d) (?=(?:h|km)\b)|(?<=\d h) (?=\d\d\b)")

POINT_MM = 25.4 / 72
"""Millimetres of a typographic point."""


def french(text: str) -> str:
    """Return the text with the no-break spaces of French typography: no line begins with "?", nor with "h 30"."""
    return GLUED.sub(NO_BREAK, text)


def font_file(weight: str) -> AbstractContextManager[Path]:
    """Give the TrueType file of a weight."""
    return as_file(files(PACKAGE) / "files" / f"AtkinsonHyperlegible-{weight}.ttf")


@cache
def _advances(weight: str) -> Mapping[str, float]:
    """Return how far each letter goes, in heights of the letters (em)."""
    from fontTools.ttLib import TTFont  # slow to load

    with font_file(weight) as path, TTFont(path, lazy=True) as font:
        widths, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {chr(code): widths[name][0] / em for code, name in font.getBestCmap().items()}


def text_width(text: str, points: float, *, bold: bool) -> float:
    """Return the width in millimetres of a text that is `drawable`."""
    advances = _advances(BOLD if bold else REGULAR)
    return sum(advances.get(char, 0.0) for char in text) * points * POINT_MM


def drawable(text: str) -> str:
    """Return the text in letters that the font has: base letters for rare accents, nothing for the rest (emoji)."""
    text = unicodedata.normalize("NFC", text)
    if all(char in _advances(REGULAR) for char in text):
        return text
    return " ".join("".join(map(_known, text)).split(" ")).strip()


def missing(text: str) -> str:
    """Return the signs of a text that `drawable` would drop, each once."""
    written = unicodedata.normalize("NFC", text)
    return "".join(dict.fromkeys(char for char in written if not char.isspace() and not _known(char)))


def _known(char: str) -> str:
    if char in _advances(REGULAR) or char == "\n":
        return char
    parts = unicodedata.normalize("NFKD", char)
    return "" if parts == char else "".join(map(_known, parts))


def lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Cut a text into lines of at most `width`, between words, inside a word only where it is longer than a line."""
    found: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in _pieces(paragraph, width, measure):
            longer = f"{line} {word}" if line else word
            if line and measure(longer) > width:
                found.append(line)
                longer = word
            line = longer
        found.append(line)
    return found


def _pieces(paragraph: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    """Yield the words, those too long for a line in pieces that are not."""
    for whole in filter(None, paragraph.split(" ")):
        word = whole
        while measure(word) > width and len(word) > 1:
            end = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or measure(word[:n]) <= width)
            yield word[:end]
            word = word[end:]
        yield word
