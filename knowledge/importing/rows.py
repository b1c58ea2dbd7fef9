"""A row being read: its cells, and where to say what is doubtful in it."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from knowledge.importing.files import Record
from knowledge.importing.report import Notes
from knowledge.importing.values import Read, clean

T = TypeVar("T")


class LigneRefusee(ValueError):
    """A row that cannot be kept, because of one cell. `motif` is a French sentence."""

    def __init__(self, colonne: str, valeur: str, motif: str) -> None:
        super().__init__(motif)
        self.colonne, self.valeur, self.motif = colonne, valeur, motif


class Row:
    """One record and the notes of its file."""

    def __init__(self, record: Record, notes: Notes) -> None:
        self.ligne = record.ligne
        self._cells = record.cells
        self._notes = notes

    def warn(self, colonne: str, message: str, valeur: str | None = None) -> None:
        """Say that the cell of a column, or the value given, is doubtful."""
        self._notes.warn(self.ligne, colonne, self._cells.get(colonne, "") if valeur is None else valeur, message)

    def text(self, colonne: str) -> str | None:
        """Return a cell, or None when it is blank."""
        return clean(self._cells.get(colonne, "")) or None

    def required(self, colonne: str, motif: str) -> str:
        """Return a cell without which the row is refused."""
        cell = self.text(colonne)
        if cell is None:
            raise LigneRefusee(colonne, "", motif)
        return cell

    def read(self, colonne: str, reader: Callable[[str], Read[T]]) -> T | None:
        """Return a cell as a function of `values` reads it, and say its remark."""
        cell = self.text(colonne)
        return None if cell is None else self._read_piece(colonne, cell, reader)

    def read_all(self, colonne: str, cut: Callable[[str], list[str]], reader: Callable[[str], Read[T]]) -> list[T]:
        """Return the pieces of a cell that could be read, and say the remark of each."""
        cell = self.text(colonne)
        if cell is None:
            return []
        read = (self._read_piece(colonne, piece, reader) for piece in map(str.strip, cut(cell)) if piece)
        return [value for value in read if value is not None]

    def _read_piece(self, colonne: str, piece: str, reader: Callable[[str], Read[T]]) -> T | None:
        value, remark = reader(piece)
        if remark:
            self.warn(colonne, remark, piece)
        return value


def read_rows(records: Iterable[Record], notes: Notes, read: Callable[[Row], T]) -> Iterator[T]:
    """Yield each record read; one that raises `LigneRefusee` goes to the notes."""
    for record in records:
        try:
            yield read(Row(record, notes))
        except LigneRefusee as refused:
            notes.refuse(record.ligne, refused.colonne, refused.valeur, refused.motif, record.cells)
