"""The parts of the delivery, each alone: the door, the envelope, long messages, presence, a gateway that is slow."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.app import App
from bot.channels.gateway import Inbound, Outbound, Part, Received, Sending
from bot.delivery.door import Door
from bot.delivery.envelope import MAX_ID, MAX_TEXT, Source
from bot.delivery.intake import PATIENCE_S, Intake
from bot.delivery.sender import AT_ONCE
from bot.limits import RateLimit
from bot.messages import Delivery
from bot.store.outbox import STALE_S, Outbox
from bot.store.presence import DejaServie, Presence
from bot.store.secrecy import SceauInconnu, Secrecy
from knowledge.base import BaseIndisponible
from tests.delivery.station import ANNA, BORIS, SECRECY, Clock, StandIn, Station, until

Told = Sequence[tuple[Source, Received]]
CUT = text("SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'")
"""Ends the sessions that say which processes are there."""


def said(*texts: str, **fields: object) -> Received:
    return Received(messages=tuple(Inbound(address=ANNA, text=each, **fields) for each in texts))  # type: ignore[arg-type]


class Wary(Intake):
    """An intake that refuses some texts, and counts how often it was asked."""

    def __init__(self, station: Station, fault: Exception) -> None:
        super().__init__(station.engine, station.envelope, station.inbox, station.outbox)
        self.fault = fault
        self.asked = 0

    def take(self, told: Told, now: float) -> None:
        self.asked += 1
        if any(message.text == "non" for _, received in told for message in received.messages):
            raise self.fault
        super().take(told, now)


@pytest.mark.parametrize(("fault", "asked", "written"), [(ValueError(), 6, 4), (BaseIndisponible("…"), 1, 0)])
def test_one_bad_call_among_many_fails_alone_and_an_outage_is_told_to_all_at_once(
    station: Station, clock: Clock, fault: Exception, asked: int, written: int
) -> None:
    intake = Wary(station, fault)

    async def deliver() -> list[object]:
        door = Door(intake, clock)
        calls = [asyncio.create_task(door.take(station.source, said(each))) for each in ("a", "b", "non", "c", "d")]
        return list(await asyncio.gather(*calls, return_exceptions=True))

    told = asyncio.run(deliver())
    assert (told.count(None), told.count(fault)) == (written, 5 - written)
    assert (intake.asked, len(station.received())) == (asked, written)


def test_a_gateway_that_hangs_up_at_the_door_takes_nobody_with_it(station: Station, clock: Clock) -> None:
    async def deliver() -> None:
        door = Door(station.intake, clock)
        gone, kept = (asyncio.create_task(door.take(station.source, said(each))) for each in ("a", "b"))
        await asyncio.sleep(0)
        gone.cancel()
        await kept
        await door.take(station.source, said("c"))

    asyncio.run(deliver())
    assert len(station.received()) == 3


@pytest.mark.parametrize("odd", ["a\0b", "\ud800", "é" * 20_000, "🙂" * 300])
def test_any_text_and_any_id_can_be_stored_and_read_again(station: Station, odd: str) -> None:
    station.take(Received(messages=(Inbound(address=odd, text=odd, external_id=odd, pressed=odd),)))
    (row,) = station.received()
    assert len(row.external_id) <= MAX_ID
    assert station.envelope.message(row, station.clock()).text == odd[:MAX_TEXT]
    assert station.envelope.address(row.address) == odd
    assert set(SECRECY.open(station.envelope.masked(row))) <= set("x🙂\0\ud800")


def test_two_long_ids_that_begin_alike_are_two_messages(station: Station) -> None:
    for end in "ab":
        station.take(said("caf", external_id="m" * 300 + end))
    assert len(station.received()) == 2


def test_a_seal_opens_with_its_key_only_and_a_pseudonym_needs_it() -> None:
    other = Secrecy("une autre clé de trente-deux caractères")
    assert SECRECY.open(SECRECY.seal("caf")) == "caf"
    for sealed in (other.seal("caf"), SECRECY.seal("caf")[:-4], "", "é"):
        with pytest.raises(SceauInconnu):
            SECRECY.open(sealed)
    assert SECRECY.pseudonym("sms", ANNA) == SECRECY.pseudonym("sms", ANNA) != other.pseudonym("sms", ANNA)
    assert SECRECY.pseudonym("a", "bc") != SECRECY.pseudonym("ab", "c")
    with pytest.raises(ValueError, match="32 characters"):
        Secrecy("court")


def parts(*numbers: int, total: int = 3) -> Received:
    return Received(
        messages=tuple(
            Inbound(address=ANNA, text=f"<{n}>", external_id=f"p{n}", part=Part(ref="7" * 60, number=n, total=total))
            for n in numbers
        )
    )


def texts(station: Station) -> list[str]:
    return [station.envelope.message(row, station.clock()).text for row in station.received() if row.body]


def test_the_parts_of_a_message_make_one_in_any_order_told_twice_or_not(station: Station, clock: Clock) -> None:
    for number in (3, 1, 1, 2):
        station.take(parts(number))
    assert texts(station) == ["<1><2><3>"]
    station.take(parts(2, 1))
    clock.advance(PATIENCE_S + 1)
    station.clockwork.tick()
    assert texts(station) == ["<1><2><3>"], "parts told again after the whole make no message"


def test_what_there_is_of_a_message_is_answered_when_the_rest_does_not_come(station: Station, clock: Clock) -> None:
    station.take(parts(3, 1))
    clock.advance(PATIENCE_S)
    station.clockwork.tick()
    assert texts(station) == []
    clock.advance(1)
    station.clockwork.tick()
    station.clockwork.tick()
    assert texts(station) == ["<1><3>"]


def test_last_parts_that_came_at_once_to_two_processes_make_a_message_at_the_next_tick(station: Station) -> None:
    def place(gateway: str) -> None:
        with station.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE part SET gateway = '{gateway}'")

    station.take(parts(1, total=2))
    place("invisible")
    station.take(parts(2, total=2))
    place("android")
    assert texts(station) == []
    station.clockwork.tick()
    assert texts(station) == ["<1><2>"]


def test_the_parts_of_a_message_may_have_one_id(station: Station) -> None:
    both = [replace(message, external_id="m1") for message in parts(1, 2, total=2).messages]
    station.take(Received(messages=tuple(both)))
    assert texts(station) == ["<1><2>"]


def test_a_second_program_over_one_sqlite_base_is_refused_in_french(sqlite: Engine) -> None:
    one, other = Presence(sqlite), Presence(sqlite)
    one.enter()
    with pytest.raises(DejaServie, match="utilise déjà cette base"):
        other.enter()
    one.leave()
    other.enter()
    other.leave()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_process_whose_session_was_cut_is_there_again(postgres: str, database: Engine) -> None:
    one, other = Presence(database), Presence(database)
    one.enter()
    with database.connect() as connection:
        assert other.gone(connection, [one.owner]) == []
        connection.execute(CUT)
        connection.rollback()
        assert other.gone(connection, [one.owner]) == [one.owner]
        connection.rollback()
        one.renew()
        assert other.gone(connection, [one.owner]) == []
    one.leave()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_sender_whose_session_was_cut_keeps_what_it_leased(station: Station, gateway: StandIn, clock: Clock) -> None:
    for address in (ANNA, BORIS):
        station.hear("caf", address=address)
    station.play()
    assert station.outbox.lease(clock().timestamp(), ["android"], 1)
    with station.engine.begin() as connection:
        connection.execute(CUT)

    async def run() -> None:
        sending = asyncio.create_task(station.sender.run())
        await until(lambda: bool(gateway.texts(BORIS)))
        station.sender.stop()
        await sending

    asyncio.run(run())
    other = Outbox(station.engine, Presence(station.engine))
    assert other.adopt(clock().timestamp(), 0, ()) == 0
    assert station.states() == ["sending", "sent"]


class Slow(StandIn):
    """A gateway that answers nothing as long as it is told not to."""

    def __init__(self) -> None:
        super().__init__(name="kannel")
        self.open = asyncio.Event()

    async def send(self, message: Outbound) -> Sending:
        await self.open.wait()
        return await super().send(message)


def test_a_gateway_that_is_slow_holds_no_other_back(database: Engine, program: App, clock: Clock) -> None:
    slow, quick = Slow(), StandIn()
    stations = [Station(database, program.conversation, *each, clock=clock) for each in ((slow, quick), (quick, slow))]
    for number in range(AT_ONCE + 8):
        stations[0].hear("caf", address=f"+3363998{number:04}")
    stations[1].hear("caf", address=BORIS)
    stations[0].play()

    async def run() -> None:
        sending = asyncio.create_task(stations[0].sender.run())
        await until(lambda: bool(quick.sent))
        assert not slow.sent
        slow.open.set()
        stations[0].sender.stop()
        await sending

    asyncio.run(run())
    assert len(slow.sent) == AT_ONCE, "what was under way when it stopped, no more"


def test_a_gateway_that_breaks_does_not_keep_its_message(
    station: Station, gateway: StandIn, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: Outbound) -> Sending:
        raise KeyError

    station.hear("caf")
    station.play()
    with monkeypatch.context() as patched:
        patched.setattr(gateway, "send", broken)
        station.send()
    assert station.states() == ["temporary-failure"]
    clock.advance(60)
    assert station.send() == 1


def test_an_answer_is_given_up_after_a_day_and_one_of_a_gateway_that_is_gone_holds_nothing_back(
    station: Station, program: App, clock: Clock
) -> None:
    station.hear("caf")
    station.play()
    newer = StandIn(name="twilio")
    heir = Station(station.engine, program.conversation, newer, clock=clock)
    heir.talk("orthez")
    assert heir.states() == ["created", "sent"]
    clock.advance(STALE_S + 1)
    heir.outbox.tidy(clock().timestamp())
    assert heir.states() == ["permanent-failure", "sent"]


def test_a_clock_that_is_set_back_stops_no_answer(station: Station, gateway: StandIn, clock: Clock) -> None:
    gateway.answers.append(Sending(state=Delivery.SENT, retry_after=60))
    station.talk("caf")
    station.hear("caf", address=BORIS)
    station.play()
    assert station.send() == 0, "the gateway asked for a minute"
    clock.advance(-3600)
    assert station.send() == 1


def test_a_bucket_may_hold_more_than_its_pace() -> None:
    limit = RateLimit(60, burst=3)
    assert limit.left("a", 0.0) == 3
    assert [limit.take("a", 0.0) for _ in range(4)] == [0, 0, 0, 1]
    assert limit.left("a", 2.0) == 2
    assert len(limit) == 1


def test_the_lock_of_a_base_is_beside_it(sqlite: Engine) -> None:
    presence = Presence(sqlite)
    presence.enter()
    assert Path(f"{sqlite.url.database}.service").exists()
    presence.leave()
