"""The messages received from gateways: written before the gateway is answered, played once, in order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    and_,
    bindparam,
    func,
    literal,
    select,
    text,
    update,
)

from bot.failpoints import reach
from bot.store.statements import FIND_MESSAGE
from bot.store.tables import DONE, PENDING, QUARANTINED, conversation, inbox
from bot.store.turns import Turn, write, write_answers
from bot.store.writing import in_order, insert_into, writers_turn, writing

MAX_ATTEMPTS = 3
"""Turns tried for one message before it is set aside."""

COUNTING = 0x41_49_47_55_4E
"""Key of the advisory lock of who counts an attempt on PostgreSQL."""

LOOK_AHEAD = 500
"""How many of the oldest messages are looked through for persons to play: who sent thousands does not slow it down."""

LOOK_BEHIND = 256
"""How many persons are looked for behind them, where they are of a few persons: enough for four processes."""

LOOK_BACK = 100
"""How many of a person's last messages are looked through for recent ones: more would say no more."""

_oldest = (
    select(inbox.c.id, inbox.c.channel, inbox.c.conversation)
    .where(inbox.c.state == PENDING)
    .order_by(inbox.c.id)
    .limit(LOOK_AHEAD)
    .subquery("oldest")
)
_first_of_each = select(func.min(_oldest.c.id)).group_by(_oldest.c.channel, _oldest.c.conversation)
_enough = select(literal(1)).where(inbox.c.state == PENDING).order_by(inbox.c.id).limit(LOOK_AHEAD).subquery("enough")
_looked_at = select(func.count()).select_from(_enough).scalar_subquery()
_waiting = inbox.alias()
_in_turn = (
    select(_waiting.c.conversation)
    .where(_waiting.c.state == text(f"'{PENDING}'"))  # in the very words of the index: else SQLite does not use it
    .order_by(_waiting.c.conversation, _waiting.c.id)
    .limit(1)
)
_behind = select(_in_turn.scalar_subquery().label("id"), literal(1).label("rank")).cte("behind", recursive=True)
_after = _in_turn.where(_waiting.c.conversation > _behind.c.id).correlate(_behind).scalar_subquery()
_behind = _behind.union_all(
    select(_after, _behind.c.rank + 1).where(_behind.c.id.is_not(None), _behind.c.rank < LOOK_BEHIND)
)
_first_of_one = _in_turn.with_only_columns(_waiting.c.id).where(_waiting.c.conversation == _behind.c.id)
_first_of_those = select(_first_of_one.correlate(_behind).scalar_subquery()).select_from(_behind)
_earlier = inbox.alias()
_latest = (
    select(_earlier.c.received_at)
    .where(
        _earlier.c.channel == inbox.c.channel,
        _earlier.c.conversation == inbox.c.conversation,
        _earlier.c.id <= inbox.c.id,
    )
    .order_by(_earlier.c.id.desc())
    .limit(LOOK_BACK)
    .correlate(inbox)
    .subquery("latest")
)
_recent = select(func.count()).where(_latest.c.received_at >= bindparam("since")).scalar_subquery()
_own = and_(conversation.c.channel == inbox.c.channel, conversation.c.id == inbox.c.conversation)
_claimed = (
    select(
        inbox,
        conversation.c.tracker,
        conversation.c.stopped_by,
        func.coalesce(conversation.c.version, 0).label("version"),
        _recent.label("recent"),
    )
    .join_from(inbox, conversation, _own, isouter=True)
    .where(inbox.c.state == PENDING)
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=inbox)
)
NEXT = _claimed.add_columns(_looked_at.label("looked_at")).where(inbox.c.id.in_(_first_of_each))
"""The oldest messages that no other process holds, the first of each conversation, with the conversation as it is."""

BEHIND = _claimed.where(inbox.c.id.in_(_first_of_those), inbox.c.id.not_in(bindparam("held", expanding=True)))
"""The same of who waits behind thousands of messages of others: the index says who comes next, whatever each sent."""


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

    Each of `rows` is a message with its conversation: `tracker` (None: a new one), `version` (0 then), what says that
    the person wants no more messages (`stopped_by`), and how many messages of it have come lately (`recent`).
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
            yield Claim(connection, self._hold(connection, since, most))

    @contextmanager
    def claim_counted(self, since: float, counted: int | None) -> Iterator[Claim]:
        """Hold the next message, its attempt counted unless it is `counted`: who kills the program is told by it.

        The count is committed before the message is held. No other process counts in between: an attempt that is
        counted is one that was made.
        """
        with self._engine.connect() as connection:
            with self._counting():
                rows: Sequence[Any] = ()
                while not rows and (counted := self._count_attempt(since, counted)):
                    rows = self._hold(connection, since, 1)
                    if rows and rows[0].id != counted:  # who counts no attempt took the one that was
                        connection.rollback()
                        rows = ()
            yield Claim(connection, rows)

    def _hold(self, connection: Connection, since: float, most: int) -> Sequence[Any]:
        rows = _next(connection, since, most)
        if self._sqlite:
            connection.rollback()
            connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        return rows

    @contextmanager
    def _counting(self) -> Iterator[None]:
        """Have no other process count meanwhile; it waits, some milliseconds."""
        if self._sqlite:
            yield
            return
        with self._engine.connect() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(COUNTING)))
            yield

    def _count_attempt(self, since: float, counted: int | None) -> int | None:
        """Count an attempt at the next message; return its number, None where none waits."""
        if not self.waiting():
            return None
        with writing(self._engine) as connection:
            number = next((row.id for row in _next(connection, since, 1)), None)
            if number != counted:
                connection.execute(update(inbox).where(inbox.c.id == number).values(attempts=inbox.c.attempts + 1))
            return number

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


def _next(connection: Connection, since: float, most: int) -> list[Any]:
    """Return the next messages; where the oldest are of a few persons, or held, those of others too."""
    asked = {"since": since, "most": most}
    rows = list(in_order(connection).execute(NEXT, asked))
    if len(rows) < most and (not rows or rows[0].looked_at == LOOK_AHEAD):
        behind = {**asked, "most": most - len(rows), "held": [row.id for row in rows]}
        rows += connection.execute(BEHIND, behind)
    return rows
