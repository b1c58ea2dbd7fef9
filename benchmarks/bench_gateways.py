"""The whole program behind gateways: messages in, turns, messages out, over the demonstration base.

Each measure has a fresh process of the program; PostgreSQL and Kannel are measured where they are installed.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from http.client import HTTPConnection
from itertools import cycle, islice, zip_longest
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.bench_orient import Line
from benchmarks.sink import Sink
from bot.channels.gateway import Inbound, Received
from bot.channels.sms.text import segments
from bot.delivery.envelope import Envelope, Source
from bot.delivery.intake import Intake
from bot.messages import SMS
from bot.store.inbox import Inbox
from bot.store.outbox import Outbox
from bot.store.presence import Presence
from tests.delivery.kannel import SERVICE, behind_kannel
from tests.delivery.phones import KEY, PASSWORD, USER, signed
from tests.delivery.program import SECRECY, Program
from tests.delivery.served import START
from tests.postgres import new_database, server
from tests.sms.kannel_server import Sms, person
from tests.test_conversations import FILES, read

REQUESTS, TURNS, WAITING, ROUND_TRIPS = 200, 2000, 10_000, 20

RUNS = 3
"""How often turns are counted, one and two processes by turns: what else the machine does changes by the minute."""

WARM = 200
"""Turns left out of a rate: the first ones load what the others find loaded."""

PATIENCE_S, RATE_S = 300.0, 10.0


def measure() -> Iterator[Line]:
    """Yield the lines as they are known."""
    yield from _inbound()
    sqlite = median(_turns(None, 1) for _ in range(RUNS))
    yield Line(f"tours durables par seconde, SQLite, médiane de {RUNS}", f"{sqlite:.0f}", "≥ 300")
    if shutil.which("initdb"):
        with server() as url:
            pairs = [tuple(_turns(new_database(url), processes) for processes in (1, 2)) for _ in range(RUNS)]
        one = median(one for one, _ in pairs)
        ratio = median(two / one for one, two in pairs)
        yield Line(f"tours durables par seconde, PostgreSQL, un processus, médiane de {RUNS}", f"{one:.0f}")
        yield Line(f"deux processus, rapport à un, médiane de {RUNS}", f"{ratio:.1f} fois", "≥ 1,6 fois")
    yield from _recovery()
    if shutil.which("bearerbox"):
        yield _round_trip()
    yield _segments()


def _inbound() -> Iterator[Line]:
    """Time each call of a gateway, until it is answered that its message is committed."""
    with _serving() as (program, _):
        connection, spent = HTTPConnection("127.0.0.1", int(program.settings["port"])), []
        for number in range(REQUESTS):
            payload = {"message": "bonjour", "sender": _phone(number), "receivedAt": START.isoformat()}
            body = json.dumps({"id": f"{number}", "event": "sms:received", "payload": payload}).encode()
            begun = time.perf_counter()
            connection.request("POST", program.hook("android"), body, signed(body, START.timestamp()))
            answer = connection.getresponse()
            answer.read()
            spent.append((time.perf_counter() - begun) * 1e3)
            assert answer.status == 200, "le message est refusé"
        connection.close()
    p50, p95 = np.percentile(spent, [50, 95])
    yield Line("requête d'une passerelle → écriture durable, p50 / p95", f"{p50:.1f} / {p95:.1f} ms")


def _turns(base: str | None, processes: int) -> float:
    """Return how many turns a second are played, their answers sent, when many people have written."""
    settings: dict[str, Any] = {"base": base} if base else {}
    with ExitStack() as stack:
        program, _ = stack.enter_context(_serving(start=False, **settings))
        others = [stack.enter_context(_serving(start=False, **settings))[0] for _ in range(processes - 1)]
        for each in (program, *others):
            each.start()
        _write(program, _dialogues(TURNS))  # once all are there: the first would play most of them while others begin
        waiting = Inbox(program.engine).waiting
        _until(lambda: waiting() <= TURNS - WARM)
        begun, left = time.perf_counter(), waiting()
        _until(lambda: not waiting())
        return left / (time.perf_counter() - begun)


def _recovery() -> Iterator[Line]:
    """Time a start after a SIGKILL, when messages wait to be played and others to be sent."""
    with _serving() as (program, sink):
        program.kill()
        _write(program, [(_phone(number), "bonjour") for number in range(WAITING)])
        program.push(SMS, "android", [(_phone(WAITING + number), "Rappel") for number in range(WAITING)])
        begun = time.perf_counter()
        program.start()
        _until(lambda: sink.taken)
        first, sent = time.perf_counter(), sink.taken
        time.sleep(RATE_S)
        rate = (sink.taken - sent) / (time.perf_counter() - first)
    yield Line(
        f"reprise après SIGKILL, {WAITING} reçus et {WAITING} à envoyer : premier envoi", f"{first - begun:.1f} s"
    )
    yield Line("puis envois par seconde", f"{rate:.0f}")


def _round_trip() -> Line:
    """Time a message from the phone network of Kannel to the answer on that network."""
    spent = []
    with tempfile.TemporaryDirectory(prefix="aiguilleur-") as folder, behind_kannel(Path(folder)) as (kannel, _):
        for phone in map(person, range(ROUND_TRIPS)):
            begun = time.perf_counter()
            kannel.network.inject([Sms(phone, SERVICE, "bonjour")])
            _until(partial(kannel.network.received, phone), rest=0.001)
            spent.append((time.perf_counter() - begun) * 1e3)
    p50, p95 = np.percentile(spent, [50, 95])
    return Line("Kannel, du SMS reçu au SMS répondu, p50 / p95", f"{p50:.0f} / {p95:.0f} ms")


def _segments() -> Line:
    """Count what conversations cost, over all test dialogues by SMS."""
    cases = [case for case in map(read, FILES) if case["channel"] == SMS]
    counts = [sum(segments(text) for turn in case["turns"] for text in turn["bot"]) for case in cases]
    messages = sum(len(turn["bot"]) for case in cases for turn in case["turns"])
    mean = f"{np.mean(counts):.1f} par conversation, {sum(counts) / messages:.2f} par réponse"
    return Line(f"segments de SMS, {len(cases)} conversations", mean)


@contextmanager
def _serving(*, start: bool = True, **settings: Any) -> Iterator[tuple[Program, Sink]]:
    """A program behind the Android gateway, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="aiguilleur-") as folder, Sink().open() as sink:
        account = {"utilisateur": USER, "mot_de_passe": PASSWORD, "signature": KEY, "url": sink.url}
        given = {f"android_{name}": value for name, value in account.items()}
        program = Program(Path(folder), **{**given, "tours_a_part": "auto", **settings})
        try:
            if start:
                program.start()
            yield program, sink
        finally:
            program.kill()
            program.engine.dispose()


def _dialogues(most: int) -> list[tuple[str, str]]:
    """Return (phone, text): the test dialogues, each said by as many people as it takes.

    People take turns, as they do when each waits for an answer: all first messages, then all second ones…
    """
    cases = [read(path) for path in FILES]
    persons = cycle(cases)
    said: list[list[str]] = []
    while sum(map(len, said)) < most:
        said.append([turn["user"] * turn.get("fois", 1) for turn in next(persons)["turns"]])
    rounds = zip_longest(*said)
    taking_turns = ((_phone(number), text) for each in rounds for number, text in enumerate(each) if text is not None)
    return list(islice(taking_turns, most))


def _write(program: Program, said: Sequence[tuple[str, str]]) -> None:
    """Put messages into the inbox, as a gateway that told them all at once."""
    engine = program.engine
    intake = Intake(engine, Envelope(SECRECY), Inbox(engine), Outbox(engine, Presence(engine)))
    messages = tuple(Inbound(address=phone, text=text) for phone, text in said)
    intake.take([(Source("android", SMS), Received(messages=messages))], START.timestamp())


def _phone(number: int) -> str:
    return f"+336{number:08d}"


def _until(condition: Callable[[], object], rest: float = 0.05) -> None:
    """Wait. Raises AssertionError after `PATIENCE_S`."""
    deadline = time.perf_counter() + PATIENCE_S
    while not condition():
        assert time.perf_counter() < deadline, "le programme ne répond pas"
        time.sleep(rest)
