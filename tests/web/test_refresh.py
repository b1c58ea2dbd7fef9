"""What goes on beside the event loop: the knowledge read again, the purge; a base that is away stops neither."""

import asyncio
import threading
import time
from contextlib import asynccontextmanager

from bot.app import App
from bot.web.background import each_hour, refreshing
from knowledge.base import BaseIndisponible
from knowledge.demonstration import demonstration
from knowledge.snapshot import Knowledge, build_knowledge
from tests.web.conftest import NOW, Open


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


def test_the_look_up_is_built_before_anybody_waits_for_it(program: App, open_browser: Open) -> None:
    knowledge = build_knowledge(*demonstration(NOW))
    read = threading.Event()
    assert not knowledge.index.annuaires
    browser = open_browser({"knowledge": lambda: knowledge, "refresh": read.set})
    deadline = time.monotonic() + 30
    while not knowledge.index.annuaires and time.monotonic() < deadline:
        browser.get("/health")
    assert read.is_set()
    assert knowledge.index.annuaires


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
