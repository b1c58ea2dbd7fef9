"""Sending the messages of the outbox: each leased, given to its gateway at its pace, and what became of it written."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
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
from knowledge.base import BaseIndisponible

logger = logging.getLogger(__name__)

AT_ONCE = 64
"""Messages under way to one gateway at one time: a slow one holds no other back."""

REST_S = 0.02
"""Between two leases, and before a write of what became of messages: under load many go together, and nobody waits."""

POLL_S, OUTAGE_S, DRAIN_S = 1.0, 1.0, 5.0

TEND_EVERY_S = 10.0
"""How often to look for what other processes left when they went."""

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
    ) -> None:
        self._outbox = outbox
        self._gateways = {gateway.name: gateway for gateway in gateways}
        self._envelope = envelope
        self._clock = clock
        self._observe = observe
        self._paces = {name: RateLimit(60 * rate, burst=max(1.0, rate)) for name, rate in per_second.items()}
        self._chats = RateLimit(PER_CHAT_PER_MINUTE, burst=CHAT_BURST)
        self._held: dict[str, tuple[float, float]] = {}
        self._under_way: dict[asyncio.Task[None], str] = {}
        self._wake = asyncio.Event()
        self._stopping = False
        self.adopted = 0
        """How many messages were under way when the program last stopped, and were taken over."""
        self._settling: Together[Settled] = Together(lambda settled: outbox.settle(settled), rest_s=REST_S)

    def wake(self) -> None:
        """Say that the outbox has a message; from the sender's own event loop."""
        self._wake.set()

    def stop(self) -> None:
        """Lease nothing more; `run` ends once what is under way is settled. From the sender's own event loop."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Send until `stop`."""
        tended_at = -TEND_EVERY_S
        try:
            while not self._stopping:
                if (instant := asyncio.get_running_loop().time()) - tended_at >= TEND_EVERY_S:
                    await self._until_written(partial(asyncio.to_thread, self._tend))
                    tended_at = instant
                if await self._send_some():
                    await asyncio.sleep(REST_S)
                else:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._wake.wait(), POLL_S)
                    self._wake.clear()
        finally:
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=DRAIN_S)

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

    async def _until_written(self, ask: Callable[[], Awaitable[T]]) -> T | None:
        """Ask the database until it answers; None when it does not and the sender must stop."""
        while True:
            try:
                return await ask()
            except BaseIndisponible as error:
                logger.warning("%s", error)
            if self._stopping:
                return None
            await asyncio.sleep(OUTAGE_S)

    def _now(self) -> float:
        return self._clock().timestamp()

    def _tend(self) -> None:
        """Say that this process is there, take over what others left, give up what is too old."""
        self._outbox.renew()
        idempotent = [name for name, gateway in self._gateways.items() if gateway.idempotent]
        if count := self._outbox.adopt(self._now(), GRACE_S, idempotent):
            self.adopted += count
            logger.warning("%d message(s) étaient en cours d'envoi quand le programme s'est arrêté", count)
        self._outbox.tidy(self._now())

    async def _send(self, leased: Leased) -> None:
        try:
            settled = await self._attempt(leased)
        except Exception as error:  # noqa: BLE001 - a gateway that breaks must not keep the message under way
            log_fault(logger, leased.gateway, error)
            broken = Sending(state=Delivery.UNCERTAIN, reason="fault")
            settled = _settled(leased, broken, self._gateways[leased.gateway], self._now())
        await self._until_written(partial(self._settling.put, settled))  # before anything else: it went
        reach("outbox.settled")

    async def _attempt(self, leased: Leased) -> Settled:
        """Give a message to its gateway, not faster than it takes them; return what became of it."""
        now = self._now()
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
            self._held[gateway.name] = self._now(), sending.retry_after
        return _settled(leased, sending, gateway, self._now())


def _settled(leased: Leased, sending: Sending, gateway: Gateway, now: float) -> Settled:
    state = sending.state
    if state is Delivery.UNCERTAIN and gateway.idempotent:
        state = Delivery.TEMPORARY_FAILURE  # asking twice is harmless
    if state not in (Delivery.SENT, Delivery.DELIVERED):
        logger.warning("%s : %s (%s)", gateway.name, state.value, sending.reason)
    backoff = BACKOFF_S * 2 ** min(leased.attempts - 1, MOST_DOUBLINGS)
    retry = sending.retry_after if sending.retry_after is not None else backoff
    stopped = (leased.channel, leased.conversation) if sending.stopped else None
    return Settled(id=leased.id, state=state, gateway_id=sending.gateway_id, not_before=now + retry, stopped=stopped)
