"""What goes on beside the requests, as long as the application serves."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from bot.delivery.service import Service
from knowledge.base import BaseIndisponible
from knowledge.snapshot import Knowledge

logger = logging.getLogger(__name__)

MINUTE, HOUR = 60.0, 3600.0


async def carrying(service: Service) -> AsyncIterator[None]:
    """Carry messages. Raises `DejaServie`."""
    await service.start()
    yield
    await service.stop()


async def refreshing(
    refresh: Callable[[], None], knowledge: Callable[[], Knowledge], seconds: float = MINUTE
) -> AsyncIterator[None]:
    """Read a changed base beside the event loop, so that no visitor waits for it."""

    def read() -> None:
        refresh()
        knowledge()

    task = asyncio.create_task(_again_and_again(read, seconds))
    yield
    await _end(task)


async def each_hour(work: Callable[[], object], seconds: float = HOUR) -> AsyncIterator[None]:
    """Do something at the start, then each hour, beside the event loop."""
    task = asyncio.create_task(_again_and_again(work, seconds))
    yield
    await _end(task)


async def _again_and_again(work: Callable[[], object], seconds: float) -> None:
    while True:
        try:
            await asyncio.to_thread(work)
        except BaseIndisponible as error:
            logger.warning("%s", error)
        await asyncio.sleep(seconds)


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
