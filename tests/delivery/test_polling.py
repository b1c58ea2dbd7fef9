"""How often a gateway is asked."""

import asyncio

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from bot.app import App
from bot.channels.gateway import GatewayUnreachable, Link, Received
from bot.channels.http import Http
from bot.delivery.poller import Poller
from bot.delivery.service import Options, Service
from bot.gateways import OVH_REST_S, build_gateway
from bot.messages import TELEGRAM
from bot.settings import Settings
from knowledge.base import BaseIndisponible
from tests.delivery.station import SECRECY, Clock, StandIn, Station, tables_gone, until
from tests.telegram.conftest import facing, said


class Mailbox:
    """A gateway that has one thing to tell, then nothing."""

    def __init__(self) -> None:
        self.asked = 0

    async def fetch(self) -> Received:
        self.asked += 1
        return Received(stopped=("+33639980001",) if self.asked == 1 else ())

    async def confirm(self, received: Received) -> None:
        """Forget nothing."""


def test_a_gateway_that_has_nothing_is_left_alone_as_long_as_its_link_says(
    database: Engine, program: App, clock: Clock
) -> None:
    quick, slow = Mailbox(), Mailbox()
    links = [
        Link(gateway=StandIn("gammu"), polled=quick, rest_s=0.01),
        Link(gateway=StandIn("ovh"), polled=slow, rest_s=3600.0),
    ]

    async def live() -> None:
        options = Options(per_second={})
        service = Service(database, lambda: program.conversation, links, SECRECY, clock, options)
        await service.start()
        await until(lambda: quick.asked > 40 and slow.asked > 1)
        await service.stop()

    asyncio.run(live())
    assert slow.asked == 2, "at once after it had something, then not before an hour"


def test_a_poll_is_confirmed_only_once_it_is_committed(database: Engine, program: App, clock: Clock) -> None:
    station = Station(database, program.conversation, StandIn("telegram", TELEGRAM), clock=clock)

    async def live() -> None:
        async with facing() as (api, telegram):
            poller = Poller(telegram, station.source, station.intake, clock)
            api.push(said(1, "bonjour"))
            with tables_gone(database), pytest.raises(BaseIndisponible):
                await poller.ask()
            assert await poller.ask(), "told again"
            assert not await poller.ask()
            assert not api.updates, "forgotten once it is kept"

    asyncio.run(live())
    assert [row.external_id for row in station.received()] == ["telegram:1"]


class Silence:
    """A gateway that says how long to wait."""

    async def fetch(self) -> Received:
        raise GatewayUnreachable("trop", retry_after=31)

    async def confirm(self, received: Received) -> None:
        """Never called."""


def test_a_gateway_that_says_how_long_to_wait_is_left_alone_that_long(
    database: Engine, program: App, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = Station(database, program.conversation, StandIn("telegram"), clock=clock)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        raise asyncio.CancelledError

    poller = Poller(Silence(), station.source, station.intake, clock)
    monkeypatch.setattr("bot.delivery.poller.asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(poller.run())
    assert slept == [31]


def test_the_api_of_ovhcloud_is_not_asked_five_times_a_second() -> None:
    account = {"ovh_service": "sms-xx1", "ovh_application": "a", "ovh_consommateur": "c", "ovh_secret": SecretStr("s")}
    settings = Settings(adresse="https://aide.exemple.fr", **account)  # type: ignore[arg-type]
    link = build_gateway("ovh", settings, SECRECY, Http(), Clock())
    assert link.rest_s == OVH_REST_S >= 10
