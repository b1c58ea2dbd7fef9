"""The demonstration base: fictional lieux and training slots over real communes, never out of date.

The data files hold no date: an age in days for a lieu, a weekday and a number of weeks for a slot.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours

from knowledge.creneaux import Creneau
from knowledge.lieux import DEMONSTRATION, Lieu, Provenance
from knowledge.yaml_files import read_data

PARIS = ZoneInfo("Europe/Paris")
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
OSM_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def demonstration(now: datetime) -> tuple[list[Lieu], list[Creneau]]:
    """Return the fictional lieux and slots as they stand at `now`, the same for a whole Paris day.

    Every slot starts on a later day than `now`. `now` must be aware: ValueError otherwise.
    """
    if now.tzinfo is None:
        raise ValueError("`now` must be aware")
    today = now.astimezone(PARIS).date()
    return (
        [_lieu(row, today) for row in _rows("lieux")],
        [_creneau(row, today) for row in _rows("creneaux")],
    )


@cache
def _rows(kind: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = read_data(f"demonstration/{kind}.yml")[kind]
    return rows


def _with_tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def _lieu(row: dict[str, Any], today: date) -> Lieu:
    fields = _with_tuples(row)
    age = fields.pop("maj_il_y_a", None)
    horaires = fields.pop("horaires", None)
    return Lieu(
        **fields,
        horaires=horaires and horaires.replace("{aujourdhui}", _osm_date(today)),
        date_maj=None if age is None else today - timedelta(days=age),
        source=DEMONSTRATION,
        provenance=Provenance(fichier="lieux.yml", format=DEMONSTRATION),
    )


def _osm_date(day: date) -> str:
    return f"{day.year} {OSM_MONTHS[day.month - 1]} {day.day:02}"


def _creneau(row: dict[str, Any], today: date) -> Creneau:
    fields = _with_tuples(row)
    day = _coming_day(JOURS.index(fields.pop("jour")), fields.pop("semaines"), today)
    start = datetime.combine(day, time.fromisoformat(fields.pop("heure")), PARIS)
    minutes = fields.pop("minutes", None)
    return Creneau(
        **fields,
        start=start,
        end=start + timedelta(minutes=minutes) if minutes else None,
        source=DEMONSTRATION,
        provenance=Provenance(fichier="creneaux.yml", format=DEMONSTRATION),
    )


def _coming_day(weekday: int, weeks: int, today: date) -> date:
    """Return the weekday (0 is Monday) that follows today, `weeks` later, and later still if it is a holiday."""
    day = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1, weeks=weeks)
    while _is_holiday(day):
        day += timedelta(weeks=1)
    return day


def _is_holiday(day: date) -> bool:
    """Tell a French public holiday (the library knows them from 2000 to 2098)."""
    return _holidays().is_open(datetime.combine(day, time(12)))


@cache
def _holidays() -> OpeningHours:
    return OpeningHours("PH", country="FR")
