"""A stop ends in time, and what nobody knows then is not said twice (R18, R5)."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine

from bot.app import App
from bot.channels.gateway import Link, Outbound, Sending
from bot.delivery import sender as sender_module
from bot.delivery.service import Options, Service
from tests.delivery.program import Program
from tests.delivery.station import ANNA, SECRECY, Clock, StandIn, Station, until
from tests.postgres import new_database
from tests.sms.kannel_server import wait_until

STOP_S = 10
"""R18: a stop takes less."""


class Silent(StandIn):
    """A gateway that takes a message and never answers."""

    async def send(self, message: Outbound) -> Sending:
        self.sent.append(message)
        return await asyncio.Event().wait()  # type: ignore[return-value]


@pytest.mark.parametrize(("idempotent", "state", "again"), [(False, "uncertain", 0), (True, "temporary-failure", 1)])
def test_r18_a_send_that_a_stop_breaks_off_is_one_that_nobody_knows(
    database: Engine,
    program: App,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    idempotent: bool,
    state: str,
    again: int,
) -> None:
    monkeypatch.setattr(sender_module, "DRAIN_S", 0.1)
    silent = Silent(idempotent=idempotent)
    station = Station(database, program.conversation, silent, clock=clock)
    station.hear("caf")
    station.play()

    async def live() -> None:
        options = Options(per_second={})
        service = Service(database, lambda: program.conversation, [Link(gateway=silent)], SECRECY, clock, options)
        await service.start()
        await until(lambda: bool(silent.sent))
        await service.stop()

    asyncio.run(live())
    assert station.states() == [state]
    quick = StandIn(idempotent=idempotent)
    heir = Station(database, program.conversation, quick, clock=clock)
    clock.advance(3600)
    assert heir.outbox.adopt(clock().timestamp(), 0, ()) == 0, "nothing is left to take over"
    assert heir.send() == again


@contextmanager
def nobody_answers() -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads each request and says nothing, as long as the line is held."""
    asked: list[bytes] = []
    lines: list[socket.socket] = []

    def listen(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                line, _ = server.accept()
                lines.append(line)
                asked.append(line.recv(65_536))

    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=listen, args=[server], daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
    for line in lines:
        line.close()


@pytest.mark.parametrize("system", ["sqlite", "postgresql"])
def test_r18_sigterm_ends_the_program_in_time_before_a_gateway_that_never_answers(
    system: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/base.db" if system == "sqlite" else new_database(request.getfixturevalue("postgres"))
    account = {"kannel_utilisateur": "u", "kannel_mot_de_passe": "p", "kannel_numero": "36000"}
    apart = "oui" if system == "sqlite" else "non"
    with nobody_answers() as (silent, asked):
        program = Program(tmp_path, base=url, tours_a_part=apart, kannel_url=silent, **account)
        program.push("sms", "kannel", [(ANNA, "un")])
        with program.serving(), _held(program):
            wait_until(lambda: bool(asked), "nothing was sent")
            begun = time.monotonic()
            assert program.stop() == 0
            took = time.monotonic() - begun
            assert dict(program.states()) == {"uncertain": 1}
        assert took < STOP_S


@contextmanager
def _held(program: Program) -> Iterator[socket.socket]:
    """A visitor whose request never ends."""
    host, port = program.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as visitor:
        visitor.sendall(b"POST /message HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n")
        visitor.sendall(b"Content-Length: 90\r\n\r\na")
        yield visitor
