"""`LieuTable`: the lieux as columns of cells, each made a `Lieu` when somebody first asks for it.

25 000 objects would take half a second of every start, and a conversation meets some hundreds of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Self, overload

from knowledge.lieux import Lieu

_SET = {f.name: getattr(Lieu, f.name).__set__ for f in fields(Lieu)}
"""Filling the slots directly: the constructor of a frozen dataclass takes five times as long."""

Readers = Mapping[str, Callable[[Any], Any]]
"""How the cells of a column become values of the field; a column without a reader holds the values themselves."""


class LieuTable(Sequence[Lieu]):
    """The lieux of `cells` (one column a field of `Lieu`), all of them or those of `rows` in that order."""

    def __init__(
        self,
        cells: Mapping[str, Sequence[Any]],
        readers: Readers | None = None,
        rows: Sequence[int] | None = None,
        made: dict[int, Lieu] | None = None,
    ) -> None:
        self._cells = cells
        self._readers = readers or {}
        self._rows = range(len(cells["id"])) if rows is None else rows
        self._made: dict[int, Lieu] = {} if made is None else made

    @classmethod
    def of(cls, lieux: Iterable[Lieu]) -> Self:
        """Return the table of lieux that exist already, or that are one."""
        if isinstance(lieux, cls):
            return lieux
        made = dict(enumerate(lieux))
        return cls({name: [getattr(lieu, name) for lieu in made.values()] for name in _SET}, made=made)

    def chosen(self, rows: Iterable[int]) -> Self:
        """Return the table of some of these lieux, in the order of `rows`."""
        return type(self)(self._cells, self._readers, [self._rows[row] for row in rows], self._made)

    def column(self, name: str) -> list[Any]:
        """Return the values of a field."""
        cells, read = self._cells[name], self._readers.get(name)
        chosen = cells if isinstance(self._rows, range) else [cells[row] for row in self._rows]
        return list(map(read, chosen) if read else chosen)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, number: int) -> Lieu: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Lieu]: ...

    def __getitem__(self, number: int | slice) -> Lieu | Sequence[Lieu]:
        """Return a lieu, always the same object."""
        if isinstance(number, slice):
            return [self[i] for i in range(len(self))[number]]
        row = self._rows[number]
        lieu = self._made.get(row)
        if lieu is None:
            lieu = self._made[row] = self._make(row)
        return lieu

    def _make(self, row: int) -> Lieu:
        lieu, readers = object.__new__(Lieu), self._readers
        for name, fill in _SET.items():
            cell = self._cells[name][row]
            fill(lieu, readers[name](cell) if name in readers else cell)
        return lieu
