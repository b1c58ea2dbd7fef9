"""A real browser, and the page really served: what the tests of pages in Chromium share."""

import asyncio
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import missing

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PHONE, DESK = (320, 640), (1280, 900)

SMALLEST_TARGET = 44
"""CSS pixels, of a button: what WCAG 2.5.5 (AAA) asks."""

TARGETS = "button, .appel, .bouton, select, textarea, #q"


@contextmanager
def serving(app: web.Application) -> Iterator[str]:
    """Serve an application on a free port; yield its address."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    runner = web.AppRunner(app)

    async def start() -> None:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ready.set()

    def serve() -> None:
        loop.run_until_complete(start())
        loop.run_forever()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@contextmanager
def launching() -> Iterator[Browser]:
    """Start Chromium."""
    if not CHROMIUM.exists():
        missing(f"navigateur absent : {CHROMIUM} (paquet chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page in a browser of its own, and what it did that it must never do."""

    page: Page
    script: bool
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


def open_page(
    chromium: Browser, home: str, *, script: bool = True, size: tuple[int, int] = DESK, scheme: str = "light"
) -> Opened:
    """Return a new page, not yet anywhere, that notes every complaint and every request to another server."""
    context = chromium.new_context(
        java_script_enabled=script,
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        has_touch=size == PHONE,
        locale="fr-FR",
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    opened = Opened(context.new_page(), script)
    opened.page.on("console", lambda said: opened.faults.append(f"{said.type}: {said.text}"))
    opened.page.on("pageerror", lambda error: opened.faults.append(str(error)))
    opened.page.on("request", lambda sent: opened.requests.append(sent.url + (sent.post_data or "")))
    opened.page.on(
        "request", lambda sent: None if sent.url.startswith(home) else opened.faults.append(f"outside: {sent.url}")
    )
    return opened


def assert_accessible(page: Page, names: Iterable[str]) -> int:
    """Look at the page in each state that `names` leads it to; return how many there were.

    Set AIGUILLEUR_CAPTURES to a folder to get a picture of each state.
    """
    axe, count = Axe(), 0
    for count, name in enumerate(names, start=1):  # noqa: B007 - the last one is returned
        if captures := os.environ.get("AIGUILLEUR_CAPTURES"):
            page.screenshot(path=Path(captures) / f"{name}.png", full_page=True)
        report = axe.run(page)
        assert report.violations_count == 0, f"{name}: {report.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"
        small = page.evaluate(
            "([names, least]) => [...document.querySelectorAll(names)]"
            ".filter(e => e.offsetHeight && e.offsetHeight < least).map(e => e.outerHTML)",
            [TARGETS, SMALLEST_TARGET],
        )
        assert not small, name
    return count
