"""Typing errors made by rule on every commune above 1 000 inhabitants of the Pyrénées-Atlantiques."""

from collections.abc import Callable

import pytest

from knowledge.communes import Commune, Gazetteer
from knowledge.communes.text import fold


def without_a_letter(name: str) -> str:
    middle = len(name) // 2
    return name[:middle] + name[middle + 1 :]


def with_a_swapped_pair(name: str) -> str:
    middle = len(name) // 2
    return name[: middle - 1] + name[middle] + name[middle - 1] + name[middle + 1 :]


def with_a_doubled_letter(name: str) -> str:
    middle = len(name) // 2
    return name[:middle] + name[middle] + name[middle:]


def communes(gazetteer: Gazetteer) -> list[Commune]:
    return [c for c in gazetteer.communes if c.departement == "64" and (c.population or 0) > 1000]


def test_there_are_enough_communes(gazetteer: Gazetteer) -> None:
    assert len(communes(gazetteer)) == 110


@pytest.mark.parametrize(
    ("spoil", "understood", "offered"),
    [
        (str.upper, 110, 110),
        (fold, 110, 110),
        (without_a_letter, 91, 95),
        (with_a_swapped_pair, 103, 104),
        (with_a_doubled_letter, 109, 110),
    ],
)
def test_share_found(gazetteer: Gazetteer, spoil: Callable[[str], str], understood: int, offered: int) -> None:
    """The floors are what was measured, of 110 communes; what is missed are mostly names of two to four letters."""
    right = among = 0
    for commune in communes(gazetteer):
        match = gazetteer.find_commune(spoil(commune.nom))
        right += match.commune == commune
        among += any(candidate.commune == commune for candidate in match.candidates)
    assert right >= understood
    assert among >= offered


def test_no_typo_is_read_as_another_commune(gazetteer: Gazetteer) -> None:
    """A wrong place is worse than a question."""
    spoilt = [
        (commune, spoil(commune.nom))
        for commune in communes(gazetteer)
        for spoil in (without_a_letter, with_a_swapped_pair, with_a_doubled_letter)
    ]
    assert len(spoilt) == 330
    matches = [(commune, gazetteer.find_commune(text).commune) for commune, text in spoilt]
    wrong = [(right.nom, found.nom) for right, found in matches if found is not None and found != right]
    assert wrong == []
