"""What goes out: again when it surely did not go, never when nobody knows, in order, paced (R5, R6, R10, R11)."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, ClientTimeout
from sqlalchemy import Engine

from bot.app import App
from bot.channels.gateway import HttpRequest, Outbound, Sending
from bot.channels.http import TIMEOUT, Http, over_http
from bot.channels.sms.android import Android
from bot.channels.sms.kannel import Kannel
from bot.messages import Delivery
from bot.store.turns import Turn
from tests.delivery.conftest import MakeLink
from tests.delivery.phones import Phones
from tests.delivery.station import ANNA, BORIS, SECRECY, Clock, StandIn, Station

AGAIN = Sending(state=Delivery.TEMPORARY_FAILURE)


@asynccontextmanager
async def answerless(*, hangs_up: bool) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that takes every request, then cuts the line, or keeps it and never says a word."""
    asked = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        while not hangs_up and await reader.read(1000):
            pass
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", asked


def test_r05_an_answer_that_comes_in_pieces_is_read_whole() -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n0: A")
        await asyncio.sleep(0.05)
        writer.write(b"ccep")
        writer.close()

    async def ask() -> bytes:
        http = Http()
        async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            response = await http.ask(HttpRequest(method="GET", url=url))
            await http.close()
            return response.body

    assert asyncio.run(ask()) == b"0: Accep"


@pytest.mark.parametrize("hangs_up", [True, False], ids=["hangs up", "silent"])
@pytest.mark.parametrize(("idempotent", "times", "state"), [(False, 1, "uncertain"), (True, 3, "temporary-failure")])
def test_r05_a_gateway_that_does_not_answer_is_asked_again_only_when_it_refuses_a_second_copy(
    database: Engine,
    program: App,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    idempotent: bool,
    times: int,
    state: str,
    hangs_up: bool,
) -> None:
    async def deliver() -> tuple[int, list[str]]:
        http = Http(lambda: ClientSession(timeout=ClientTimeout(total=0.3)))
        async with answerless(hangs_up=hangs_up) as (url, asked):
            kannel = Kannel(url=url, username="u", password="p", sender="36000", callback=url)
            phone = Android(username="u", password="p", signing_key="k", callback=url, messages_url=url)
            gateway = over_http(phone if idempotent else kannel, http).gateway
            station = Station(database, program.conversation, gateway, clock=clock)
            station.hear("caf")
            await asyncio.to_thread(station.play)
            for _ in range(3):
                await station.sender.send_all()
                clock.advance(3600)
            await http.close()
            return len(asked), station.states()

    with caplog.at_level(logging.DEBUG):
        assert asyncio.run(deliver()) == (times, [state])
    reason = "ServerDisconnectedError" if hangs_up else "TimeoutError"
    said = [record.getMessage() for record in caplog.records if record.name == "bot.delivery.sender"]
    assert len(said) == times
    assert all(state in line and reason in line for line in said), said
    assert not [word for word in (ANNA, ANNA[1:], "caf") if word in caplog.text]


def test_r05_no_gateway_is_waited_for_longer_than_half_a_minute() -> None:
    assert TIMEOUT.total == 30


def test_r05_what_a_process_leased_before_it_died_goes_once_its_grace_is_over(
    station: Station, gateway: StandIn, program: App, clock: Clock
) -> None:
    gateway.idempotent = False
    station.hear("caf")
    station.play()
    assert station.outbox.lease(clock().timestamp(), ["android"], 1)
    station.presence.leave()
    heir = Station(station.engine, program.conversation, gateway, clock=clock)
    assert heir.outbox.adopt(clock().timestamp(), 20, ()) == 1
    assert heir.send() == 0
    clock.advance(20)
    assert heir.send() == 1
    assert heir.states() == ["sent"]


def test_r05_a_receipt_that_comes_meanwhile_spares_the_second_copy(
    station: Station, gateway: StandIn, program: App, clock: Clock
) -> None:
    station.hear("caf")
    station.play()
    (leased,) = station.outbox.lease(clock().timestamp(), ["android"], 1)
    station.presence.leave()
    heir = Station(station.engine, program.conversation, gateway, clock=clock)
    heir.outbox.adopt(clock().timestamp(), 20, ())
    heir.receipt(Delivery.SENT, key=leased.key)
    clock.advance(3600)
    assert heir.send() == 0


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_r05_a_living_process_keeps_what_it_leased(
    database: Engine, program: App, gateway: StandIn, clock: Clock
) -> None:
    one, other = (Station(database, program.conversation, gateway, clock=clock) for _ in range(2))
    one.presence.enter()
    one.hear("caf")
    one.play()
    one.outbox.lease(clock().timestamp(), ["android"], 1)
    assert other.outbox.adopt(clock().timestamp(), 0, ()) == 0
    one.presence.leave()
    assert other.outbox.adopt(clock().timestamp(), 0, ()) == 1


def answers(station: Station, *texts: str) -> None:
    """Commit a turn that answers Anna with several messages."""
    station.store.commit(
        Turn(
            channel="sms",
            conversation=station.person(),
            external_id=None,
            received_at=station.clock().timestamp(),
            read_version=0,
            tracker="{}",
            messages=[f'{{"text":"{text}","choices":[],"lieux":[]}}' for text in texts],
            gateway="android",
            address=SECRECY.seal(ANNA),
        )
    )


def test_r06_a_part_that_fails_twice_is_the_only_one_sent_again_and_the_others_wait_for_it(
    station: Station, gateway: StandIn, clock: Clock
) -> None:
    gateway.answers = deque([Sending(state=Delivery.SENT), AGAIN, AGAIN])
    answers(station, "un", "deux", "trois")
    for _ in range(4):
        station.send()
        clock.advance(60)
    assert gateway.texts() == ["un", "deux", "deux", "deux", "trois"]
    assert station.states() == ["sent"] * 3


def test_r10_a_state_only_rises(station: Station, gateway: StandIn) -> None:
    station.talk("caf")
    key = gateway.sent[0].key
    for state in (Delivery.DELIVERED, Delivery.SENT, Delivery.PERMANENT_FAILURE, Delivery.TEMPORARY_FAILURE):
        station.receipt(state, key=key)
    assert station.states() == ["delivered"]


@pytest.mark.parametrize(("key", "gateway_id"), [(None, None), ("", ""), ("a\0b", None), (None, "a\0b")])
def test_r10_a_receipt_that_names_no_message_changes_none(
    station: Station, gateway: StandIn, key: str | None, gateway_id: str | None
) -> None:
    station.hear("caf")
    station.play()
    station.receipt(Delivery.DELIVERED, key=key, gateway_id=gateway_id)
    assert station.send() == 1
    assert station.states() == ["sent"]


@pytest.mark.parametrize("late", [Delivery.SENT, Delivery.DELIVERED])
def test_r10_a_receipt_of_a_message_not_known_yet_is_matched_when_it_is(
    station: Station, gateway: StandIn, late: Delivery
) -> None:
    station.hear("caf")
    station.play()
    for state in (late, Delivery.SENT):
        station.receipt(state, gateway_id="g1")
    gateway.answers.append(Sending(state=Delivery.SENT, gateway_id="g1"))
    station.send()
    assert station.states() == [late]


def test_r10_a_receipt_before_the_answer_of_the_gateway_is_not_undone_by_it(
    station: Station, gateway: StandIn, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def late(message: Outbound) -> Sending:
        await asyncio.to_thread(station.receipt, Delivery.DELIVERED, key=message.key)
        return AGAIN

    monkeypatch.setattr(gateway, "send", late)
    station.talk("caf")
    clock.advance(3600)
    assert station.send() == 0
    assert station.states() == ["delivered"]


def test_r10_a_receipt_written_while_the_answer_was_is_applied_later(
    station: Station, gateway: StandIn, clock: Clock
) -> None:
    station.talk("caf")
    with station.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox SET gateway_id = 'g1'")
        connection.exec_driver_sql("INSERT INTO receipt VALUES ('android', 'g1', 'delivered', 0)")
    station.outbox.tidy(clock().timestamp())
    assert station.states() == ["delivered"]


def test_r11_a_chat_that_must_wait_waits_and_others_flow(
    database: Engine, program: App, phones: Phones, android: MakeLink, clock: Clock
) -> None:
    async def deliver() -> None:
        http = Http()
        station = Station(database, program.conversation, android(http).gateway, clock=clock)

        async def talk(address: str) -> None:
            station.hear("caf", address=address)
            await asyncio.to_thread(station.play)
            await station.sender.send_all()

        phones.refusals.append(429)
        await talk(ANNA)
        clock.advance(6)
        await talk(BORIS)
        assert [number for _, number in phones.asked] == [ANNA, BORIS]
        clock.advance(1)
        await station.sender.send_all()
        assert [number for _, number in phones.asked] == [ANNA, BORIS, ANNA]
        await http.close()

    asyncio.run(deliver())


def test_r11_a_gateway_is_given_no_more_than_its_pace(
    database: Engine, program: App, gateway: StandIn, clock: Clock
) -> None:
    station = Station(database, program.conversation, gateway, clock=clock, pace=2)
    for number in range(6):
        station.hear("caf", address=f"+3363998100{number}")
    station.play()
    sent = []
    for _ in range(3):
        sent.append(station.send())
        clock.advance(1)
    assert sent == [2, 2, 2]


def test_r11_one_person_is_not_flooded_and_waiting_is_no_attempt(
    station: Station, gateway: StandIn, clock: Clock
) -> None:
    answers(station, *"abcde")
    sent = []
    for _ in range(4):
        station.send()
        sent.append(len(gateway.sent))
        clock.advance(1)
    assert sent == [3, 4, 5, 5]
    with station.engine.connect() as connection:
        assert set(connection.exec_driver_sql("SELECT attempts FROM outbox").scalars()) == {1}


def test_r11_what_follows_a_message_that_waits_is_left_alone_until_then(
    station: Station, gateway: StandIn, clock: Clock
) -> None:
    answers(station, *"abcdefgh")
    station.send()
    assert len(gateway.sent) == 3
    with station.engine.connect() as connection:
        unsent = "SELECT not_before FROM outbox WHERE state = 'created'"
        instants = list(connection.exec_driver_sql(unsent).scalars())
    assert len(instants) == 5
    assert min(instants) > clock().timestamp(), "no lease looks at them before"
    clock.advance(1)
    station.send()
    assert len(gateway.sent) == 4
