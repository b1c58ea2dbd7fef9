"""Respelling one word: split what is glued ("lurssaf"), then by ear ("portefeuye"), then by one typing mistake.

Only towards words worth finding (`targets`); a word that is already known is left alone.
"""

import re
from collections.abc import Iterable, Set
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.understanding.patterns import stem

GLUED = re.compile(r"^(qu|[jldmtnsc])(.{3,})$")
"""An elision without its apostrophe: "lurssaf", "jarrive", "dimpots", "quil"."""

MIN_BY_EAR, MIN_ONE_MISTAKE, MIN_TWO_MISTAKES = 4, 6, 9
"""Shorter words are too close to one another."""

MIN_ALIKE = 0.5
"""How much of the letters two words must share to be taken for one by ear."""

_BY_EAR = tuple(
    (re.compile(pattern, re.MULTILINE), replacement)
    for pattern, replacement in (
        ("eaux?|aux?", "o"),
        ("ph", "f"),
        ("qu|q|ck|ch(?=[rl])|c(?![eiyh])|k", "k"),
        ("c(?=[eiy])|ss|sc(?=[eiy])|z", "s"),
        ("ti(?=on)", "si"),
        ("ge(?=[ao])|g(?=[eiy])", "j"),
        ("gu(?=[ei])", "g"),
        ("euill?e?|euy", "euy"),
        ("ill", "y"),
        ("aill?", "ay"),
        ("ein|ain|aim|im(?=[bp])|in(?![aeiouyn])|yn", "1"),
        ("en(?![aeiouyn])|em(?=[bp])|an(?![aeiouyn])|am(?=[bp])", "2"),
        ("on(?![aeiouyn])|om(?=[bp])", "3"),
        ("(?:er|ez|ees?|et|ais?|ait)$", "e"),
        ("ai|ei|ay", "e"),
        ("y", "i"),
        ("h", ""),
        (r"(.)\1+", r"\1"),
        ("(?:[stxdp]+|e|es|ent)$", ""),
    )
)


@lru_cache(maxsize=20_000)
def by_ear(words: str) -> str:
    """Return what a folded French word, or one a line, sounds like, roughly; those written alike by ear share it."""
    for pattern, replacement in _BY_EAR:
        words = pattern.sub(replacement, words)
    return words


class Speller:
    """Knows which words exist (`known`) and which are worth correcting towards (`targets`)."""

    def __init__(self, known: Set[str], targets: Iterable[str]) -> None:
        self._known = known
        self._by_sound: dict[str, list[str]] = {}
        self._by_initial: dict[str, list[str]] = {}
        words = sorted(targets)
        for word, sound in zip(words, by_ear("\n".join(words)).split("\n"), strict=True):
            self._by_sound.setdefault(sound, []).append(word)
            self._by_initial.setdefault(word[0], []).append(word)
        self._stems = frozenset(stem(word) for words in self._by_initial.values() for word in words)
        self.spell = lru_cache(maxsize=4096)(self._spell)

    def _knows(self, word: str) -> bool:
        return word in self._known or word.rstrip("sx") in self._known or stem(word) in self._stems

    def _spell(self, word: str) -> list[str]:
        if len(word) < MIN_BY_EAR or not word.isalpha() or self._knows(word):
            return [word]
        for letters in ("qu", "c"):
            respelt = word.replace("k", letters)
            if respelt != word and self._knows(respelt):
                return [respelt]
        glued = GLUED.match(word)
        if glued and self._knows(glued[2]):
            return [glued[1], glued[2]]
        corrected = self._correct(word)
        if corrected is None and glued:
            corrected_rest = self._correct(glued[2])
            return [glued[1], corrected_rest] if corrected_rest else [word]
        return [corrected or word]

    def _correct(self, word: str) -> str | None:
        """Return the target that sounds the same, or that is one mistake away (two in a long word)."""
        alike = process.extractOne(
            word, self._by_sound.get(by_ear(word), ()), scorer=OSA.normalized_similarity, score_cutoff=MIN_ALIKE
        )
        if alike is not None:
            return alike[0]
        if len(word) < MIN_ONE_MISTAKE:
            return None
        mistakes = 2 if len(word) >= MIN_TWO_MISTAKES else 1
        near = process.extractOne(word, self._by_initial.get(word[0], ()), scorer=OSA.distance, score_cutoff=mistakes)
        return None if near is None else near[0]
