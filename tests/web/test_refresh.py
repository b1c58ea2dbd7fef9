"""What goes on beside the event loop: the knowledge read again, the purge; a base that is away stops neither."""

import asyncio
import threading
from contextlib import asynccontextmanager

from bot.app import App
from bot.web.background import each_hour, refreshing
from knowledge.base import BaseIndisponible
from knowledge.snapshot import Knowledge
from tests.web.conftest import Open


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


def test_the_purge_comes_at_the_start_and_each_hour() -> None:
    calls: list[str] = []

    async def watch() -> None:
        twice = asyncio.Event()
        loop = asyncio.get_running_loop()

        def purge() -> None:
            calls.append("purge")
            if len(calls) == 1:
                raise BaseIndisponible("La base ne répond pas.")
            loop.call_soon_threadsafe(twice.set)

        async with asynccontextmanager(each_hour)(purge, 0.0):
            await asyncio.wait_for(twice.wait(), 30)

    asyncio.run(watch())
    assert calls[:2] == ["purge", "purge"]


def test_a_page_without_gateways_purges(program: App, open_browser: Open) -> None:
    done = threading.Event()
    open_browser({"clean": done.set}).get()
    assert done.wait(10)
