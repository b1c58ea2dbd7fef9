"""Gammu SMSD through its tables, on each system that it writes them in; the daemon itself is played by statements."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text

from bot.channels.gateway import GatewayUnreachable, Outbound, Receipt, Received
from bot.channels.sms.gammu import Gammu
from bot.channels.sms.gammu_parts import ALONE, Link, cut, read_link
from bot.channels.sms.gammu_tables import open_gammu, outbox, outbox_multipart, sentitems
from bot.channels.sms.text import encode_choice, segments
from bot.messages import Delivery, MessageOut
from tests.sms.gammu_schema import POSTGRESQL, SQLITE

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 12, tzinfo=PARIS)
PERSON = "+33639980001"


@dataclass
class Daemon:
    """SMSD: the base, the gateway over it, and the time it is."""

    engine: Engine
    url: str
    now: datetime = NOW
    gammu: Gammu = field(init=False)

    def __post_init__(self) -> None:
        self.gammu = self.restart()

    def restart(self, phone: str = "") -> Gammu:
        self.gammu = Gammu(base=self.url, phone=phone, zone=PARIS, clock=lambda: self.now)
        return self.gammu

    def time(self) -> Any:
        naive = self.now.replace(tzinfo=None)
        return naive if self.engine.dialect.name == "postgresql" else str(naive)

    def receive(self, said: str, sender: str = PERSON, **columns: Any) -> None:
        row = {"SenderNumber": sender, "TextDecoded": said, "UDH": "", "RecipientID": "", "UpdatedInDB": self.time()}
        with self.engine.begin() as connection:
            values = row | {"ReceivingDateTime": self.time()} | columns
            names = ", ".join(f'"{name}"' for name in values)
            marks = ", ".join(f":{name}" for name in values)
            connection.execute(text(f"""INSERT INTO inbox ("Text", {names}) VALUES ('', {marks})"""), values)

    def sent(self, key: str, *statuses: str, number: int = 1) -> None:
        """Write what became of each part of a message, and take it out of the outbox."""
        with self.engine.begin() as connection:
            connection.execute(sentitems.delete().where(sentitems.c.CreatorID == key))
            connection.execute(outbox.delete().where(outbox.c.CreatorID == key))
            for place, status in enumerate(statuses, start=1):
                udh = f"050003AA{len(statuses):02X}{place:02X}" if len(statuses) > 1 else ""
                values = {"n": number, "p": place, "s": status, "k": key, "u": udh, "t": self.time()}
                connection.execute(
                    text(
                        'INSERT INTO sentitems ("ID", "SequencePosition", "Status", "CreatorID", "UDH", "UpdatedInDB",'
                        " \"Text\", \"SenderID\") VALUES (:n, :p, :s, :k, :u, :t, '', '')"
                    ),
                    values,
                )

    def fetch(self) -> Received:
        return asyncio.run(self.gammu.fetch())

    def take(self) -> Received:
        """Fetch and confirm."""
        received = self.fetch()
        asyncio.run(self.gammu.confirm(received))
        return received

    def said(self) -> list[str]:
        return [message.text for message in self.take().messages]

    def unread(self) -> int:
        with self.engine.connect() as connection:
            return len(connection.execute(text("""SELECT 1 FROM inbox WHERE "Processed" = 'false'""")).all())

    def rows(self, table: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(select(table)).all())


@pytest.fixture(params=["sqlite", "postgresql"])
def daemon(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Daemon]:
    """Empty tables on each system."""
    lite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/smsd.db" if lite else request.getfixturevalue("postgres")
    engine = open_gammu(url)
    with engine.begin() as connection:
        for statement in (SQLITE if lite else POSTGRESQL).split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
    found = Daemon(engine, url)
    yield found
    found.gammu.close()
    engine.dispose()


def out(said: str, key: str = "k-1") -> Outbound:
    return Outbound(key=key, address=PERSON, message=MessageOut(text=said))


def test_messages_come_until_they_are_confirmed(daemon: Daemon) -> None:
    daemon.receive("Bonjour", "0639980001")
    daemon.receive("Carte d'identité ?")
    first = daemon.fetch()
    assert [(message.address, message.text) for message in first.messages] == [
        (PERSON, "Bonjour"),
        (PERSON, "Carte d'identité ?"),
    ]
    assert [message.external_id for message in first.messages] == ["1-20261122120000", "2-20261122120000"]
    assert first.messages[0].sent_at == NOW
    assert daemon.fetch() == first
    asyncio.run(daemon.gammu.confirm(Received(messages=first.messages[:1])))
    assert daemon.fetch().messages == first.messages[1:]
    assert daemon.unread() == 1


def test_nobody_to_answer_and_no_text_are_set_aside(daemon: Daemon) -> None:
    daemon.receive("Votre forfait", "Orange")
    daemon.receive("", Coding="8bit")
    daemon.receive("pub", "36000")
    assert daemon.take().messages == ()
    assert daemon.unread() == 0


def test_parts_are_joined_by_their_header(daemon: Daemon) -> None:
    daemon.receive("deux ", UDH="050003D30302")
    daemon.receive("autre", "+33639980002", UDH="050003D30301")
    daemon.receive("seul")
    daemon.receive("un ", UDH="050003D30301")
    assert daemon.fetch().messages[0].text == "seul"
    daemon.receive("trois", UDH="050003D30303")
    assert daemon.said() == ["un deux trois", "seul"]
    assert daemon.unread() == 1


def test_a_part_that_never_comes_is_not_waited_for_beyond_ten_minutes(daemon: Daemon) -> None:
    daemon.receive("le début ", UDH="06080400D30301")
    assert daemon.said() == []
    daemon.now += timedelta(minutes=9)
    daemon.receive("la suite", UDH="06080400D30302")
    assert daemon.said() == []
    daemon.now += timedelta(minutes=1)
    assert daemon.said() == ["le début la suite"]
    assert daemon.unread() == 0


def test_a_reference_that_comes_back_is_another_message(daemon: Daemon) -> None:
    for said in ("a", "b", "c", "d"):
        daemon.receive(said, UDH=f"0500030102{'01' if said in 'ac' else '02'}")
    assert daemon.said() == ["ab", "cd"]


def test_an_old_base_wakes_nobody(daemon: Daemon) -> None:
    old = str(NOW.replace(tzinfo=None) - timedelta(hours=49))
    daemon.receive("oublié", UpdatedInDB=old)
    daemon.sent("k-1", "DeliveryOK")
    with daemon.engine.begin() as connection:
        connection.execute(text('UPDATE sentitems SET "UpdatedInDB" = :old'), {"old": old})
    assert daemon.take() == Received()
    assert daemon.unread() == 1


def test_several_phones_share_the_tables(daemon: Daemon) -> None:
    daemon.receive("pour l'autre", RecipientID="autre")
    daemon.receive("pour nous", RecipientID="nous")
    daemon.restart("nous")
    assert daemon.said() == ["pour nous"]
    asyncio.run(daemon.gammu.send(out("Oui")))
    assert daemon.rows(outbox)[0].SenderID == "nous"


def test_a_short_message_is_one_row_however_often_it_is_sent(daemon: Daemon) -> None:
    first = asyncio.run(daemon.gammu.send(out("Forêt")))
    assert asyncio.run(daemon.gammu.send(out("Forêt"))) == first
    [row] = daemon.rows(outbox)
    assert (first.state, first.gateway_id) == (Delivery.SENT, str(row.ID))
    assert (row.DestinationNumber, row.TextDecoded, row.Coding) == (PERSON, "Forêt", "Unicode_No_Compression")
    assert (row.CreatorID, row.DeliveryReport, row.UDH, row.SenderID) == ("k-1", "yes", None, None)
    assert str(row.MultiPart).lower() == "false"


def test_a_long_message_has_its_parts_beside(daemon: Daemon) -> None:
    asyncio.run(daemon.gammu.send(out("é" * 200)))
    [first], [second] = daemon.rows(outbox), daemon.rows(outbox_multipart)
    assert (first.TextDecoded, second.TextDecoded) == ("é" * 153, "é" * 47)
    assert (second.ID, second.SequencePosition, str(first.MultiPart).lower()) == (first.ID, 2, "true")
    assert read_link(first.UDH) == Link(read_link(second.UDH).reference, 2, 1)
    assert first.Coding == second.Coding == "Default_No_Compression"


def test_two_senders_at_once_write_one_row(daemon: Daemon) -> None:
    barrier, states = threading.Barrier(4), list[Delivery]()

    def send() -> None:
        gammu = Gammu(base=daemon.url, zone=PARIS, clock=lambda: NOW)
        barrier.wait()
        states.append(asyncio.run(gammu.send(out("Oui"))).state)
        gammu.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states == [Delivery.SENT] * 4
    assert len(daemon.rows(outbox)) == 1


def test_a_message_that_left_is_not_sent_again(daemon: Daemon) -> None:
    asyncio.run(daemon.gammu.send(out("Oui")))
    for status, state in (("DeliveryOK", Delivery.DELIVERED), ("SendingError", Delivery.PERMANENT_FAILURE)):
        daemon.sent("k-1", status)
        assert asyncio.run(daemon.gammu.send(out("Oui"))).state is state
    assert daemon.rows(outbox) == []


STATES = [
    (["SendingOK"], Delivery.SENT),
    (["SendingOKNoReport"], Delivery.SENT),
    (["DeliveryPending"], Delivery.SENT),
    (["DeliveryUnknown"], Delivery.SENT),
    (["DeliveryOK"], Delivery.DELIVERED),
    (["DeliveryFailed"], Delivery.PERMANENT_FAILURE),
    (["SendingError"], Delivery.PERMANENT_FAILURE),
    (["Error"], Delivery.PERMANENT_FAILURE),
    (["DeliveryOK", "SendingOK"], Delivery.SENT),
    (["DeliveryOK", "DeliveryOK"], Delivery.DELIVERED),
    (["DeliveryOK", "SendingError"], Delivery.PERMANENT_FAILURE),
]


def test_receipts(daemon: Daemon) -> None:
    for number, (statuses, _) in enumerate(STATES):
        daemon.sent(f"k-{number:02}", *statuses, number=number)
    daemon.sent("Gammu 1.42.0", "DeliveryOK", number=99)
    wanted = [Receipt(state=state, key=f"k-{number:02}") for number, (_, state) in enumerate(STATES)]
    assert daemon.fetch().receipts == tuple(wanted)
    assert daemon.take().receipts == tuple(wanted)
    assert daemon.take().receipts == ()


def test_a_receipt_comes_again_when_it_changes(daemon: Daemon) -> None:
    daemon.sent("k-1", "SendingOK")
    assert daemon.take().receipts == (Receipt(state=Delivery.SENT, key="k-1"),)
    daemon.now += timedelta(hours=30)
    daemon.sent("k-2", "SendingOK", number=2)
    assert daemon.take().receipts == (Receipt(state=Delivery.SENT, key="k-2"),)
    daemon.sent("k-1", "DeliveryOK")
    assert daemon.take().receipts == (Receipt(state=Delivery.DELIVERED, key="k-1"),)
    assert daemon.take().receipts == ()


def test_a_base_without_the_tables(tmp_path: Path) -> None:
    gammu = Gammu(base=f"sqlite:///{tmp_path}/vide.db", zone=PARIS, clock=lambda: NOW)
    with pytest.raises(GatewayUnreachable, match=r"^gammu: OperationalError$"):
        asyncio.run(gammu.fetch())
    assert asyncio.run(gammu.send(out("Oui"))).state is Delivery.TEMPORARY_FAILURE
    gammu.close()


def test_what_smsd_must_be_told() -> None:
    lite = Gammu(base="sqlite:////var/lib/gammu/smsd.db", phone="nous", zone=PARIS, clock=lambda: NOW).block()
    assert "driver = sqlite3\ndbdir = /var/lib/gammu/\ndatabase = smsd.db\nphoneid = nous\n" in lite
    served = Gammu(base="postgresql://smsd:mot@base/sms", zone=PARIS, clock=lambda: NOW)
    assert "driver = native_pgsql\nhost = base:5432\nuser = smsd\npassword = …\ndatabase = sms\n" in served.block()
    assert "mot@" not in repr(served)


@pytest.mark.parametrize(
    "udh", ["", None, "zz", "05", "0500", "050003D3", "050003D30203", "050003D30200", "0B0504158200000003D30000"]
)
def test_headers_that_link_nothing(udh: str | None) -> None:
    assert read_link(udh) == ALONE


def test_a_link_behind_another_element() -> None:
    assert read_link("0B05041582158100 03D30201".replace(" ", "")) == Link(0xD3, 2, 1)


@pytest.mark.parametrize(("pair", "other", "room"), [("€", "a", 153), ("😀", "م", 67)])
def test_a_pair_is_never_parted(pair: str, other: str, room: int) -> None:
    said = other * (room - 1) + pair + other * (room - 1)
    texts = [part for part, _ in cut(encode_choice(said), "k-1")]
    assert texts == [other * (room - 1), pair + other * (room - 2), other]


@given(
    st.text(st.sampled_from("aé€^ê😀") | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=500), st.text()
)
def test_parts_hold_the_whole_text_each_in_one_segment(said: str, key: str) -> None:
    encoded = encode_choice(said)
    parts = cut(encoded, key)
    assert "".join(part for part, _ in parts) == encoded.text
    assert len(parts) == max(encoded.segments, 1)
    assert all(segments(part) <= 1 for part, _ in parts)
    links = [read_link(header) for _, header in parts]
    assert [link.place for link in links] == list(range(1, len(parts) + 1))
    assert len({(link.reference, link.total) for link in links}) == 1
