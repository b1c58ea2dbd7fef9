"""Parts of long messages, kept until all are there."""

from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select

from bot.store.tables import part
from bot.store.writing import insert_into


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """One part; `body` is sealed. `reference` is the same for all parts of a message."""

    gateway: str
    conversation: str
    reference: str
    number: int
    total: int
    body: str
    received_at: float


def add_part(connection: Connection, row: PartRow) -> list[str]:
    """Write a part in an open transaction; return all bodies in order, and keep none, once all are there."""
    connection.execute(insert_into(part, connection).values(asdict(row)).on_conflict_do_nothing())
    same = and_(
        part.c.gateway == row.gateway,
        part.c.conversation == row.conversation,
        part.c.reference == row.reference,
    )
    there = connection.scalar(select(func.count()).where(same)) or 0
    return _take(connection, same) if there >= row.total else []


def take_ripe(connection: Connection, before: float) -> list[tuple[str, list[str]]]:
    """Return and delete the messages that have waited since before an instant: the gateway and the bodies of each.

    So are those that are whole: their last parts came at once, to two processes.
    """
    whole = func.count() >= func.max(part.c.total)
    named = (part.c.gateway, part.c.conversation, part.c.reference)
    ripe = select(*named).group_by(*named).having(or_(whole, func.min(part.c.received_at) < before))
    found = []
    for row in connection.execute(ripe).all():
        bodies = _take(connection, and_(*(column == row._mapping[column.name] for column in named)))
        found.append((row.gateway, bodies))
    return [(gateway, bodies) for gateway, bodies in found if bodies]


def _take(connection: Connection, which: ColumnElement[bool]) -> list[str]:
    """Delete parts and return their bodies in order; another process that deletes them at once gets none."""
    taken = connection.execute(delete(part).where(which).returning(part.c.number, part.c.body)).all()
    return [row.body for row in sorted(taken, key=lambda row: int(row.number))]
