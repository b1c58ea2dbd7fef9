"""A delivery over each kind of database, its gateway and its clock; a telephone behind real HTTP."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from bot.app import App
from bot.channels.gateway import Link
from bot.channels.http import Http, over_http
from bot.channels.sms.android import Android
from tests.conversation.conftest import program
from tests.databases import database, postgres, sqlite
from tests.delivery.phones import KEY, PASSWORD, USER, Phones
from tests.delivery.station import Clock, StandIn, Station

__all__ = ["database", "postgres", "program", "sqlite"]

MakeLink = Callable[[Http], Link]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gateway() -> StandIn:
    return StandIn()


@pytest.fixture
def station(database: Engine, program: App, gateway: StandIn, clock: Clock) -> Iterator[Station]:
    station = Station(database, program.conversation, gateway, clock=clock)
    station.presence.enter()
    yield station
    station.presence.leave()


@pytest.fixture
def phones() -> Iterator[Phones]:
    with Phones().open() as phones:
        yield phones


@pytest.fixture
def android(phones: Phones) -> MakeLink:
    """What makes the link to these telephones."""
    codec = Android(
        username=USER, password=PASSWORD, signing_key=KEY, callback="https://aide.exemple.fr/", messages_url=phones.url
    )
    return lambda http: over_http(codec, http)
