"""Parts of long messages, kept until all are there."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, and_, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.tables import part


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


class Parts:
    """The parts that wait in one database."""

    def __init__(self, engine: Engine) -> None:
        self._insert = (sqlite if engine.dialect.name == "sqlite" else postgresql).insert(part)

    def add(self, connection: Connection, row: PartRow) -> list[str]:
        """Write a part in an open transaction; return all bodies in order, and keep none, once all are there."""
        values = {name: getattr(row, name) for name in row.__slots__}
        connection.execute(self._insert.values(values).on_conflict_do_nothing())
        same = and_(
            part.c.gateway == row.gateway,
            part.c.conversation == row.conversation,
            part.c.reference == row.reference,
        )
        bodies = connection.scalars(select(part.c.body).where(same).order_by(part.c.number)).all()
        if len(bodies) < row.total:
            return []
        connection.execute(delete(part).where(same))
        return list(bodies)

    def take_stale(self, connection: Connection, before: float) -> list[tuple[str, list[str]]]:
        """Return and delete what has waited since before an instant: the gateway and the bodies of each message."""
        late = select(part.c.gateway, part.c.conversation, part.c.reference).where(part.c.received_at < before)
        found = []
        for gateway, conversation, reference in connection.execute(late.distinct()).all():
            same = and_(part.c.gateway == gateway, part.c.conversation == conversation, part.c.reference == reference)
            bodies = connection.scalars(select(part.c.body).where(same).order_by(part.c.number)).all()
            connection.execute(delete(part).where(same))
            found.append((gateway, list(bodies)))
        return found
