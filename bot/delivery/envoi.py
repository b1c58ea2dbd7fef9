"""A message that a helper has sent to a person's telephone: written to the outbox, unless that person said STOP."""

from collections.abc import Callable
from datetime import datetime
from secrets import randbelow
from uuid import uuid4

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.conversation.reception import to_json
from bot.delivery.envelope import Envelope, Source
from bot.messages import Delivery, MessageOut
from bot.store.secrecy import Secrecy
from bot.store.tables import DONE, conversation, inbox, outbox
from bot.store.writing import writing

FIRST_VERSIONS = 2**30
NOT_BEGUN = ""
"""Tracker of a conversation in which the person has said nothing yet: it is there so that their STOP is kept."""


class Envoi:
    """Writes messages for one gateway; its sender takes them from the outbox as any other."""

    def __init__(self, engine: Engine, secrecy: Secrecy, source: Source, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._secrecy = secrecy
        self._envelope = Envelope(secrecy)
        self._source = source
        self._clock = clock

    def person(self, number: str) -> str:
        """Return what stands for a number (E.164) in the database and in memory."""
        return self._envelope.person(self._source, number)

    def put(self, number: str, text: str, once: str) -> None:
        """Write a message; nothing for a person who said STOP, nor a second time under the same `once`.

        Who asks is not told which: whether somebody said STOP is nobody else's business. Raises `BaseIndisponible`.
        """
        person, now = self.person(number), self._clock().timestamp()
        with writing(self._engine) as connection:
            if self._refused(connection, person, now):
                return
            asked = self._ask(connection, person, f"fiche:{once}", now)
            if asked is not None:
                message = {"message": to_json(MessageOut(text=text)), "address": self._secrecy.seal(number)}
                connection.execute(insert(outbox), {**self._row(person, asked, now), **message})

    def _refused(self, connection: Connection, person: str, now: float) -> bool:
        """Say whether the person wants no message; a person who never wrote gets a conversation that can say so."""
        key = {"channel": self._source.channel, "id": person}
        begun = {"version": 1 + randbelow(FIRST_VERSIONS), "tracker": NOT_BEGUN, "updated_at": now}
        connection.execute(self._insert(conversation).values(**key, **begun).on_conflict_do_nothing())
        mine = (conversation.c.channel == self._source.channel, conversation.c.id == person)
        held = connection.execute(select(conversation.c.stopped_by).where(*mine).with_for_update())
        return held.scalar_one() is not None

    def _ask(self, connection: Connection, person: str, external_id: str, now: float) -> int | None:
        """Write what the message answers to, done already; None when it was asked before."""
        row = {
            "channel": self._source.channel,
            "external_id": external_id,
            "conversation": person,
            "received_at": now,
            "state": DONE,
            "gateway": self._source.gateway,
            "attempts": 0,
        }
        written = connection.execute(self._insert(inbox).values(row).on_conflict_do_nothing().returning(inbox.c.id))
        number: int | None = written.scalar()
        return number

    def _row(self, person: str, asked: int, now: float) -> dict[str, object]:
        return {
            "inbox_id": asked,
            "rang": 0,
            "channel": self._source.channel,
            "conversation": person,
            "gateway": self._source.gateway,
            "state": Delivery.CREATED,
            "attempts": 0,
            "not_before": 0.0,
            "key": uuid4().hex,
            "created_at": now,
        }

    def _insert(self, table: object) -> sqlite.Insert:
        """Return an insertion that both databases can leave out when the row is there; they write it the same."""
        kind = sqlite.insert if self._engine.dialect.name == "sqlite" else postgresql.insert
        return kind(table)  # type: ignore[arg-type,return-value]
