"""What is kept of a person: nothing in clear, nothing after an erasure, nothing for longer than the operator said."""

from collections import deque
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot.channels.gateway import Inbound, Part, Received, Sending
from bot.messages import Delivery
from bot.store.purge import SECONDS_A_DAY, purge
from bot.store.tables import metadata
from tests.delivery.station import ANNA, BORIS, Clock, StandIn, Station

SAID = "je suis Zénobie, mon téléphone perdu, caf"
WORDS = ("Zénobie", ANNA, ANNA.removeprefix("+33"))


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table that has some."""
    with engine.connect() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables
        }
    return {name: held for name, held in found.items() if held}


def on_disk(engine: Engine) -> bytes:
    """Return the files of a SQLite database."""
    base = engine.url.database
    return b"".join(path.read_bytes() for path in Path(base).parent.iterdir()) if base and base != "postgres" else b""


def test_neither_number_nor_text_is_ever_in_clear(station: Station, gateway: StandIn) -> None:
    part = Inbound(address=ANNA, text=SAID, external_id="p1", part=Part(ref="7", number=1, total=2))
    gateway.answers = deque([Sending(state=Delivery.SENT, gateway_id="g1")])
    for step in (
        lambda: station.take(Received(messages=(part,))),
        lambda: station.hear(SAID),
        station.play,
        station.send,
    ):
        step()
        held = repr(rows(station.engine))
        assert not [word for word in WORDS if word in held or word.encode() in on_disk(station.engine)]


def test_what_was_answered_keeps_neither_message_nor_address(station: Station) -> None:
    station.talk(SAID)
    (message,), (answer,) = (rows(station.engine)[name] for name in ("inbox", "outbox"))
    assert "gAAAA" not in repr([message, answer]), "nothing sealed is left"
    assert "text" not in repr(answer)


def test_an_erasure_leaves_a_confirmation_until_it_is_sent_and_nothing_after(
    station: Station, gateway: StandIn
) -> None:
    station.talk(SAID)
    person = station.person()
    station.hear("effacer")
    station.play()
    assert set(rows(station.engine)) == {"inbox", "outbox"}
    assert person not in repr(rows(station.engine))
    assert person.encode() not in on_disk(station.engine)
    station.send()
    assert len(gateway.texts()) == 2
    assert "gAAAA" not in repr(rows(station.engine))


def test_an_erasure_leaves_the_others_alone_and_what_comes_after_it_is_answered(
    station: Station, gateway: StandIn
) -> None:
    station.talk("caf", address=BORIS)
    station.talk(SAID)
    station.talk("effacer", "caf")
    assert len(gateway.texts()) == 3
    assert station.store.load("sms", station.person(BORIS)).tracker
    assert station.store.load("sms", station.person()).tracker


def test_an_erasure_told_twice_is_confirmed_once(station: Station, gateway: StandIn) -> None:
    erase = Inbound(address=ANNA, text="effacer", external_id="m9")
    for _ in range(2):
        station.take(Received(messages=(erase,)))
        station.play()
        station.send()
    assert len(gateway.texts()) == 1


def test_the_purge_leaves_what_is_young_or_still_waits(station: Station, gateway: StandIn, clock: Clock) -> None:
    station.talk("caf")
    station.receipt(Delivery.SENT, gateway_id="inconnu")
    gateway.answers = deque([Sending(state=Delivery.TEMPORARY_FAILURE)])
    station.talk("caf", address=BORIS)
    clock.advance(31 * SECONDS_A_DAY)
    station.hear("caf", address="+33639980003")
    gone = purge(station.engine, clock().timestamp(), 30)
    assert {name: count for name, count in gone.items() if count} == {
        "outbox": 1,
        "inbox": 1,
        "conversation": 2,
        "receipt": 1,
    }
    assert {name: len(held) for name, held in rows(station.engine).items()} == {"inbox": 2, "outbox": 1}


def test_the_clock_purges_within_the_hour_even_set_back(station: Station, clock: Clock) -> None:
    station.talk("caf")
    station.clockwork.tick()
    clock.advance(31 * SECONDS_A_DAY)
    station.clockwork.tick()
    assert not rows(station.engine)
    clock.advance(-90 * SECONDS_A_DAY)
    station.talk("caf")
    clock.advance(-SECONDS_A_DAY)
    station.clockwork.tick()
    clock.advance(32 * SECONDS_A_DAY)
    station.clockwork.tick()
    assert not rows(station.engine)


@pytest.mark.parametrize("fault", ["passerelle", "clé"])
def test_what_cannot_be_read_any_more_stops_nothing(station: Station, clock: Clock, fault: str) -> None:
    column, value = ("gateway", "ancienne") if fault == "passerelle" else ("body", "illisible")
    part = Inbound(address=ANNA, text="caf", external_id="p1", part=Part(ref="7", number=1, total=2))
    station.take(Received(messages=(part,)))
    with station.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE part SET {column} = '{value}'")
    clock.advance(301)
    station.clockwork.tick()
    assert not rows(station.engine)
