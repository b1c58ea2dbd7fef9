"""Rows of several sources that describe one real lieu, so that an answer shows it once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from knowledge.communes.text import fold_all
from knowledge.lieu_table import LieuTable
from knowledge.lieux import Lieu


class Doublons:
    """The rows that are one real lieu. They share a postal code: those of one are compared at the first question."""

    def __init__(self, lieux: LieuTable) -> None:
        self._lieux = lieux
        self._rows: dict[str, list[int]] = defaultdict(list)
        for row, code_postal in enumerate(lieux.column("code_postal")):
            self._rows[code_postal].append(row)
        self._groups: dict[int, list[int]] = {}

    def same(self, row: int) -> list[int]:
        """Return the rows of the same real lieu in order, this one included."""
        if row not in self._groups:
            self._compare(self._rows[self._lieux[row].code_postal])
        return self._groups[row]

    def _compare(self, rows: Sequence[int]) -> None:
        groups: dict[int, list[int]] = defaultdict(list)
        for row, group in zip(rows, group_doublons([self._lieux[row] for row in rows]), strict=True):
            groups[group].append(row)
            self._groups[row] = groups[group]


def group_doublons(lieux: Sequence[Lieu]) -> list[int]:
    """Return for each lieu the number of its group: the first of those that share a key with it, directly or not."""
    parents = list(range(len(lieux)))
    for rows in _keys(lieux):
        first: dict[str, int] = {}
        for number, key in rows:
            earlier = first.setdefault(key, number)
            if earlier != number:
                _join(parents, earlier, number)
    return [_root(parents, number) for number in range(len(lieux))]


def _keys(lieux: Sequence[Lieu]) -> Iterator[list[tuple[int, str]]]:
    """Yield what two rows of one lieu have in common: in one postal code, the telephone, or the name, or the address.

    The same address counts only with a house number: "Le Bourg" or "Place de la Mairie" hold several lieux.
    """
    numbered = list(enumerate(lieux))
    yield [(number, f"{lieu.code_postal} {lieu.telephone}") for number, lieu in numbered if lieu.telephone]
    yield _folded([(number, f"{lieu.code_postal} {lieu.nom} {lieu.commune}") for number, lieu in numbered])
    yield _folded(
        [
            (number, f"{lieu.code_postal} {lieu.adresse} {lieu.commune}")
            for number, lieu in numbered
            if lieu.adresse and lieu.adresse[:1].isdigit()
        ]
    )


def _folded(rows: list[tuple[int, str]]) -> list[tuple[int, str]]:
    return list(zip([number for number, _ in rows], fold_all(text for _, text in rows), strict=True))


def _root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = parents[number]
    return number


def _join(parents: list[int], one: int, other: int) -> None:
    low, high = sorted((_root(parents, one), _root(parents, other)))
    parents[high] = low
