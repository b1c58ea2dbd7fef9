"""What gateways tell, written before they are answered: messages, receipts, persons who want no more."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Engine

from bot.channels.gateway import Inbound, Received
from bot.delivery.envelope import Envelope, Source
from bot.failpoints import reach
from bot.store.inbox import Arrival, Inbox
from bot.store.outbox import Outbox
from bot.store.parts import PartRow, add_part, take_ripe
from bot.store.secrecy import SceauInconnu
from bot.store.writing import writing

logger = logging.getLogger(__name__)

PATIENCE_S = 300.0
"""How long the parts of a message are waited for."""


class Intake:
    """Writes what a gateway told, all in one transaction."""

    def __init__(self, engine: Engine, envelope: Envelope, inbox: Inbox, outbox: Outbox) -> None:
        self._engine = engine
        self._envelope = envelope
        self._inbox = inbox
        self._outbox = outbox

    def take(self, told: Sequence[tuple[Source, Received]], now: float) -> None:
        """Write everything that was told; what was written before changes nothing.

        Raises `BaseIndisponible`: nothing is written, the gateways must tell it again.
        """
        with writing(self._engine) as connection:
            for source, received in told:
                self._write(connection, source, received, now)
            reach("inbox.writing")
        reach("inbox.committed" if any(received.messages for _, received in told) else "receipt.committed")

    def _write(self, connection: Connection, source: Source, received: Received, now: float) -> None:
        arrivals = [self._arrival(connection, source, each, now) for each in received.messages]
        self._inbox.put(connection, [arrival for arrival in arrivals if arrival])
        for receipt in received.receipts:
            self._outbox.note(connection, source.gateway, receipt.state, now, receipt.key, receipt.gateway_id)
        blocked = [each for each in received.blocked if self._is_new(connection, source, each, now)]
        for address in (*received.stopped, *(each.address for each in blocked)):
            self._outbox.stop(connection, source.channel, self._envelope.person(source, address))

    def _is_new(self, connection: Connection, source: Source, inbound: Inbound, now: float) -> bool:
        """Say whether this was not told before; it is known from now on."""
        told = self._inbox.knows(connection, source.channel, self._envelope.external_id(source, inbound))
        self._inbox.remember(connection, [] if told else [self._envelope.arrival(source, inbound, now)])
        return not told

    def take_stale(self, channel_of: Mapping[str, str], now: float) -> None:
        """Put what there is of the messages whose missing parts are not waited for any longer into the inbox.

        What came through a gateway that is no longer configured cannot be answered, and is dropped.
        """
        with writing(self._engine) as connection:
            for gateway, bodies in take_ripe(connection, now - PATIENCE_S):
                if gateway in channel_of:
                    whole = self._join(connection, Source(gateway, channel_of[gateway]), bodies, now)
                    self._inbox.put(connection, [whole] if whole else [])

    def _arrival(self, connection: Connection, source: Source, inbound: Inbound, now: float) -> Arrival | None:
        """Return the row of a whole message, None for a part whose others are not all there."""
        if inbound.part is None:
            return self._envelope.arrival(source, inbound, now)
        if self._inbox.knows(connection, source.channel, self._envelope.external_id(source, inbound)):
            return None
        row = PartRow(
            gateway=source.gateway,
            conversation=self._envelope.person(source, inbound.address),
            reference=self._envelope.reference(inbound.part),
            number=inbound.part.number,
            total=inbound.part.total,
            body=self._envelope.seal_part(inbound),
            received_at=now,
        )
        bodies = add_part(connection, row)
        return self._join(connection, source, bodies, now) if bodies else None

    def _join(self, connection: Connection, source: Source, bodies: Sequence[str], now: float) -> Arrival | None:
        """Return the row of a whole message; each of its parts is known from now on, should it be told again."""
        try:
            parts = self._envelope.open_parts(bodies)
        except SceauInconnu:
            logger.warning("%s : un long message ne peut pas être lu : scellé avec une autre clé", source.gateway)
            return None
        whole = replace(parts[0], text="".join(part.text for part in parts))
        apart = [part for part in parts if part.external_id != whole.external_id]
        self._inbox.remember(connection, [self._envelope.arrival(source, part, now) for part in apart])
        return self._envelope.arrival(source, whole, now)
