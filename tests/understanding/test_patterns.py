"""The pattern language, the reading of messages, and the data files as a whole."""

from pathlib import Path

import pytest

from bot.understanding import Understander
from bot.understanding.lexicons import lines, read_data
from bot.understanding.patterns import Lexicon, Token, Words, longest, parse_pattern, stem
from bot.understanding.spelling import by_ear
from knowledge.labels import Autonomy, Danger, Posture, Urgency
from knowledge.needs import load_needs
from tests.understanding.conftest import table

READ = table("normalisation")


def tokens(text: str) -> Words:
    return Words(Token(word, stem(word), 0, 0, 0) for word in text.split())


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("caf", "la caf", ["caf"]),
        ("carte grise", "deux cartes grises", ["cartes grises"]),
        ("impr*", "imprimer imprimante import", ["imprimer", "imprimante"]),
        ("prete|prets", "un pret", ["pret"]),
        ("plus de? droits", "plus de droits ou plus droits", ["plus de droits", "plus droits"]),
        ("veux ... apprendre", "je veux bien un jour apprendre", ["veux bien un jour apprendre"]),
        ("veux ... apprendre", "je veux un deux trois quatre cinq apprendre", []),
        ("coupe", "des coups", []),
        ("retraite", "un retrait", []),
    ],
)
def test_patterns(pattern: str, text: str, found: list[str]) -> None:
    assert [match.text for match in Lexicon([(pattern, None)]).find(tokens(text))] == found


@pytest.mark.parametrize("pattern", ["", "... apprendre", "mot? apprendre", "im*"])
def test_faulty_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="motif"):
        parse_pattern(pattern)


def test_longest_hides_what_lies_inside() -> None:
    lexicon = Lexicon([("retraite agricole", "msa"), ("retraite", "retraite"), ("ma ... agricole", "gap")])
    kept = longest(lexicon.find(tokens("ma retraite agricole")))
    assert sorted(match.value for match in kept) == ["gap", "msa"]


@pytest.mark.parametrize(
    ("left", "right"), [("chomage", "chaumaje"), ("imprimer", "imprime"), ("quand", "kan"), ("dossier", "dossie")]
)
def test_sounds_alike(left: str, right: str) -> None:
    assert by_ear(left) == by_ear(right)


def test_reading_has_cases() -> None:
    assert len(READ) >= 25


@pytest.mark.parametrize(("typed", "read"), READ)
def test_reading(understander: Understander, typed: str, read: str) -> None:
    assert understander.rules.read(typed).plain == read


def test_labels_of_the_data_files_exist() -> None:
    assert set(read_data("danger.yml")["danger"]) == set(Danger)
    assert set(read_data("posture.yml")["sure"]) == set(Posture)
    assert set(read_data("urgency.yml")["now"]) == set(Urgency)
    assert set(read_data("profile.yml")["autonomy"]) == set(Autonomy)
    assert set(read_data("needs.yml")["needs"]) == set(load_needs())


def test_every_pattern_can_be_read() -> None:
    blocks = [
        block
        for path in sorted((Path(__file__).parents[2] / "bot" / "understanding" / "data").glob("*.yml"))
        for block in _blocks(read_data(path.name))
        if "\n" in block
    ]
    patterns = [line for block in blocks for line in lines(block)]
    assert len(patterns) > 3_000
    for line in patterns:
        parse_pattern(line)


def _blocks(content: object) -> list[str]:
    if isinstance(content, dict):
        return [block for value in content.values() for block in _blocks(value)]
    return [content] if isinstance(content, str) else []
