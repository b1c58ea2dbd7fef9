"""The tables of the conversations: they live in the same database as the knowledge, for one transaction a turn.

Instants are seconds since 1970. People's addresses and what they wrote are sealed (`bot.store.secrecy`).
"""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint, text

from bot.messages import Delivery

PENDING, DONE, QUARANTINED = "pending", "done", "quarantined"
"""States of a message received."""

UNSENT = (Delivery.CREATED, Delivery.SENDING, Delivery.TEMPORARY_FAILURE, Delivery.TECHNICAL_FAILURE)
"""States of a message to a person that still has to go out; the later ones of its conversation wait for it."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def _partial(name: str, *columns: str, where: str) -> Index:
    """Return an index of the rows that are still to be worked on, few among all."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


_UNSENT = f"state IN {tuple(map(str, UNSENT))}"


conversation = Table(
    "conversation",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("id", String(128), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("tracker", Text, nullable=False),
    Column("updated_at", Float, nullable=False, index=True),
    Column("stopped_by", Integer),
)
"""One row a conversation. `version` is the fence: a turn commits only over the version that it read.

`id` is a keyed hash of the person's address. `stopped_by`: the first message that said STOP; what answers earlier
ones is no longer sent.
"""

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("external_id", String(160)),
    Column("conversation", String(128), nullable=False),
    Column("received_at", Float, nullable=False, index=True),
    Column("state", String(12), nullable=False),
    Column("gateway", String(20)),
    Column("address", Text),
    Column("body", Text),
    Column("attempts", Integer, nullable=False),
    UniqueConstraint("channel", "external_id"),
    Index(None, "channel", "conversation", "id"),
    _partial("ix_inbox_pending", "id", where=f"state = '{PENDING}'"),
    _partial("ix_inbox_waiting", "conversation", "id", where=f"state = '{PENDING}'"),
    sqlite_autoincrement=True,
)
"""One row a message received. `address` and `body` (what was said, as JSON) are sealed, gone once it is answered."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("inbox_id", Integer, ForeignKey("inbox.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("rang", Integer, nullable=False),
    Column("message", Text),
    Column("channel", String(20), nullable=False),
    Column("conversation", String(128), nullable=False),
    Column("gateway", String(20)),
    Column("address", Text),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Float, nullable=False),
    Column("owner", Integer),
    Column("key", String(36), unique=True),
    Column("gateway_id", String(128)),
    Column("created_at", Float, nullable=False),
    _partial("ix_outbox_unsent", "channel", "conversation", "id", where=_UNSENT),
    _partial("ix_outbox_due", "id", where=_UNSENT),
    Index(None, "gateway", "gateway_id"),
    sqlite_autoincrement=True,
)
"""The answers to a message, in order. `key`: what the gateway calls a message by, never used twice.

Those that a gateway carries keep neither text nor address once they are gone;
the others are read by the page, and replaced by the answers to the next message."""

receipt = Table(
    "receipt",
    metadata,
    Column("gateway", String(20), primary_key=True),
    Column("gateway_id", String(128), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("received_at", Float, nullable=False),
)
"""Receipts that came before the gateway's answer told which message they are of."""

timer = Table(
    "timer",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("conversation", String(128), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("due_at", Float, nullable=False, index=True),
    Column("gateway", String(20), nullable=False),
    Column("address", Text, nullable=False),
)
"""What is to happen in a conversation at an instant, at most one of a kind."""

passage = Table(
    "passage",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("conversation", String(128), nullable=False),
    Column("expires_at", Float, nullable=False),
)
"""Codes that take a conversation to another channel, once; the code itself is hashed."""

part = Table(
    "part",
    metadata,
    Column("gateway", String(20), primary_key=True),
    Column("conversation", String(128), primary_key=True),
    Column("reference", String(40), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("total", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", Float, nullable=False, index=True),
)
"""Parts of a long message, until all are there; sealed."""

key_check = Table(
    "key_check",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("value", String(64), nullable=False),
)
"""One row: what the key that protects this database is known again by."""
