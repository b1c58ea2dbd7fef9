"""A server killed in the middle of a conversation loses nothing, and a form sent again has one effect."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic
from urllib.parse import urlencode

import pytest

OPENED = "La page est ouverte"
PATIENCE_S = 20.0


@dataclass
class Server:
    """A real `aiguilleur serve`, and the one visitor of its page."""

    folder: Path
    port: int
    process: subprocess.Popen[str] | None = None
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> Path:
        return self.folder / "base.db"

    def start(self, command: str = "serve") -> None:
        environment = {**os.environ, "AIGUILLEUR_BASE": f"sqlite:///{self.base}"}
        words = [sys.executable, "-m", "bot", command, "--port", str(self.port)]
        self.process = subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr
        assert any(OPENED in line for line in self.process.stderr), "the server did not start"

    def kill(self) -> None:
        """SIGKILL: nothing is flushed, nothing is said goodbye to."""
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def page(self) -> str:
        """Open the page and keep its cookies, as a browser does."""
        return self._ask("GET", "/")[1]

    def form(self, text: str) -> dict[str, str]:
        """Return the form of the page, filled."""
        page = self.page()
        hidden = {name: re.search(f'name="{name}" value="([^"]+)"', page) for name in ("jeton", "envoi")}
        return {**{name: found[1] for name, found in hidden.items() if found}, "texte": text}

    def send(self, form: Mapping[str, str]) -> int:
        """Send a form and return the status of the answer."""
        return self._ask("POST", "/message", urlencode(form))[0]

    def send_and_kill(self, form: Mapping[str, str], *, when: Callable[[], bool]) -> None:
        """Send a form, kill the server at some instant, and never read its answer."""
        connection = self._connect()
        connection.request("POST", "/message", urlencode(form), self._headers())
        limit = monotonic() + PATIENCE_S
        while not when():
            assert monotonic() < limit, "the message never came"
        self.kill()
        connection.close()

    def committed(self) -> list[int]:
        """Return, for each conversation, how many messages it has received."""
        query = "SELECT (SELECT count(*) FROM inbox WHERE inbox.conversation = conversation.id) FROM conversation"
        with closing(sqlite3.connect(self.base)) as connection:
            return [count for (count,) in connection.execute(query)]

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        connection = self._connect()
        connection.request(method, path, body, self._headers())
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def _connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(tmp_path, port)
    yield server
    server.kill()


def test_killed_between_and_during_turns(server: Server) -> None:
    server.start("demo")
    assert server.send(server.form("caf")) == 303
    question = server.page()
    assert "Dans quelle commune êtes-vous" in question
    server.kill()

    server.start()
    assert "Dans quelle commune êtes-vous" in server.page(), "the question is still on the screen"
    town = server.form("Orthez")
    server.send_and_kill(town, when=lambda: True)

    server.start()
    assert server.send(town) == 303
    assert server.send(town) == 303
    assert server.committed() == [2]
    assert "Orthez" in server.page()
    menu = server.form("menu")
    server.send_and_kill(menu, when=lambda: server.committed() == [3])

    server.start()
    assert server.committed() == [3]
    assert server.send(menu) == 303
    assert server.committed() == [3], "a message that was committed, though its answer was never read"
    assert "On recommence" in server.page()
