"""Keeping the parts at work: one that breaks is said to be broken, and begins again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.journal import log_fault

logger = logging.getLogger(__name__)

REST_S = 1.0

Work = Callable[[], Awaitable[None]]


async def keep_at_work(name: str, work: Work) -> None:
    """Run `work` until it ends or is cancelled; after a fault, run it again."""
    while True:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - whatever broke, messages go on
            log_fault(logger, name, error)
            await asyncio.sleep(REST_S)
        else:
            return
