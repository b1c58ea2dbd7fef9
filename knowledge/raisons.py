"""The French sentences of reasons, doubts and relaxations (knowledge/data/raisons.yml)."""

from datetime import date, datetime
from functools import cache

from knowledge.yaml_files import read_data

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


@cache
def _sections() -> dict[str, dict[str, str]]:
    sections: dict[str, dict[str, str]] = read_data("raisons.yml")
    return sections


def say(section: str, key: str, /, **values: object) -> str:
    """Return a sentence of the file with its blanks filled. Raises KeyError for one that does not exist."""
    return _sections()[section][key].format_map(values)


def say_day(instant: date) -> str:
    """Return "mardi 24 novembre"; the first of a month is "1er"."""
    day = "1er" if instant.day == 1 else str(instant.day)
    return f"{JOURS[instant.weekday()]} {day} {MOIS[instant.month - 1]}"


def say_hour(instant: datetime) -> str:
    """Return "9 h" or "14 h 30"."""
    return f"{instant.hour} h {instant.minute:02}" if instant.minute else f"{instant.hour} h"


def say_distance(km: float, commune: str | None) -> str:
    """Return how far, from the name of the person's own commune when the lieu is in it, else in km."""
    if commune:
        return say("raisons", "meme_commune", commune=commune)
    return say("raisons", "tout_pres") if km < 1 else say("raisons", "distance", km=round(km))
