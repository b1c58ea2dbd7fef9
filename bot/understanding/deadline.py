"""Which of the days named in a message is the deadline."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from bot.understanding.dates import DateMention, find_dates
from bot.understanding.lexicons import read_data
from bot.understanding.normalisation import Message

CUE_REACH = 30
"""Characters before a date in which "avant", "d'ici", "expire" make it a deadline."""

MAX_WEEKDAY_WORDS = 2
""" "le lundi", "le lundi matin" are habits; "le lundi 7", "lundi en huit" are not."""

LONG_AHEAD = timedelta(days=210)
"""A day and month without a year that is farther than this was said of the past: "envoyé le 3 octobre"."""

_CORRECTION = re.compile(
    r"\b(?:non|pardon|plutot|enfin|je veux dire|correction|je me trompe|qu est ce que je raconte)\b"
)
_NOT_THEN = re.compile(
    r"(?:^|[,.] |\b(?:c est|ce n est|est|mais|non) )pas (?:pour |avant )?(?:le |la |ce )?$|\bpas pour $"
)
"""What denies a day: "pas aujourd'hui mais cette semaine"."""

_OF_THE = re.compile(r"\bdu $")
""" "La lettre du 5" names a past day, "du 5 décembre" may be to come."""

_LIMIT_BEHIND = re.compile(r" (?:baino lehen|aitzin|arte)\b")
"""Basque says "before" and "until" after the day."""

NEVER_PAST = frozenset({"month_end", "this_month_end", "next_month_end", "weekday_in_weeks", "weekday_next_week"})

_YEAR = re.compile(r"\b20\d\d|[/.]\d\d[/.]\d\d")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day, whether the message says that it is a limit ("avant…"), and the words that name it."""

    day: date
    is_limit: bool
    text: str


def find_deadline(message: Message, today: date) -> Deadline | None:
    """Return the deadline: the corrected day, else the nearest one said to be a limit, else the nearest.

    The hour of an appointment means today only where no day is named.
    """
    plain = message.plain
    named = find_dates(plain, today)
    named = tuple(found for found in named if found.meaning != "appointment") or named
    days = [found for found in named if not _is_past_or_habit(plain, found, today)]
    if not days:
        return None
    corrected = [found for found in days[1:] if _CORRECTION.search(plain, days[0].end, found.start)]
    limits = [found for found in days if _is_limit(plain, found)]
    chosen = corrected[-1] if corrected else min(limits or days, key=lambda found: (found.day, found.start))
    return Deadline(chosen.day, chosen in limits, plain[chosen.start : chosen.end])


@dataclass(frozen=True, slots=True)
class _Contexts:
    """What stands before a day and says what it is (`data/dates.yml`)."""

    past: re.Pattern[str]
    done: re.Pattern[str]
    """Something was done that day."""
    asked: re.Pattern[str]
    """Something was asked for that day, which is to come: "ils m'ont convoqué jeudi"."""
    habit: re.Pattern[str]
    limit: re.Pattern[str]
    absence: re.Pattern[str]
    """The end of an absence: "il est en congé jusqu'au 7"; "j'ai jusqu'au 7" grants a delay."""


@cache
def _contexts() -> _Contexts:
    data = read_data("dates.yml")
    adverb = "(?:(?:pas|plus|deja|bien|tout|rien|jamais) )?"
    done = f"{data['participles']}|(?:{data['auxiliaries']}) {adverb}(?:{data['verbs']})"
    return _Contexts(
        past=re.compile(rf"\b(?:{'|'.join(data['past'])})(?: (?:le|la|l|au|du|mon|ma|ce))? $"),
        done=re.compile(rf"\b(?:{done})(?: \w+){{0,4}} $"),
        asked=re.compile(rf"\b(?:{data['asked']})\b"),
        habit=re.compile(rf"\b(?:{data['habits']})(?: \w+ et)? $"),
        limit=re.compile(rf"\b(?:{data['cues']})\b"),
        absence=re.compile(rf"\b(?:{data['absences']})\b(?: \w+){{0,3}} jusqu(?: a| au| en)? $"),
    )


def _is_past_or_habit(plain: str, found: DateMention, today: date) -> bool:
    before = plain[max(0, found.start - 60) : found.start]
    contexts, words = _contexts(), plain[found.start : found.end].split()
    if _NOT_THEN.search(before) or contexts.absence.search(before):
        return True
    if found.meaning in NEVER_PAST or not {"demain", "prochain"}.isdisjoint(words):  # "faut que ce soit fait demain"
        return False
    if contexts.past.search(before):
        return True
    in_words = all(word.isalpha() for word in words)
    is_weekday = in_words and found.meaning == "weekday" and len(words) <= MAX_WEEKDAY_WORDS
    if is_weekday and contexts.habit.search(before):
        return True
    if _is_limit(plain, found):
        return False
    if found.meaning == "full":
        return found.day - today > LONG_AHEAD and not _YEAR.search(plain, found.start, found.end)
    if _OF_THE.search(before) and (is_weekday or found.meaning == "day_of_month"):
        return True
    done = contexts.done.search(before) if in_words or found.meaning == "day_of_month" else None
    return done is not None and not contexts.asked.search(before)


def _is_limit(plain: str, found: DateMention) -> bool:
    before = plain[max(0, found.start - CUE_REACH) : found.start]
    sentence = before.rpartition(" . ")[2]
    after = plain[found.end : found.end + len(" baino lehen")]
    return bool(_contexts().limit.search(sentence + plain[found.start : found.end]) or _LIMIT_BEHIND.match(after))
