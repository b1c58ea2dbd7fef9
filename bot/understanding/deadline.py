"""Which of the days named in a message is the deadline."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from bot.understanding.calendar_words import load_calendar
from bot.understanding.dates import DateMention, find_dates
from bot.understanding.lexicons import read_data
from bot.understanding.normalisation import Message

CUE_REACH = 30
"""Characters before a date in which "avant", "d'ici", "expire" make it a deadline."""

MAX_WEEKDAY_WORDS = 2
""" "le lundi", "le lundi matin" are habits; "le lundi 7", "lundi en huit" are not."""

_CORRECTION = re.compile(
    r"\b(?:non|pardon|plutot|enfin|je veux dire|correction|je me trompe|qu est ce que je raconte)\b"
)
_NOT_THEN = re.compile(r"\bpas (?:pour |avant )?(?:le |la |ce )?$")
"""What denies a day: "pas aujourd'hui mais cette semaine"."""

_HABIT = re.compile(r"\b(?:le|les|tous les|chaque|every|los|todos los)(?: \w+ et)? $")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day, whether the message says that it is a limit ("avant…"), and the words that name it."""

    day: date
    is_limit: bool
    text: str


def find_deadline(message: Message, today: date) -> Deadline | None:
    """Return the deadline: the corrected day, else the nearest one said to be a limit, else the nearest."""
    plain = message.plain
    days = [found for found in find_dates(plain, today) if not _is_past_or_habit(plain, found)]
    if not days:
        return None
    corrected = [found for found in days[1:] if _CORRECTION.search(plain, days[0].end, found.start)]
    limits = [found for found in days if _is_limit(plain, found)]
    chosen = corrected[-1] if corrected else min(limits or days, key=lambda found: (found.day, found.start))
    return Deadline(chosen.day, chosen in limits, plain[chosen.start : chosen.end])


@cache
def _contexts() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what stands before a past day, a day when something was done, a limit, the end of an absence.

    "Il est en congé jusqu'au 7" ends an absence; "j'ai jusqu'au 7" grants a delay.
    """
    data = read_data("dates.yml")
    past = re.compile(rf"\b(?:{'|'.join(data['past'])})(?: (?:le|la|l|au|du|mon|ma|ce))? $")
    done = re.compile(rf"\b(?:{data['participles']})(?: \w+){{0,2}} $")
    span_end = re.compile(rf"\b(?:{data['absences']})\b(?: \w+){{0,3}} jusqu(?: a| au| en)? $")
    return past, done, re.compile(rf"\b(?:{data['cues']})\b"), span_end


def _is_past_or_habit(plain: str, found: DateMention) -> bool:
    before = plain[max(0, found.start - 60) : found.start]
    past, done, _, span_end = _contexts()
    words = plain[found.start : found.end].split()
    if _NOT_THEN.search(before) or span_end.search(before):
        return True
    if "demain" in words:  # never past: "faut que ce soit fait demain"
        return False
    is_weekday = words[0] in load_calendar().weekdays and len(words) <= MAX_WEEKDAY_WORDS
    if past.search(before) or (is_weekday and _HABIT.search(before)):
        return True
    in_words = all(word.isalpha() for word in words)
    return in_words and not _is_limit(plain, found) and bool(done.search(before))


def _is_limit(plain: str, found: DateMention) -> bool:
    before = plain[max(0, found.start - CUE_REACH) : found.start]
    sentence = before.rpartition(" . ")[2]
    return bool(_contexts()[2].search(sentence + plain[found.start : found.end]))
