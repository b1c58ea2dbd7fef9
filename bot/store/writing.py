"""Transactions that write. SQLite has one writer: those of this process wait for one another here, without polling."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Pool, Table, text
from sqlalchemy.dialects import postgresql, sqlite

_turns: WeakKeyDictionary[Pool, Lock] = WeakKeyDictionary()
_first = Lock()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a transaction that writes from its first statement on; committed at the end, undone by an exception."""
    with writers_turn(engine), engine.connect() as connection:
        connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")  # an engine with options of its own is slower
        with connection.begin():
            yield connection


def in_order(connection: Connection) -> Connection:
    """Have PostgreSQL read a queue by its index, in order, until the transaction ends.

    What has left a queue stays in its index until VACUUM. A bitmap scan reads all of it again each time; an index scan
    marks it as gone.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL enable_bitmapscan = off"))
    return connection


def writers_turn(engine: Engine) -> Any:
    """Return what to hold while a transaction writes: nothing, where the database lets several write at once."""
    if engine.dialect.name != "sqlite":
        return nullcontext()
    with _first:
        return _turns.setdefault(engine.pool, Lock())


def insert_into(table: Table, connection: Connection) -> Any:
    """Return an insert that can say what to do where the row is there already: each database has its own."""
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)


def printable(text: str) -> str:
    """Return a gateway's id of something as every database takes it: none takes a NUL."""
    return "".join(char for char in text if char.isprintable())
