"""What never left may be tried again; what may have left is not said twice (R5)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout, TCPConnector
from aiohttp.abc import AbstractResolver
from sqlalchemy import update

from bot.channels.gateway import HttpRequest, HttpResponse, Outbound, Sending
from bot.channels.http import Http
from bot.messages import Delivery, MessageOut
from bot.store.outbox import STALE_S
from bot.store.sending import LONGEST_S
from bot.store.tables import outbox
from tests.delivery.station import ANNA, BORIS, Clock, StandIn, Station

MESSAGE = Outbound(key="k", address="+33639980001", message=MessageOut(text="oui"))


class To:
    """A gateway at an address, which accepts whatever reaches it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def request(self, message: Outbound) -> HttpRequest:
        return HttpRequest(method="GET", url=self.url)

    def sending(self, response: HttpResponse) -> Sending:
        return Sending(state=Delivery.SENT)


class Broken(To):
    """A gateway whose requests cannot be written."""

    def request(self, message: Outbound) -> HttpRequest:
        raise KeyError


class Lost(AbstractResolver):
    """A name that is looked for and never found."""

    async def resolve(self, *_: Any, **__: Any) -> Any:
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Have nothing to close."""


def nowhere() -> ClientSession:
    return ClientSession(timeout=ClientTimeout(total=30, connect=0.1), connector=TCPConnector(resolver=Lost()))


@pytest.mark.parametrize(
    ("codec", "session", "state"),
    [
        (To("http://passerelle.exemple.fr/"), nowhere, "temporary-failure"),
        (To("http://[::1/"), ClientSession, "technical-failure"),
        (To("http://"), ClientSession, "technical-failure"),
        (To("passerelle.exemple.fr"), ClientSession, "technical-failure"),
        (To("ftp://passerelle.exemple.fr/"), ClientSession, "technical-failure"),
        (Broken(""), ClientSession, "technical-failure"),
    ],
)
def test_r05_a_request_that_never_left_may_be_made_again(
    codec: To, session: Callable[[], ClientSession], state: str
) -> None:
    async def send() -> Sending:
        http = Http(session)
        try:
            return await http.send(codec, MESSAGE)
        finally:
            await http.close()

    assert asyncio.run(send()).state == state


@pytest.mark.parametrize("column", ["message", "address"])
def test_r05_a_row_that_cannot_be_read_is_tried_again_and_goes_once_it_can(
    station: Station, gateway: StandIn, clock: Clock, column: str
) -> None:
    gateway.idempotent = False
    station.hear("caf")
    station.play()
    with station.engine.begin() as connection:
        (kept,) = connection.scalars(outbox.select().with_only_columns(outbox.c[column]))
        connection.execute(update(outbox).values({column: "{"}))
    station.send()
    assert station.states() == ["technical-failure"]
    with station.engine.begin() as connection:
        connection.execute(update(outbox).values({column: kept}))
    clock.advance(60)
    assert station.send() == 1
    assert station.states() == ["sent"]


def test_r05_a_gateway_that_breaks_may_have_sent(
    station: Station, gateway: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: Outbound) -> Sending:
        raise KeyError

    gateway.idempotent = False
    monkeypatch.setattr(gateway, "send", broken)
    station.talk("caf")
    assert station.states() == ["uncertain"]


def test_r05_answers_given_up_are_counted_in_the_log(
    station: Station, gateway: StandIn, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.answers.extend([Sending(state=Delivery.TEMPORARY_FAILURE)] * 2)
    for address in (ANNA, BORIS):
        station.talk("caf", address=address)
    station.sender.tend()
    assert not caplog.messages[2:], "nothing to say yet"
    clock.advance(STALE_S + 1)
    station.sender.tend()
    assert station.states() == ["permanent-failure"] * 2
    (said,) = [line for line in caplog.messages if "abandonnée" in line]
    assert said.startswith("2 ")


@pytest.mark.parametrize("tried", [False, True])
def test_r11_a_clock_set_back_an_hour_makes_nobody_wait_for_it(
    station: Station, gateway: StandIn, clock: Clock, tried: bool
) -> None:
    station.hear("caf")
    station.play()
    if tried:
        gateway.answers.append(Sending(state=Delivery.TEMPORARY_FAILURE))
        station.send()
    clock.advance(-3600)
    assert station.send() == 1
    assert station.states() == ["sent"]


def test_r11_no_delay_is_longer_than_our_own(station: Station, gateway: StandIn, clock: Clock) -> None:
    gateway.answers.append(Sending(state=Delivery.TEMPORARY_FAILURE, retry_after=86_400))
    station.talk("caf")
    clock.advance(LONGEST_S - 1)
    assert station.send() == 0
    clock.advance(1)
    assert station.send() == 1
