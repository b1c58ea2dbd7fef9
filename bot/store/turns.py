"""Writing turns: all of several persons in one transaction, each over the state that it read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from secrets import randbelow, token_hex
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.failpoints import reach
from bot.messages import REMINDER, Delivery
from bot.store.statements import (
    ADVANCE,
    ANSWER,
    BEGIN,
    CANCEL,
    DROP_EARLIER_ANSWERS,
    DROP_TIMERS,
    FINISH,
    FORGET,
    HAND_OUT,
    RECEIVE,
    STOP,
    USE_CODE,
    whose,
)
from bot.store.tables import DONE
from bot.store.timers import Timer, set_timer

FIRST_VERSIONS = 2**30
"""How many numbers the first version is drawn from."""

AT_ONCE = 0.0
"""`not_before` of a message that need not wait: no clock that is set back makes it wait either."""

NO_MESSAGE = 0
"""Below the number of every message."""


class ConversationDepassee(Exception):
    """Another turn of the same conversation was committed first: read it again and play the turn again."""


class MessageDejaRecu(Exception):
    """This message was committed before: its answers stand in `Store.answers`."""


class CodeDejaUtilise(Exception):
    """Another message used the code of this turn first: play the turn again."""


@dataclass(frozen=True, slots=True)
class HandedCode:
    """A code handed out, hashed, and until when it may be used (seconds since 1970)."""

    key: str
    expires_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one turn writes. `messages` are the answers as JSON; `tracker` None deletes all of the person's rows.

    `inbox_id`: the message stood in the inbox (None: it comes with its turn). `gateway` sends the answers to the
    sealed `address`; None: they are read by who asked. `stopped`: the person wants no more messages. `reminder`: they
    wrote nothing, an hour came. `remind_at`: the instant at which they asked to be reminded; 0 takes an earlier one
    back. `handed`: a code that was given to them; `used`: the key of one that they wrote.
    """

    channel: str
    conversation: str
    external_id: str | None
    received_at: float
    read_version: int
    tracker: str | None
    messages: Sequence[str]
    inbox_id: int | None = None
    gateway: str | None = None
    address: str | None = None
    stopped: bool = False
    reminder: bool = False
    remind_at: float | None = None
    handed: HandedCode | None = None
    used: str | None = None

    @property
    def reopens(self) -> bool:
        """Whether it answers a person, who wants messages again then: who is not answered may be a machine."""
        return bool(self.messages) and not (self.stopped or self.reminder)


def write(connection: Connection, turns: Sequence[Turn]) -> None:
    """Write turns of different conversations in an open transaction.

    Raises `MessageDejaRecu`, `ConversationDepassee` or `CodeDejaUtilise`: undo it then.
    """
    for turn in turns:
        if turn.tracker is None:
            _forget(connection, turn)
    lasting = [turn for turn in turns if turn.tracker is not None]
    numbers = _receive(connection, lasting)
    _advance(connection, lasting)
    numbered = list(zip(lasting, numbers, strict=True))
    reach("turn.writing")
    write_answers(connection, numbered)
    for turn, number in numbered:
        _follow(connection, turn, number)


def _follow(connection: Connection, turn: Turn, number: int) -> None:
    """Write what a turn changes beside the conversation and the answers: few turns do."""
    if turn.read_version and not turn.gateway:
        connection.execute(DROP_EARLIER_ANSWERS, {**whose(turn.channel, turn.conversation), "number": number})
    if turn.stopped:
        for statement in (STOP, CANCEL, DROP_TIMERS):
            connection.execute(statement, {**whose(turn.channel, turn.conversation), "number": number})
    if turn.remind_at is not None:
        _remind(connection, turn)
    if turn.handed:
        whose_code = {"code": turn.handed.key, "channel": turn.channel, "conversation": turn.conversation}
        connection.execute(HAND_OUT, {**whose_code, "expires_at": turn.handed.expires_at})
    if turn.used and connection.execute(USE_CODE, {"key": turn.used}).rowcount != 1:
        raise CodeDejaUtilise


def _remind(connection: Connection, turn: Turn) -> None:
    connection.execute(DROP_TIMERS, whose(turn.channel, turn.conversation))
    if turn.remind_at and turn.gateway and turn.address:
        wanted = Timer(
            channel=turn.channel,
            conversation=turn.conversation,
            kind=REMINDER,
            due_at=turn.remind_at,
            gateway=turn.gateway,
            address=turn.address,
        )
        set_timer(connection, wanted)


def _receive(connection: Connection, turns: Sequence[Turn]) -> list[int]:
    """Write the messages as done, and return their numbers."""
    _finish(connection, [turn.inbox_id for turn in turns if turn.inbox_id is not None])
    return [turn.inbox_id if turn.inbox_id is not None else _insert(connection, turn) for turn in turns]


def _finish(connection: Connection, numbers: Sequence[int]) -> None:
    if numbers and connection.execute(FINISH, {"numbers": numbers}).rowcount != len(numbers):
        raise MessageDejaRecu


def _insert(connection: Connection, turn: Turn) -> int:
    values = {
        "channel": turn.channel,
        "external_id": turn.external_id,
        "conversation": turn.conversation,
        "received_at": turn.received_at,
        "state": DONE,
        "attempts": 0,
    }
    try:
        key = connection.execute(RECEIVE, values).inserted_primary_key
    except IntegrityError as error:
        raise MessageDejaRecu from error
    assert key is not None
    return int(key[0])


def _advance(connection: Connection, turns: Sequence[Turn]) -> None:
    """Write the states over the versions that were read.

    The first version is drawn at random: a turn that read a conversation since erased finds no such version in the
    one begun after it. Silence begins none: it may answer the reminder of a person who was forgotten meanwhile.
    """
    begun = [
        {"channel": turn.channel, "id": turn.conversation, "version": 1 + randbelow(FIRST_VERSIONS), **_state(turn)}
        for turn in turns
        if not turn.read_version and turn.messages
    ]
    gone_on = [
        {
            **whose(turn.channel, turn.conversation),
            "read_version": turn.read_version,
            "version": turn.read_version + 1,
            "reopens": turn.reopens,
            **_state(turn),
        }
        for turn in turns
        if turn.read_version
    ]
    if begun:
        try:
            connection.execute(BEGIN, begun)
        except IntegrityError as error:
            raise ConversationDepassee from error
    if gone_on and connection.execute(ADVANCE, gone_on).rowcount != len(gone_on):
        raise ConversationDepassee


def _state(turn: Turn) -> dict[str, Any]:
    return {"tracker": turn.tracker, "updated_at": turn.received_at}


def write_answers(connection: Connection, turns: Sequence[tuple[Turn, int]]) -> None:
    """Write the answers of turns, each to the message of its number."""
    rows = [
        {
            "inbox_id": number,
            "rang": rank,
            "message": text,
            "channel": turn.channel,
            "conversation": turn.conversation,
            "gateway": turn.gateway,
            "address": turn.address,
            "state": Delivery.CREATED if turn.gateway else Delivery.DELIVERED,
            "attempts": 0,
            "not_before": AT_ONCE,
            "key": uuid4().hex if turn.gateway else None,
            "created_at": turn.received_at,
        }
        for turn, number in turns
        for rank, text in enumerate(turn.messages)
    ]
    if rows:
        connection.execute(ANSWER, rows)


def _forget(connection: Connection, turn: Turn) -> None:
    """Delete everything of the person; the word that says so goes out under a name drawn for it alone."""
    person = {**whose(turn.channel, turn.conversation), "number": turn.inbox_id or NO_MESSAGE}
    if turn.inbox_id is not None:
        _finish(connection, [turn.inbox_id])
    for statement in FORGET:
        connection.execute(statement, person)
    if turn.gateway:
        nobody = replace(turn, inbox_id=None, conversation=token_hex(16))
        write_answers(connection, [(nobody, _insert(connection, nobody))])
