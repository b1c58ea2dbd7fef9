"""The words and the expressions of dates (`data/dates.yml`), ready to search."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bot.understanding.lexicons import read_data

_PLACEHOLDER = re.compile(r"(?<!\?P)<(\w+)>")
_NAME = re.compile(r"\?P<\w+>")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The words of dates: what each one stands for, and the alternation that finds them."""

    weekdays: Mapping[str, int]
    short_weekdays: Mapping[str, int]
    months: Mapping[str, int]
    numbers: Mapping[str, int]
    relative: Mapping[str, int]
    feasts: Mapping[str, tuple[int, int]]


@cache
def load_calendar() -> Calendar:
    """Return the words of `data/dates.yml`."""
    data = read_data("dates.yml")
    return Calendar(
        weekdays=_ranks(data["weekdays"], 0),
        short_weekdays=_ranks(data["short_weekdays"], 0),
        months=_ranks(data["months"], 1),
        numbers={word: number for number, words in data["numbers"].items() for word in words.split("|")},
        relative={word: days for days, words in data["relative"].items() for word in words.split("|")},
        feasts={word: _day_month(key) for key, words in data["feasts"].items() for word in words.split("|")},
    )


def _ranks(rows: list[str], first: int) -> dict[str, int]:
    return {word: rank for rank, words in enumerate(rows, first) for word in words.split("|")}


def _day_month(text: str) -> tuple[int, int]:
    day, month = text.split("/")
    return int(day), int(month)


def alternation(words: Mapping[str, object]) -> str:
    """Return a regular expression of the words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@cache
def expressions() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return (meaning, expression) in the order of the file; meanings are the names of `dates.RESOLVERS`."""
    return tuple((meaning, _whole_words(text)) for meaning, text in _texts())


@cache
def any_expression() -> re.Pattern[str]:
    """Return the expression that finds what any of them does: most messages hold no date, and are searched once."""
    return _whole_words("|".join(_NAME.sub("?:", text) for _, text in _texts()))


def _whole_words(text: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?<![\w/])(?:{text})(?![\w/])")


@cache
def _texts() -> tuple[tuple[str, str], ...]:
    """Return (meaning, text of a regular expression) in the order of the file."""
    data, calendar = read_data("dates.yml"), load_calendar()
    number = alternation(calendar.numbers)
    weekday, month = alternation(calendar.weekdays), alternation(calendar.months)
    in_words = alternation({word: count for word, count in calendar.numbers.items() if 1 < count <= 31})
    words = data["words"] | {
        "weekday": f"(?P<weekday>{weekday})",
        "anyweekday": f"(?:{weekday})",
        "short_weekday": alternation(calendar.short_weekdays),
        "month": f"(?P<month>{month})",
        "anymonth": f"(?:{month})",
        "number": rf"(?P<number>\d{{1,3}}|{number})",
        "day": rf"(?P<day>\d{{1,2}}(?:er|st|nd|rd|th)?|premier|{in_words})",
        "in_words": in_words,
        "anyday": f"(?:(?:{weekday}|{alternation(calendar.short_weekdays)})(?: le)? )?",
        "relative": alternation(calendar.relative),
        "feast": alternation(calendar.feasts),
    }
    return tuple((name, _filled(text, words)) for row in data["expressions"] for name, text in row.items())


def _filled(text: str, words: Mapping[str, str]) -> str:
    while (more := _PLACEHOLDER.sub(lambda placeholder: words[placeholder[1]], text)) != text:
        text = more
    return text
