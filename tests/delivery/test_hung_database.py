"""A database server that neither answers nor hangs up: gateways are told to come back, and the program still ends."""

import asyncio
import json
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import Engine, text

from bot.app import App
from bot.channels.gateway import Received
from bot.delivery.envelope import Source
from bot.delivery.intake import Intake
from knowledge.base import PATIENCE_WITH_SERVER, open_base
from tests.conversation.conftest import NOW
from tests.databases import count_rows
from tests.delivery.conftest import MakeLink
from tests.delivery.phones import KEY, PASSWORD, USER, Phones, signed
from tests.delivery.program import Program
from tests.delivery.station import ANNA, Clock, serving
from tests.delivery.test_promises_receiving import post
from tests.postgres import server

GIVES_UP_S = 30.0
"""How long an answer or an end is waited for here; the program gives up after ten seconds."""


@contextmanager
def hung(engine: Engine) -> Iterator[None]:
    """Stop every process of the server."""
    with engine.connect() as connection:
        backends = list(connection.scalars(text("SELECT pid FROM pg_stat_activity")))
        begun = connection.scalar(text("SELECT pg_read_file('postmaster.pid')")) or ""
    stopped = [int(begun.split()[0]), *backends]
    try:
        for each in stopped:
            os.kill(each, signal.SIGSTOP)
        yield
    finally:
        for each in stopped:
            os.kill(each, signal.SIGCONT)


def test_r03_r18_a_server_that_hangs_holds_neither_a_gateway_nor_the_end(phones: Phones, tmp_path: Path) -> None:
    body = json.dumps(
        {
            "id": "m1",
            "event": "sms:received",
            "payload": {"message": "caf", "sender": ANNA, "receivedAt": NOW.isoformat()},
        }
    ).encode()
    android = {"android_utilisateur": USER, "android_mot_de_passe": PASSWORD, "android_signature": KEY}
    with server("-c fsync=off") as url:
        program = Program(tmp_path, base=url, **android, android_url=phones.url)
        with program.serving():
            with hung(program.engine):
                call = Request(program.hook("android"), body, signed(body, program.now()))
                with pytest.raises(HTTPError, match="503"):
                    urlopen(call, timeout=GIVES_UP_S)
                program.stop(timeout=GIVES_UP_S)
            program.start()
            with urlopen(
                Request(program.hook("android"), body, signed(body, program.now())), timeout=GIVES_UP_S
            ) as answer:
                assert answer.status == 200


def test_what_a_gateway_told_in_vain_is_written_once(
    sqlite: Engine, program: App, phones: Phones, android: MakeLink, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    real = Intake.take

    def hang(self: Intake, told: Sequence[tuple[Source, Received]], now: float) -> None:
        goes_on.wait(20)
        real(self, told, now)

    monkeypatch.setattr(Intake, "take", hang)
    monkeypatch.setattr("bot.web.hooks.COMMIT_S", 0.2)

    async def live() -> None:
        async with serving(sqlite, program, android, clock) as client:
            assert [await post(client, clock, f"m{number}", f"caf {number}") for number in range(3)] == [503] * 3
            goes_on.set()
            monkeypatch.setattr("bot.web.hooks.COMMIT_S", 10.0)
            assert [await post(client, clock, f"m{number}", f"caf {number}") for number in range(3)] == [200] * 3

    asyncio.run(live())
    assert count_rows(sqlite)["inbox"] == 3


def test_the_address_of_the_base_decides_how_long_its_server_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, object]] = []

    def connect(**parameters: object) -> None:
        given.append(parameters)
        raise ConnectionError

    for said in ("", "?connect_timeout=7"):
        engine = open_base(f"postgresql://test@127.0.0.1/base{said}")
        monkeypatch.setattr(engine.dialect, "connect", lambda *_, **parameters: connect(**parameters))
        with pytest.raises(ConnectionError):
            engine.connect()
    assert given[0].items() >= PATIENCE_WITH_SERVER.items()
    assert given[1]["connect_timeout"] == "7"
