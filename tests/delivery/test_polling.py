"""How often a gateway is asked."""

import asyncio

from pydantic import SecretStr
from sqlalchemy import Engine

from bot.app import App
from bot.channels.gateway import Link, Received
from bot.channels.http import Http
from bot.delivery.service import Options, Service
from bot.gateways import OVH_REST_S, build_gateway
from bot.settings import Settings
from tests.delivery.station import SECRECY, Clock, StandIn, until


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
        options = Options(per_second={}, keep_days=30)
        service = Service(database, lambda: program.conversation, links, SECRECY, clock, options)
        await service.start()
        await until(lambda: quick.asked > 40 and slow.asked > 1)
        await service.stop()

    asyncio.run(live())
    assert slow.asked == 2, "at once after it had something, then not before an hour"


def test_the_api_of_ovhcloud_is_not_asked_five_times_a_second() -> None:
    account = {"ovh_service": "sms-xx1", "ovh_application": "a", "ovh_consommateur": "c", "ovh_secret": SecretStr("s")}
    settings = Settings(adresse="https://aide.exemple.fr", **account)  # type: ignore[arg-type]
    link = build_gateway("ovh", settings, SECRECY, Http(), Clock())
    assert link.rest_s == OVH_REST_S >= 10
