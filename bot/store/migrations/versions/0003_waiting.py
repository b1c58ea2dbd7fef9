"""An index of who waits: one person who sent thousands of messages hides nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    op.create_index("ix_inbox_waiting", "inbox", ["conversation", "id"], sqlite_where=PENDING, postgresql_where=PENDING)


def downgrade() -> None:
    raise NotImplementedError
