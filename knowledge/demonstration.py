"""The demonstration base: fictional lieux and training slots over real communes, never out of date.

The data files hold no date: an age in days for a lieu, a weekday and a number of weeks for a slot.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from knowledge.creneaux import Creneau
from knowledge.horaires import is_ferie, paris
from knowledge.lieux import DEMONSTRATION, Lieu, Provenance
from knowledge.raisons import JOURS
from knowledge.yaml_files import read_data

OSM_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def demonstration(now: datetime) -> tuple[list[Lieu], list[Creneau]]:
    """Return the fictional lieux and slots as they stand at `now`, the same for a whole Paris day.

    Every slot starts on a later day than `now`. `now` must be aware: ValueError otherwise.
    """
    if now.tzinfo is None:
        raise ValueError("`now` must be aware")
    today = now.astimezone(paris()).date()
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
    start = datetime.combine(day, time.fromisoformat(fields.pop("heure")), paris())
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
    while is_ferie(day):
        day += timedelta(weeks=1)
    return day
