"""Opening hours (`Lieu.horaires`, OpenStreetMap grammar): open now, next opening, what must be doubted.

The grammar is read by opening-hours-py. What is ours is the refusal of the texts that it reads as something
else than what their writer meant, for a wrong statement sends somebody to a closed door:

- blank text is unknown (the library says 24/7);
- days without hours ("Mo-Fr") are unknown (the library says day and night);
- "Tu, Th 14:00-17:00" is Tuesday and Thursday, as opening_hours.js reads it (the library adds a Tuesday of 24 h);
- hours that say nothing of public holidays are taken as closed on these days, and the sentence says "sans doute".

The sentences are in `knowledge/horaires_phrases.py`.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]  # stub: no ParserError

from knowledge.demande import Opening
from knowledge.horaires_controle import excerpt, find_doubts, find_mistake

LOOK_AHEAD_DAYS = 60
"""No opening is looked for beyond: it would help nobody, and a season far away is expensive to find."""

MAX_LENGTH = 1000
"""In characters; the longest of the 3 125 texts published in 2023 has 287."""

_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)"
_SPACED_DAYS = re.compile(rf"\b({_DAY}),\s+(?={_DAY}\b)", re.IGNORECASE)
_HOLIDAYS = re.compile(r"\bPH\b|\b24/7\b", re.IGNORECASE)


class HorairesIllisibles(ValueError):
    """Hours that cannot be read, or that are certainly not what their writer meant. The message is in French."""


class Horaires:
    """Opening hours of a place in France. Instants are aware; those returned are in Europe/Paris.

    `text` is what was published. `doutes` are French sentences about what may be wrong though it was read.
    `feries_dits` tells whether the text itself speaks of public holidays; if not, closed is our guess.
    """

    __slots__ = ("_kept", "_rules", "doutes", "feries_dits", "text")

    def __init__(self, text: str, rules: OpeningHours, doutes: tuple[str, ...], *, feries_dits: bool) -> None:
        self.text = text
        self.doutes = doutes
        self.feries_dits = feries_dits
        self._rules = rules
        self._kept: tuple[date, tuple[tuple[float, Opening], ...]] | None = None

    def __repr__(self) -> str:
        return f"Horaires({self.text!r})"

    def is_open(self, now: datetime) -> bool:
        """Tell whether the place is open at `now`."""
        opening = self.next_opening(now)
        return opening is not None and opening.start.timestamp() <= now.timestamp()

    def next_opening(self, now: datetime, before: datetime | None = None) -> Opening | None:
        """Return the interval open at `now`, or else the next one to start; None when there is none.

        The search ends `LOOK_AHEAD_DAYS` after the day of `now`, and at `before` (excluded) when given. An
        interval that began before yesterday is given as begun yesterday at midnight; one that lasts beyond the
        search has no `end`.
        """
        now = in_paris(now)
        instant = now.timestamp()
        for end, opening in self._agenda(now.date()):
            if end > instant:
                return None if before is not None and opening.start.timestamp() >= before.timestamp() else opening
        return None

    def openings(self, start: datetime, end: datetime) -> list[Opening]:
        """Return what is open of [start, end[, in order, clipped to it, contiguous intervals merged."""
        if start.timestamp() >= end.timestamp():
            return []
        end = in_paris(end)
        found = self._walk(in_paris(start), end)  # clipped by the clock, which says 2 h twice in an October night
        return [Opening(one.start, min(one.end or end, end, key=datetime.timestamp)) for one in found]

    def _agenda(self, day: date) -> tuple[tuple[float, Opening], ...]:
        """Return what is open on `day` and the first interval after, with their ends in seconds; kept for the day."""
        kept = self._kept
        if kept is None or kept[0] != day:
            kept = self._kept = (day, tuple(self._open_from(day)))
        return kept[1]

    def _open_from(self, day: date) -> Iterator[tuple[float, Opening]]:
        today, tomorrow, horizon = (midnight(day + timedelta(days=days)) for days in (0, 1, LOOK_AHEAD_DAYS))
        for opening in self._walk(midnight(day - timedelta(days=1)), horizon):
            if opening.end == horizon:
                yield float("inf"), Opening(opening.start, None)
            elif opening.end and opening.end > today:
                yield opening.end.timestamp(), opening
            if opening.start >= tomorrow:
                return

    def _walk(self, start: datetime, end: datetime) -> Iterator[Opening]:
        """Yield the open intervals; the library parts them where a comment changes, a visitor does not."""
        current: Opening | None = None
        for begin, finish, state, _ in self._rules.intervals(start, end):
            if state is State.OPEN:
                current = Opening(current.start if current else begin, finish)
            elif current:
                yield current
                current = None
        if current:
            yield current


def parse_horaires(text: str | None) -> Horaires | None:
    """Read hours; None for blank or missing text, which is unknown.

    Raises `HorairesIllisibles`, with a French sentence that says what is wrong. Places share texts: each text is
    read once.
    """
    text = (text or "").strip()
    if not text:
        return None
    found = _read_once(text)
    if isinstance(found, str):
        raise HorairesIllisibles(found)
    return found


@lru_cache(maxsize=4096)
def is_ferie(day: date) -> bool:
    """Tell whether `day` is one of the eleven public holidays of the whole of France (L3133-1, Code du travail)."""
    return _feries().is_open(midnight(day))


@cache
def paris() -> ZoneInfo:
    """Return the time zone of every instant that a citizen reads."""
    return ZoneInfo("Europe/Paris")


@cache
def _feries() -> OpeningHours:
    return _open_library("PH")


def _open_library(text: str) -> OpeningHours:
    return OpeningHours(text, timezone=paris(), country="FR", max_interval_days=LOOK_AHEAD_DAYS + 30)


def midnight(day: date) -> datetime:
    """Return the first instant of `day`; no French change of clock is near it."""
    return datetime.combine(day, time(), paris())


def in_paris(instant: datetime) -> datetime:
    """Return the same instant on a French clock. Raises `ValueError` for one without offset: it says nothing sure."""
    if instant.tzinfo is paris():
        return instant
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs an offset, got {instant.isoformat()}")
    return instant.astimezone(paris())


@lru_cache(maxsize=16_384)
def _read_once(text: str) -> Horaires | str:
    """Return the hours, or the sentence that says why they are refused."""
    if len(text) > MAX_LENGTH:
        return f"Horaires illisibles : le texte dépasse {MAX_LENGTH} caractères."
    readable = _SPACED_DAYS.sub(r"\1,", text)
    said = bool(_HOLIDAYS.search(readable))
    try:
        rules = _open_library(readable if said else f"{readable}; PH off")
    except ParserError:
        return f"Horaires illisibles : « {excerpt(text)} »."
    if mistake := find_mistake(readable):
        return f"Horaires douteux, non utilisés : « {excerpt(text)} » ({mistake})."
    return Horaires(text, rules, tuple(find_doubts(readable)), feries_dits=said)
