"""What goes on beside the event loop: the base read again, the purge; what breaks stops neither."""

import asyncio
import threading
import time
from contextlib import asynccontextmanager

import pytest
from aiohttp.web import Application

from bot.app import App
from bot.web.background import again_and_again
from knowledge.base import BaseIndisponible
from tests.web.conftest import Open


@pytest.mark.parametrize("fault", [BaseIndisponible("La base ne répond pas."), ValueError("ce que disait Anna")])
def test_what_is_done_again_and_again_goes_on_after_a_fault(fault: Exception, caplog: pytest.LogCaptureFixture) -> None:
    calls: list[str] = []

    async def watch() -> None:
        thrice = asyncio.Event()
        loop = asyncio.get_running_loop()

        def work() -> None:
            calls.append("work")
            if len(calls) == 1:
                raise fault
            if len(calls) == 3:
                loop.call_soon_threadsafe(thrice.set)

        async with asynccontextmanager(again_and_again(work, 0.0))(Application()):
            await asyncio.wait_for(thrice.wait(), 30)

    asyncio.run(watch())
    assert calls[:3] == ["work", "work", "work"]
    assert len(caplog.records) == 1
    assert "Anna" not in caplog.text


def test_the_look_up_is_built_before_anybody_waits_for_it(program: App, open_browser: Open) -> None:
    fresh = App(program.settings, program.clock)
    annuaires = fresh.knowledge().index.annuaires
    assert not annuaires
    browser = open_browser({"knowledge": fresh.knowledge, "make_ready": fresh.make_ready})
    deadline = time.monotonic() + 30
    while not annuaires and time.monotonic() < deadline:
        browser.get("/health")
    assert annuaires


def test_a_page_without_gateways_purges(program: App, open_browser: Open) -> None:
    done = threading.Event()
    open_browser({"clean": done.set}).get()
    assert done.wait(10)
