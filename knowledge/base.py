"""The database: one SQLite file by default, PostgreSQL by URL. Opening, preparing, reading and writing it."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Transaction,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from knowledge.base_faults import EXPECTED, NOT_UNDERSTOOD, Explainer, without_password
from knowledge.base_faults import BaseIndisponible as BaseIndisponible
from knowledge.communes.model import Commune
from knowledge.creneaux import Creneau
from knowledge.fautes import reason
from knowledge.lieu_table import LieuTable
from knowledge.lieux import Lieu
from knowledge.tables import TABLES, Item, as_cells, importation, lieu, to_rows

BUSY_TIMEOUT_S = 5.0
PRIVATE = 0o600
"""Who may read a new SQLite file, and the files that SQLite keeps beside it: what people need is in there."""

PATIENCE_WITH_SERVER = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""How long a PostgreSQL server that does not answer is waited for (seconds, milliseconds for the last): libpq, 34.1.2.
The address of the base may say otherwise."""

IMPORT_LOCK = 0x41_49_47_55
"""Key of the advisory lock that keeps two imports apart on PostgreSQL (on SQLite there is one writer anyway)."""

T = TypeVar("T", Creneau, Commune)


@dataclass(frozen=True, slots=True)
class History:
    """The migrations of some tables. A base whose last one is `head` is opened without loading Alembic."""

    folder: Path
    version_table: str
    head: str


KNOWLEDGE = History(Path(__file__).parent / "migrations", "version_connaissances", "0001")


def open_base(url: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """Return the engine of a database; nothing is connected yet, the folder of a SQLite file is created.

    From then on every fault of the database itself (locked, read-only, damaged, full, absent) is raised as
    `BaseIndisponible`. A writer waits `busy_timeout_s` seconds for another one. Raises `BaseIndisponible`.
    """
    address = _read_url(url)
    patience = PATIENCE_WITH_SERVER if address.get_backend_name() == "postgresql" else {}
    given = {name: value for name, value in patience.items() if name not in address.query}
    try:
        engine = create_engine(address, hide_parameters=True, connect_args=given)  # what people said stays out of logs
    except ArgumentError:
        raise BaseIndisponible(f"{NOT_UNDERSTOOD} {EXPECTED}") from None
    event.listen(
        engine,
        "handle_error",
        Explainer(without_password(address.set(drivername=address.get_backend_name()))),
    )
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, address, busy_timeout_s)
    else:
        _prepare_postgresql(engine, busy_timeout_s)
    return engine


def _read_url(url: str) -> URL:
    try:
        address = make_url(url)
        address.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise BaseIndisponible(f"{NOT_UNDERSTOOD} {EXPECTED}") from None
    backend = address.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise BaseIndisponible(f"Les bases « {backend} » ne sont pas prises en charge. {EXPECTED}")
    return address.set(drivername="postgresql+psycopg") if backend == "postgresql" else address


def _prepare_sqlite(engine: Engine, address: URL, busy_timeout_s: float) -> None:
    if address.database and address.database != ":memory:" and not address.database.startswith("file:"):
        file = Path(address.database)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BaseIndisponible(f"Impossible de créer le dossier de la base : {reason(error)}.") from error

        @event.listens_for(engine, "do_connect")
        def keep_to_oneself(*_: Any) -> None:
            with suppress(OSError):  # it is there, or SQLite will say why it cannot be
                file.touch(PRIVATE, exist_ok=False)

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where `begin` says, DDL included
        connection.execute(f"PRAGMA busy_timeout = {int(busy_timeout_s * 1000)}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # an answered message survives a power cut
        connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten, not only unlinked
        with suppress(engine.dialect.loaded_dbapi.OperationalError):  # a base that can only be read stays readable
            connection.execute("PRAGMA journal_mode = WAL")

    @event.listens_for(engine, "checkin")
    def undo(connection: Any, _record: Any) -> None:
        if connection and connection.in_transaction:  # a commit that failed: SQLAlchemy holds it for done
            connection.rollback()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


def _prepare_postgresql(engine: Engine, busy_timeout_s: float) -> None:
    @event.listens_for(engine, "connect")
    def set_timeout(connection: Any, _record: Any) -> None:
        connection.execute(f"SET lock_timeout = {int(busy_timeout_s * 1000)}")
        connection.commit()


@contextmanager
def begin_write(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes the knowledge: committed at the end, undone by any exception."""
    with engine.connect() as connection, write_alone(connection):
        yield connection


@contextmanager
def write_alone(connection: Connection) -> Iterator[Transaction]:
    """A transaction that no other writer of the knowledge overlaps: it waits for its turn, then holds it."""
    connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
    try:
        with connection.begin() as transaction:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(IMPORT_LOCK)))
            yield transaction
    finally:
        connection.execution_options(sqlite_begin="BEGIN")


def migrate(engine: Engine, history: History = KNOWLEDGE) -> None:
    """Bring the tables to this program's version. Quick and harmless when they already are.

    Raises `BaseIndisponible`, also when the base was made by a newer version of the program.
    """
    if _revision(engine, history) == history.head:
        return
    from alembic import command, util  # slow to load, and needed once a version

    from knowledge.migrations import configuration

    with begin_write(engine) as connection:
        try:
            command.upgrade(configuration(connection, history.version_table, history.folder), "head")
        except util.CommandError as error:
            raise BaseIndisponible(
                "Cette base vient d'une version plus récente du programme. Mettez le programme à jour."
            ) from error


def _revision(engine: Engine, history: History) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table(history.version_table):
            return None
        query = text(f"SELECT version_num FROM {history.version_table}")  # noqa: S608  # a name of ours
        return connection.execute(query).scalar()


def read_version(engine: Engine) -> int:
    """Return the version of the knowledge: it grows with each import that changes anything (0: never filled)."""
    with engine.connect() as connection:
        return connection.scalar(select(func.max(importation.c.id))) or 0


def read_lieux(engine: Engine) -> list[Lieu]:
    """Return the places, by id."""
    return list(read_lieu_table(engine))


def read_lieu_table(engine: Engine) -> LieuTable:
    """Return the places, by id. What takes time to read is kept as the base has it until it is asked for."""
    selected, readers = as_cells(lieu, engine.dialect)
    with engine.connect() as connection:
        rows = connection.execute(select(*selected.values()).order_by(lieu.c.id)).all()
    columns = zip(*rows, strict=True) if rows else ((),) * len(selected)
    return LieuTable(dict(zip(selected, columns, strict=True)), readers)


def read_creneaux(engine: Engine) -> list[Creneau]:
    """Return the training slots, by id."""
    return _read(engine, Creneau)


def read_communes(engine: Engine) -> list[Commune]:
    """Return the communes that an operator imported; none means that the package's own table is used."""
    return _read(engine, Commune)


def _read(engine: Engine, kind: type[T]) -> list[T]:
    table = TABLES[kind]
    names = [column.name for column in table.columns if column.name != "empreinte"]
    query = select(*(table.c[name] for name in names)).order_by(*table.primary_key)
    with engine.connect() as connection:
        return _build(kind, names, connection.execute(query).all())


def _build(kind: type[T], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[T]:
    """Fill the slots directly, column by column: the constructor of a frozen dataclass takes five times as long."""
    items = [object.__new__(kind) for _ in rows]
    for name, values in zip(names, zip(*rows, strict=True), strict=False):
        deque(map(getattr(kind, name).__set__, items, values), maxlen=0)
    return items


def write_items(engine: Engine, items: Sequence[Item], *, now: datetime) -> None:
    """Add or replace these rows as they are, without the checks of an import. For the demonstration and for tests."""
    with begin_write(engine) as connection:
        for kind, table in TABLES.items():
            chosen = to_rows(item for item in items if isinstance(item, kind))
            if chosen:
                key = next(iter(table.primary_key))
                connection.execute(delete(table).where(key.in_([row[key.name] for row in chosen])))
                connection.execute(insert(table), chosen)
                record_change(connection, kind=table.name, at=now, fichiers=(), added=len(chosen))


def record_change(
    connection: Connection,
    *,
    kind: str,
    at: datetime,
    fichiers: Sequence[str],
    added: int = 0,
    updated: int = 0,
    removed: int = 0,
) -> None:
    """Write the journal, so that a running server knows that it must read the knowledge again."""
    values = {"kind": kind, "at": at, "fichiers": tuple(fichiers), "added": added, "updated": updated}
    connection.execute(insert(importation).values(**values, removed=removed))
