"""Turns of several persons in one transaction: each is as if it had been alone, whatever becomes of another one."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import cast

import pytest
from sqlalchemy import Engine, event

from bot.app import App
from bot.conversation.turn import Conversation, Outcome
from bot.delivery.worker import AT_ONCE
from bot.engine.tracker import Tracker
from bot.messages import MessageIn
from bot.store.inbox import Claim
from bot.store.turns import Turn
from knowledge.base import BaseIndisponible, open_base
from tests.delivery.station import ANNA, BORIS, Clock, StandIn, Station

CLARA = "+33639980003"
POISON = "ce texte casse tout"


class Disturbed:
    """A conversation in which something happens first."""

    def __init__(self, whole: Conversation, before: Callable[[MessageIn], None]) -> None:
        self._whole = whole
        self._before = before

    def __getattr__(self, name: str) -> object:
        return getattr(self._whole, name)

    def play(self, tracker: Tracker | None, message: MessageIn) -> Outcome:
        self._before(message)
        return self._whole.play(tracker, message)


class Killed(BaseException):
    """What ends the program, as far as a test can bear it."""


def break_poison(message: MessageIn) -> None:
    if message.text == POISON:
        raise RuntimeError(message.text)


def kill_by_poison(message: MessageIn) -> None:
    if message.text == POISON:
        raise Killed


def begun(engine: Engine, conversation: object, gateway: StandIn, clock: Clock) -> Station:
    """Return a process that has been at work for a while: it plays several persons at once."""
    station = Station(engine, cast("Conversation", conversation), gateway, clock=clock)
    for number in range(AT_ONCE):
        station.hear("aide", address=f"+336399900{number:02}")
    assert station.play() == AT_ONCE
    return station


@pytest.fixture
def busy(database: Engine, program: App, gateway: StandIn, clock: Clock) -> Station:
    return begun(database, program.conversation, gateway, clock)


def test_those_who_wait_are_played_in_one_transaction_each_in_their_order(busy: Station) -> None:
    for address in (ANNA, BORIS, CLARA):
        busy.hear("caf", "orthez", address=address)
    commits: list[int] = []

    def note(_connection: object) -> None:
        commits.append(1)

    event.listen(busy.engine, "commit", note)
    assert busy.worker.play_next() == 3
    assert len(commits) == 1
    assert [len(busy.told(address)) for address in (ANNA, BORIS, CLARA)] == [1, 1, 1]
    assert busy.worker.play_next() == 3
    assert not busy.worker.play_next()
    assert busy.told(ANNA) == busy.told(BORIS) == busy.told(CLARA)
    assert len(busy.told(ANNA)) == 2
    assert "Quelle aide" in busy.told(ANNA)[1]


def test_no_more_are_played_at_once_than_a_person_can_wait_for(busy: Station) -> None:
    for number in range(AT_ONCE + 1):
        busy.hear("aide", address=f"+336399901{number:02}")
    assert busy.worker.play_next() == AT_ONCE


def test_a_message_that_breaks_takes_no_other_with_it(
    database: Engine, program: App, gateway: StandIn, clock: Clock
) -> None:
    station = begun(database, Disturbed(program.conversation, break_poison), gateway, clock)
    for address, text in ((ANNA, "caf"), (BORIS, POISON), (CLARA, "caf")):
        station.hear(text, address=address)
    station.play()
    assert len(station.told(ANNA)) == 1
    assert station.told(ANNA) == station.told(CLARA)
    assert len(station.told(BORIS)) == 1
    assert [(row.state, row.attempts) for row in station.received()[-3:]] == [
        ("done", 1),
        ("quarantined", 3),
        ("done", 1),
    ]


def test_who_writes_thousands_of_messages_makes_nobody_wait(busy: Station) -> None:
    busy.hear(*["aide"] * 3000)
    for address in (BORIS, CLARA):
        busy.hear("caf", "orthez", address=address)
    assert busy.worker.play_next() == 3
    assert busy.worker.play_next() == 3
    assert [len(busy.told(address)) for address in (BORIS, CLARA)] == [2, 2]
    assert "Quelle aide" in busy.told(BORIS)[1]


def test_stop_and_erasure_touch_nobody_else(busy: Station) -> None:
    for address in (ANNA, BORIS, CLARA):
        busy.hear("caf", address=address)
    busy.play()
    for address, text in ((ANNA, "stop"), (BORIS, "effacer"), (CLARA, "orthez")):
        busy.hear(text, address=address)
    assert busy.worker.play_next() == 3
    assert [len(busy.told(address)) for address in (ANNA, BORIS, CLARA)] == [1, 0, 2]
    assert busy.store.load("sms", busy.person(BORIS)).version == 0
    assert "arrêté" in busy.told(ANNA)[0]


def test_one_conversation_that_was_overtaken_is_played_again_and_none_twice(
    database: Engine, program: App, gateway: StandIn, clock: Clock
) -> None:
    said: list[str] = []

    def overtake(message: MessageIn) -> None:
        """Commit another turn of the conversation, once: as the page does."""
        if message.text == "orthez" and not said:
            said.append("Ailleurs.")
            stored = station.store.load("sms", message.conversation)
            assert stored.tracker
            station.store.commit(
                Turn(
                    channel="sms",
                    conversation=message.conversation,
                    external_id="ailleurs",
                    received_at=0.0,
                    read_version=stored.version,
                    tracker=stored.tracker,
                    messages=said,
                    gateway="android",
                    address="",
                )
            )

    station = begun(database, Disturbed(program.conversation, overtake), gateway, clock)
    for address in (ANNA, BORIS, CLARA):
        station.hear("caf", address=address)
    station.play()
    for address, text in ((ANNA, "pau"), (BORIS, "orthez"), (CLARA, "pau")):
        station.hear(text, address=address)
    station.play()
    assert [len(station.told(address)) for address in (ANNA, BORIS, CLARA)] == [2, 3, 2]
    assert station.told(BORIS)[1] == "Ailleurs."
    assert "insee" in Tracker.from_json(station.store.load("sms", station.person(BORIS)).tracker or "").slots
    assert {row.state for row in station.received()} == {"done"}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_processes_share_those_who_wait(
    postgres: str, busy: Station, program: App, gateway: StandIn, clock: Clock
) -> None:
    other = begun(open_base(postgres), program.conversation, gateway, clock)
    people = [f"+336399902{number:02}" for number in range(2 * AT_ONCE + 8)]
    for address in people:
        busy.hear("caf", "orthez", address=address)
    with busy.inbox.claim(0.0, AT_ONCE) as held:
        assert len(held.rows) == AT_ONCE
        assert other.play() == 2 * (AT_ONCE + 8)
    assert busy.play() == 2 * AT_ONCE
    assert {tuple(busy.told(address)) for address in people} == {tuple(busy.told(people[0]))}
    assert len(busy.told(people[0])) == 2
    other.engine.dispose()


def test_r13_a_message_that_kills_the_program_does_not_kill_it_for_ever(
    database: Engine, program: App, gateway: StandIn, clock: Clock
) -> None:
    conversation = Disturbed(program.conversation, kill_by_poison)
    station = begun(database, conversation, gateway, clock)
    station.hear("caf", address=ANNA)
    station.hear(POISON, address=BORIS)
    lives = 0
    while station.inbox.waiting():
        lives += 1
        try:
            station.play()
        except Killed:
            station = Station(database, cast("Conversation", conversation), gateway, clock=clock)
    assert lives == 5, "in one transaction with others, three times alone, and set aside"
    assert len(station.told(ANNA)) == len(station.told(BORIS)) == 1
    assert station.received()[-1].state == "quarantined"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_r13_processes_that_begin_at_once_count_one_attempt_each(
    postgres: str, database: Engine, program: App, gateway: StandIn, clock: Clock
) -> None:
    first, second = (
        Station(open_base(postgres), program.conversation, gateway, clock=clock) for _ in ("first", "second")
    )
    first.hear("caf")
    counting: list[object] = []
    begun_too: list[Future[int]] = []

    def begin_too(*_: object) -> None:
        """Have the second process begin once the first has counted its attempt."""
        if counting and not begun_too:
            begun_too.append(threads.submit(second.play))
            wait(begun_too, timeout=1.0)

    with ThreadPoolExecutor(1) as threads:
        event.listen(first.engine, "commit", counting.append)
        event.listen(first.engine, "before_cursor_execute", begin_too)
        first.play()
    assert begun_too
    assert [(row.state, row.attempts) for row in first.received()] == [("done", 1)]
    for each in (first, second):
        each.engine.dispose()


def test_an_outage_is_no_attempt(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: Claim, turns: object) -> None:
        raise BaseIndisponible("La base ne répond pas.")

    station.hear("caf")
    with monkeypatch.context() as outage:
        outage.setattr(Claim, "commit", away)
        for _ in range(5):
            with pytest.raises(BaseIndisponible):
                station.play()
    station.play()
    assert len(station.told()) == 1
    assert [(row.state, row.attempts) for row in station.received()] == [("done", 1)]
