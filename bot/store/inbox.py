"""The messages received from gateways: written before the gateway is answered, played once, in order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Engine, and_, bindparam, func, select, update

from bot.failpoints import reach
from bot.store.statements import FIND_MESSAGE
from bot.store.tables import DONE, PENDING, QUARANTINED, conversation, inbox
from bot.store.turns import Turn, write, write_answers
from bot.store.writing import insert_into, writers_turn, writing

MAX_ATTEMPTS = 3
"""Turns tried for one message before it is set aside."""

LOOK_AHEAD = 500
"""How many of the oldest messages are looked through for persons to play: who sent thousands does not slow it down."""

_oldest = (
    select(inbox.c.id, inbox.c.channel, inbox.c.conversation)
    .where(inbox.c.state == PENDING)
    .order_by(inbox.c.id)
    .limit(LOOK_AHEAD)
    .subquery()
)
_first_of_each = select(func.min(_oldest.c.id)).group_by(_oldest.c.channel, _oldest.c.conversation)
_lately = inbox.alias()
_recent = (
    select(func.count())
    .where(
        _lately.c.channel == inbox.c.channel,
        _lately.c.conversation == inbox.c.conversation,
        _lately.c.received_at >= bindparam("since"),
        _lately.c.id <= inbox.c.id,
    )
    .scalar_subquery()
)
_own = and_(conversation.c.channel == inbox.c.channel, conversation.c.id == inbox.c.conversation)
NEXT = (
    select(
        inbox,
        conversation.c.tracker,
        func.coalesce(conversation.c.version, 0).label("version"),
        _recent.label("recent"),
    )
    .join_from(inbox, conversation, _own, isouter=True)
    .where(inbox.c.state == PENDING, inbox.c.id.in_(_first_of_each))
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=inbox)
)
"""The oldest messages that no other process holds, the first of each conversation, with the conversation as it is."""


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
    """Messages of different conversations that are this process's to play, as long as the claim is open.

    Each of `rows` is a message with its conversation: `tracker` (None: a new one), `version` (0 then), and how many
    messages of it have come lately (`recent`).
    """

    def __init__(self, connection: Connection, rows: Sequence[Any]) -> None:
        self._connection = connection
        self.rows = rows

    def commit(self, turns: Sequence[Turn]) -> None:
        """Write the turns, all or none. Raises `MessageDejaRecu`, `ConversationDepassee` or `CodeDejaUtilise`."""
        with writers_turn(self._connection.engine):
            write(self._connection, turns)
            reach("turn.written")
            self._connection.commit()

    def set_aside(self, apology: Turn, masked: str) -> bool:
        """Set the one message of this claim aside with the apology, if it was tried often enough; say if it was.

        Only `masked` is kept of it. What the turn wrote before it broke is undone: the conversation stays as it was.
        Another process may have taken the message since: then it counts there.
        """
        (row,) = self.rows
        self._connection.close()
        if row.attempts < MAX_ATTEMPTS:
            return False
        same = and_(inbox.c.id == row.id, inbox.c.state == PENDING, inbox.c.attempts == row.attempts)
        aside = update(inbox).where(same).values(state=QUARANTINED, body=masked, address=None)
        with writing(self._connection.engine) as connection:
            done = connection.execute(aside).rowcount == 1
            if done:
                write_answers(connection, [(apology, row.id)])
        return done


class Inbox:
    """The inbox of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sqlite = engine.dialect.name == "sqlite"

    def put(self, connection: Connection, arrivals: Sequence[Arrival]) -> None:
        """Write messages in an open transaction; one that was received before changes nothing."""
        self._put(connection, [{**asdict(arrival), "state": PENDING} for arrival in arrivals])

    def remember(self, connection: Connection, arrivals: Sequence[Arrival]) -> None:
        """Write that messages came which are not to be answered; `knows` tells them again by their id."""
        done = {"state": DONE, "address": None, "body": None}
        self._put(connection, [{**asdict(arrival), **done} for arrival in arrivals if arrival.external_id])

    def knows(self, connection: Connection, channel: str, external_id: str | None) -> bool:
        """Say whether a message was received before."""
        message = {"on_channel": channel, "external_id": external_id}
        return external_id is not None and connection.scalar(FIND_MESSAGE, message) is not None

    def _put(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        new = insert_into(inbox, connection).on_conflict_do_nothing(index_elements=["channel", "external_id"])
        connection.execute(new, [{**row, "attempts": 0} for row in rows])

    @contextmanager
    def claim(self, since: float, most: int) -> Iterator[Claim]:
        """Hold up to `most` messages to play; `since` is when "lately" begins. What is not committed is undone.

        PostgreSQL keeps the rows from other processes as long as the transaction lasts. SQLite has one process, and
        lets no reader become a writer: the claim ends its reading, and writes in a transaction of its own.
        """
        with self._engine.connect() as connection:
            rows = connection.execute(NEXT, {"since": since, "most": most}).all()
            if self._sqlite:
                connection.rollback()
                connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
            yield Claim(connection, rows)

    def count_attempt(self, since: float) -> bool:
        """Count that the next message is about to be tried, if there is one: who kills the program is told by it."""
        if not self.waiting():
            return False
        with writing(self._engine) as connection:
            row = connection.execute(NEXT, {"since": since, "most": 1}).first()
            if row:
                connection.execute(update(inbox).where(inbox.c.id == row.id).values(attempts=inbox.c.attempts + 1))
            return row is not None

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
