"""Rows of several sources that describe one real lieu, so that an answer shows it once."""

from collections.abc import Iterator, Sequence

from knowledge.communes.text import fold
from knowledge.lieux import Lieu


def group_doublons(lieux: Sequence[Lieu]) -> list[int]:
    """Return for each lieu the number of its group: the first of those that share a key with it, directly or not."""
    parents = list(range(len(lieux)))
    first: dict[tuple[str, str, str], int] = {}
    for number, lieu in enumerate(lieux):
        for key in _keys(lieu):
            _join(parents, first.setdefault(key, number), number)
    return [_root(parents, number) for number in range(len(lieux))]


def _keys(lieu: Lieu) -> Iterator[tuple[str, str, str]]:
    """Yield what two rows of one lieu have in common: in one postal code, the telephone, or the name, or the address.

    The same address counts only with a house number: "Le Bourg" or "Place de la Mairie" hold several lieux.
    """
    if lieu.telephone:
        yield "telephone", lieu.code_postal, lieu.telephone
    yield "nom", lieu.code_postal, fold(f"{lieu.nom} {lieu.commune}")
    if lieu.adresse and lieu.adresse[:1].isdigit():
        yield "adresse", lieu.code_postal, fold(f"{lieu.adresse} {lieu.commune}")


def _root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = parents[number]
    return number


def _join(parents: list[int], one: int, other: int) -> None:
    low, high = sorted((_root(parents, one), _root(parents, other)))
    parents[high] = low
