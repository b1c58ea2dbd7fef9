"""A long conversation on every channel, with all that may go wrong, at the most talkative: the log names nobody."""

import asyncio
import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import BaseTestServer, TestServer
from pydantic import SecretStr

from bot.conversation.turn import Conversation, Outcome
from bot.delivery.service import Service
from bot.journal import QUIET, JsonLines, Lines
from tests.delivery.phones import Phones
from tests.telegram.bot_api import TOKEN, BotApi, Fault
from tests.telegram.conftest import said
from tests.web.serving import ANDROID, OPERATOR_KEY, build_app, build_hooks, build_web, fast_clock, point_at

PHONE, OTHER_PHONE = "+33639980042", "+33639980043"
BREAKS = "zgluborf casse tout"
SENTENCES = (
    "bonjour, je suis Zélie Quirouëdec",
    "plus de droits caf, je suis à mauléon, mon numéro d'allocataire est 7654321Z",
    "j'ai un cancer du zébulon et des dettes chez Quidambanque",
    "mon mari me frappe, il s'appelle Yvonnick",
    "appelez-moi au 06 39 98 77 55, zelie.quirouedec@exemple.fr",
    "RETOUR",
    "STOP",
    "non, à Orthez chez ma soeur Perpétue",
    "/SetSlots(need=Zébulonie)",
    BREAKS,
    "EFFACER",
)
TRACES = (
    "Zélie", "Z\\u00e9lie", "%C3%A9lie", "Quirou", "7654321", "zébulon", "cancer", "Quidambanque", "frappe",
    "Yvonnick", "06 39 98 77 55", "exemple.fr", "Perpétue", "zgluborf", "Zébulonie", "Ana", PHONE, PHONE[1:],
    OTHER_PHONE, TOKEN, TOKEN.partition(":")[2], OPERATOR_KEY, "198.51.100.7",
)  # fmt: skip
"""Names, numbers, words, an address, secrets: nothing of it may be logged."""

LIBRARIES = (*QUIET, "asyncio", "aiohttp.server", "sqlalchemy.engine", "sqlalchemy.pool", "telegram.Bot")
PATIENCE_S = 60.0


@pytest.fixture(params=[Lines, JsonLines])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Log everything, libraries included, in each form; put back what was."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param())
    loggers = [logging.getLogger(name) for name in ("", *LIBRARIES)]
    levels = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield stream
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make one sentence break the turn, with a fault that quotes it."""
    whole = Conversation.turn

    async def turn(self: Conversation, tracker: Any, message: Any) -> Outcome:
        if message.text == BREAKS:
            raise ValueError(f"{BREAKS} de {PHONE}")
        return await whole(self, tracker, message)

    monkeypatch.setattr(Conversation, "turn", turn)


def test_the_log_names_nobody(log: io.StringIO, breaking: None, tmp_path: Path) -> None:
    asyncio.run(_live(tmp_path), debug=True)
    logged = log.getvalue()
    assert len(logged.splitlines()) > 200
    for said_by in ("aiohttp", "sqlalchemy", "asyncio", "httpx", "telegram", "bot.web.hooks", "bot.delivery"):
        assert said_by in logged
    assert [trace for trace in TRACES if trace.lower() in logged.lower()] == []
    if logged.startswith("{"):
        assert all({"time", "level", "logger", "message"} <= json.loads(line).keys() for line in logged.splitlines())


async def _live(folder: Path) -> None:
    """Let people speak on every channel until all are answered."""
    clock = fast_clock()
    phones = Phones(clock=lambda: clock().timestamp())
    with phones.open():
        async with BotApi() as api:
            app = build_app(
                folder,
                clock,
                **ANDROID,
                android_url=phones.url,
                telegram_jeton=SecretStr(TOKEN),
                telegram_serveur=api.base_url,
            )
            hooks = build_hooks(app)
            async with TestServer(build_web(app, hooks)) as server:
                point_at(phones, server.port or 0, hooks)
                phones.refusals.extend([500, 429, 401])
                await _speak(phones, api, hooks.service)
                await _browse(server)
                await _misuse(server, hooks.secrets["android"])
                await _read(server, "/metrics")
                await _read(server, "/health")


async def _speak(phones: Phones, api: BotApi, service: Service) -> None:
    api.fail("sendMessage", Fault(400, f"Bad Request: {SENTENCES[3]}"), Fault(502, body=SENTENCES[0]))
    api.push(*(said(number, text) for number, text in enumerate(SENTENCES, start=1)))
    sent = [(f"id-{number}", PHONE, text) for number, text in enumerate(SENTENCES)]
    await asyncio.wrap_future(phones.send(sent))
    await asyncio.wrap_future(phones.send([("id-x", OTHER_PHONE, SENTENCES[0])]))
    await _until(lambda: bool(phones.received[PHONE] and phones.received[OTHER_PHONE]))
    await _until(lambda: not api.updates and bool(api.named("sendMessage")) and service.oldest_seconds() == 0)


async def _browse(server: BaseTestServer) -> None:
    async with ClientSession() as session:
        url = f"http://127.0.0.1:{server.port}"
        for text in (*SENTENCES, "a" * 3000 + SENTENCES[0]):
            page = await (await session.get(url)).text()
            hidden = {name: page.split(f'name="{name}" value="', 1)[1].split('"', 1)[0] for name in ("jeton", "envoi")}
            await session.post(f"{url}/message", data={**hidden, "texte": text})
            for address in ("/annuaire", "/api/lieux"):
                asked = await session.get(f"{url}{address}", params={"q": text})
                assert asked.status == web.HTTPOk.status_code
        await session.post(f"{url}/message", data={"texte": SENTENCES[0], "jeton": "faux"})


async def _misuse(server: BaseTestServer, secret: str) -> None:
    """Call the hooks and the server as nobody should, quoting people."""
    headers = {"X-Forwarded-For": "198.51.100.7"}
    async with ClientSession(headers=headers) as session:
        hook = f"http://127.0.0.1:{server.port}/gateways"
        for _ in range(40):
            await session.post(f"{hook}/Zélie/{PHONE}", data=SENTENCES[0])
        for body in (SENTENCES[0], "[" * 10_000, "x" * 100_000):
            await session.post(f"{hook}/android/{secret}", data=body)
    for raw in (f"GET /?nom={SENTENCES[0]} HTTP/1.1\r\nZélie: \x00\r\n\r\n", f"{SENTENCES[0]}\r\n\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(raw.encode())
        await reader.read(100)
        writer.close()


async def _read(server: BaseTestServer, path: str) -> str:
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{server.port}{path}") as response:
        assert response.status == web.HTTPOk.status_code
        text = await response.text()
    assert [trace for trace in TRACES if trace.lower() in text.lower()] == []
    return text


async def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "nobody answers"
        await asyncio.sleep(0.05)
