"""The whole program over the demonstration base, behind a client that keeps cookies."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from markupsafe import Markup
from pydantic import SecretStr

from bot.app import App
from bot.conversation.reception import Reception
from bot.settings import Settings
from bot.store.conversations import Store
from bot.web.application import create_web
from bot.web.server import LONGEST_ADDRESS
from knowledge.base import open_base, write_items
from knowledge.demonstration import demonstration

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Paris"))
CAF = "j'ai plus mes droits caf, je suis à mauléon, c'est urgent"


@dataclass(frozen=True)
class Answered:
    """An answer of the server; `text` has its entities read, as a person sees it."""

    status: int
    headers: Any
    raw: str

    @property
    def text(self) -> str:
        return Markup(self.raw).unescape().replace("\N{NO-BREAK SPACE}", " ")

    def hidden(self, name: str) -> str:
        """Return the value of the first hidden field of that name."""
        return self.raw.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]


class Browser:
    """A visitor without JavaScript: plain calls over a real connection."""

    def __init__(self, app: web.Application) -> None:
        self._loop = asyncio.new_event_loop()
        server = TestServer(app)
        self._loop.run_until_complete(server.start_server(access_log=None, max_line_size=LONGEST_ADDRESS))
        self._client = TestClient(server, loop=self._loop)
        self._loop.run_until_complete(self._client.start_server())
        self.cookies = self._client.session.cookie_jar

    def ask(self, method: str, path: str, **options: Any) -> Answered:
        """Send one request, without following redirections."""
        return self._loop.run_until_complete(self._ask(method, path, options))

    def get(self, path: str = "/", **headers: str) -> Answered:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str = "/message", /, **fields: str) -> Answered:
        """Send a form as it is given."""
        return self.ask("POST", path, data=fields)

    def submit(self, path: str = "/message", /, **fields: str) -> Answered:
        """Open the page, fill the form, send it, and follow to the next page, as a browser does."""
        page = self.get()
        sent = {"jeton": page.hidden("jeton"), "envoi": page.hidden("envoi"), **fields}
        answered = self.post(path, **sent)
        return self.get(answered.headers["Location"].partition("#")[0]) if answered.status == 303 else answered

    def say(self, text: str) -> Answered:
        return self.submit(texte=text)

    def token(self) -> str:
        return self.get().hidden("jeton")

    def close(self) -> None:
        self._loop.run_until_complete(self._client.close())
        self._loop.close()

    async def _ask(self, method: str, path: str, options: dict[str, Any]) -> Answered:
        async with self._client.request(method, path, allow_redirects=False, **options) as response:
            return Answered(response.status, response.headers.copy(), await response.text())


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> App:
    """Return the program over a demonstration base of its own, its clock stopped."""
    base = tmp_path_factory.mktemp("web") / "base.db"
    app = App(Settings(base=SecretStr(f"sqlite:///{base}"), messages_par_minute=1000), lambda: NOW)
    lieux, creneaux = demonstration(NOW)
    write_items(app.database, [*lieux, *creneaux], now=NOW)
    return app


Open = Callable[..., Browser]


@pytest.fixture
def open_browser(program: App) -> Iterator[Open]:
    """Return a function that serves the page (`settings` replaced by name, `parts` of create_web) to a new visitor."""
    opened: list[Browser] = []

    def open_one(parts: dict[str, Any] | None = None, **settings: Any) -> Browser:
        given = {
            "reception": program.reception,
            "knowledge": program.knowledge,
            "settings": program.settings.model_copy(update=settings),
            "clock": program.clock,
            **(parts or {}),
        }
        opened.append(Browser(create_web(**given)))
        return opened[-1]

    yield open_one
    for browser in opened:
        browser.close()


@pytest.fixture
def browser(open_browser: Open) -> Browser:
    return open_browser()


@pytest.fixture
def broken_base(program: App, tmp_path: Path) -> dict[str, Any]:
    """Return the reception of a program whose base is damaged; what is in memory stays right."""
    path = tmp_path / "broken.db"
    path.write_bytes(b"ceci n'est pas une base" * 100)
    return {"reception": Reception(program.conversation, Store(open_base(f"sqlite:///{path}")))}
