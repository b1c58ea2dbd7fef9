"""Where gateways wait while what they told is written: all that wait together go in one transaction."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.channels.gateway import Received
from bot.delivery.envelope import Source
from bot.delivery.intake import Intake
from knowledge.base import BaseIndisponible

Waiting = tuple[Source, Received, "asyncio.Future[None]"]


class Door:
    """Writes what gateways tell, many at a time: a disk that is asked once takes a hundred messages as fast as one."""

    def __init__(self, intake: Intake, clock: Callable[[], datetime]) -> None:
        self._intake = intake
        self._clock = clock
        self._waiting: list[Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def take(self, source: Source, received: Received) -> None:
        """Return once everything of `received` is committed. Raises `BaseIndisponible`: it must be told again."""
        if not (received.messages or received.receipts or received.stopped):
            return
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((source, received, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        await done

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._write_or_tell(batch)
        finally:
            self._writing = None

    async def _write_or_tell(self, batch: list[Waiting]) -> None:
        """Write a batch. One of many may be at fault: each is tried alone then; an outage is the same for all."""
        try:
            await self._write(batch)
        except Exception as error:  # noqa: BLE001 - told to those who wait
            if len(batch) > 1 and not isinstance(error, BaseIndisponible):
                for each in batch:
                    await self._write_or_tell([each])
                return
            for _, _, done in batch:
                if not done.done():
                    done.set_exception(error)

    async def _write(self, batch: list[Waiting]) -> None:
        told = [(source, received) for source, received, _ in batch]
        await asyncio.to_thread(self._intake.take, told, self._clock().timestamp())
        for _, _, done in batch:
            if not done.done():
                done.set_result(None)
