"""Conversations in the database: a turn is one transaction, a message delivered twice has one effect."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from bot.store.statements import ANSWERS, FIND_CODE, FIND_MESSAGE, LAST_MESSAGE, LOAD, whose
from bot.store.turns import Turn, write
from bot.store.writing import writing


@dataclass(frozen=True, slots=True)
class Stored:
    """A conversation as it was last committed: `tracker` is the engine's JSON, `version` the fence (0: new)."""

    tracker: str | None
    version: int


class Store:
    """The conversation tables of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def load(self, channel: str, identifier: str) -> Stored:
        """Return the conversation; a new one has version 0."""
        with self._engine.connect() as connection:
            return load(connection, channel, identifier)

    def answers(self, channel: str, external_id: str) -> list[str] | None:
        """Return the answers given to a message; None if it never came (or was overtaken by a later one: [])."""
        message = {"on_channel": channel, "external_id": external_id}
        with self._engine.connect() as connection:
            number = connection.execute(FIND_MESSAGE, message).scalar()
            return None if number is None else _messages(connection, number)

    def last_answers(self, channel: str, identifier: str) -> list[str]:
        """Return the answers to the last message of the conversation, to show them again."""
        with self._engine.connect() as connection:
            number = connection.execute(LAST_MESSAGE, whose(channel, identifier)).scalar()
            return [] if number is None else _messages(connection, number)

    def handed_out(self, key: str, now: float) -> str | None:
        """Return the tracker (JSON) of the conversation in which a code was handed out, None if it is worth nothing."""
        with self._engine.connect() as connection:
            row = connection.execute(FIND_CODE, {"key": key, "now": now}).first()
            return load(connection, row.channel, row.conversation).tracker if row else None

    def commit(self, turn: Turn) -> None:
        """Write the turn whole or not at all.

        Raises `MessageDejaRecu`, `ConversationDepassee` or `CodeDejaUtilise`; nothing is written then.
        """
        with writing(self._engine) as connection:
            write(connection, [turn])
        if turn.tracker is None:
            self.overwrite()

    def overwrite(self) -> None:
        """Leave nothing of what was deleted on the disk: the log that SQLite's readers share holds earlier pages."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def load(connection: Connection, channel: str, identifier: str) -> Stored:
    """Return the conversation as it was last committed; a new one has version 0."""
    row = connection.execute(LOAD, whose(channel, identifier)).first()
    return Stored(row.tracker, row.version) if row else Stored(None, 0)


def _messages(connection: Connection, number: int) -> list[str]:
    return [message for message in connection.execute(ANSWERS, {"number": number}).scalars() if message]
