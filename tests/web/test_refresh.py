"""The knowledge is read again beside the event loop, and a base that is away does not stop that."""

import asyncio
from contextlib import asynccontextmanager

from bot.app import App
from bot.web.background import refreshing
from knowledge.base import BaseIndisponible
from knowledge.snapshot import Knowledge


def test_the_base_is_looked_at_again_and_again(program: App) -> None:
    calls: list[str] = []

    async def watch() -> None:
        thrice = asyncio.Event()
        loop = asyncio.get_running_loop()

        def refresh() -> None:
            calls.append("refresh")
            if len(calls) == 1:
                raise BaseIndisponible("La base ne répond pas.")
            if len(calls) > 4:
                loop.call_soon_threadsafe(thrice.set)

        def knowledge() -> Knowledge:
            calls.append("knowledge")
            return program.knowledge()

        async with asynccontextmanager(refreshing)(refresh, knowledge, 0.0):
            await asyncio.wait_for(thrice.wait(), 30)

    asyncio.run(watch())
    assert calls[:5] == ["refresh", "refresh", "knowledge", "refresh", "knowledge"]
