"""What goes on beside the requests, as long as the application serves."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from aiohttp import web

from bot.delivery.service import Service
from bot.journal import log_fault
from knowledge.base import BaseIndisponible

logger = logging.getLogger(__name__)


async def carrying(service: Service) -> AsyncIterator[None]:
    """Carry messages. Raises `DejaServie`."""
    await service.start()
    yield
    await service.stop()


def again_and_again(work: Callable[[], object], seconds: float) -> Callable[[web.Application], AsyncIterator[None]]:
    """Do something at the start, then every so often, beside the event loop, so that no visitor waits for it."""

    async def beside(_app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(_do_again(work, seconds))
        yield
        await _end(task)

    return beside


async def _do_again(work: Callable[[], object], seconds: float) -> None:
    while True:
        try:
            await asyncio.to_thread(work)
        except BaseIndisponible as error:
            logger.warning("%s", error)
        except Exception as error:  # noqa: BLE001 - what broke is tried again the next time
            log_fault(logger, "horloge", error)
        await asyncio.sleep(seconds)


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
