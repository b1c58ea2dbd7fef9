"""What is wrong, or may be wrong, in opening hours that the library reads without a word (`knowledge/horaires.py`)."""

import re
from collections.abc import Iterator
from itertools import pairwise

LONGEST_NIGHT, LONGEST_DAY = 12 * 60, 14 * 60
"""In minutes. A longer range that passes midnight is a typing mistake ("Fr 17:00-12:00"); by day it is a doubt."""

EARLIEST, EARLY = 5 * 60, 6 * 60
"""In minutes. An opening before the first is a typing mistake ("04:30-18:30" for 14:30), before the second a doubt."""

ALL_DAY = (0, 24 * 60)

_RULE_END = re.compile(r";|\|\||,\s+(?=[A-Za-z])")
_RANGE = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_QUOTED = re.compile(r'"([^"]*)"')
_SUN = re.compile(r"sunrise|sunset|dawn|dusk", re.IGNORECASE)
_OFF = re.compile(r"\b(?:off|closed)\b", re.IGNORECASE)
_UNSURE = re.compile(r"\bunknown\b", re.IGNORECASE)
_SCHOOL = re.compile(r"\bSH\b", re.IGNORECASE)
_OPEN_ENDED = re.compile(r":\d\d\s*\+")
_ONLY_TIMES = re.compile(r"[\d:,\s-]+")


def excerpt(text: str) -> str:
    """Return the beginning of a text, short enough for a sentence."""
    return text if len(text) <= 80 else f"{text[:79]}…"


def find_mistake(text: str) -> str | None:
    """Say what makes the text certainly wrong, None when nothing does."""
    bare = _QUOTED.sub("", text)
    if _SUN.search(bare):
        return "l'heure dépend du soleil"
    if _UNSURE.search(bare):
        return "des horaires donnés comme peu sûrs"
    if _OPEN_ENDED.search(bare):
        return "l'heure de fermeture manque"
    if any(_lacks_hours(rule) for rule in _RULE_END.split(bare)):
        return "des jours sans heures"
    for start, end in _ranges(bare):
        if start == end:
            return f"ouvre et ferme à {clock(start)}"
        if 0 < start < EARLIEST:
            return f"ouvre à {clock(start)} du matin"
        if end < start and end + 24 * 60 - start > LONGEST_NIGHT:
            return f"de {clock(start)} à {clock(end)}"
        if end - start > 24 * 60:
            return "plus de 24 heures de suite"
    return None


def _lacks_hours(rule: str) -> bool:
    return not (_RANGE.search(rule) or _OFF.search(rule) or "24/7" in rule)


def find_doubts(text: str) -> Iterator[str]:
    """Yield a French sentence for each thing that was read but may not be meant."""
    for comment in _QUOTED.findall(text):
        yield f"précision donnée avec les horaires : « {excerpt(comment)} »"
    bare = _QUOTED.sub("", text)
    if _SCHOOL.search(bare):
        yield "horaires des vacances scolaires à vérifier"
    if _ONLY_TIMES.fullmatch(bare):
        yield "jours non précisés, à vérifier"
    if any(_overlap(rule) for rule in _RULE_END.split(bare)):
        yield "horaires qui se recouvrent, à vérifier"
    for start, end in dict.fromkeys(_ranges(bare)):
        span = f"de {clock(start)} à {clock(end)}"
        if end < start:
            yield f"ouverture la nuit, {span}, à vérifier"
        elif start < EARLY and (start, end) != ALL_DAY:
            yield f"ouverture tôt le matin, {span}, à vérifier"
        elif end - start > LONGEST_DAY and (start, end) != ALL_DAY:
            yield f"ouverture {span} sans pause, à vérifier"


def _overlap(rule: str) -> bool:
    ranges = sorted(_ranges(rule))
    return any(after[0] < before[1] for before, after in pairwise(ranges))


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for match in _RANGE.finditer(text):
        h1, m1, h2, m2 = map(int, match.groups())
        yield h1 * 60 + m1, h2 * 60 + m2


def clock(minutes: int) -> str:
    """Write a time of day, in minutes from midnight, as French readers do: "9 h", "12 h 30"."""
    hour, minute = divmod(minutes, 60)
    return f"{hour} h {minute:02}" if minute else f"{hour} h"
