"""Deleting what is no longer needed: nothing of a person outlives the days that the operator set."""

from sqlalchemy import Engine, and_, delete, exists, select

from bot.store.conversations import Store
from bot.store.tables import PENDING, UNSENT, conversation, inbox, outbox, part, passage, receipt
from bot.store.writing import writing

SECONDS_A_DAY = 86_400.0


def purge(engine: Engine, now: float, keep_days: int) -> dict[str, int]:
    """Delete what is older than `keep_days` days, on the disk too; return how many rows of each table went.

    A message that waits for its turn and an answer that waits to be sent stay, whatever their age.
    """
    before = now - keep_days * SECONDS_A_DAY
    waiting = exists().where(outbox.c.inbox_id == inbox.c.id, outbox.c.state.in_(UNSENT))
    old = and_(inbox.c.received_at < before, inbox.c.state != PENDING, ~waiting)
    statements = {
        "outbox": delete(outbox).where(outbox.c.inbox_id.in_(select(inbox.c.id).where(old))),
        "inbox": delete(inbox).where(old),
        "conversation": delete(conversation).where(conversation.c.updated_at < before),
        "receipt": delete(receipt).where(receipt.c.received_at < before),
        "passage": delete(passage).where(passage.c.expires_at < now),
        "part": delete(part).where(part.c.received_at < before),
    }
    with writing(engine) as connection:
        gone = {name: connection.execute(statement).rowcount for name, statement in statements.items()}
    if any(gone.values()):
        Store(engine).overwrite()
    return gone
