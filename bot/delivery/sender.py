"""Sending the messages of the outbox: each leased, given to its gateway at its pace, and what became of it written."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot.channels.gateway import Gateway, Outbound, Sending
from bot.conversation.reception import from_json
from bot.delivery.envelope import Envelope
from bot.delivery.together import Together
from bot.failpoints import reach
from bot.journal import log_fault
from bot.limits import RateLimit
from bot.messages import Delivery
from bot.store.outbox import Leased, Outbox, Settled
from bot.store.secrecy import SceauInconnu
from bot.store.sending import LONGEST_S
from knowledge.base import BaseIndisponible

logger = logging.getLogger(__name__)

AT_ONCE = 64
"""Messages under way to one gateway at one time: a slow one holds no other back."""

REST_S = 0.02
"""Between two leases, and before a write of what became of messages: under load many go together, and nobody waits."""

POLL_S, OUTAGE_S = 1.0, 1.0

DRAIN_S, SETTLE_S = 3.0, 1.0
"""How long a stop waits for the gateways under way, then for what became of those it broke off to be written."""

TEND_EVERY_S = 10.0
"""How often to look how many processes there are, and for what others left when they went."""

BACKOFF_S, MOST_DOUBLINGS = 5.0, 8
"""A message that did not go is tried again after 5 s, then twice as long each time, up to 21 minutes."""

GRACE_S = 20.0
"""After a crash, how long a receipt may take to say that a message went; then it is sent again."""

PER_CHAT_PER_MINUTE, CHAT_BURST = 60.0, 3.0
"""At most about one message a second to one person (Telegram: "Broadcasting to users")."""

T = TypeVar("T")


Observe = Callable[[str, str, str, Sending], None]
"""Told of each attempt: gateway, channel, text, what became of it."""


class Sender:
    """Sends for the gateways that are configured, `per_second` messages each at most, all processes together."""

    def __init__(
        self,
        outbox: Outbox,
        gateways: Sequence[Gateway],
        envelope: Envelope,
        clock: Callable[[], datetime],
        *,
        per_second: Mapping[str, float],
        observe: Observe = lambda _gateway, _channel, _text, _sending: None,
    ) -> None:
        self._outbox = outbox
        self._gateways = {gateway.name: gateway for gateway in gateways}
        self._envelope = envelope
        self._clock = clock
        self._observe = observe
        self._per_second = per_second
        self._share(1)
        self._held: dict[str, tuple[float, float]] = {}
        self._under_way: dict[asyncio.Task[None], str] = {}
        self._asked: set[asyncio.Timeout] = set()
        """What ends the wait for each gateway that is asked."""
        self._wake = asyncio.Event()
        self._stopping = False
        self.adopted = 0
        """How many messages were under way when the program last stopped, and were taken over."""
        self._settling: Together[Settled] = Together(lambda settled: outbox.settle(settled), rest_s=REST_S)

    def _share(self, processes: int) -> None:
        """Keep to this process's share of what all may send in a second, to a gateway and to a person.

        A person may be sent `CHAT_BURST` messages at once by each: an answer must not wait for as many processes.
        """
        rates = {name: rate / processes for name, rate in self._per_second.items()}
        self._paces = {name: RateLimit(60 * rate, burst=max(1.0, rate)) for name, rate in rates.items()}
        self._chats = RateLimit(PER_CHAT_PER_MINUTE / processes, burst=CHAT_BURST)
        self._processes = processes

    def wake(self) -> None:
        """Say that the outbox has a message; from the sender's own event loop."""
        self._wake.set()

    def stop(self) -> None:
        """Lease nothing more; `run` ends once what is under way is settled, in `DRAIN_S` and `SETTLE_S` at most.

        From the sender's own event loop.
        """
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Send until `stop`."""
        tended_at = -TEND_EVERY_S
        while not self._stopping:
            if (instant := asyncio.get_running_loop().time()) - tended_at >= TEND_EVERY_S:
                await self._until_written(partial(asyncio.to_thread, self.tend))
                tended_at = instant
            if await self._send_some():
                await asyncio.sleep(REST_S)
            else:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_S)
                self._wake.clear()
        await self._drain()

    async def _drain(self) -> None:
        """Wait for the gateways under way; break off those that do not answer, and write what that makes of them.

        Left as they are, they would be sent again after the next start: nobody could tell them from a crash.
        """
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=DRAIN_S)
        for patience in self._asked:
            patience.reschedule(asyncio.get_running_loop().time())
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=SETTLE_S)
        for task in self._under_way:
            task.cancel()

    async def send_all(self) -> int:
        """Send what may go now, and return how many were tried."""
        count = 0
        while leased := await self._send_some():
            await asyncio.wait(self._under_way)
            count += leased
        return count

    async def _send_some(self) -> int:
        """Begin to send what may go now, each gateway at its own pace; return how many."""
        count = 0
        for name in self._gateways:
            most = self._room(name)
            if most < 1:
                continue
            lease = partial(asyncio.to_thread, self._outbox.lease, self._now(), [name], most)
            leased = await self._until_written(lease)
            for each in leased or ():
                reach("outbox.leased")
                task = asyncio.create_task(self._send(each))
                self._under_way[task] = name
                task.add_done_callback(self._done)
                count += 1
        return count

    def _room(self, name: str) -> int:
        """Return how many messages a gateway takes now."""
        now = self._now()
        since, seconds = self._held.get(name, (0.0, 0.0))
        if 0 <= now - since < seconds:
            return 0
        room = AT_ONCE - list(self._under_way.values()).count(name)
        return min(room, int(self._paces[name].left("", now))) if name in self._paces else room

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        self._wake.set()

    async def _until_written(self, ask: Callable[[], Awaitable[T]], *, draining: bool = False) -> T | None:
        """Ask the database until it answers; None when it does not and the sender must stop, unless `draining`."""
        while True:
            try:
                return await ask()
            except BaseIndisponible as error:
                logger.warning("%s", error)
            if self._stopping and not draining:
                return None
            await asyncio.sleep(OUTAGE_S)

    def _now(self) -> float:
        return self._clock().timestamp()

    def tend(self) -> None:
        """Say that this process is there, see how many are, take over what others left, give up what is too old."""
        self._outbox.renew()
        if (processes := self._outbox.processes()) != self._processes:
            self._share(processes)
        idempotent = [name for name, gateway in self._gateways.items() if gateway.idempotent]
        if count := self._outbox.adopt(self._now(), GRACE_S, idempotent):
            self.adopted += count
            logger.warning("%d message(s) étaient en cours d'envoi quand le programme s'est arrêté", count)
        if count := self._outbox.tidy(self._now()):
            logger.warning("%d réponse(s) abandonnée(s) : impossible de les envoyer en un jour", count)

    async def _send(self, leased: Leased) -> None:
        gateway = self._gateways[leased.gateway]
        try:
            ready = self._ready(leased)
        except Exception as error:  # noqa: BLE001 - a row that breaks must not stay under way; nothing has left
            log_fault(logger, leased.gateway, error)
            broken = Sending(state=Delivery.TECHNICAL_FAILURE, reason="fault")
            settled = _settled(leased, broken, gateway, self._now())
        else:
            settled = ready if isinstance(ready, Settled) else await self._attempt(leased, gateway, ready)
        try:
            await self._write(settled)
        except Exception as error:  # noqa: BLE001 - left under way, it would hold this person's other messages for ever
            log_fault(logger, leased.gateway, error)
            await self._write(replace(settled, gateway_id=None, stopped=None, not_before=self._now() + BACKOFF_S))
        reach("outbox.settled")

    async def _write(self, settled: Settled) -> None:
        """Write what became of a message, at a stop too: it went."""
        await self._until_written(partial(self._settling.put, settled), draining=True)

    def _ready(self, leased: Leased) -> Outbound | Settled:
        """Return what to give to the gateway; or what becomes of a message that cannot go, or not now."""
        now = self._now()
        wait = self._paces[leased.gateway].take("", now) if leased.gateway in self._paces else 0.0
        if wait := wait or self._chats.take(leased.conversation, now):
            return Settled(id=leased.id, state=Delivery.CREATED, not_before=now + wait)
        try:
            address = self._envelope.address(leased.address)
        except SceauInconnu:
            other = Sending(state=Delivery.TECHNICAL_FAILURE, reason="scellé avec une autre clé")
            return _settled(leased, other, self._gateways[leased.gateway], now)
        return Outbound(key=leased.key, address=address, message=from_json(leased.message))

    async def _attempt(self, leased: Leased, gateway: Gateway, message: Outbound) -> Settled:
        """Give a message to its gateway; return what became of it."""
        try:
            reach("outbox.sending")
            sending = await self._ask(gateway, message)
            reach("outbox.sent")
            self._observe(gateway.name, gateway.channel, message.message.text, sending)
        except Exception as error:  # noqa: BLE001 - a gateway that breaks must not keep the message under way
            log_fault(logger, leased.gateway, error)
            sending = Sending(state=Delivery.UNCERTAIN, reason="fault")
        if sending.state is Delivery.SENT and (rest := _delay(sending)):
            self._held[gateway.name] = self._now(), rest
        return _settled(leased, sending, gateway, self._now())

    async def _ask(self, gateway: Gateway, message: Outbound) -> Sending:
        """Have a gateway send; nobody knows what became of a message when a stop breaks it off."""
        patience = asyncio.timeout(None)
        try:
            async with patience:
                self._asked.add(patience)
                return await gateway.send(message)
        except TimeoutError:
            return Sending(state=Delivery.UNCERTAIN, reason="broken-off")
        finally:
            self._asked.discard(patience)


def _settled(leased: Leased, sending: Sending, gateway: Gateway, now: float) -> Settled:
    state = sending.state
    if state is Delivery.UNCERTAIN and gateway.idempotent:
        state = Delivery.TEMPORARY_FAILURE  # asking twice is harmless
    if state not in (Delivery.SENT, Delivery.DELIVERED):
        logger.warning("%s : %s (%s)", gateway.name, state.value, sending.reason)
    retry = _delay(sending) or min(LONGEST_S, BACKOFF_S * 2 ** min(leased.attempts - 1, MOST_DOUBLINGS))
    stopped = (leased.channel, leased.conversation) if sending.stopped else None
    return Settled(id=leased.id, state=state, gateway_id=sending.gateway_id, not_before=now + retry, stopped=stopped)


def _delay(sending: Sending) -> float | None:
    """Return how many seconds the gateway wants to be left alone, None when it says nothing that makes sense."""
    said: object = sending.retry_after  # as its JSON spells it
    return min(said, LONGEST_S) if isinstance(said, int | float) and 0 < said < math.inf else None
