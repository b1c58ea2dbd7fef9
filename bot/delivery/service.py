"""All that carries messages, begun and ended together."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Engine

from bot.channels.gateway import Gateway, GatewayUnreachable, Link, Received
from bot.conversation.turn import Conversation
from bot.delivery.clockwork import Clockwork
from bot.delivery.door import Door
from bot.delivery.envelope import Envelope, Source
from bot.delivery.intake import Intake
from bot.delivery.players import Apart, Asked, Played, play_turn
from bot.delivery.poller import TROUBLE_S, Poller
from bot.delivery.sender import Sender
from bot.delivery.supervision import Work, keep_at_work
from bot.delivery.watch import Watch
from bot.delivery.worker import Worker
from bot.failpoints import reach
from bot.store.conversations import Store
from bot.store.inbox import Inbox
from bot.store.outbox import Outbox
from bot.store.presence import Presence
from bot.store.secrecy import Secrecy

logger = logging.getLogger(__name__)

DRAIN_S = 5.0
"""How long a stop waits for what is under way; what is not done then is done after the next start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the operator decides: messages a second to each gateway.

    `cents`: the price of an SMS segment by gateway, where it is known. `apart`: what plays turns in another process.
    """

    per_second: Mapping[str, float]
    cents: Mapping[str, float] = field(default_factory=dict)
    apart: Apart | None = None


class Service:
    """Intake, worker, sender, pollers and clock of one process over one database."""

    def __init__(
        self,
        engine: Engine,
        conversation: Callable[[], Conversation],
        links: Sequence[Link],
        secrecy: Secrecy,
        clock: Callable[[], datetime],
        options: Options,
    ) -> None:
        self.watch = Watch(options.cents)
        self._links = links
        gateways = [link.gateway for link in links]
        self._clock, self._conversation, self._apart = clock, conversation, options.apart
        self._presence = Presence(engine)
        envelope, self._inbox = Envelope(secrecy), Inbox(engine)
        self._outbox = Outbox(engine, self._presence)
        self._intake = Intake(engine, envelope, self._inbox, self._outbox)
        self._door = Door(self._intake, clock)
        self._sender = Sender(
            self._outbox,
            gateways,
            envelope,
            clock,
            per_second=options.per_second,
            observe=self.watch.sent,
        )
        self._worker = Worker(
            conversation,
            Store(engine),
            self._inbox,
            envelope,
            clock,
            play=options.apart.play if options.apart else self._play,
            played=self._played,
            observe=self.watch.turn,
        )
        self._clockwork = Clockwork(
            engine,
            envelope,
            self._inbox,
            self._intake,
            clock,
            channels={gateway.name: gateway.channel for gateway in gateways},
            arrived=self._worker.wake,
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._sending: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin. Raises `DejaServie` when another process serves this SQLite base."""
        await asyncio.to_thread(self._presence.enter)
        self._loop = asyncio.get_running_loop()
        if self._apart:
            self._apart.begin()
        self._worker.start()
        self._sending = asyncio.create_task(keep_at_work("envoi", self._sender.run))
        listening = [(link.gateway.name, partial(self._listen, link)) for link in self._links]
        working: list[tuple[str, Work]] = [*listening, ("horloge", self._clockwork.run)]
        self._tasks = {name: asyncio.create_task(keep_at_work(name, work)) for name, work in working}

    async def _listen(self, link: Link) -> None:
        """Tell the gateway how to reach us, then ask it if it must be asked."""
        while True:
            try:
                await link.set_up()
            except GatewayUnreachable as error:
                logger.warning("%s : %s", link.gateway.name, error)
                await asyncio.sleep(max(TROUBLE_S, error.retry_after))
            else:
                break
        if link.polled:
            source, arrived = _source(link.gateway), self._worker.wake
            await Poller(link.polled, source, self._intake, self._clock, rest_s=link.rest_s, arrived=arrived).run()

    async def stop(self) -> None:
        """End: take no more, finish the turn and the sends under way. Nothing that waits is lost."""
        reach("drain.begun")
        for task in self._tasks.values():
            task.cancel()
        for task in self._tasks.values():
            with suppress(asyncio.CancelledError):
                await task
        playing = asyncio.create_task(asyncio.to_thread(self._worker.stop))
        under_way = [playing]
        if self._sending:
            self._sender.stop()
            under_way.append(self._sending)
        await asyncio.wait(under_way, timeout=DRAIN_S)
        if self._apart:
            await asyncio.to_thread(self._apart.end)
        for link in self._links:
            await link.close()
        await asyncio.to_thread(self._presence.leave)

    async def take(self, gateway: Gateway, received: Received) -> None:
        """Commit what a gateway told. Raises `BaseIndisponible`: it must be told again."""
        await self._door.take(_source(gateway), received)
        if received.messages:
            self._worker.wake()

    def dead(self) -> list[str]:
        """Return the parts that do not work: turns, sending, clock, the gateways that must be asked."""
        playing = [] if self._worker.alive else ["tours"]
        sending = [] if self._sending and not self._sending.done() else ["envoi"]
        lasting = ["horloge", *(link.gateway.name for link in self._links if link.polled)]
        ended = [name for name in lasting if name not in self._tasks or self._tasks[name].done()]
        return [*playing, *sending, *ended]

    def oldest_seconds(self) -> float:
        """Return how long the message that waits longest, for its turn or to be sent, has waited."""
        return max(self._age(self._inbox.oldest()), self._age(self._outbox.oldest()))

    def gauges(self) -> dict[str, float]:
        """Return what waits now: messages to play, messages to send, the age of the oldest of each (seconds)."""
        return {
            "inbox_waiting": self._inbox.waiting(),
            "inbox_oldest_seconds": self._age(self._inbox.oldest()),
            "outbox_oldest_seconds": self._age(self._outbox.oldest()),
            "outbox_recovered": self._sender.adopted,
            **{f"outbox_{state}": count for state, count in self._outbox.states().items()},
        }

    def _age(self, instant: float | None) -> float:
        return 0.0 if instant is None else max(0.0, self._clock().timestamp() - instant)

    def _play(self, asked: Sequence[Asked]) -> Sequence[Played]:
        """Have the event loop play turns, between two of which it does what else it has to do.

        Two threads that compute would each slow the other down: only one of them runs at a time.
        """
        assert self._loop
        return asyncio.run_coroutine_threadsafe(self._one_by_one(asked), self._loop).result()

    async def _one_by_one(self, asked: Sequence[Asked]) -> Sequence[Played]:
        played = []
        for one in asked:
            played.append(play_turn(self._conversation(), one))
            await asyncio.sleep(0)
        return played

    def _played(self) -> None:
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._sender.wake)


def _source(gateway: Gateway) -> Source:
    return Source(gateway.name, gateway.channel)
