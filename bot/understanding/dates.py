"""Reading the dates of a message: what calendar day each expression means, as seen from today.

Only expressions that point to today or later are returned; "lundi dernier", a date of birth, a duration or an hour
are none. The words stand in `data/dates.yml`. All functions work on `Message.plain`.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from bot.understanding.calendar_words import alternation, any_expression, expressions, load_calendar

_MAIS = re.compile(
    r"(?<!\ben )(?<!\bde )(?<!\bd )(?<!\bmi )(?<!\bfin )(?<!\bau )(?<!mois )(?<!debut )(?<!\d )\bmai "
    r"(?:que?|ke|on|je?|il|elle|c|ca|sa|ce|se|pas?|la|y|vous|nous|tu|si|comment|quand|mon|ma|mes)\b"
)
""" "mai ke sa reste entre nou": SMS for "mais"."""

LONGEST_DELAY = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A day that a message names: its offsets in `plain`, the calendar day, and which of `RESOLVERS` told it."""

    start: int
    end: int
    day: date
    meaning: str


Resolve = Callable[[re.Match[str], date], date | None]


def find_dates(plain: str, today: date) -> tuple[DateMention, ...]:
    """Return the days named, in the order of the text; they never overlap and none lies in the past."""
    if not any_expression().search(plain):
        return ()
    taken: list[tuple[int, int]] = []
    found = []
    for meaning, pattern in expressions():
        for match in pattern.finditer(plain):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            day = RESOLVERS[meaning](match, today)
            if day is not None and today <= day <= today + LONGEST_DELAY:
                found.append(DateMention(match.start(), match.end(), day, meaning))
    return tuple(sorted(found, key=lambda mention: mention.start))


def future_months(plain: str, today: date) -> Iterator[tuple[int, int]]:
    """Return the offsets of months named as a time to come: the next six, or any with "prochain" or its year."""
    months = load_calendar().months
    for match in _month_expression().finditer(plain):
        if match[1] == "mai" and _MAIS.search(plain, max(0, match.start() - 9), match.end() + 12):
            continue
        ahead = (months[match[1]] - today.month) % 12
        said_to_come = match[2] is not None and match[2] not in {str(year) for year in range(2000, today.year + 1)}
        if said_to_come or 1 <= ahead <= 6:
            yield match.span()


@cache
def _month_expression() -> re.Pattern[str]:
    return re.compile(rf"\b(?<!depuis )({alternation(load_calendar().months)})\b(?: (prochain|qui vient|20\d\d))?")


def _full(match: re.Match[str], today: date) -> date | None:
    if match["month"] == "sept" and match["day"].isalpha():  # "dix-sept ans"
        return None
    day, month = _day(match), _month(match)
    year = match.groupdict().get("year")
    if year is None:
        return _next_day_month(day, month, today)
    return _valid(int(year) + (2000 if len(year) == 2 else 0), month, day)


def _day(match: re.Match[str]) -> int:
    text = match["day"]
    if text == "premier":
        return 1
    digits = re.match(r"\d+", text)
    return int(digits[0]) if digits else load_calendar().numbers[text]


def _month(match: re.Match[str]) -> int:
    return int(match["month"]) if match["month"].isdigit() else load_calendar().months[match["month"]]


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next_day_month(day: int, month: int, today: date) -> date | None:
    """Return the next such day, today included (29 February waits for a leap year)."""
    candidates = (_valid(today.year + years, month, day) for years in range(5))
    return next((found for found in candidates if found and found >= today), None)


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    day = _day(match)
    for ahead in range(12):
        years, month = divmod(today.month - 1 + ahead, 12)
        found = _valid(today.year + years, month + 1, day)
        if found and found >= today:
            return found
    return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _month_end_of(match: re.Match[str], today: date) -> date:
    month = _month(match)
    return _month_end(today.year + (month < today.month), month)


def _this_month_end(_match: re.Match[str], today: date) -> date:
    return _month_end(today.year, today.month)


def _next_month_end(_match: re.Match[str], today: date) -> date:
    return _month_end(today.year + today.month // 12, today.month % 12 + 1)


def _next_weekday(weekday: int, today: date) -> date:
    """Return the next such day, never today: "lundi" said on a Monday is in a week."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _rank(match: re.Match[str]) -> int:
    """Return the day of the week that is named, 0 for Monday."""
    calendar, word = load_calendar(), match["weekday"]
    return calendar.weekdays[word] if word in calendar.weekdays else calendar.short_weekdays[word]


def _weekday(match: re.Match[str], today: date) -> date:
    weekday = _rank(match)
    return today if match["this"] and weekday == today.weekday() else _next_weekday(weekday, today)


def _weekday_next_week(match: re.Match[str], today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=7 + _rank(match))


def _weekday_in_weeks(match: re.Match[str], today: date) -> date:
    extra = 14 if match["weeks"] in {"quinze", "15"} else 7
    return _next_weekday(_rank(match), today) + timedelta(days=extra)


def _weekday_and_day(match: re.Match[str], today: date) -> date | None:
    """ "mardi 17": the day of this month or the next whose weekday fits; one of the past month is past."""
    weekday, day = _rank(match), _day(match)
    around = (today + timedelta(days=offset) for offset in (*range(46), *range(-31, 0)))
    fitting = next((found for found in around if found.day == day and found.weekday() == weekday), None)
    return fitting or _day_of_month(match, today)


def _delay(match: re.Match[str], today: date) -> date | None:
    text = match["number"]
    count = int(text) if text.isdigit() else load_calendar().numbers[text]
    unit = match["unit"]
    if unit.startswith("h"):
        return today + timedelta(days=count // 24)
    if unit.startswith(("mois", "month", "mes")):
        return _months_later(today, count)
    weeks = unit.startswith(("sem", "week", "aste"))
    return today + timedelta(days=count * (7 if weeks else 1))


def _months_later(today: date, count: int) -> date:
    years, month = divmod(today.month - 1 + count, 12)
    last = monthrange(today.year + years, month + 1)[1]
    return date(today.year + years, month + 1, min(today.day, last))


def _hours(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=int(match["hours"]) // 24)


def _span(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=8 if match["span"] == "huitaine" else 15)


def _relative(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=load_calendar().relative[match["words"]])


def _never(_match: re.Match[str], _today: date) -> None:
    """What looks like a day and is none: "7/7", "tous les 5 du mois"."""


def _tomorrow(_match: re.Match[str], today: date) -> date:
    return today + timedelta(days=1)


def _today(_match: re.Match[str], today: date) -> date:
    return today


def _feast(match: re.Match[str], today: date) -> date | None:
    day, month = load_calendar().feasts[match["words"]]
    return _next_day_month(day, month, today)


def _mid_month(match: re.Match[str], today: date) -> date | None:
    return _next_day_month(15, _month(match), today)


RESOLVERS: Mapping[str, Resolve] = {
    "appointment": _today,
    "day_of_month": _day_of_month,
    "delay": _delay,
    "feast": _feast,
    "full": _full,
    "hours": _hours,
    "mid_month": _mid_month,
    "month_end": _month_end_of,
    "never": _never,
    "next_month_end": _next_month_end,
    "relative": _relative,
    "span": _span,
    "this_month_end": _this_month_end,
    "today": _today,
    "tomorrow": _tomorrow,
    "weekday": _weekday,
    "weekday_and_day": _weekday_and_day,
    "weekday_in_weeks": _weekday_in_weeks,
    "weekday_next_week": _weekday_next_week,
}
"""What each expression of `data/dates.yml` means."""
