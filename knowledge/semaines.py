"""An ordinary week of each distinct opening hours, to bound in numpy how soon each lieu can open.

A bound never says later than the truth: public holidays only close, and texts with dates, months or comments
are taken as always open. The exact opening of the few lieux that matter is then asked of `Horaires`.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from knowledge.horaires import Horaires, paris

HOURS = 7 * 24
WEEK_MINUTES = HOURS * 60
NEVER = np.iinfo(np.int16).max
DST_SLACK_MINUTES = 60
"""The last Sunday of March is an hour short: an opening comes an hour sooner than in an ordinary week."""

TIME = re.compile(r"\d{1,2}:\d{2}")
ORDINARY = re.compile(r"(?:Mo|Tu|We|Th|Fr|Sa|Su|off|closed|[\s,;-])*")

Rows = np.ndarray[tuple[int], np.dtype[np.int64]]
Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]


class Semaines:
    """The week of each of `horaires`, filled at first use."""

    def __init__(self, horaires: Sequence[Horaires]) -> None:
        self._horaires = horaires
        self._ready = np.zeros(len(horaires), dtype=bool)
        self._next = np.zeros((len(horaires), HOURS), dtype=np.int16)

    def waits(self, numbers: Rows, now: datetime) -> Numbers:
        """Return for each number of `horaires` at most how many hours pass from `now` until it opens."""
        for number in np.unique(numbers[~self._ready[numbers]]):
            self._next[number] = _next_starts(self._horaires[number])
            self._ready[number] = True
        minute = now.weekday() * 1440 + now.hour * 60 + now.minute
        return np.maximum(0, self._next[numbers, minute // 60] - (minute + 1 + DST_SLACK_MINUTES)) / 60.0


def _next_starts(horaires: Horaires) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """Return for each hour of the week the minute (0 is Monday 0:00) of the first open instant from then on."""
    slots = np.arange(HOURS, dtype=np.int64) * 60
    if not ORDINARY.fullmatch(TIME.sub("", horaires.text)):
        return slots.astype(np.int16)
    monday = datetime(2026, 11, 16, tzinfo=paris())  # a week without any public holiday
    found = np.full(HOURS, NEVER, dtype=np.int64)
    for opening in horaires.openings(monday, monday + timedelta(days=7)):
        start = int((opening.start - monday).total_seconds()) // 60
        end = int((opening.end - monday).total_seconds()) // 60 if opening.end else WEEK_MINUTES
        for shift in (0, WEEK_MINUTES):
            reachable = slots < end + shift
            found = np.where(reachable, np.minimum(found, np.maximum(slots, start + shift)), found)
    return found.astype(np.int16)
