"""Sending the messages of the outbox: each leased, given to its gateway at its pace, and what became of it written."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from bot.channels.gateway import Gateway, Outbound, Sending
from bot.conversation.reception import from_json
from bot.delivery.envelope import Envelope, Source
from bot.failpoints import reach
from bot.limits import RateLimit
from bot.messages import Delivery
from bot.store.outbox import Leased, Outbox, Settled
from bot.store.secrecy import SceauInconnu
from knowledge.base import BaseIndisponible

logger = logging.getLogger(__name__)

AT_ONCE = 32
"""Messages under way to gateways at one time."""

POLL_S, OUTAGE_S, DRAIN_S = 1.0, 1.0, 5.0
BACKOFF_S, LONGEST_BACKOFF_S = 5.0, 900.0
"""A message that did not go is tried again after 5 s, then twice as long each time, up to a quarter of an hour."""

STALE_S = 24 * 3600.0
"""An answer that could not go out within a day says nothing true any more ("ouvert aujourd'hui")."""

GRACE_S = 20.0
"""After a crash, how long a receipt may take to say that a message went; then it is sent again."""

PER_CHAT_PER_MINUTE, CHAT_BURST = 60.0, 3.0
"""At most about one message a second to one person (Telegram: "Broadcasting to users")."""

T = TypeVar("T")

Settling = tuple[Settled, "asyncio.Future[None]"]

Observe = Callable[[str, str, str, Sending], None]
"""Told of each attempt: gateway, channel, text, what became of it."""


class Sender:
    """Sends for the gateways that are configured, `per_second` messages each at most."""

    def __init__(
        self,
        outbox: Outbox,
        gateways: Sequence[Gateway],
        envelope: Envelope,
        clock: Callable[[], datetime],
        *,
        per_second: Mapping[str, float],
        observe: Observe = lambda _gateway, _channel, _text, _sending: None,
        stopped: Callable[[Source, str], None] = lambda _source, _address: None,
    ) -> None:
        self._outbox = outbox
        self._gateways = {gateway.name: gateway for gateway in gateways}
        self._envelope = envelope
        self._clock = clock
        self._observe = observe
        self._stopped = stopped
        self._paces = {name: RateLimit(60 * rate, burst=max(1.0, rate)) for name, rate in per_second.items()}
        self._chats = RateLimit(PER_CHAT_PER_MINUTE, burst=CHAT_BURST)
        self._held: dict[str, float] = {}
        self._wake = asyncio.Event()
        self._settling: list[Settling] = []
        self._writing: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Say that the outbox has a message; from the sender's own event loop."""
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled; what is under way then is finished by `drain`."""
        await self._guarded(self._adopt)
        under_way: set[asyncio.Task[None]] = set()
        try:
            while True:
                leased = await self._guarded(lambda: self._lease(AT_ONCE - len(under_way))) or []
                for each in leased:
                    task = asyncio.create_task(self._send(each))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
                    task.add_done_callback(lambda _: self._wake.set())
                if not leased or len(under_way) >= AT_ONCE:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._wake.wait(), POLL_S)
                    self._wake.clear()
        finally:
            if under_way:
                await asyncio.wait(under_way, timeout=DRAIN_S)

    async def send_all(self) -> int:
        """Send what may go now, one after the other, and return how many were tried."""
        count = 0
        while leased := self._lease(1):
            await self._send(leased[0])
            count += 1
        return count

    async def _guarded(self, ask: Callable[[], T]) -> T | None:
        try:
            return await asyncio.to_thread(ask)
        except BaseIndisponible as error:
            logger.warning("%s", error)
            await asyncio.sleep(OUTAGE_S)
            return None

    def _now(self) -> float:
        return self._clock().timestamp()

    def _adopt(self) -> None:
        grace = {name: 0.0 if gateway.idempotent else GRACE_S for name, gateway in self._gateways.items()}
        if count := self._outbox.adopt(self._now(), grace):
            logger.warning("%d message(s) étaient en cours d'envoi quand le programme s'est arrêté", count)

    def _lease(self, most: int) -> list[Leased]:
        now = self._now()
        free = [name for name in self._gateways if self._held.get(name, 0.0) <= now]
        leased = self._outbox.lease(now, free, most) if most > 0 else []
        if leased:
            reach("outbox.leased")
        return leased

    async def _send(self, leased: Leased) -> None:
        settled, written = await self._attempt(leased), asyncio.get_running_loop().create_future()
        self._settling.append((settled, written))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_settled())
        await written
        reach("outbox.settled")

    async def _write_settled(self) -> None:
        """Write what became of messages until none waits: all that come while the disk is busy, in one transaction."""
        try:
            while self._settling:
                batch, self._settling = self._settling, []
                await self._write_together(batch)
        finally:
            self._writing = None

    async def _write_together(self, batch: list[Settling]) -> None:
        while True:
            try:
                await asyncio.to_thread(self._outbox.settle, [settled for settled, _ in batch])
            except BaseIndisponible as error:  # they went: that must be written before anything else
                logger.warning("%s", error)
                await asyncio.sleep(OUTAGE_S)
            except Exception as error:  # noqa: BLE001 - told to those who wait for it
                _resolve(batch, error)
                return
            else:
                _resolve(batch, None)
                return

    async def _attempt(self, leased: Leased) -> Settled:
        """Give a message to its gateway, not faster than it takes them, and return what became of it."""
        now = self._now()
        if now - leased.created_at > STALE_S:
            return Settled(id=leased.id, state=Delivery.PERMANENT_FAILURE)
        wait = self._paces[leased.gateway].take("", now) if leased.gateway in self._paces else 0.0
        if wait := wait or self._chats.take(leased.conversation, now):
            return Settled(id=leased.id, state=Delivery.CREATED, not_before=now + wait)
        gateway = self._gateways[leased.gateway]
        try:
            address = self._envelope.address(leased.address)
        except SceauInconnu:
            logger.warning("un message ne peut pas être envoyé : il a été scellé avec une autre clé")
            return Settled(id=leased.id, state=Delivery.PERMANENT_FAILURE)
        message = from_json(leased.message)
        reach("outbox.sending")
        sending = await gateway.send(Outbound(key=leased.key, address=address, message=message))
        reach("outbox.sent")
        self._observe(gateway.name, gateway.channel, message.text, sending)
        if sending.retry_after and sending.state is Delivery.SENT:
            self._held[gateway.name] = self._now() + sending.retry_after
        if sending.stopped:
            await asyncio.to_thread(self._stopped, Source(gateway.name, gateway.channel), address)
        return _settled(leased, sending, gateway, self._now())


def _resolve(batch: list[Settling], error: Exception | None) -> None:
    for _, written in batch:
        if written.done():
            continue
        if error:
            written.set_exception(error)
        else:
            written.set_result(None)


def _settled(leased: Leased, sending: Sending, gateway: Gateway, now: float) -> Settled:
    state = sending.state
    if state is Delivery.UNCERTAIN and gateway.idempotent:
        state = Delivery.TEMPORARY_FAILURE  # asking twice is harmless
    if state not in (Delivery.SENT, Delivery.DELIVERED):
        logger.warning("%s : %s (%s)", gateway.name, state.value, sending.reason)
    backoff = min(BACKOFF_S * 2 ** (leased.attempts - 1), LONGEST_BACKOFF_S)
    retry = sending.retry_after if sending.retry_after is not None else backoff
    return Settled(id=leased.id, state=state, gateway_id=sending.gateway_id, not_before=now + retry)
