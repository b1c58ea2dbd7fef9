"""An ordinary week of each distinct opening hours, to bound in numpy how soon each lieu can open.

A bound never says later than the truth. It is the truth itself for hours that only name weekdays (nearly all), public
holidays counted as closed; hours with dates, months or comments are taken as always open.
The exact opening of the few lieux that matter is then asked of `Horaires`. All is in wall-clock time.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import numpy as np

from knowledge.horaires import Horaires, HorairesIllisibles, is_ferie, paris, parse_horaires

STEP_MINUTES = 15
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
STEPS = WEEK_MINUTES // STEP_MINUTES
ONE_DAY = timedelta(days=1)
DAYS_AHEAD = 14
"""How far public holidays are looked for: the next opening of a weekly timetable is hardly ever farther."""
NEVER = np.iinfo(np.int16).max

TIME = re.compile(r"\d{1,2}:\d{2}")
WEEKDAYS_ONLY = re.compile(r"(?:Mo|Tu|We|Th|Fr|Sa|Su|off|closed|[\s,;-])*")

Integers = np.ndarray[tuple[int], np.dtype[np.int64]]
Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]
Minutes = np.ndarray[tuple[int], np.dtype[np.int16]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Semaines:
    """The week of each distinct text of opening hours, read at first use.

    A text that is missing or cannot be read counts as always open: a bound, never the answer.
    """

    def __init__(self, texts: Sequence[str | None]) -> None:
        self._texts = texts
        self._ready = np.zeros(len(texts), dtype=bool)
        self._ordinary = np.zeros(len(texts), dtype=bool)
        self._unknown = np.zeros(len(texts), dtype=bool)
        self._next = np.zeros((STEPS, len(texts)), dtype=np.int16)

    def __len__(self) -> int:
        return len(self._texts)

    def horaires(self, number: int) -> Horaires | None:
        """Return the hours of a text, None when they are missing or cannot be read."""
        return read_horaires(self._texts[number])

    def waits(self, numbers: Integers, now: datetime) -> Numbers:
        """Return for each number of `horaires` at most how many hours pass from `now` until it opens."""
        self._read(numbers)
        waits, ordinary = self._waits(numbers, now), self._ordinary[numbers]
        for holiday in _holidays(now.date()):
            begins, ends = (datetime.combine(day, time(), now.tzinfo) for day in (holiday, holiday + ONE_DAY))
            closed = np.flatnonzero(ordinary & (waits >= _hours(begins - now)) & (waits < _hours(ends - now)))
            if closed.size:
                waits[closed] = _hours(ends - now) + self._waits(numbers[closed], ends)
        return waits

    def unknown(self, numbers: Integers) -> Flags:
        """Return for each number of `horaires` whether they are missing or cannot be read."""
        self._read(numbers)
        return self._unknown[numbers]

    def ordinary(self, numbers: Integers) -> Flags:
        """Return for each number of `horaires` whether `waits` is the truth and not only a bound."""
        self._read(numbers)
        return self._ordinary[numbers]

    def _read(self, numbers: Integers) -> None:
        ready = self._ready[numbers]
        if not ready.all():
            for number in np.unique(numbers[~ready]).tolist():
                self._fill(number)

    def _waits(self, numbers: Integers, now: datetime) -> Numbers:
        minute = now.weekday() * DAY_MINUTES + now.hour * 60 + now.minute
        ahead = self._next[minute // STEP_MINUTES][numbers] - (minute + now.second / 60.0 + now.microsecond / 6e7)
        hours: Numbers = np.maximum(0.0, ahead) / 60.0
        return hours

    def _fill(self, number: int) -> None:
        horaires = self.horaires(number)
        week = _week(horaires) if horaires else None
        self._unknown[number] = horaires is None
        self._ordinary[number] = week is not None
        self._next[:, number] = np.arange(STEPS) * STEP_MINUTES if week is None else _next_starts(week)
        self._ready[number] = True


def read_horaires(text: str | None) -> Horaires | None:
    """Return the hours, None when they are missing or cannot be read."""
    try:
        return parse_horaires(text)
    except HorairesIllisibles:
        return None


def _week(horaires: Horaires) -> list[tuple[int, int]] | None:
    """Return the open intervals of an ordinary week (minute 0 is Monday 0:00), None when no week is ordinary.

    An opening that lasts past midnight can reach into a public holiday: its week is not ordinary either.
    """
    if not WEEKDAYS_ONLY.fullmatch(TIME.sub("", horaires.text)):
        return None
    monday = datetime(2026, 11, 16, tzinfo=paris())  # a week without any public holiday
    week = []
    for opening in horaires.openings(monday, monday + timedelta(days=7)):
        if opening.end is None or opening.end - opening.start.replace(hour=0, minute=0) > timedelta(days=1):
            return None
        week.append((_minutes(opening.start - monday), _minutes(opening.end - monday)))
    return week


def _next_starts(week: list[tuple[int, int]]) -> Minutes:
    """Return for each step of the week the minute of the first open instant from then on, maybe next week."""
    steps = np.arange(STEPS) * STEP_MINUTES
    found = np.full(STEPS, NEVER, dtype=np.int64)
    for shift in (0, WEEK_MINUTES):
        for start, end in week:
            first = np.where(steps < end + shift, np.maximum(steps, start + shift), NEVER)
            found = np.minimum(found, first)
    return found.astype(np.int16)


def _minutes(duration: timedelta) -> int:
    return int(duration.total_seconds()) // 60


def _hours(duration: timedelta) -> float:
    return duration.total_seconds() / 3600.0


@lru_cache(maxsize=64)
def _holidays(today: date) -> tuple[date, ...]:
    """Return the public holidays from today on."""
    return tuple(day for ahead in range(DAYS_AHEAD) if is_ferie(day := today + ahead * ONE_DAY))
