"""Training slots from an iCal calendar (RFC 5545): each session of a recurring event is a slot.

Only the sessions to come, up to HORIZON, are read. Cancelled sessions and dates taken out of a series are removed
from the base if they were imported before: `Context.series` says which events the file speaks of.
"""

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Any, NamedTuple

import recurring_ical_events
from icalendar import Calendar, Event

from knowledge.creneaux import Creneau
from knowledge.horaires import paris
from knowledge.importing.context import Context, need_ids
from knowledge.importing.files import Record, Source
from knowledge.importing.report import ImportImpossible, Notes
from knowledge.importing.rows import LigneRefusee, Row
from knowledge.importing.values import read_url
from knowledge.lieux import Provenance

HORIZON = timedelta(days=366)
"""How far ahead sessions are read: most series have no end."""
MAX_SESSIONS = 400
"""Sessions of one event within the horizon; one a day is 366."""
MAX_BYTES = 50_000_000
_TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
_TOWN = re.compile(r"\b(\d{5})\s+([^\W\d][^,\n(]*)")


class Series(NamedTuple):
    """An event, its exceptions, and the line of the file where it starts."""

    uid: str
    ligne: int
    events: list[Event]


def read(source: Source, notes: Notes, context: Context) -> Iterator[Creneau]:
    """Yield the sessions to come of a calendar."""
    notes.columns = ["uid", "titre"]
    needs = need_ids()
    for calendar_name, series in _read_series(source, notes):
        reader = _SeriesReader(source.name, calendar_name, needs, context, notes)
        try:
            yield from reader.sessions(series)
        except LigneRefusee as refused:
            cells = {"uid": series.uid, "titre": str(series.events[0].get("SUMMARY", ""))}
            notes.refuse(series.ligne, refused.colonne, refused.valeur, refused.motif, cells)


def _read_series(source: Source, notes: Notes) -> Iterator[tuple[str, Series]]:
    if source.path.stat().st_size > MAX_BYTES:
        raise ImportImpossible(f"{source.name} : calendrier trop gros. Exportez moins d'années à la fois.")
    text = source.path.read_text(encoding=source.encoding, errors="replace")
    lines = [ligne for ligne, line in enumerate(text.splitlines(), 1) if line.upper().startswith("BEGIN:VEVENT")]
    starts = iter(lines)
    for calendar in _parse(source, text, notes):
        by_uid: dict[str, Series] = {}
        for rank, event in enumerate(calendar.events):
            ligne = next(starts, 0)
            uid = str(event.get("UID", "")) or f"{source.name}-{rank + 1}"
            if "UID" not in event:
                notes.warn(ligne, "UID", "", "événement sans identifiant : il sera en double s'il change de place")
            by_uid.setdefault(uid, Series(uid, ligne, [])).events.append(event)
        name = str(calendar.get("X-WR-CALNAME", "")) or source.path.stem
        yield from ((name, series) for series in by_uid.values())


def _parse(source: Source, text: str, notes: Notes) -> list[Calendar]:
    if not text.rstrip().upper().endswith("END:VCALENDAR"):
        raise ImportImpossible(f"{source.name} : le calendrier s'arrête au milieu (END:VCALENDAR manque).")
    with warnings.catch_warnings(record=True) as doubts:
        warnings.simplefilter("always")
        try:
            calendars = Calendar.from_ical(text, multiple=True)
        except ValueError as error:
            raise ImportImpossible(f"{source.name} : ce calendrier ne peut pas être lu ({error}).") from error
    if doubts:
        notes.warn(0, "TZID", "", "fuseau horaire deviné : vérifiez les heures")
    return [calendar for calendar in calendars if isinstance(calendar, Calendar)]


class _SeriesReader:
    """Reads the events of one calendar."""

    def __init__(self, fichier: str, calendar_name: str, needs: frozenset[str], context: Context, notes: Notes) -> None:
        self._fichier = fichier
        self._calendar_name = calendar_name
        self._needs = needs
        self._context = context
        self._notes = notes

    def sessions(self, series: Series) -> Iterator[Creneau]:
        """Yield the sessions to come of an event. Raises `LigneRefusee`."""
        _check(series)
        self._context.series.add(series.uid)
        recurring = any(name in event for event in series.events for name in ("RRULE", "RDATE", "RECURRENCE-ID"))
        occurrences = self._occurrences(series)
        if len(occurrences) > MAX_SESSIONS:
            raise LigneRefusee("RRULE", "", f"l'événement revient plus de {MAX_SESSIONS} fois en un an")
        for occurrence in occurrences:
            if str(occurrence.get("STATUS", "")).upper() != "CANCELLED":
                yield self._creneau(series, occurrence, recurring=recurring)

    def _occurrences(self, series: Series) -> list[Event]:
        calendar = Calendar()
        for event in series.events:
            calendar.add_component(event)
        horizon = self._context.now + HORIZON
        try:
            coming = recurring_ical_events.of(calendar).after(self._context.now)
            return list(islice(takewhile(lambda event: _instant(event.start) <= horizon, coming), MAX_SESSIONS + 1))
        except Exception as error:  # the library lets many kinds through on a rule that makes no sense
            raise LigneRefusee("RRULE", "", "la répétition ne peut pas être lue") from error

    def _creneau(self, series: Series, event: Event, *, recurring: bool) -> Creneau:
        row = Row(Record(series.ligne, _cells(event)), self._notes)
        start, end = _instant(event.start), _instant(event.end)
        if not isinstance(event.start, datetime):
            row.warn("DTSTART", "sans heure : pris comme une journée entière", series.uid)
        lieu = row.text("LOCATION")
        if lieu is None:
            row.warn("LOCATION", "sans lieu : ce créneau ne peut être proposé près de personne", series.uid)
        town = _TOWN.search(lieu or "")
        latitude, longitude = _geo(event)
        return Creneau(
            id=_session_id(series.uid, event) if recurring else series.uid,
            titre=row.required("SUMMARY", "le titre (SUMMARY) manque"),
            start=start,
            end=end if end > start else None,
            needs=tuple(
                need for need in row.read_all("CATEGORIES", _split, lambda c: (c, None)) if need in self._needs
            ),
            lieu=lieu,
            code_postal=town[1] if town else None,
            commune=town[2].strip() if town else None,
            latitude=latitude,
            longitude=longitude,
            inscription=row.text("CONTACT"),
            lien=row.read("URL", read_url),
            description=row.text("DESCRIPTION"),
            source=self._calendar_name,
            provenance=Provenance(self._fichier, series.ligne, "ical"),
        )


def _check(series: Series) -> None:
    for event in series.events:
        for name, _ in event.errors:
            if name in ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"):
                raise LigneRefusee(name, _raw(event, name), "date ou répétition illisible")
        if "DTSTART" not in event:
            raise LigneRefusee("DTSTART", "", "la date de début (DTSTART) manque ou est illisible")
        if str(event.get("RRULE", {}).get("FREQ", [""])[0]).upper() in _TOO_OFTEN:
            raise LigneRefusee("RRULE", _raw(event, "RRULE"), "l'événement revient plusieurs fois par jour")


def _raw(event: Event, name: str) -> str:
    return str(event.get(name, ""))


def _cells(event: Event) -> dict[str, str]:
    names = ("SUMMARY", "LOCATION", "DESCRIPTION", "URL", "CONTACT")
    cells = {name: str(event[name]) for name in names if name in event}
    categories = event.get("CATEGORIES")
    listed = categories if isinstance(categories, list) else [categories] if categories else []
    return cells | {"CATEGORIES": "|".join(str(category) for one in listed for category in one.cats)}


def _split(text: str) -> list[str]:
    return text.split("|")


def _geo(event: Event) -> tuple[float | None, float | None]:
    geo: Any = event.get("GEO")
    return (geo.latitude, geo.longitude) if hasattr(geo, "latitude") else (None, None)


def _session_id(uid: str, event: Event) -> str:
    """Return the id of a session: the instant it was planned for stays in it when the session is moved."""
    planned: Any = event.get("RECURRENCE-ID")
    return f"{uid}#{_instant(planned.dt if planned else event.start):%Y%m%dT%H%M}"


def is_session(creneau_id: str, uid: str) -> bool:
    """Tell whether a slot is the event of this UID or one of its sessions."""
    return re.fullmatch(rf"{re.escape(uid)}(#\d{{8}}T\d{{4}})?", creneau_id) is not None


def _instant(when: date) -> datetime:
    """Return an aware instant: a date is its midnight, a floating time and one in UTC are those of Paris."""
    if not isinstance(when, datetime):
        return datetime.combine(when, time(), paris())
    if when.tzinfo is None:
        return when.replace(tzinfo=paris())
    return when.astimezone(paris()) if when.utcoffset() == timedelta(0) else when
