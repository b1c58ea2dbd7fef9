"""Messages that gateways carry: states, sealed addresses, receipts, timers. Conversations under way are forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

UNSENT = sa.text("state IN ('created', 'sending', 'temporary-failure', 'technical-failure')")
PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    for table in ("outbox", "inbox", "conversation"):
        op.drop_table(table)
    op.create_table(
        "conversation",
        sa.Column("channel", sa.String(20), primary_key=True),
        sa.Column("id", sa.String(128), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("tracker", sa.Text, nullable=False),
        sa.Column("updated_at", sa.Float, nullable=False),
        sa.Column("stopped_by", sa.Integer),
    )
    op.create_index("ix_conversation_updated_at", "conversation", ["updated_at"])
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("external_id", sa.String(160)),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("received_at", sa.Float, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("gateway", sa.String(20)),
        sa.Column("address", sa.Text),
        sa.Column("body", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.UniqueConstraint("channel", "external_id", name="uq_inbox_channel_external_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_index("ix_inbox_channel_conversation_id", "inbox", ["channel", "conversation", "id"])
    op.create_index("ix_inbox_pending", "inbox", ["id"], sqlite_where=PENDING, postgresql_where=PENDING)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("inbox_id", sa.Integer, sa.ForeignKey("inbox.id", ondelete="CASCADE"), nullable=False),
        sa.Column("rang", sa.Integer, nullable=False),
        sa.Column("message", sa.Text),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("gateway", sa.String(20)),
        sa.Column("address", sa.Text),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("not_before", sa.Float, nullable=False),
        sa.Column("owner", sa.Integer),
        sa.Column("key", sa.String(36)),
        sa.Column("gateway_id", sa.String(128)),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_inbox_id", "outbox", ["inbox_id"])
    op.create_index(
        "ix_outbox_unsent", "outbox", ["channel", "conversation", "id"], sqlite_where=UNSENT, postgresql_where=UNSENT
    )
    op.create_index("ix_outbox_due", "outbox", ["id"], sqlite_where=UNSENT, postgresql_where=UNSENT)
    op.create_index("ix_outbox_gateway_gateway_id", "outbox", ["gateway", "gateway_id"])
    op.create_table(
        "receipt",
        sa.Column("gateway", sa.String(20), primary_key=True),
        sa.Column("gateway_id", sa.String(128), primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("received_at", sa.Float, nullable=False),
    )
    op.create_table(
        "timer",
        sa.Column("channel", sa.String(20), primary_key=True),
        sa.Column("conversation", sa.String(128), primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("due_at", sa.Float, nullable=False),
        sa.Column("gateway", sa.String(20), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
    )
    op.create_index("ix_timer_due_at", "timer", ["due_at"])
    op.create_table(
        "passage",
        sa.Column("code", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("expires_at", sa.Float, nullable=False),
    )
    op.create_table(
        "part",
        sa.Column("gateway", sa.String(20), primary_key=True),
        sa.Column("conversation", sa.String(128), primary_key=True),
        sa.Column("reference", sa.String(40), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("received_at", sa.Float, nullable=False),
    )
    op.create_index("ix_part_received_at", "part", ["received_at"])


def downgrade() -> None:
    raise NotImplementedError
