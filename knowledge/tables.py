"""The tables of the knowledge: one a kind of row, each column a field of its dataclass, and the journal of imports."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean, Column, Date, Dialect, Float, Integer, MetaData, String, Table, TypeDecorator

from knowledge.communes.model import Commune
from knowledge.creneaux import Creneau
from knowledge.lieux import Lieu, Provenance

Item: TypeAlias = Lieu | Creneau | Commune
PARIS = ZoneInfo("Europe/Paris")
metadata = MetaData()


class Strings(TypeDecorator[tuple[str, ...]]):
    """A tuple of strings as a JSON array, in plain text so that SQLite and PostgreSQL hold the same bytes."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002
        return json.dumps(value, ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002
        return _strings(value)


@lru_cache(maxsize=4096)
def _strings(text: str) -> tuple[str, ...]:
    """Lists repeat from place to place: parsing each text once is what keeps loading fast."""
    return tuple(json.loads(text))


class Instant(TypeDecorator[datetime]):
    """An aware datetime as ISO text with its offset; read back in Europe/Paris when the offset is that of Paris."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        instant = datetime.fromisoformat(value)
        in_paris = instant.astimezone(PARIS)
        return in_paris if in_paris.utcoffset() == instant.utcoffset() else instant


class Origin(TypeDecorator[Provenance]):
    """A `Provenance` as a JSON array."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002
        return json.dumps((value.fichier, value.ligne, value.format), ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> Provenance:  # noqa: ARG002
        return Provenance(*json.loads(value))


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


def rows(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Return the items as rows of their table."""
    return [_row(item) for item in items]


def _row(item: Item) -> dict[str, Any]:
    row = {f.name: getattr(item, f.name) for f in fields(item)}
    facts = [value for name, value in row.items() if name != "provenance"]
    text = json.dumps(facts, default=str, ensure_ascii=False)
    row["empreinte"] = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return row
