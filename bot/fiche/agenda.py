"""A training slot as an event for a calendar. iCalendar, RFC 5545."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from icalendar import Calendar, Event

from knowledge.creneaux import Creneau
from knowledge.horaires import in_paris
from knowledge.lieux import DEMONSTRATION
from knowledge.telephones import telephone

PRODUCT = "-//aiguilleur//fiche//FR"
UNKNOWN_LENGTH = timedelta(hours=1)
"""How long a slot takes in a calendar when its end is not known; the description says so."""


def to_ical(creneau: Creneau, now: datetime) -> bytes:
    """Return the file. The same slot always has the same UID, so that a second file replaces the first event."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(creneau, now))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def find_creneau(creneau_id: str, creneaux: tuple[Creneau, ...]) -> Creneau | None:
    """Return the slot of that id, None when there is none."""
    return next((creneau for creneau in creneaux if creneau.id == creneau_id), None)


def _event(creneau: Creneau, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{quote(creneau.id, safe='')}@aiguilleur")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", in_paris(creneau.start))
    event.add("dtend", in_paris(creneau.end or creneau.start + UNKNOWN_LENGTH))
    event.add("summary", creneau.titre)
    if where := ", ".join(_where(creneau)):
        event.add("location", where)
    if creneau.latitude is not None and creneau.longitude is not None:
        event.add("geo", (creneau.latitude, creneau.longitude))
    if creneau.lien:
        event.add("url", creneau.lien)
    if said := "\n".join(_description(creneau)):
        event.add("description", said)
    return event


def _where(creneau: Creneau) -> list[str]:
    town = " ".join(filter(None, (creneau.code_postal, creneau.commune)))
    return [part for part in (creneau.lieu, creneau.adresse, town) if part]


def _description(creneau: Creneau) -> list[str]:
    said = (
        "DÉMONSTRATION : cet atelier est inventé." if creneau.source == DEMONSTRATION else None,
        "L'heure de fin n'est pas connue." if creneau.end is None else None,
        f"Niveau : {creneau.niveau}" if creneau.niveau else None,
        f"Inscription : {creneau.inscription}" if creneau.inscription else None,
        f"Téléphone : {telephone(creneau.telephone)}" if creneau.telephone else None,
        f"Prix : {creneau.frais}" if creneau.frais else None,
        creneau.description,
        f"Source : {creneau.source}" if creneau.source and creneau.source != DEMONSTRATION else None,
    )
    return [line for line in said if line]
