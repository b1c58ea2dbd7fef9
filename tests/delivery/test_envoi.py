"""A card sent to a telephone by who helps its person: once, sealed, and never to who said STOP."""

import pytest
from sqlalchemy import select, text

from bot.channels.gateway import Received
from bot.delivery.envoi import Envoi
from bot.messages import Delivery
from bot.store.tables import metadata, outbox
from tests.delivery.station import ANNA, BORIS, SECRECY, Clock, StandIn, Station

CARD = "France services fictif de Mauléon, 05 36 49 00 01."


@pytest.fixture
def envoi(station: Station, clock: Clock) -> Envoi:
    return Envoi(station.engine, SECRECY, station.source, clock)


def everything(station: Station) -> str:
    """Return all that the tables of conversations hold."""
    with station.engine.connect() as connection:
        return "\n".join(
            str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))
        )


def test_a_card_goes_to_its_telephone_and_to_no_other(station: Station, envoi: Envoi, gateway: StandIn) -> None:
    envoi.put(ANNA, CARD, "1")
    assert station.send() == 1
    assert (gateway.texts(ANNA), gateway.texts(BORIS)) == ([CARD], [])
    assert station.states() == [Delivery.SENT]


def test_a_form_sent_twice_is_one_message(station: Station, envoi: Envoi, gateway: StandIn) -> None:
    for once in ("1", "1", "2"):
        envoi.put(ANNA, CARD, once)
    station.send()
    assert gateway.texts(ANNA) == [CARD, CARD]


def test_nothing_is_kept_in_clear_and_nothing_at_all_once_it_went(
    station: Station, envoi: Envoi, gateway: StandIn
) -> None:
    envoi.put(ANNA, CARD, "1")
    waiting = everything(station)
    assert "Mauléon" in waiting, "the card is nobody's secret"
    assert ANNA not in waiting
    assert ANNA.removeprefix("+33") not in waiting
    station.send()
    assert "Mauléon" not in everything(station)


def test_who_said_stop_is_not_written_to_until_they_write_again(
    station: Station, envoi: Envoi, gateway: StandIn
) -> None:
    station.talk("STOP")
    before = gateway.texts()
    envoi.put(ANNA, CARD, "1")
    station.send()
    assert gateway.texts() == before
    station.talk("bonjour")
    envoi.put(ANNA, CARD, "2")
    station.send()
    assert gateway.texts()[-1] == CARD


@pytest.mark.parametrize("by_gateway", [True, False], ids=["told by the gateway", "written by the person"])
def test_who_only_ever_got_a_card_can_say_stop(
    station: Station, envoi: Envoi, gateway: StandIn, by_gateway: bool
) -> None:
    envoi.put(ANNA, CARD, "1")
    station.send()
    if by_gateway:
        station.take(Received(stopped=(ANNA,)))
    else:
        station.talk("STOP")
    sent = len(gateway.texts())
    envoi.put(ANNA, CARD, "2")
    station.send()
    assert len(gateway.texts()) == sent


def test_a_stop_overtakes_a_card_that_waits(station: Station, envoi: Envoi, gateway: StandIn) -> None:
    envoi.put(ANNA, CARD, "1")
    station.hear("STOP")
    station.play()
    station.send()
    assert CARD not in gateway.texts()
    assert station.states()[0] == Delivery.CANCELLED


def test_who_got_a_card_may_answer_it(station: Station, envoi: Envoi, gateway: StandIn) -> None:
    envoi.put(ANNA, CARD, "1")
    station.talk("j'ai besoin d'aide pour la caf à mauléon, c'est urgent")
    assert gateway.texts()[0] == CARD
    assert any("France services fictif de Mauléon" in said for said in gateway.texts()[1:])


def test_a_card_waits_behind_nothing_of_another_person(station: Station, envoi: Envoi) -> None:
    envoi.put(ANNA, CARD, "1")
    envoi.put(BORIS, CARD, "2")
    with station.engine.connect() as connection:
        people = connection.scalars(select(outbox.c.conversation)).all()
        assert connection.scalar(text("SELECT count(*) FROM inbox WHERE body IS NOT NULL")) == 0
    assert sorted(people) == sorted([envoi.person(ANNA), envoi.person(BORIS)])
