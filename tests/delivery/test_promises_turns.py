"""Turns: in order, one effect each whoever plays them; one that breaks holds nobody back (R7, R8, R13, R16)."""

import asyncio
import random
import threading
from contextlib import AbstractContextManager
from typing import cast

import pytest
from sqlalchemy import Engine, func, select, text

from bot.app import App
from bot.channels.gateway import Inbound, Received
from bot.conversation.reception import to_json
from bot.conversation.turn import Conversation, Outcome
from bot.delivery.players import MOST_LATELY
from bot.engine.tracker import Tracker
from bot.messages import Delivery, MessageIn
from bot.store.inbox import Claim
from bot.store.outbox import Settled
from bot.store.tables import inbox, outbox
from bot.store.turns import MessageDejaRecu, Turn
from knowledge.base import BaseIndisponible, open_base
from tests.conversation.conftest import NOW
from tests.delivery.station import ANNA, BORIS, SECRECY, Clock, StandIn, Station

POISON = "ce texte casse tout"

SCRIPTS = (
    ("caf", "orthez", "aujourd'hui", "retour", "1", "2", "contact", "menu", "rsa", "pau"),
    ("bonjour", "impots", "je ne sais pas", "mauléon", "urgent", "1", "suite", "suite", "merci", "au revoir"),
    ("je suis a pau", "ants", "demain", "retour", "retour", "hein ?", "1", "aide", "stop", "caf"),
    ("logement", "64300", "1", "1", "1", "menu", "effacer", "caf", "orthez", "1"),
)


class Poisoned:
    """A conversation that breaks on one text."""

    def __init__(self, whole: Conversation) -> None:
        self._whole = whole

    def __getattr__(self, name: str) -> object:
        return getattr(self._whole, name)

    def play(self, tracker: Tracker | None, message: MessageIn) -> Outcome:
        if message.text == POISON:
            raise RuntimeError(message.text)
        return self._whole.play(tracker, message)


@pytest.fixture
def poisoned(station: Station, program: App, gateway: StandIn, clock: Clock) -> Station:
    conversation = cast("Conversation", Poisoned(program.conversation))
    return Station(station.engine, conversation, gateway, clock=clock)


def test_r07_the_turn_of_a_worker_that_was_overtaken_is_refused(
    station: Station, program: App, gateway: StandIn, clock: Clock
) -> None:
    station.hear("caf")
    other = Station(station.engine, program.conversation, gateway, clock=clock)
    refused: tuple[type[Exception], ...] = (MessageDejaRecu, BaseIndisponible)
    with station.inbox.claim(0.0, 1) as claim:
        (slow,) = claim.rows
        if station.engine.dialect.name == "postgresql":  # the server lets go of the row only with the session
            with station.engine.connect() as admin:
                others = "pid <> pg_backend_pid() AND state = 'idle in transaction'"
                admin.execute(text(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}"))
        assert other.play() == 1
        late = Turn(
            channel="sms",
            conversation=slow.conversation,
            external_id=None,
            received_at=0.0,
            read_version=slow.version,
            tracker="{}",
            messages=["en retard"],
            inbox_id=slow.id,
            gateway="android",
        )
        with pytest.raises(refused):
            claim.commit([late])
    assert "en retard" not in station.told()
    assert len(station.told()) == 1


def test_r07_a_sender_that_was_overtaken_does_not_settle_what_another_leased(
    station: Station, program: App, gateway: StandIn, clock: Clock
) -> None:
    station.hear("caf")
    station.play()
    now = clock().timestamp()
    (leased,) = station.outbox.lease(now, ["android"], 1)
    station.presence.leave()
    heir = Station(station.engine, program.conversation, gateway, clock=clock)
    heir.presence.enter()
    heir.outbox.adopt(now, 0, ())
    assert heir.outbox.lease(now, ["android"], 1)
    station.outbox.settle([Settled(id=leased.id, state=Delivery.TEMPORARY_FAILURE)])
    assert heir.states() == ["sending"]
    station.outbox.settle([Settled(id=leased.id, state=Delivery.SENT)])
    assert heir.states() == ["sent"], "it went, whoever leased it"
    heir.presence.leave()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_r07_no_message_of_a_person_is_played_while_an_earlier_one_is(
    station: Station, program: App, gateway: StandIn, clock: Clock
) -> None:
    station.hear("caf", "orthez")
    station.hear("rsa", address=BORIS)
    other = Station(station.engine, program.conversation, gateway, clock=clock)
    with station.inbox.claim(0.0, 1) as held:
        assert held.rows
        assert other.play() == 1
    assert [row.state for row in station.received()] == ["pending", "pending", "done"]


def serially(program: App, texts: tuple[str, ...]) -> list[str]:
    """Return what is answered to one person's messages, one after the other, without any database."""
    tracker: Tracker | None = None
    said: list[str] = []
    for said_by_person in texts:
        message = MessageIn(channel="sms", conversation="x", text=said_by_person, received_at=NOW)
        outcome = asyncio.run(program.conversation.turn(tracker, message))
        tracker = outcome.tracker
        earlier = [] if outcome.stopped else said  # what is not sent yet is cancelled
        said = [*earlier, *map(to_json, outcome.messages)]
        if tracker is None:
            said = []  # forgotten: the word that says so goes out under another name
    return said


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_r08_two_processes_and_two_hundred_interleaved_conversations_give_the_serial_transcripts(
    postgres: str, database: Engine, program: App, gateway: StandIn, clock: Clock
) -> None:
    expected = [serially(program, script) for script in SCRIPTS]
    stations = [
        Station(open_base(postgres), program.conversation, gateway, clock=clock),
        Station(database, program.conversation, gateway, clock=clock),
    ]
    people = {f"+3363998{number:04}": number % len(SCRIPTS) for number in range(200)}
    turns = [address for address in people for _ in range(10)]
    random.Random(8).shuffle(turns)
    said = {address: iter(SCRIPTS[which]) for address, which in people.items()}
    workers = [threading.Thread(target=station.worker.run) for station in stations]
    for worker in workers:
        worker.start()
    for begin in range(0, len(turns), 20):
        batch = [Inbound(address=one, text=next(said[one])) for one in turns[begin : begin + 20]]
        stations[0].take(Received(messages=tuple(batch)))
    asyncio.run(_emptied(stations[0]))
    for station, worker in zip(stations, workers, strict=True):
        station.worker.stop()
        worker.join()
    assert not [address for address, which in people.items() if stations[1].told(address) != expected[which]]
    stations[0].engine.dispose()


async def _emptied(station: Station) -> None:
    async with asyncio.timeout(300):
        while station.inbox.waiting():  # noqa: ASYNC110 - told by the database
            await asyncio.sleep(0.1)


def test_r13_a_message_that_breaks_everything_is_set_aside_with_an_apology(poisoned: Station, gateway: StandIn) -> None:
    poisoned.talk("caf")
    before = poisoned.store.load("sms", poisoned.person())
    poisoned.talk(POISON)
    assert poisoned.store.load("sms", poisoned.person()) == before
    poisoned.talk("orthez")
    question, apology, next_question = gateway.texts()
    assert apology != question
    assert "Quelle aide voulez-vous" in next_question
    aside = poisoned.received()[1]
    assert (aside.state, aside.attempts, aside.address) == ("quarantined", 3, None)
    assert SECRECY.open(aside.body) == "xx xxxxx xxxxx xxxx"


def test_r13_others_are_answered_while_a_message_breaks(poisoned: Station, gateway: StandIn) -> None:
    poisoned.hear(POISON)
    poisoned.talk("caf", address=BORIS)
    assert len(gateway.texts(BORIS)) == 1


def test_r16_an_apology_written_after_a_stop_is_not_sent(poisoned: Station, gateway: StandIn) -> None:
    poisoned.talk("caf")
    poisoned.hear(POISON)
    poisoned.take(Received(stopped=(ANNA,)))
    poisoned.talk()
    assert poisoned.states() == ["sent", "created"]
    assert len(gateway.sent) == 1


def test_r13_a_conversation_that_cannot_be_read_begins_again(station: Station, gateway: StandIn) -> None:
    station.talk("caf")
    with station.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE conversation SET tracker = '{}'")
    station.talk("orthez")
    assert station.states() == ["sent", "sent"]
    assert station.received()[-1].state == "done"


def test_r13_a_worker_survives_whatever_breaks_in_its_loop(
    station: Station, gateway: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, faults = station.inbox.claim, iter([RuntimeError("?"), BaseIndisponible("La base est occupée.")])

    def claim(since: float, most: int) -> AbstractContextManager[Claim]:
        for fault in faults:
            raise fault
        return real(since, most)

    monkeypatch.setattr(station.inbox, "claim", claim)
    monkeypatch.setattr("bot.delivery.worker.OUTAGE_S", 0.01)
    station.hear("caf")
    station.worker.start()
    asyncio.run(_emptied(station))
    station.worker.stop()
    assert len(station.told()) == 1


def test_a_burst_is_answered_up_to_the_limit_then_told_once(station: Station) -> None:
    station.hear(*["aide", "contact"] * ((MOST_LATELY + 6) // 2))
    station.play()
    with station.engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(inbox.c.state == "pending")) == 0
        assert connection.scalar(select(func.count(outbox.c.inbox_id.distinct()))) == MOST_LATELY + 1


def test_stop_is_heard_beyond_the_limit(station: Station, gateway: StandIn) -> None:
    station.hear(*["aide"] * (MOST_LATELY + 5), "stop")
    station.play()
    station.send()
    assert len(gateway.texts(ANNA)) == 1
