"""The program is killed at every place where a message passes; nobody who talks to it can tell."""

import asyncio
import random
import signal
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import App
from bot.delivery.sender import AT_ONCE
from bot.engine.tracker import Tracker
from bot.failpoints import POINTS
from bot.messages import REMINDER, SMS, MessageIn
from bot.settings import Settings
from bot.store.timers import Timer, set_timer
from bot.store.writing import writing
from tests.delivery.phones import KEY, PASSWORD, USER, Phones
from tests.delivery.program import SECRECY, Program
from tests.delivery.served import START
from tests.postgres import new_database
from tests.sms.kannel_server import wait_until

PERSONS = {"sqlite": 200, "postgresql": 100}
"""Half on PostgreSQL, for the time it takes on two busy processors; R8 has two hundred there, without the deaths."""

MESSAGES = 10
PATIENCE_S = 120.0

SCRIPTS: tuple[tuple[str, ...], ...] = (
    ("bonjour", "caf", "Orthez", "1", "autre lieu", "RETOUR", "AIDE", "MENU", "impôts", "Pau"),
    ("impôts avant vendredi", "Pau", "2", "merci", "MENU", "carte grise", "Bayonne", "1", "suite", "CONTACT"),
    ("jai plus mes droits caf je sui a mauleon", "1", "AIDE", "STOP", "caf à Pau", "1", "2", "MENU", "?", "retour"),
    ("imprimer un papier à Pau", "EFFACER", "caf", "RETOUR", "Bayonne", "3", "autre lieu", "MENU", "msa", "Nay"),
    ("je dors dehors à Pau", "1", "non", "MENU", "retraite", "Lescar", "jsp", "1", "répétez", "merci"),
)
"""Ten messages each, none of which tells the hour: the answers are the same whenever the program is killed."""

REMINDING = ("", "timer.writing", "timer.committed")
"""Where the program dies while a reminder comes due; nowhere, the first time."""

FINAL = ("STOP", "EFFACER")
"""Words that take back the answers that are still to be sent: these are waited for before they are written."""

KILLED = {point: number for number, point in enumerate(POINTS) if not point.startswith(("poll.", "timer.", "drain."))}
"""Places that these conversations pass, each with how many messages have passed there before the program dies."""


SENDING = {point: KILLED[point] for point in ("outbox.sending", "outbox.sent")}
"""Just before and just after an answer goes: nobody has written down whether it did."""


def number(person: int) -> str:
    return f"+336399{80000 + person:05d}"


def script(person: int) -> tuple[str, ...]:
    return SCRIPTS[person % len(SCRIPTS)]


def played(app: App, said: tuple[str, ...]) -> list[list[str]]:
    """Return the answers to each message of a conversation played alone, in memory, never interrupted."""

    async def play() -> list[list[str]]:
        tracker: Tracker | None = None
        answers: list[list[str]] = []
        for written in said:
            message = MessageIn(channel=SMS, conversation="seul", text=written, received_at=START)
            outcome = await app.conversation.turn(tracker, message)
            tracker = outcome.tracker
            answers.append([answer.text for answer in outcome.messages])
        return answers

    return asyncio.run(play())


@contextmanager
def running(folder: Path, url: str, *, accepts_copies: bool = False) -> Iterator[tuple[Program, Phones]]:
    with Phones(accepts_copies=accepts_copies).open() as phones:
        program = Program(
            folder,
            base=url,
            android_utilisateur=USER,
            android_mot_de_passe=PASSWORD,
            android_signature=KEY,
            android_url=phones.url,
        )
        program.environment = {"COPIES": "1"} if accepts_copies else {}
        phones.hook, phones.clock = program.hook("android"), program.now
        try:
            yield program, phones
        finally:
            program.kill()
            program.engine.dispose()
        assert "Traceback" not in program.said(), program.said()


def kill_everywhere(program: Program, everything: Future[None], places: Mapping[str, int]) -> None:
    """Start the program again each time that it dies, to die at the next place; stop it so that it dies once more."""
    for point, passes in places.items():
        program.start(kill_at=f"{point}:{3 + passes}")
        limit = time.monotonic() + PATIENCE_S
        while program.alive():
            assert time.monotonic() < limit, f"nothing passed at {point}"
            assert not (everything.done() and everything.exception())
            time.sleep(0.02)
    program.start(kill_at="drain.begun")
    assert program.stop() == -signal.SIGKILL


def converse(program: Program, phones: Phones, persons: int, places: Mapping[str, int]) -> dict[str, list[str]]:
    """Have persons go through their scripts while the program is killed; return what each should have received."""
    app = App(Settings(base=SecretStr(program.settings["base"])), lambda: START)
    transcripts = [played(app, said) for said in SCRIPTS]
    app.database.dispose()
    sent = [
        (f"{person}-{rank}", number(person), said)
        for person in range(persons)
        for rank, said in enumerate(script(person))
    ]
    random.Random(64).shuffle(sent)
    sent.sort(key=lambda message: int(message[0].rpartition("-")[2]))
    expected = {number(person): list(chain(*transcripts[person % len(SCRIPTS)])) for person in range(persons)}
    phones.patience = {
        f"{person}-{rank}": sum(map(len, transcripts[person % len(SCRIPTS)][:rank]))
        for person in range(persons)
        for rank, said in enumerate(script(person))
        if said in FINAL
    }
    everything = phones.send(sent)
    kill_everywhere(program, everything, places)
    program.start()
    everything.result(PATIENCE_S)
    count = sum(map(len, expected.values()))
    limit = time.monotonic() + PATIENCE_S
    while (len(phones.asked) < count or phones.reported < count) and time.monotonic() < limit:
        time.sleep(0.1)
    assert program.stop() == 0
    return expected


@pytest.mark.parametrize("system", ["sqlite", "postgresql"])
def test_r03_killed_at_every_place_it_loses_nothing_and_says_nothing_twice(
    system: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/base.db" if system == "sqlite" else new_database(request.getfixturevalue("postgres"))
    assert len(KILLED) >= 12
    assert all(len(said) == MESSAGES for said in SCRIPTS)
    with running(tmp_path, url) as (program, phones):
        expected = converse(program, phones, PERSONS[system], KILLED)
        assert dict(phones.received) == expected
        assert phones.copies <= AT_ONCE * (len(KILLED) + 1), "what was under way at a death is asked again, no more"


def test_r05_killed_while_it_sends_it_says_nothing_twice_to_a_gateway_that_would_show_it(tmp_path: Path) -> None:
    with running(tmp_path, f"sqlite:///{tmp_path}/base.db", accepts_copies=True) as (program, phones):
        expected = converse(program, phones, 30, SENDING)
        assert dict(phones.received) == expected
        assert phones.copies == 0, "the receipts spare the second copies"


@pytest.mark.parametrize("system", ["sqlite", "postgresql"])
def test_r09_killed_where_a_reminder_comes_due_it_says_it_once(
    system: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/base.db" if system == "sqlite" else new_database(request.getfixturevalue("postgres"))
    with running(tmp_path, url) as (program, phones):
        program.start()
        for person, place in enumerate(REMINDING):
            phones.send([(f"{person}-0", number(person), "jai plus mes droits caf je sui a mauleon")]).result(
                PATIENCE_S
            )
            wait_until(lambda: len(phones.received[number(person)]) == 1, "no answer")  # noqa: B023 - waited for here
            program.kill()
            remind_now(program, number(person))
            program.start(kill_at=place)
            if place:
                program.wait_for_death()
                program.start()
            wait_until(lambda: len(phones.received[number(person)]) == 2, f"no reminder after {place}")  # noqa: B023
        assert program.stop() == 0
        told = [phones.received[number(person)] for person in range(len(REMINDING))]
        assert len(told) == len(REMINDING) == 3
        assert all(one[1].startswith("Voici le rappel") for one in told)
        assert told[1:] == [told[0]] * 2, "as if it had not been killed"


def remind_now(program: Program, address: str) -> None:
    """Have a reminder of this person come due, as if they had asked for it before."""
    due = Timer(
        channel=SMS,
        conversation=SECRECY.pseudonym(SMS, address),
        kind=REMINDER,
        due_at=program.now(),
        gateway="android",
        address=SECRECY.seal(address),
    )
    with writing(program.engine) as connection:
        set_timer(connection, due)
