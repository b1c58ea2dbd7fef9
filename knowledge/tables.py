"""The tables of the knowledge: one a kind of row, each column a field of its dataclass, and the journal of imports."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Dialect,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    func,
    type_coerce,
)
from sqlalchemy.types import NULLTYPE, UserDefinedType

from knowledge.communes.model import Commune
from knowledge.creneaux import Creneau
from knowledge.horaires import paris
from knowledge.lieux import Lieu, Provenance

Item: TypeAlias = Lieu | Creneau | Commune
metadata = MetaData()


class AsText(UserDefinedType[Any]):
    """A value kept as text, so that SQLite and PostgreSQL hold the same. `read` runs on every cell, so it is quick."""

    cache_ok = True

    def __init__(self, write: Callable[[Any], str], read: Callable[[Any], Any]) -> None:
        self.write = write
        self.read = read

    def get_col_spec(self, **_: Any) -> str:
        """Return the type of the column."""
        return "VARCHAR"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:  # noqa: ARG002
        """Return how a value is written."""
        return lambda value: None if value is None else self.write(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        """Return how a cell is read."""
        return self.read


@lru_cache(maxsize=4096)
def _write_strings(value: tuple[str, ...]) -> str:
    return json.dumps(value, ensure_ascii=False)


@lru_cache(maxsize=4096)
def _read_strings(text: str | None) -> tuple[str, ...]:
    """Lists repeat from place to place: each is parsed once. None stands for the empty one (see `as_cells`)."""
    return tuple(json.loads(text)) if text else ()


def _read_instant(text: str | None) -> datetime | None:
    """Return the instant in Europe/Paris when its offset is that of Paris, else with its own offset."""
    if text is None:
        return None
    instant = datetime.fromisoformat(text)
    in_paris = instant.astimezone(paris())
    return in_paris if in_paris.utcoffset() == instant.utcoffset() else instant


def _write_provenance(value: Provenance) -> str:
    return f"{value.format}:{value.ligne}:{value.fichier}"


def _read_provenance(text: str) -> Provenance:
    format_, ligne, fichier = text.split(":", 2)
    return Provenance(fichier, int(ligne), format_)


Strings = AsText(_write_strings, _read_strings)
Instant = AsText(datetime.isoformat, _read_instant)
Origin = AsText(_write_provenance, _read_provenance)

_TYPES: dict[Any, Any] = {
    str: String,
    str | None: String,
    int | None: Integer,
    float | None: Float(53),
    bool: Boolean,
    date | None: Date,
    datetime: Instant,
    datetime | None: Instant,
    tuple[str, ...]: Strings,
    Provenance: Origin,
}
_NULLABLE = (str | None, int | None, float | None, date | None, datetime | None)


def _table(name: str, kind: type[Item]) -> Table:
    columns = [
        Column(f.name, _TYPES[f.type], primary_key=rank == 0, nullable=f.type in _NULLABLE)
        for rank, f in enumerate(fields(kind))
    ]
    return Table(name, metadata, *columns, Column("empreinte", String, nullable=False))


lieu = _table("lieu", Lieu)
creneau = _table("creneau", Creneau)
commune = _table("commune", Commune)
"""Each has the fields of its dataclass, the first as key, and `empreinte`, which tells an unchanged row."""

importation = Table(
    "importation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", String, nullable=False),
    Column("fichiers", Strings, nullable=False),
    Column("added", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
)
"""One row a change of the knowledge; the last id is the version of the knowledge."""

TABLES: dict[type[Any], Table] = {Lieu: lieu, Creneau: creneau, Commune: commune}


def as_cells(table: Table, dialect: Dialect) -> tuple[dict[str, ColumnElement[Any]], dict[str, Callable[[Any], Any]]]:
    """Return what to select of a table, by column, and how cells become values where it takes time to read them.

    A base is read faster without them: they are read when somebody asks for them. Empty lists come as None.
    """
    readers: dict[str, Callable[[Any], Any]] = {}
    selected: dict[str, ColumnElement[Any]] = {}
    for column in table.columns:
        kind = column.type.dialect_impl(dialect)
        selected[column.name] = column
        if isinstance(kind, AsText | Date) and (reader := kind.result_processor(dialect, None)):
            readers[column.name] = reader
            cell = type_coerce(column, NULLTYPE)
            selected[column.name] = func.nullif(cell, "[]", type_=NULLTYPE) if column.type is Strings else cell
    del selected["empreinte"]
    return selected, readers


def to_rows(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Return the items as rows of their table."""
    return [_row(item) for item in items]


def _row(item: Item) -> dict[str, Any]:
    row = {f.name: getattr(item, f.name) for f in fields(item)}
    facts = [value for name, value in row.items() if name != "provenance"]
    text = json.dumps(facts, default=str, ensure_ascii=False)
    row["empreinte"] = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return row
