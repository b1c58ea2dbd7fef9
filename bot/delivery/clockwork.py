"""What the hour brings: reminders, and parts no longer waited for."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Engine

from bot.delivery.envelope import Envelope, Source
from bot.delivery.intake import Intake
from bot.failpoints import reach
from bot.journal import log_fault
from bot.store.inbox import Inbox
from bot.store.timers import take_due
from bot.store.writing import writing
from knowledge.base import BaseIndisponible

logger = logging.getLogger(__name__)

TICK_S, AT_ONCE = 5.0, 100


class Clockwork:
    """Looks at the clock every few seconds."""

    def __init__(
        self,
        engine: Engine,
        envelope: Envelope,
        inbox: Inbox,
        intake: Intake,
        clock: Callable[[], datetime],
        *,
        channels: Mapping[str, str],
        arrived: Callable[[], None] = lambda: None,
    ) -> None:
        self._engine = engine
        self._envelope = envelope
        self._inbox = inbox
        self._intake = intake
        self._clock = clock
        self._channels = channels
        self._arrived = arrived

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.to_thread(self.tick)
            await asyncio.sleep(TICK_S)

    def tick(self) -> None:
        """Do what is due, one thing whatever becomes of the others; what was not done is done the next time."""
        now = self._clock().timestamp()
        for duty in (self._remind, self._take_parts):
            try:
                duty(now)
            except BaseIndisponible as error:
                logger.warning("%s", error)
            except Exception as error:  # noqa: BLE001 - one that breaks must not keep the others from being done
                log_fault(logger, "horloge", error)

    def _take_parts(self, now: float) -> None:
        self._intake.take_stale(self._channels, now)
        self._arrived()

    def _remind(self, now: float) -> None:
        """Put the reminders that are due into the inbox, in the transaction that takes them off the clock."""
        with writing(self._engine) as connection:
            due = take_due(connection, now, AT_ONCE)
            source = {name: Source(name, channel) for name, channel in self._channels.items()}
            arrivals = [
                self._envelope.reminder(source[each.gateway], each.conversation, each.address, each.due_at, now)
                for each in due
                if each.gateway in source
            ]
            self._inbox.put(connection, arrivals)
            reach("timer.writing")
        if due:
            reach("timer.committed")
            self._arrived()
