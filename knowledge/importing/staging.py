"""From rows read to the base: they wait in a temporary table, then one short transaction compares and writes them.

The rows of a file never stand in memory together, and the base is locked only while it is written: reading a
large file does not keep the bot from answering.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Integer, MetaData, String, Table, and_, func, or_, select
from sqlalchemy import delete as delete_from
from sqlalchemy import insert as insert_into
from sqlalchemy.schema import DropTable

from knowledge.importing.creneaux_ical import is_session
from knowledge.standard import fold
from knowledge.tables import Item, lieu, to_rows

CHUNK = 500
"""Rows written to the temporary table at once."""


class Doubt(NamedTuple):
    """A staged row that is not written, and the name of the one that is kept instead."""

    fichier: str
    ligne: int
    id: str
    nom: str
    kept: str


class Staging:
    """The staged rows of one command, beside the table that they go to."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self.connection = connection
        self.table = table
        columns = [Column(column.name, column.type) for column in table.columns]
        self.staged = Table(
            f"attente_{table.name}",
            MetaData(),
            *columns,
            Column("rang", Integer, primary_key=True),
            Column("fichier", String),
            prefixes=["TEMPORARY"],
        )
        self._key = next(iter(table.primary_key)).name
        self._dated = "date_maj" in table.c
        self._rank = 0

    def create(self) -> None:
        """Make the temporary table."""
        self.staged.create(self.connection)

    def add(self, fichier: str, items: Iterable[Item]) -> None:
        """Stage the items of a file."""
        waiting = iter(items)
        while chunk := to_rows(islice(waiting, CHUNK)):
            for row in chunk:
                self._rank += 1
                row |= {"rang": self._rank, "fichier": fichier}
            self.connection.execute(insert_into(self.staged), chunk)

    @property
    def count(self) -> int:
        """How many rows were staged."""
        return self._rank

    def drop_duplicates(self) -> tuple[int, list[Doubt]]:
        """Keep one row an id: the freshest, the last of equals. Return how many go, and those of another name."""
        winner = self._winners().subquery()
        loses = self.staged.c.rang != winner.c.rang
        same = self.staged.c[self._key] == winner.c[self._key]
        strangers = [doubt for doubt in self._doubts(and_(same, loses), winner) if fold(doubt.nom) != fold(doubt.kept)]
        losers = select(self.staged.c.rang).join(winner, and_(same, loses))
        return self._drop(self.staged.c.rang.in_(losers)), strangers

    def _winners(self) -> Any:
        freshest = [self.staged.c.date_maj.desc().nulls_last()] if self._dated else []
        order = func.row_number().over(
            partition_by=self.staged.c[self._key], order_by=[*freshest, self.staged.c.rang.desc()]
        )
        ranked = select(self.staged, order.label("place")).subquery()
        return select(ranked).where(ranked.c.place == 1)

    def drop_outdated(self) -> list[Doubt]:
        """Take out the rows older than the row of the base; one without a date is older than any with a date."""
        if not self._dated:
            return []
        stale = or_(
            self.staged.c.date_maj < self.table.c.date_maj,
            and_(self.staged.c.date_maj.is_(None), self.table.c.date_maj.is_not(None)),
        )
        older = and_(self._same(), stale)
        doubts = self._doubts(older, self.table)
        self._drop(self.staged.c.rang.in_(select(self.staged.c.rang).join(self.table, older)))
        return doubts

    def remove_cancelled(self, series: Iterable[str], now: datetime) -> int:
        """Remove from the base the sessions to come of these calendar events that the command does not have."""
        removed = 0
        for uid in series:
            here, there = (self._sessions(table, uid) for table in (self.staged, self.table))
            gone = {key for key, start in there.items() if start > now} - here.keys()
            if gone:
                removed += self.connection.execute(delete_from(self.table).where(self.table.c.id.in_(gone))).rowcount
        return removed

    def _sessions(self, table: Table, uid: str) -> dict[str, datetime]:
        """Return the sessions of an event by id; another event whose UID begins alike is none of them."""
        begins_alike = table.c.id.startswith(uid, autoescape=True)
        found = self.connection.execute(select(table.c.id, table.c.start).where(begins_alike))
        return {row.id: row.start for row in found if is_session(row.id, uid)}

    def drop_unchanged(self) -> int:
        """Take out the rows that the base has already."""
        equal = and_(self._same(), self.staged.c.empreinte == self.table.c.empreinte)
        return self._drop(self.staged.c.rang.in_(select(self.staged.c.rang).join(self.table, equal)))

    def write(self) -> tuple[int, int]:
        """Write what is left to the base; return how many rows were added and how many updated."""
        staged = self.connection.scalar(select(func.count()).select_from(self.staged)) or 0
        ids = select(self.staged.c[self._key])
        updated = self.connection.execute(delete_from(self.table).where(self.table.c[self._key].in_(ids))).rowcount
        columns = [column.name for column in self.table.columns]
        self.connection.execute(
            insert_into(self.table).from_select(columns, select(*(self.staged.c[name] for name in columns)))
        )
        return staged - updated, updated

    def _same(self) -> ColumnElement[bool]:
        return self.staged.c[self._key] == self.table.c[self._key]

    def _doubts(self, condition: ColumnElement[bool], kept: Any) -> list[Doubt]:
        if self.table is not lieu:
            return []
        query = (
            select(
                self.staged.c.fichier, self.staged.c.provenance, self.staged.c[self._key], self.staged.c.nom, kept.c.nom
            )
            .join(kept, condition)
            .order_by(self.staged.c.rang)
        )
        return [Doubt(row[0], row[1].ligne, row[2], row[3], row[4]) for row in self.connection.execute(query)]

    def _drop(self, condition: ColumnElement[bool]) -> int:
        return self.connection.execute(delete_from(self.staged).where(condition)).rowcount


@contextmanager
def staging(connection: Connection, table: Table) -> Iterator[Staging]:
    """Give a temporary table for the time of a command."""
    stage = Staging(connection, table)
    try:
        yield stage
    finally:
        if connection.in_transaction():
            connection.rollback()
        with connection.begin():
            connection.execute(DropTable(stage.staged, if_exists=True))
