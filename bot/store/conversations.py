"""Conversations in the database: a turn is one transaction, a message delivered twice has one effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import randbelow

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from bot.store.statements import (
    ADVANCE,
    ANSWER,
    ANSWERS,
    BEGIN,
    DROP_EARLIER_ANSWERS,
    FIND_MESSAGE,
    FORGET,
    LAST_MESSAGE,
    LOAD,
    RECEIVE,
)

FIRST_VERSIONS = 2**30
"""How many numbers the first version is drawn from."""


class ConversationDepassee(Exception):
    """Another turn of the same conversation was committed first: read it again and play the turn again."""


class MessageDejaRecu(Exception):
    """This external id was committed before: its answers stand in `Store.answers`."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A conversation as it was last committed: `tracker` is the engine's JSON, `version` the fence (0: new)."""

    tracker: str | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one turn writes. `messages` are the answers as JSON; `tracker` None deletes all of the person's rows."""

    channel: str
    conversation: str
    external_id: str | None
    received_at: str
    read_version: int
    tracker: str | None
    messages: Sequence[str]


class Store:
    """The conversation tables of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")  # in turn from the first statement on

    def load(self, channel: str, identifier: str) -> Stored:
        """Return the conversation; a new one has version 0."""
        with self._engine.connect() as connection:
            row = connection.execute(LOAD, _whose(channel, identifier)).first()
        return Stored(row.tracker, row.version) if row else Stored(None, 0)

    def answers(self, channel: str, external_id: str) -> list[str] | None:
        """Return the answers given to a message; None if it never came (or was overtaken by a later one: [])."""
        message = {"on_channel": channel, "external_id": external_id}
        with self._engine.connect() as connection:
            number = connection.execute(FIND_MESSAGE, message).scalar()
            return None if number is None else _messages(connection, number)

    def last_answers(self, channel: str, identifier: str) -> list[str]:
        """Return the answers to the last message of the conversation, to show them again."""
        with self._engine.connect() as connection:
            number = connection.execute(LAST_MESSAGE, _whose(channel, identifier)).scalar()
            return [] if number is None else _messages(connection, number)

    def commit(self, turn: Turn) -> None:
        """Write the turn whole or not at all.

        Raises `MessageDejaRecu` or `ConversationDepassee`; nothing is written then.
        """
        if turn.tracker is None:
            self._forget(turn)
            return
        with self._writer.begin() as connection:
            number = _receive(connection, turn)
            _advance(connection, turn)
            _answer(connection, turn, number)

    def _forget(self, turn: Turn) -> None:
        with self._writer.begin() as connection:
            for statement in FORGET:
                connection.execute(statement, _whose(turn.channel, turn.conversation))
        if self._engine.dialect.name == "sqlite":  # the log that readers share still holds the pages of before
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _whose(channel: str, identifier: str) -> dict[str, str]:
    return {"on_channel": channel, "person": identifier}


def _messages(connection: Connection, number: int) -> list[str]:
    return list(connection.execute(ANSWERS, {"number": number}).scalars())


def _receive(connection: Connection, turn: Turn) -> int:
    values = {
        "channel": turn.channel,
        "external_id": turn.external_id,
        "conversation": turn.conversation,
        "received_at": turn.received_at,
    }
    try:
        key = connection.execute(RECEIVE, values).inserted_primary_key
    except IntegrityError as error:
        raise MessageDejaRecu from error
    assert key is not None
    return int(key[0])


def _advance(connection: Connection, turn: Turn) -> None:
    """Write the state over the version that was read.

    The first version is drawn at random: a turn that read a conversation since erased finds no such version in the
    one begun after it.
    """
    version = turn.read_version + 1 if turn.read_version else 1 + randbelow(FIRST_VERSIONS)
    values = {"version": version, "tracker": turn.tracker, "updated_at": turn.received_at}
    if turn.read_version == 0:
        try:
            connection.execute(BEGIN, {"channel": turn.channel, "id": turn.conversation, **values})
        except IntegrityError as error:
            raise ConversationDepassee from error
        return
    fence = {**_whose(turn.channel, turn.conversation), "read_version": turn.read_version}
    if connection.execute(ADVANCE, {**fence, **values}).rowcount != 1:
        raise ConversationDepassee


def _answer(connection: Connection, turn: Turn, number: int) -> None:
    if turn.read_version:
        connection.execute(DROP_EARLIER_ANSWERS, {**_whose(turn.channel, turn.conversation), "number": number})
    if turn.messages:
        rows = [{"inbox_id": number, "rang": rank, "message": text} for rank, text in enumerate(turn.messages)]
        connection.execute(ANSWER, rows)
