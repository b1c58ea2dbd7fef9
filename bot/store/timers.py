"""What is to happen in a conversation at an instant: at most one of a kind, and once."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, select

from bot.store.tables import timer
from bot.store.writing import insert_into


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One timer; `address` is sealed, `due_at` in seconds since 1970."""

    channel: str
    conversation: str
    kind: str
    due_at: float
    gateway: str
    address: str


def set_timer(connection: Connection, wanted: Timer) -> None:
    """Write a timer in an open transaction, over the earlier one of its kind."""
    values = asdict(wanted)
    changed = {name: values[name] for name in ("due_at", "gateway", "address")}
    keys = ["channel", "conversation", "kind"]
    insert = insert_into(timer, connection).values(values)
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed))


def take_due(connection: Connection, now: float, most: int) -> list[Timer]:
    """Return and delete the timers whose instant has come; another process that looks at once takes others."""
    query = select(timer).where(timer.c.due_at <= now).order_by(timer.c.due_at).limit(most)
    due = [Timer(**row._mapping) for row in connection.execute(query.with_for_update(skip_locked=True))]
    for each in due:
        mine = (timer.c.channel == each.channel, timer.c.conversation == each.conversation, timer.c.kind == each.kind)
        connection.execute(delete(timer).where(*mine))
    return due
