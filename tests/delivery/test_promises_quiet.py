"""When to speak and when not: reminders, STOP, other machines, a stop of the program (R9, R16, R17, R18)."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select

from bot.app import App
from bot.channels.gateway import Inbound, Link, Received, Sending
from bot.delivery.players import MOST_LATELY
from bot.delivery.service import Options, Service
from bot.delivery.worker import WINDOW_S
from bot.messages import Delivery
from bot.store.inbox import Claim
from bot.store.outbox import FOREVER
from bot.store.tables import conversation, timer
from bot.store.turns import Turn
from knowledge.base import BaseIndisponible
from tests.delivery.station import ANNA, PATIENCE_S, SECRECY, Clock, StandIn, Station, until

HOUR = 3600.0
AGAIN = Sending(state=Delivery.TEMPORARY_FAILURE)


def ask_reminder(station: Station, seconds: float) -> None:
    """Commit a turn of Anna that asks for a reminder in so many seconds; 0 takes it back."""
    now, stored = station.clock().timestamp(), station.store.load("sms", station.person())
    station.store.commit(
        Turn(
            channel="sms",
            conversation=station.person(),
            external_id=None,
            received_at=now,
            read_version=stored.version,
            tracker=stored.tracker or "{}",
            messages=(),
            gateway="android",
            address=SECRECY.seal(ANNA),
            remind_at=now + seconds if seconds else 0.0,
        )
    )


def reminders(station: Station) -> int:
    """Return how many reminders came due."""
    return sum((row.external_id or "").startswith("rappel:") for row in station.received())


def timers_waiting(station: Station) -> int:
    with station.engine.connect() as connection:
        return len(connection.execute(select(timer.c.due_at)).all())


def test_r09_a_reminder_survives_a_restart_and_comes_once(
    station: Station, program: App, gateway: StandIn, clock: Clock
) -> None:
    ask_reminder(station, HOUR)
    station.clockwork.tick()
    assert reminders(station) == 0
    clock.advance(HOUR)
    restarted = [Station(station.engine, program.conversation, gateway, clock=clock) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: one.clockwork.tick(), restarted))
    station.clockwork.tick()
    assert reminders(station) == 1
    assert timers_waiting(station) == 0


def test_r09_a_fault_while_a_reminder_comes_due_leaves_it_for_later(
    station: Station, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    def fault(_: str) -> None:
        raise RuntimeError

    ask_reminder(station, HOUR)
    clock.advance(HOUR)
    with monkeypatch.context() as broken:
        broken.setattr("bot.delivery.clockwork.reach", fault)
        station.clockwork.tick()
    assert (reminders(station), timers_waiting(station)) == (0, 1)
    station.clockwork.tick()
    assert reminders(station) == 1


@pytest.mark.parametrize("seconds", [0, 2 * HOUR])
def test_r09_a_reminder_that_is_taken_back_or_put_off_does_not_come(
    station: Station, clock: Clock, seconds: float
) -> None:
    ask_reminder(station, HOUR)
    ask_reminder(station, seconds)
    clock.advance(HOUR)
    station.clockwork.tick()
    assert reminders(station) == 0


@pytest.mark.parametrize("word", ["stop", "effacer"])
def test_r16_no_reminder_comes_after_stop_or_after_an_erasure(station: Station, clock: Clock, word: str) -> None:
    station.talk("caf")
    ask_reminder(station, HOUR)
    station.talk(word)
    clock.advance(HOUR)
    station.clockwork.tick()
    assert reminders(station) == 0


@pytest.mark.parametrize("together", [True, False])
def test_r16_two_stops_have_one_confirmation(station: Station, gateway: StandIn, together: bool) -> None:
    for said in [("stop", "stop")] if together else [("stop",), ("stop",)]:
        station.talk(*said)
    assert len(gateway.texts()) == 1


def test_r16_what_waits_when_stop_comes_is_never_sent(station: Station, gateway: StandIn, clock: Clock) -> None:
    gateway.answers = deque([AGAIN])
    station.talk("caf")
    station.hear("orthez")
    station.talk("stop")
    clock.advance(HOUR)
    station.send()
    assert station.states() == ["cancelled", "cancelled", "sent"]
    assert len(gateway.texts()) == 2, "the question that failed, then the confirmation"


def test_r16_a_message_under_way_when_stop_comes_is_not_sent_again_nor_raised(
    station: Station, gateway: StandIn, clock: Clock
) -> None:
    station.hear("caf")
    station.play()
    (leased,) = station.outbox.lease(clock().timestamp(), ["android"], 1)
    station.talk("stop")
    for state in (Delivery.SENT, Delivery.DELIVERED):
        station.receipt(state, key=leased.key)
    clock.advance(HOUR)
    station.send()
    assert station.states() == ["cancelled", "sent"]


def test_r16_a_machine_that_answers_the_confirmation_reopens_nothing_and_a_person_does(
    station: Station, gateway: StandIn
) -> None:
    station.talk("stop")
    station.talk("Réponse automatique : je suis absent")
    station.talk("stop")
    assert len(gateway.texts()) == 1
    station.talk("caf")
    assert len(gateway.texts()) == 2


def test_r16_a_gateway_that_says_stop_is_believed_until_the_person_writes(
    station: Station, gateway: StandIn, clock: Clock
) -> None:
    gateway.answers = deque([Sending(state=Delivery.PERMANENT_FAILURE, stopped=True)])
    station.talk("caf", "orthez")
    clock.advance(HOUR)
    station.send()
    assert station.states() == ["permanent-failure", "cancelled"]
    station.talk("pau")
    assert station.states()[-1] == "sent"


def stopped_by(station: Station) -> int | None:
    """Return which message, if any, says that Anna wants no more."""
    with station.engine.connect() as connection:
        return connection.scalar(select(conversation.c.stopped_by))


def test_r16_only_the_person_undoes_what_the_gateway_said(station: Station, gateway: StandIn) -> None:
    station.talk("caf")
    station.take(Received(stopped=(ANNA,)))
    station.talk("Réponse automatique : je suis absent")
    assert stopped_by(station) == FOREVER
    station.talk("pau")
    assert stopped_by(station) is None
    assert len(gateway.texts()) == 2


@pytest.mark.parametrize("stops", ["before it is played", "while it is played"])
def test_r16_a_reminder_that_is_due_is_not_said_once_the_gateway_says_stop(
    station: Station, gateway: StandIn, clock: Clock, monkeypatch: pytest.MonkeyPatch, stops: str
) -> None:
    station.talk("caf", "pau")
    while (stored := station.store.load("sms", station.person()).tracker or "") and '"suite"' not in stored:
        clock.advance(60)
        station.talk("1")
    ask_reminder(station, HOUR)
    clock.advance(HOUR)
    station.clockwork.tick()
    station.send()
    said = len(gateway.texts())
    if stops == "before it is played":
        station.take(Received(stopped=(ANNA,)))
    else:
        monkeypatch.setattr(Claim, "commit", overtaken(station, Claim.commit))
    station.play()
    station.send()
    assert [row.state for row in station.received()][-1] == "done"
    assert (stopped_by(station), len(gateway.texts())) == (FOREVER, said)


def overtaken(
    station: Station, real: Callable[[Claim, Sequence[Turn]], None]
) -> Callable[[Claim, Sequence[Turn]], None]:
    def commit(claim: Claim, turns: Sequence[Turn]) -> None:
        assert all(turn.messages for turn in turns)
        station.take(Received(stopped=(ANNA,)))
        real(claim, turns)

    return commit


def test_r16_who_says_stop_after_the_gateway_did_leaves_nothing_waiting(station: Station, clock: Clock) -> None:
    station.talk("caf")
    station.take(Received(stopped=(ANNA,)))
    station.talk("stop")
    assert station.states() == ["sent", "cancelled"]
    assert stopped_by(station) == FOREVER


@pytest.mark.parametrize(
    ("echo", "most"),
    [("{text}", 10), ("n° {n} : {text}", MOST_LATELY + 1), ("Message automatique", 0)],
    ids=["parrot", "chatterbox", "absent"],
)
def test_r17_two_machines_face_to_face_fall_silent(station: Station, gateway: StandIn, echo: str, most: int) -> None:
    station.hear(echo.format(n=0, text="caf"))
    for turn in range(500):
        before = len(gateway.sent)
        station.play()
        while station.send():
            station.clock.advance(1)
        said = gateway.texts()[before:]
        if not said:
            break
        station.hear(echo.format(n=turn, text=said[-1]))
    assert turn <= most
    station.clock.advance(WINDOW_S)
    before = len(gateway.sent)
    station.talk("je cherche la caf à pau")
    assert len(gateway.sent) > before, "a person who writes later is answered"


def test_r18_a_stop_under_load_loses_nothing_and_repeats_nothing(
    database: Engine, program: App, gateway: StandIn, clock: Clock
) -> None:
    link = Link(gateway=gateway)
    people: list[str] = []
    ended: list[bool] = []

    def service() -> Service:
        return Service(database, lambda: program.conversation, [link], SECRECY, clock, Options(per_second={}))

    async def live() -> None:
        first, second = service(), service()
        await first.start()

        async def feed() -> None:
            while not ended:
                one = f"+3363998{len(people):04}"
                await first.take(gateway, Received(messages=(Inbound(address=one, text="caf", external_id=one),)))
                people.append(one)

        feeding = asyncio.create_task(feed())
        await until(lambda: bool(gateway.sent))
        await first.stop()
        ended.append(True)
        await feeding
        await second.start()
        await until(lambda: len({one.address for one in gateway.sent}) == len(people))
        await second.stop()

    asyncio.run(live())
    assert sorted(one.address for one in gateway.sent) == people
    assert not Station(database, program.conversation, gateway, clock=clock).inbox.waiting()


def test_r18_a_stop_while_the_database_is_down_ends(
    station: Station, gateway: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_: object) -> None:
        raise BaseIndisponible("La base ne répond pas.")

    station.hear("caf")
    station.play()
    monkeypatch.setattr(station.outbox, "settle", down)

    async def live() -> None:
        sending = asyncio.create_task(station.sender.run())
        await until(lambda: bool(gateway.sent))
        station.sender.stop()
        async with asyncio.timeout(PATIENCE_S):
            await sending

    asyncio.run(live())
    assert station.states() == ["sending"]
