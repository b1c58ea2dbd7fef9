"""Lieux by their name, with the commune and the address as evidence: what is typed from memory, with errors."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, Indel
from rapidfuzz.process import cdist

from knowledge.annuaire.trigrammes import Rows, Trigrammes
from knowledge.annuaire.vocabulaire import LIENS
from knowledge.communes.text import fold_all
from knowledge.communes.typos import Spellings, read_through
from knowledge.lieux import Lieu

NEAREST = 150
"""Lieux compared word by word with a query."""
LONGEST_QUERY = 12
"""Words compared."""
COMMUNE, ADRESSE = 0.98, 0.7
"""How much a word found in the commune or in the address counts beside one found in the name."""
ALIKE = 0.55
"""Likeness of two words below which they have nothing in common."""
COVERED, COVERING = 0.85, 0.15
"""Weight of what the lieu has of the query, and of what the query has of the name of the lieu."""
GLUED, SAME_TEXT = 0.97, 0.88
"""Weight of the likeness of whole texts without blanks (words glued together or cut), and from where they are one."""
SHORTEST_PREFIX = 3
ACRONYM = 4
"""Letters of the longest word that is another word with its letters in another order: "cpam", "acpm"."""
COMMON = 5
"""Lieux that must have a word for it to be no typing error of the name of a large town."""

Floats = NDArray[np.float64]


class Ressemblance(NamedTuple):
    """Lieux and how much each looks like what was typed, from 0 to 1. `whole`: no typed word is missing in it."""

    rows: Rows
    scores: Floats
    whole: NDArray[np.bool_]


class Noms:
    """Read only after construction; the slow parts are built at first use."""

    def __init__(self, lieux: Sequence[Lieu]) -> None:
        self._noms = fold_all(lieu.nom for lieu in lieux)
        self._communes = fold_all(lieu.commune for lieu in lieux)
        self._adresses = fold_all(lieu.adresse or "" for lieu in lieux)

    @cached_property
    def _index(self) -> Trigrammes:
        return Trigrammes([" ".join(words) for words in zip(self._noms, self._communes, self._adresses, strict=True)])

    @cached_property
    def _frequencies(self) -> dict[str, int]:
        """How many lieux have a word in their name, commune or address."""
        found: dict[str, int] = {}
        for texts in (self._noms, self._communes, self._adresses):
            for text in texts:
                for word in text.split():
                    found[word] = found.get(word, 0) + 1
        return found

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings(word for word in self._frequencies if word.isalpha() and len(word) > SHORTEST_PREFIX)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._frequencies)

    def knows(self, word: str) -> bool:
        """Tell whether a folded word is in some name or address as it is."""
        return word in self._frequencies

    def is_common(self, word: str) -> bool:
        """Tell whether a folded word is in several names or addresses: it is no slip of the pen."""
        return self._frequencies.get(word, 0) >= COMMON

    def may_know(self, word: str) -> bool:
        """Tell whether a folded word is in some name or address, begun or misspelt."""
        return self.knows(word) or self._is_begun(word) or bool(read_through(word, self._spellings))

    def _is_begun(self, word: str) -> bool:
        if len(word) < SHORTEST_PREFIX:
            return False
        place = bisect_left(self._sorted, word)
        return place < len(self._sorted) and self._sorted[place].startswith(word)

    def alike(self, words: Sequence[str], among: Rows | None = None) -> Ressemblance:
        """Return the lieux that look most like these folded words; or how much each of `among` does."""
        words = [word for word in words if word not in LIENS][:LONGEST_QUERY] or list(words)[:LONGEST_QUERY]
        if not words:
            return Ressemblance(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0, dtype=bool))
        rows = self._index.nearest(" ".join(words), NEAREST) if among is None else among
        return self._compare(words, rows)

    def _compare(self, words: Sequence[str], rows: Rows) -> Ressemblance:
        if not rows.size:
            return Ressemblance(rows, np.empty(0), np.empty(0, dtype=bool))
        numbers = rows.tolist()
        fields = [[column[row].split() for row in numbers] for column in (self._noms, self._communes, self._adresses)]
        known = sorted({word for texts in fields for text in texts for word in text})
        places = {word: place for place, word in enumerate(known)}
        alike = self._likeness(words, known)
        weights = self._weights(words)
        covered = np.zeros((len(words), len(numbers)))
        for texts, weight in zip(fields, (1.0, COMMUNE, ADRESSE), strict=True):
            covered = np.maximum(covered, weight * _best_of(alike, texts, places))
        covering = self._covering(alike.max(axis=0, initial=0.0), fields[0], places)
        scores: Floats = COVERED * (weights @ covered) + COVERING * covering
        glued = self._whole(words, numbers)
        short = np.array([len(word) <= ACRONYM for word in words])
        whole = (covered.min(axis=0) > 0.0) | ((glued >= SAME_TEXT) & ~(covered[short] == 0.0).any(axis=0))
        return Ressemblance(rows, np.maximum(scores, glued), whole)

    def _likeness(self, words: Sequence[str], known: Sequence[str]) -> Floats:
        """Return how alike words are, one row a typed word; the last one may be only begun."""
        alike: Floats = cdist(words, known, scorer=OSA.normalized_similarity, dtype=np.float64)
        alike[alike < ALIKE] = 0.0
        last = words[-1]
        if len(last) >= SHORTEST_PREFIX:
            for place, word in enumerate(known):
                if word.startswith(last):
                    alike[-1, place] = max(alike[-1, place], 0.9)
        return alike

    def _weights(self, words: Sequence[str]) -> Floats:
        """Return how much each typed word tells, of 1 in all: rare ones more."""
        total = len(self._noms) + 1
        weights = np.array([np.log(total / self._common(word)) + 0.3 for word in words])
        share: Floats = weights / weights.sum()
        return share

    def _common(self, word: str) -> int:
        near = self._frequencies.get(word)
        if near is None and (read := read_through(word, self._spellings)):
            near = self._frequencies[read[0][0]]
        return min(near or 1, len(self._noms))

    def _covering(self, best: Floats, names: Sequence[Sequence[str]], places: dict[str, int]) -> Floats:
        """Return the share of each name that was typed."""
        flat, owners = _flatten(names, places)
        counts = np.maximum(1, np.bincount(owners, minlength=len(names)))
        share: Floats = np.bincount(owners, weights=best[flat], minlength=len(names)) / counts
        return share

    def _whole(self, words: Sequence[str], rows: Sequence[int]) -> Floats:
        typed = "".join(words)
        texts = [(self._noms[row] + self._communes[row]).replace(" ", "") for row in rows]
        alike: Floats = cdist([typed], texts, scorer=Indel.normalized_similarity, dtype=np.float64)[0]
        return GLUED * alike


def _flatten(texts: Sequence[Sequence[str]], places: dict[str, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the words of many texts one after the other, and the number of the text of each."""
    flat = np.fromiter((places[word] for text in texts for word in text), dtype=np.int64)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    return flat, owners


def _best_of(alike: Floats, texts: Sequence[Sequence[str]], places: dict[str, int]) -> Floats:
    """Return for each typed word and each text how alike the nearest word of the text is."""
    flat, owners = _flatten(texts, places)
    best = np.zeros((alike.shape[0], len(texts)))
    if flat.size:
        starts = np.searchsorted(owners, np.unique(owners))
        best[:, np.unique(owners)] = np.maximum.reduceat(alike[:, flat], starts, axis=1)
    return best
