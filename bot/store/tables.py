"""The tables of the conversations: they live in the same database as the knowledge, for one transaction a turn."""

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

conversation = Table(
    "conversation",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("id", String(128), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("tracker", Text, nullable=False),
    Column("updated_at", String(32), nullable=False),
)
"""One row a conversation. `version` is the fence: a turn commits only over the version that it read."""

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("external_id", String(128)),
    Column("conversation", String(128), nullable=False),
    Column("received_at", String(32), nullable=False),
    UniqueConstraint("channel", "external_id"),
    Index(None, "channel", "conversation"),
)
"""One row a message received; its text is not kept."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("inbox_id", Integer, ForeignKey("inbox.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("rang", Integer, nullable=False),
    Column("message", Text, nullable=False),
)
"""The answers to the last message of a conversation, in order; replaced by those of the next."""
