"""The messages received from gateways: written before the gateway is answered, played once, in order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, and_, bindparam, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.failpoints import reach
from bot.store.conversations import Stored, Turn, load, whose, write, write_answers
from bot.store.statements import FIND_MESSAGE
from bot.store.tables import DONE, PENDING, QUARANTINED, inbox
from bot.store.writing import writers_turn, writing

MAX_ATTEMPTS = 3
"""Turns tried for one message before it is set aside."""

_earlier = inbox.alias()
NEXT = (
    select(inbox)
    .where(
        inbox.c.state == PENDING,
        ~exists().where(
            _earlier.c.state == PENDING,
            _earlier.c.channel == inbox.c.channel,
            _earlier.c.conversation == inbox.c.conversation,
            _earlier.c.id < inbox.c.id,
        ),
    )
    .order_by(inbox.c.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=inbox)
)
"""The oldest message whose conversation has none before it and that no other process holds."""

RECENT = select(func.count()).where(
    inbox.c.channel == bindparam("on_channel"),
    inbox.c.conversation == bindparam("person"),
    inbox.c.received_at >= bindparam("since"),
    inbox.c.id <= bindparam("number"),
)
"""How many messages of a person came lately, up to one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One message to put into the inbox; `address` and `body` are sealed."""

    channel: str
    gateway: str
    conversation: str
    external_id: str | None
    received_at: float
    address: str
    body: str


class Claim:
    """One message that is this process's to play, as long as the claim is open."""

    def __init__(self, connection: Connection, row: Any, stored: Stored, recent: int) -> None:
        self._connection = connection
        self.row = row
        self.stored = stored
        self.recent = recent
        """How many messages of the conversation have come lately."""

    def commit(self, turn: Turn) -> None:
        """Write the turn whole. Raises `MessageDejaRecu` or `ConversationDepassee`; nothing is written then."""
        with writers_turn(self._connection.engine):
            write(self._connection, turn)
            reach("turn.written")
            self._connection.commit()

    def fail(self, apology: Turn, masked: str) -> bool:
        """Count a turn that broke; set the message aside with the apology when there were too many, and say so.

        Only `masked` is kept of a message that is set aside. What the turn wrote before it broke is undone: the
        conversation stays as it was. Another process may have taken the message since: then it counts there.
        """
        self._connection.close()
        aside = bool(self.row.attempts + 1 >= MAX_ATTEMPTS)
        values: dict[str, Any] = {"attempts": self.row.attempts + 1}
        if aside:
            values |= {"state": QUARANTINED, "body": masked, "address": None}
        same = and_(inbox.c.id == self.row.id, inbox.c.state == PENDING, inbox.c.attempts == self.row.attempts)
        with writing(self._connection.engine) as connection:
            counted = connection.execute(update(inbox).where(same).values(values)).rowcount == 1
            if counted and aside:
                write_answers(connection, apology, self.row.id)
        return counted and aside


class Inbox:
    """The inbox of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sqlite = engine.dialect.name == "sqlite"

    def put(self, connection: Connection, arrivals: Sequence[Arrival]) -> None:
        """Write messages in an open transaction; one that was received before changes nothing."""
        self._put(connection, [{**_fields(arrival), "state": PENDING} for arrival in arrivals])

    def remember(self, connection: Connection, arrivals: Sequence[Arrival]) -> None:
        """Write that messages came which are not to be answered; `knows` tells them again by their id."""
        done = {"state": DONE, "address": None, "body": None}
        self._put(connection, [{**_fields(arrival), **done} for arrival in arrivals if arrival.external_id])

    def knows(self, connection: Connection, channel: str, external_id: str | None) -> bool:
        """Say whether a message was received before."""
        message = {"on_channel": channel, "external_id": external_id}
        return external_id is not None and connection.scalar(FIND_MESSAGE, message) is not None

    def _put(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        insert = sqlite.insert(inbox) if self._sqlite else postgresql.insert(inbox)
        new = insert.on_conflict_do_nothing(index_elements=["channel", "external_id"])
        connection.execute(new, [{**row, "attempts": 0} for row in rows])

    @contextmanager
    def claim(self, since: float) -> Iterator[Claim | None]:
        """Hold the next message to play, None when there is none; `since` is when "lately" begins.

        What is not committed at the end is undone.

        PostgreSQL keeps the row from other processes as long as the transaction lasts. SQLite has one process, and
        lets no reader become a writer: the claim ends its reading, and writes in a transaction of its own.
        """
        with self._engine.connect() as connection:
            row = connection.execute(NEXT).first()
            if row is None:
                yield None
                return
            stored = load(connection, row.channel, row.conversation)
            lately = {**whose(row.channel, row.conversation), "since": since, "number": row.id}
            recent = connection.scalar(RECENT, lately)
            if self._sqlite:
                connection.rollback()
                connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
            yield Claim(connection, row, stored, recent or 0)

    def waiting(self) -> int:
        """Return how many messages wait for their turn."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).where(inbox.c.state == PENDING)) or 0

    def oldest(self) -> float | None:
        """Return when the message that waits longest for its turn came, None when none waits."""
        with self._engine.connect() as connection:
            query = select(func.min(inbox.c.received_at)).where(inbox.c.state == PENDING)
            oldest: float | None = connection.scalar(query)
            return oldest


def _fields(arrival: Arrival) -> dict[str, Any]:
    return {name: getattr(arrival, name) for name in arrival.__slots__}
