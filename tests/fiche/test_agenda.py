"""A training slot as an event: read back by the library that the imports use."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from bot.fiche.agenda import find_creneau, to_ical
from knowledge.creneaux import Creneau
from knowledge.demonstration import demonstration
from knowledge.horaires import paris
from knowledge.snapshot import build_knowledge

NOW = datetime(2026, 11, 23, 10, tzinfo=paris())
CRENEAUX = build_knowledge(*demonstration(NOW)).agenda.creneaux


def event(creneau: Creneau, now: datetime = NOW) -> Any:
    (found,) = Calendar.from_ical(to_ical(creneau, now)).walk("VEVENT")
    return found


@pytest.fixture
def creneau() -> Creneau:
    found = find_creneau("demo-creneau-messagerie-mauleon", CRENEAUX)
    assert found
    return found


def test_the_event_has_the_hour_of_paris_and_the_place(creneau: Creneau) -> None:
    found = event(creneau)
    assert found["SUMMARY"] == "Atelier fictif : écrire et lire ses mails"
    assert found["DTSTART"].dt == datetime(2026, 11, 25, 10, tzinfo=paris())
    assert found["DTSTART"].params["TZID"] == "Europe/Paris"
    assert found["DTEND"].dt - found["DTSTART"].dt == timedelta(minutes=90)
    assert "Mauléon-Licharre" in found["LOCATION"]
    assert "DÉMONSTRATION : cet atelier est inventé." in found["DESCRIPTION"]
    assert "BEGIN:VTIMEZONE" in to_ical(creneau, NOW).decode()


def test_the_same_slot_always_has_the_same_name(creneau: Creneau) -> None:
    later = event(replace(creneau, titre="Autre titre"), NOW + timedelta(days=1))
    assert later["UID"] == event(creneau)["UID"]
    assert len({str(event(each)["UID"]) for each in CRENEAUX}) == len(CRENEAUX) == 26


def test_an_end_that_is_not_known_is_said(creneau: Creneau) -> None:
    found = event(replace(creneau, end=None))
    assert found["DTEND"].dt - found["DTSTART"].dt == timedelta(hours=1)
    assert "L'heure de fin n'est pas connue." in found["DESCRIPTION"]


def test_what_publishers_write_cannot_add_lines(creneau: Creneau) -> None:
    found = event(replace(creneau, titre="A\r\nATTENDEE:mailto:x@example.org", id="a b/é"))
    assert "ATTENDEE" not in found
    assert str(found["UID"]) == "a%20b%2F%C3%A9@aiguilleur"
