"""What a gateway tells: once, whole, never lost, and only from the gateway itself (promises R1 to R4, R12)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import Engine

from bot.app import App
from bot.channels.gateway import Inbound, Received
from bot.web import hooks
from tests.databases import count_rows
from tests.delivery.conftest import MakeLink
from tests.delivery.phones import Phones, signed
from tests.delivery.station import (
    ANNA,
    PATIENCE_S,
    SECRET,
    Clock,
    Fault,
    StandIn,
    Station,
    broken_at,
    serving,
    tables_gone,
    until,
)

HOOK = f"/gateways/android/{SECRET}"


def call(identifier: str, text: str) -> bytes:
    """Return the event of a telephone that received a message from Anna."""
    payload = {"message": text, "sender": ANNA, "receivedAt": "2026-11-23T10:00:00+01:00"}
    return json.dumps({"id": identifier, "event": "sms:received", "payload": payload}).encode()


async def post(client: TestClient[Any, Any], clock: Clock, identifier: str, text: str = "caf") -> int:
    body = call(identifier, text)
    async with client.post(HOOK, data=body, headers=signed(body, clock().timestamp())) as response:
        return response.status


def test_r01_a_message_delivered_fifty_times_at_once_is_answered_once(
    database: Engine, program: App, phones: Phones, android: MakeLink, clock: Clock
) -> None:
    async def deliver() -> list[int]:
        async with serving(database, program, android, clock) as client:
            statuses = await asyncio.gather(*(post(client, clock, "m1") for _ in range(50)))
            await post(client, clock, "m2", "merci")
            await until(lambda: len(phones.received[ANNA]) == 2)
        return list(statuses)

    assert asyncio.run(deliver()) == [200] * 50
    assert count_rows(database) == {"conversation": 1, "inbox": 2, "outbox": 2}
    assert len(phones.asked) == 2


def test_r02_a_telephone_that_tells_a_message_again_under_another_event_is_answered_once(
    database: Engine, program: App, phones: Phones, android: MakeLink, clock: Clock
) -> None:
    async def deliver() -> list[int]:
        async with serving(database, program, android, clock) as client:
            statuses = [await post(client, clock, identifier, "caf") for identifier in ("m1", "m2", "m1")]
            await post(client, clock, "m3", "merci")
            await until(lambda: len(phones.received[ANNA]) == 2)
        return statuses

    assert asyncio.run(deliver()) == [200] * 3
    assert count_rows(database) == {"conversation": 1, "inbox": 2, "outbox": 2}


def test_r02_without_an_id_the_instant_tells_a_repetition_from_a_second_delivery(station: Station) -> None:
    first = Inbound(address=ANNA, text="1", sent_at=station.clock())
    later = Inbound(address=ANNA, text="1", sent_at=station.clock() + timedelta(seconds=1))
    for inbound in (first, later, first, later):
        station.take(Received(messages=(inbound,)))
    assert station.play() == 2


def test_r01_a_departure_told_twice_does_not_take_back_the_answer_to_who_came_back(
    station: Station, gateway: StandIn
) -> None:
    left = Inbound(address=ANNA, external_id="7", sent_at=station.clock())
    back = Inbound(address=ANNA, external_id="8", text="/start")
    station.talk("bonjour")
    told = Received(messages=(back,), blocked=(left, left))
    station.take(told)
    station.play()
    station.take(told)
    station.play()
    assert station.send() == 1
    station.take(Received(blocked=(Inbound(address=ANNA, external_id="9"),)))
    station.hear("merci")
    station.take(told)
    station.play()
    assert station.send() == 1
    assert len(gateway.texts()) == 3


def test_r02_with_neither_id_nor_instant_each_delivery_counts(station: Station) -> None:
    for _ in range(2):
        station.take(Received(messages=(Inbound(address=ANNA, text="1"),)))
    assert station.play() == 2


def test_r03_a_database_that_is_down_asks_the_gateway_to_come_back(
    database: Engine, program: App, phones: Phones, android: MakeLink, clock: Clock
) -> None:
    async def deliver() -> None:
        async with serving(database, program, android, clock) as client:
            with tables_gone(database):
                assert set(await asyncio.gather(*(post(client, clock, f"m{n}") for n in range(3)))) == {503}
            assert await post(client, clock, "m1") == 200
            await until(lambda: bool(phones.received[ANNA]))

    asyncio.run(deliver())
    assert count_rows(database)["inbox"] == 1


def test_r03_a_call_that_comes_in_pieces_is_read_whole(
    database: Engine, program: App, phones: Phones, android: MakeLink, clock: Clock
) -> None:
    body = call("m1", "caf")

    async def pieces() -> AsyncIterator[bytes]:
        for piece in (body[:20], body[20:]):
            yield piece
            await asyncio.sleep(0.05)

    async def deliver() -> int:
        async with serving(database, program, android, clock) as client:
            headers = signed(body, clock().timestamp())
            async with client.post(HOOK, data=pieces(), headers=headers) as response:
                return response.status

    assert asyncio.run(deliver()) == 200


def test_r03_nothing_is_acknowledged_before_it_is_committed(
    database: Engine, program: App, phones: Phones, android: MakeLink, clock: Clock
) -> None:
    hold = "DELETE FROM inbox" if database.dialect.name == "sqlite" else "LOCK TABLE inbox IN EXCLUSIVE MODE"

    async def deliver() -> None:
        async with serving(database, program, android, clock) as client:
            with database.connect() as other:
                other.exec_driver_sql(hold)
                asked = asyncio.create_task(post(client, clock, "m1"))
                assert not (await asyncio.wait([asked], timeout=0.3))[0]
                other.rollback()
            assert await asked == 200
            assert count_rows(database)["inbox"] == 1

    asyncio.run(deliver())


def test_r04_a_fault_anywhere_in_a_turn_leaves_the_transcript_as_without_it(station: Station) -> None:
    def converse(address: str, step: int) -> tuple[list[str], bool]:
        """Return what is answered to two messages, one thing broken on the way, and whether it was."""
        station.hear("caf", "orthez", address=address)
        with broken_at(station.engine, step) as done, suppress(Fault):
            station.play()
        station.play()
        return station.told(address), len(done) > step

    whole, _ = converse(ANNA, 1000)
    assert len(whole) == 2
    for step in range(1000):
        said, broken = converse(f"+3363999{step:04}", step)
        assert said == whole, step
        if not broken:
            break
    assert step >= 11


@pytest.mark.parametrize(
    ("path", "headers", "body", "status"),
    [
        ("/gateways/android/deviné", {}, call("m1", "caf"), 404),
        (f"/gateways/twilio/{SECRET}", {}, call("m1", "caf"), 404),
        (HOOK, {"X-Signature": "0" * 64}, call("m1", "caf"), 403),
        (HOOK, {"X-Signature": ""}, call("m1", "caf"), 403),
        (HOOK, {"X-Timestamp": "1795424399"}, call("m1", "caf"), 403),
        (HOOK, {}, b"x" * 70_000, 413),
        (HOOK, {}, b"{", 400),
    ],
    ids=["secret", "gateway", "signature", "unsigned", "stamp", "long", "unreadable"],
)
def test_r12_a_call_that_is_not_the_gateways_is_refused(
    database: Engine,
    program: App,
    android: MakeLink,
    clock: Clock,
    path: str,
    headers: dict[str, str],
    body: bytes,
    status: int,
) -> None:
    async def deliver() -> int:
        async with serving(database, program, android, clock) as client:
            stamped = {**signed(body, clock().timestamp()), **headers}
            async with client.post(path, data=body, headers=stamped) as response:
                return response.status

    assert asyncio.run(deliver()) == status
    assert count_rows(database)["inbox"] == 0


def test_r12_a_call_signed_long_ago_is_refused(database: Engine, program: App, android: MakeLink, clock: Clock) -> None:
    async def deliver() -> list[int]:
        async with serving(database, program, android, clock) as client:
            body, stale = call("m1", "caf"), clock().timestamp() - 301
            async with client.post(HOOK, data=body, headers=signed(body, stale)) as response:
                return [response.status]

    assert asyncio.run(deliver()) == [403]


def test_r12_a_call_that_never_comes_to_its_end_is_let_go(
    database: Engine, program: App, android: MakeLink, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "PATIENCE_S", 0.2)

    async def deliver() -> bytes:
        async with serving(database, program, android, clock) as client:
            reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
            writer.write(f"POST {HOOK} HTTP/1.1\r\nHost: hote\r\nContent-Length: 500\r\n\r\n{{".encode())
            async with asyncio.timeout(PATIENCE_S):
                answer = await reader.readline()
            writer.close()
            return answer

    assert b" 408 " in asyncio.run(deliver())
    assert count_rows(database)["inbox"] == 0
