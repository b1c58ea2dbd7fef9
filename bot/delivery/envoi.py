"""A message that a helper has sent to a person's telephone: written to the outbox, unless that person said STOP."""

from collections.abc import Callable
from datetime import datetime
from secrets import randbelow

from sqlalchemy import Connection, Engine, select

from bot.conversation.reception import to_json
from bot.delivery.envelope import Envelope, Source
from bot.messages import MessageOut
from bot.store.secrecy import Secrecy
from bot.store.tables import DONE, conversation, inbox
from bot.store.turns import FIRST_VERSIONS, Turn, write_answers
from bot.store.writing import insert_into, writing

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
            turn = Turn(
                channel=self._source.channel,
                conversation=person,
                external_id=f"fiche:{once}",
                received_at=now,
                read_version=0,
                tracker=NOT_BEGUN,
                messages=[to_json(MessageOut(text=text))],
                gateway=self._source.gateway,
                address=self._secrecy.seal(number),
            )
            asked = self._ask(connection, turn)
            if asked is not None:
                write_answers(connection, [(turn, asked)])

    def _refused(self, connection: Connection, person: str, now: float) -> bool:
        """Say whether the person wants no message; a person who never wrote gets a conversation that can say so."""
        key = {"channel": self._source.channel, "id": person}
        begun = {"version": 1 + randbelow(FIRST_VERSIONS), "tracker": NOT_BEGUN, "updated_at": now}
        connection.execute(insert_into(conversation, connection).values(**key, **begun).on_conflict_do_nothing())
        mine = (conversation.c.channel == self._source.channel, conversation.c.id == person)
        held = connection.execute(select(conversation.c.stopped_by).where(*mine).with_for_update())
        return held.scalar_one() is not None

    def _ask(self, connection: Connection, turn: Turn) -> int | None:
        """Write what the message answers to, done already; None when it was asked before."""
        row = {
            "channel": turn.channel,
            "external_id": turn.external_id,
            "conversation": turn.conversation,
            "received_at": turn.received_at,
            "state": DONE,
            "gateway": turn.gateway,
            "attempts": 0,
        }
        new = insert_into(inbox, connection).values(row).on_conflict_do_nothing().returning(inbox.c.id)
        number: int | None = connection.scalar(new)
        return number
