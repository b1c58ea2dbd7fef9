"""Reading through typing errors, and through spelling by ear."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

MOST_ERRORS = 3
MOST_NAMES = 5
SAME_FIRST_LETTER = 5
"""Letters up to which a misspelt name must begin as it should."""
SOUNDS = tuple(
    (re.compile(pattern, re.MULTILINE), sound)
    for pattern, sound in (
        ("h", ""),
        ("eau|au", "o"),
        ("ph", "f"),
        ("c(?=[eiy])|tz|ts|[xz]", "s"),
        ("qu|ck|[kq]", "c"),
        ("ill|y", "i"),
        ("[ae][nm](?![aeiou])", "an"),
        (r"(.)\1+", r"\1"),
        ("(?<=...)[stde]+$", ""),
    )
)
"""French letters that sound the same, in the order in which they are replaced."""


class Spellings:
    """Folded names among which a misspelt one is looked for."""

    def __init__(self, names: Iterable[str]) -> None:
        by_length: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for name in names:
            compact = name.replace(" ", "")
            by_length[len(compact)].append((compact, name))
        longest = max(by_length, default=0) + MOST_ERRORS
        around = [_around(by_length, length) for length in range(longest + 1)]
        self._near = [([compact for compact, _ in pairs], [name for _, name in pairs]) for pairs in around]

    def near(self, length: int) -> tuple[Sequence[str], Sequence[str]]:
        """Return the names that a misspelt one of this many letters may be: without spaces, and whole."""
        return self._near[length] if length < len(self._near) else ((), ())


def _around(by_length: Mapping[int, list[tuple[str, str]]], length: int) -> list[tuple[str, str]]:
    errors = allowed_errors(length)
    return [pair for near in range(length - errors, length + errors + 1) for pair in by_length.get(near, ())]


def sound_of(names: str) -> str:
    """Return how a folded name, or one a line, sounds, roughly: "hendaille" and "hendaye" are the same."""
    sound = names.replace(" ", "")
    for pattern, replacement in SOUNDS:
        sound = pattern.sub(replacement, sound)
    return sound


def allowed_errors(length: int) -> int:
    """Return how many letters may be wrong in a name of this many letters (spaces not counted)."""
    if length < 4:
        return 0
    return 1 if length < 8 else 2 if length < 13 else MOST_ERRORS


@lru_cache(maxsize=8192)
def read_through(word: str, spellings: Spellings) -> tuple[tuple[str, float], ...]:
    """Return the names that a misspelt one may be, with a quality from 0.7 to 0.95.

    Errors are letters left out, added, changed, or swapped with their neighbour (optimal string alignment).
    """
    compact = word.replace(" ", "")
    errors = allowed_errors(len(compact))
    if not errors:
        return ()
    near, names = spellings.near(len(compact))
    found = []
    for name, distance, i in extract(compact, near, scorer=OSA.distance, score_cutoff=errors, limit=MOST_NAMES):
        longest = max(len(compact), len(name))
        if distance <= allowed_errors(longest) and (longest > SAME_FIRST_LETTER or name[0] == compact[0]):
            found.append((names[i], 0.95 - 0.5 * distance / longest))
    return tuple(found)
