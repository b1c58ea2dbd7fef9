"""The tables of Gammu SMSD that we share with it (gammu/gammu: docs/sql/sqlite.sql, pgsql.sql; schema 15 or later).

Only the columns that we read or write; their times are local ones, without a zone, of the machine of the database.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnClause,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy import literal_column as literal

WAIT_S = 5
"""How long a statement waits for SMSD, which writes in the same tables."""

TRUE: ColumnClause[Any] = literal("'true'")
FALSE: ColumnClause[Any] = literal("'false'")
"""Text on SQLite, boolean on PostgreSQL: the same literal is right for both."""

_metadata = MetaData()

inbox = Table(
    "inbox",
    _metadata,
    Column("ID", Integer, primary_key=True),
    Column("UpdatedInDB"),
    Column("ReceivingDateTime"),
    Column("SenderNumber", Text),
    Column("Coding", Text),
    Column("UDH", Text),
    Column("TextDecoded", Text),
    Column("RecipientID", Text),
    Column("Processed"),
)
outbox = Table(
    "outbox",
    _metadata,
    Column("ID", Integer, primary_key=True),
    Column("DestinationNumber", Text),
    Column("Coding", Text),
    Column("UDH", Text),
    Column("TextDecoded", Text),
    Column("MultiPart"),
    Column("SenderID", Text),
    Column("DeliveryReport", Text),
    Column("CreatorID", Text),
)
outbox_multipart = Table(
    "outbox_multipart",
    _metadata,
    Column("ID", Integer, primary_key=True, autoincrement=False),
    Column("SequencePosition", Integer, primary_key=True),
    Column("Coding", Text),
    Column("UDH", Text),
    Column("TextDecoded", Text),
)
sentitems = Table(
    "sentitems",
    _metadata,
    Column("ID", Integer, primary_key=True),
    Column("SequencePosition", Integer, primary_key=True),
    Column("UpdatedInDB"),
    Column("UDH", Text),
    Column("Status", Text),
    Column("CreatorID", Text),
)


def open_gammu(url: str) -> Engine:
    """Return the engine of SMSD's database, nothing connected yet.

    Not `knowledge.base.open_base`: a SQLite file of another program keeps its journal mode. Raises SQLAlchemy's
    ArgumentError for a URL that is none.
    """
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        return create_engine(address.set(drivername="postgresql+psycopg"), hide_parameters=True)
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": WAIT_S, "isolation_level": None})

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))

    return engine


def write_once(connection: Connection, key: str) -> None:
    """Hold, until the end of the transaction, whoever would write the same message."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(key))))


def local_time(connection: Connection, instant: datetime) -> datetime | str:
    """Return a local time as the tables compare it: on SQLite they are texts, to the second."""
    naive = instant.replace(tzinfo=None, microsecond=0)
    return naive if connection.dialect.name == "postgresql" else str(naive)
