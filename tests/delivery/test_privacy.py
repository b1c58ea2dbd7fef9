"""What is kept of a person: nothing in clear, nothing after an erasure, nothing for longer than the operator said."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot.app import App
from bot.channels.gateway import Inbound, Part, Received, Sending
from bot.conversation.reception import to_json
from bot.conversation.turn import Conversation, Outcome
from bot.engine.tracker import Tracker
from bot.messages import Delivery, MessageIn, MessageOut, Position
from bot.store.outbox import STALE_S
from bot.store.purge import SECONDS_A_DAY, purge
from bot.store.secrecy import SceauInconnu
from bot.store.tables import inbox, metadata, outbox
from bot.store.turns import HandedCode, Turn
from tests.delivery.station import ANNA, BORIS, SECRECY, Clock, StandIn, Station
from tests.delivery.test_promises_quiet import HOUR, ask_reminder, reminders

SAID = "je suis Zénobie, mon téléphone perdu, caf"
WORDS = ("Zénobie", ANNA, ANNA.removeprefix("+33"))
OF_PEOPLE = set(metadata.tables) - {"key_check"}
"""The tables that hold something of somebody; the other knows the operator's key again."""


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table that has some."""
    with engine.connect() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables
        }
    return {name: held for name, held in found.items() if held}


def opened(engine: Engine) -> list[tuple[str, str]]:
    """Return each text of each row with its table, its seal opened."""
    return [(name, unsealed(held)) for name, all_ in rows(engine).items() for row in all_ for held in row]


def unsealed(held: object) -> str:
    with suppress(SceauInconnu):
        return SECRECY.open(str(held))
    return str(held)


def left(engine: Engine) -> list[tuple[object, ...]]:
    """Return the texts and addresses that messages received and sent still hold."""
    held = (select(inbox.c.body, inbox.c.address), select(outbox.c.message, outbox.c.address))
    with engine.connect() as connection:
        return [tuple(row) for query in held for row in connection.execute(query) if any(row)]


def part(address: str, number: int = 1) -> Received:
    """Return one of the two parts of a message."""
    one = Part(ref="7", number=number, total=2)
    return Received(messages=(Inbound(address=address, text=SAID, external_id=f"p{number}{address}", part=one),))


def fill(station: Station, *addresses: str) -> None:
    """Have persons hold a row of every table that knows them, an answer that waits among these."""
    for address in addresses:
        station.talk(SAID, address=address)
    for address in addresses:
        station.take(part(address))
        commit(station, address)


def commit(station: Station, address: str) -> None:
    """Commit a turn that answers, reminds and hands out a code."""
    now, person = station.clock().timestamp(), station.person(address)
    stored = station.store.load("sms", person)
    station.store.commit(
        Turn(
            channel="sms",
            conversation=person,
            external_id=None,
            received_at=now,
            read_version=stored.version,
            tracker=stored.tracker,
            messages=[to_json(MessageOut(text="voici le code"))],
            gateway="android",
            address=SECRECY.seal(address),
            remind_at=now + 3600,
            handed=HandedCode(SECRECY.pseudonym("code", address), now + 600),
        )
    )


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


def sent(station: Station) -> None:
    station.talk(SAID)


def sent_of_parts(station: Station) -> None:
    for number in (1, 2):
        station.take(part(ANNA, number))
    station.talk()


def cancelled_by_stop(station: Station) -> None:
    station.hear(SAID)
    station.play()
    station.talk("stop")


def cancelled_by_the_gateway(station: Station) -> None:
    station.hear(SAID)
    station.play()
    station.take(Received(stopped=(ANNA,)))


def told_by_a_receipt(station: Station) -> None:
    station.hear(SAID)
    station.play()
    (leased,) = station.outbox.lease(station.clock().timestamp(), ["android"], 1)
    station.receipt(Delivery.SENT, key=leased.key)


def too_old(station: Station) -> None:
    station.hear(SAID)
    station.play()
    station.clock.advance(STALE_S + 1)
    station.outbox.tidy(station.clock().timestamp())


@pytest.mark.parametrize(
    "end", [sent, sent_of_parts, cancelled_by_stop, cancelled_by_the_gateway, told_by_a_receipt, too_old]
)
def test_what_is_over_keeps_neither_message_nor_address(station: Station, end: Callable[[Station], None]) -> None:
    end(station)
    assert {state for state in station.states() if state != "sent"} <= {"cancelled", "permanent-failure"}
    assert set(rows(station.engine)) == {"conversation", "inbox", "outbox"}
    assert left(station.engine) == []


def test_an_erasure_leaves_no_row_of_the_person_in_any_table(station: Station) -> None:
    fill(station, ANNA, BORIS)
    station.receipt(Delivery.SENT, gateway_id="inconnu")
    before, (mine, theirs) = opened(station.engine), (station.person(one) for one in (ANNA, BORIS))
    assert set(rows(station.engine)) == OF_PEOPLE
    assert {name for name, said in before if mine in said} == OF_PEOPLE - {"receipt"}
    assert {name for name, said in before if ANNA in said} == {"outbox", "part", "timer"}
    station.talk("effacer")
    after = opened(station.engine)
    assert not [name for name, said in after if mine in said or ANNA in said]
    assert after.count(("outbox", theirs)) == before.count(("outbox", theirs))
    assert {name for name, said in after if theirs in said} == OF_PEOPLE - {"receipt"}


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
    assert left(station.engine) == []


def test_an_erasure_leaves_the_others_alone_and_what_comes_after_it_is_answered(
    station: Station, gateway: StandIn
) -> None:
    station.talk("caf", address=BORIS)
    station.talk(SAID)
    station.talk("effacer", "caf")
    assert len(gateway.texts()) == 3
    assert station.store.load("sms", station.person(BORIS)).tracker
    assert station.store.load("sms", station.person()).tracker


def test_a_reminder_that_comes_due_behind_an_erasure_goes_with_it(station: Station, clock: Clock) -> None:
    station.talk(SAID)
    ask_reminder(station, HOUR)
    station.hear("effacer")
    clock.advance(HOUR)
    station.clockwork.tick()
    assert reminders(station) == 1
    station.play()
    assert set(rows(station.engine)) == {"inbox", "outbox"}
    assert station.person() not in repr(rows(station.engine))


def test_a_reminder_of_who_was_erased_begins_no_conversation(station: Station, clock: Clock) -> None:
    ask_reminder(station, HOUR)
    clock.advance(HOUR)
    station.clockwork.tick()
    assert station.play() == 1
    assert set(rows(station.engine)) == {"inbox"}


@pytest.mark.parametrize("elsewhere", [False, True])
def test_an_erasure_forgets_where_the_person_stands(
    station: Station, program: App, gateway: StandIn, clock: Clock, monkeypatch: pytest.MonkeyPatch, elsewhere: bool
) -> None:
    seen: list[Position | None] = []
    real = Conversation.play

    def play(self: Conversation, tracker: Tracker | None, message: MessageIn) -> Outcome:
        seen.append(message.near)
        return real(self, tracker, message)

    monkeypatch.setattr(Conversation, "play", play)
    other = Station(station.engine, program.conversation, gateway, clock=clock) if elsewhere else station
    station.take(Received(messages=(Inbound(address=ANNA, text="", latitude=43.2245, longitude=-0.8868),)))
    station.play()
    station.talk("caf")
    other.talk("effacer")
    station.talk("caf")
    assert [near is not None for near in seen] == [False, True, not elsewhere, False]


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


def test_the_purge_takes_the_codes_that_are_over_and_the_parts_that_are_old(station: Station, clock: Clock) -> None:
    fill(station, ANNA)
    now = clock().timestamp()
    young = purge(station.engine, now, 30)
    assert not any(young.values())
    gone = purge(station.engine, now + 601, 30)
    assert {name: count for name, count in gone.items() if count} == {"passage": 1}
    gone = purge(station.engine, now + 31 * SECONDS_A_DAY, 30)
    assert gone["part"] == 1
    assert not {"part", "passage"} & set(rows(station.engine))


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
