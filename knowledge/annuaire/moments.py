"""Moments that a helper asks for ("jeudi matin", "maintenant"): their codes, their hours, which lieux are open then."""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.annuaire.vocabulaire import Vocabulaire
from knowledge.demande import Opening
from knowledge.horaires import midnight
from knowledge.horaires_controle import clock
from knowledge.raisons import JOURS
from knowledge.semaines import Semaines

CLOSED, UNKNOWN, OPEN = -1, 0, 1
UNREAD = -2
ONE_DAY = timedelta(days=1)
NOW, TODAY, TOMORROW, AFTER, WEEK_END = "maintenant", "aujourd-hui", "demain", "apres-demain", "week-end"
DAYS_AWAY = {TODAY: 0, TOMORROW: 1, AFTER: 2}
HOUR = re.compile(r"(\d{2})h(\d{2})")
SPOKEN = {TODAY: "aujourd'hui", TOMORROW: "demain", AFTER: "après-demain", WEEK_END: "week-end"}
MOST_KEPT = 64

States = NDArray[np.int8]


class Moment(NamedTuple):
    """From an instant to another (excluded); a visitor needs to be there for no longer than an instant of it."""

    start: datetime
    end: datetime


def split(code: str, vocabulaire: Vocabulaire) -> tuple[str, str] | None:
    """Return the day and the part of a code ("" for a missing one): "jeudi-matin", "jeudi-14h30", "matin".

    None for a code that does not exist.
    """
    for day in ("", *vocabulaire.jours):
        part = code.removeprefix(day).removeprefix("-") if day else code
        if day and code != day and not code.startswith(f"{day}-"):
            continue
        if part in vocabulaire.parties or _hour(part) or (day and not part):
            return (day, part) if day != NOW or not part else None
    return None


def say_moment(code: str, vocabulaire: Vocabulaire) -> str:
    """Return a code as it is read: "jeudi matin", "demain à 14 h 30", "ouvert maintenant"."""
    if code == NOW:
        return "ouvert maintenant"
    day, part = split(code, vocabulaire) or (code, "")
    named = vocabulaire.parties[part].libelle if part in vocabulaire.parties else _say_hour(part)
    if day == TODAY and part in vocabulaire.parties:
        return f"cet {named}" if part == "apres-midi" else f"ce {named}"
    return " ".join(filter(None, (SPOKEN.get(day, day), named)))


def _say_hour(part: str) -> str:
    hour = _hour(part)
    return f"à {clock(hour.hour * 60 + hour.minute)}" if hour else ""


def moment_of(code: str, now: datetime, vocabulaire: Vocabulaire) -> Moment:
    """Return when a code is, the next time that it comes; `now` is on a French clock."""
    day, part = split(code, vocabulaire) or (NOW, "")
    if day == NOW:
        return Moment(now, now + timedelta(minutes=1))
    moments = [_inside(first, last, part, vocabulaire) for first, last in _days(day, now)]
    moment = next((one for one in moments if one.end > now), moments[-1])
    return Moment(max(moment.start, now), moment.end)


def _days(day: str, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the midnights between which a day may be, the nearest first."""
    today = now.date()
    if day in DAYS_AWAY:
        away, last = DAYS_AWAY[day], DAYS_AWAY[day]
    elif not day:
        away, last = 0, 1
    else:
        weekday = JOURS.index("samedi" if day == WEEK_END else day)
        away = (weekday - today.weekday()) % 7
        if day == WEEK_END and today.weekday() == JOURS.index("dimanche"):
            away = -1
        last = away + 7
    step = 1 if not day else 7
    length = 2 if day == WEEK_END else 1
    for ahead in range(away, last + 1, step):
        first = today + ahead * ONE_DAY
        yield midnight(first), midnight(first + length * ONE_DAY)


def _inside(first: datetime, last: datetime, part: str, vocabulaire: Vocabulaire) -> Moment:
    if not part:
        return Moment(first, last)
    hour = _hour(part)
    if hour:
        start = datetime.combine(first.date(), hour, first.tzinfo)
        return Moment(start, start + timedelta(minutes=1))
    named = vocabulaire.parties[part]
    begins, ends = (datetime.combine(first.date(), time.fromisoformat(at), first.tzinfo) for at in (named.de, named.a))
    return Moment(begins, ends)


def _hour(part: str) -> time | None:
    found = HOUR.fullmatch(part)
    return time(int(found[1]), int(found[2])) if found and int(found[1]) < 24 and int(found[2]) < 60 else None


class Ouvertures:
    """Which distinct opening hours are open in a moment; what was worked out for a moment is kept."""

    def __init__(self, semaines: Semaines) -> None:
        self._semaines = semaines
        self._kept: dict[Moment, States] = {}

    def states(self, numbers: NDArray[np.int64], moment: Moment) -> States:
        """Return `OPEN`, `CLOSED` or `UNKNOWN` for each number of `horaires`."""
        kept = self._kept.get(moment)
        if kept is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept = self._kept[moment] = np.full(len(self._semaines), UNREAD, dtype=np.int8)
        states: States = kept[numbers]
        missing = states == UNREAD
        if missing.any():
            wanted = np.unique(numbers[missing])
            kept[wanted] = self._look(wanted, moment)
            states = kept[numbers]
        return states

    def _look(self, numbers: NDArray[np.int64], moment: Moment) -> States:
        length = (moment.end - moment.start) / timedelta(hours=1)
        opens = self._semaines.waits(numbers, moment.start) < length
        states = np.where(opens, OPEN, CLOSED).astype(np.int8)
        for place in np.flatnonzero(opens & ~self._semaines.ordinary(numbers)).tolist():
            if self.opening(int(numbers[place]), moment) is None:
                states[place] = CLOSED
        states[self._semaines.unknown(numbers)] = UNKNOWN
        return states

    def opening(self, number: int, moment: Moment) -> Opening | None:
        """Return the opening of these hours that is in the moment, clipped to it; None when there is none."""
        horaires = self._semaines.horaires(number)
        found = horaires.openings(moment.start, moment.end) if horaires else []
        return found[0] if found else None
