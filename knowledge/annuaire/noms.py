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

NEAREST = 60
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
SHORTEST_PREFIX, BEGUN = 3, 0.9
"""Letters of the shortest word that may be the start of another, and its likeness to it."""
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


class Mots:
    """The words of many texts as numbers: those of text `row` are `numbers[starts[row]:starts[row + 1]]`."""

    def __init__(self, texts: Sequence[str], known: dict[str, int]) -> None:
        """`known` numbers the words; new ones are added to it."""
        split = [text.split() for text in texts]
        self.starts = np.concatenate([[0], np.cumsum(np.fromiter(map(len, split), dtype=np.int64, count=len(split)))])
        self.numbers = np.fromiter((known.setdefault(word, len(known)) for words in split for word in words), np.int64)

    def of(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return the words of some texts one after the other, and for each which of `rows` has it."""
        first, lengths = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        owners = np.repeat(np.arange(len(rows)), lengths)
        shifts = np.repeat(first - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        return self.numbers[np.arange(len(owners)) + shifts], owners


class Noms:
    """Read only after construction; the slow parts are built at first use."""

    def __init__(self, lieux: Sequence[Lieu]) -> None:
        self._noms = fold_all(lieu.nom for lieu in lieux)
        self._communes = fold_all(lieu.commune for lieu in lieux)
        self._adresses = fold_all(lieu.adresse or "" for lieu in lieux)
        self._known: dict[str, int] = {}
        self._fields = [Mots(texts, self._known) for texts in (self._noms, self._communes, self._adresses)]
        self._words = list(self._known)
        self._counts = np.bincount(
            np.concatenate([field.numbers for field in self._fields]), minlength=len(self._words)
        )

    @cached_property
    def _index(self) -> Trigrammes:
        return Trigrammes([" ".join(words) for words in zip(self._noms, self._communes, self._adresses, strict=True)])

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings(word for word in self._words if word.isalpha() and len(word) > SHORTEST_PREFIX)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._words)

    def _count(self, word: str) -> int:
        number = self._known.get(word)
        return 0 if number is None else int(self._counts[number])

    def knows(self, word: str) -> bool:
        """Tell whether a folded word is in some name or address as it is."""
        return word in self._known

    def is_common(self, word: str) -> bool:
        """Tell whether a folded word is in several names or addresses: it is no slip of the pen."""
        return self._count(word) >= COMMON

    def may_know(self, word: str) -> bool:
        """Tell whether a folded word is in some name or address, begun or misspelt."""
        return self.knows(word) or self._is_begun(word) or bool(read_through(word, self._spellings))

    def _is_begun(self, word: str) -> bool:
        if len(word) < SHORTEST_PREFIX:
            return False
        place = bisect_left(self._sorted, word)
        return place < len(self._sorted) and self._sorted[place].startswith(word)

    def alike(self, words: Sequence[str]) -> Ressemblance:
        """Return the lieux that look most like these folded words."""
        words = [word for word in words if word not in LIENS][:LONGEST_QUERY] or list(words)[:LONGEST_QUERY]
        rows = self._index.nearest(" ".join(words), NEAREST) if words else np.empty(0, dtype=np.int64)
        if not rows.size:
            return Ressemblance(rows, np.empty(0), np.empty(0, dtype=bool))
        return self._compare(words, rows)

    def _compare(self, words: Sequence[str], rows: Rows) -> Ressemblance:
        fields = [field.of(rows) for field in self._fields]
        numbers, places = np.unique(np.concatenate([flat for flat, _ in fields]), return_inverse=True)
        alike = self._likeness(words, [self._words[number] for number in numbers.tolist()])
        covered = np.zeros((len(words), len(rows)))
        ends = np.cumsum([len(flat) for flat, _ in fields])
        columns = np.split(places, ends[:-1])
        for column, (_, owners), weight in zip(columns, fields, (1.0, COMMUNE, ADRESSE), strict=True):
            covered = np.maximum(covered, weight * _best_of(alike[:, column], owners, len(rows)))
        covering = _share(alike[:, columns[0]].max(axis=0, initial=0.0), fields[0][1], len(rows))
        scores: Floats = COVERED * (self._weights(words) @ covered) + COVERING * covering
        glued = self._whole(words, rows)
        short = np.array([len(word) <= ACRONYM for word in words])
        whole = (covered.min(axis=0) > 0.0) | ((glued >= SAME_TEXT) & ~(covered[short] == 0.0).any(axis=0))
        return Ressemblance(rows, np.maximum(scores, glued), whole)

    def _likeness(self, words: Sequence[str], known: Sequence[str]) -> Floats:
        """Return how alike words are, one row a typed word; the last one may be only begun."""
        alike: Floats = cdist(words, known, scorer=OSA.normalized_similarity, dtype=np.float64)
        alike[alike < ALIKE] = 0.0
        last = words[-1]
        if len(last) >= SHORTEST_PREFIX:
            begun = [place for place, word in enumerate(known) if word.startswith(last)]
            alike[-1, begun] = np.maximum(alike[-1, begun], BEGUN)
        return alike

    def _weights(self, words: Sequence[str]) -> Floats:
        """Return how much each typed word tells, of 1 in all: rare ones more."""
        total = len(self._noms) + 1
        weights = np.array([np.log(total / self._common(word)) + 0.3 for word in words])
        share: Floats = weights / weights.sum()
        return share

    def _common(self, word: str) -> int:
        """Return how many lieux have a word, or the one that it is a typing error of."""
        near = self._count(word)
        if not near and (read := read_through(word, self._spellings)):
            near = self._count(read[0][0])
        return min(near or 1, len(self._noms))

    def _whole(self, words: Sequence[str], rows: Rows) -> Floats:
        typed = "".join(words)
        texts = [(self._noms[row] + self._communes[row]).replace(" ", "") for row in rows.tolist()]
        alike: Floats = cdist([typed], texts, scorer=Indel.normalized_similarity, dtype=np.float64)[0]
        return GLUED * alike


def _best_of(alike: Floats, owners: Rows, size: int) -> Floats:
    """Return for each typed word and each text how alike the nearest word of the text is.

    `alike` has a row a typed word and a column a word of a text; `owners` says which text has it.
    """
    best = np.zeros((alike.shape[0], size))
    if owners.size:
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        best[:, owners[starts]] = np.maximum.reduceat(alike, starts, axis=1)
    return best


def _share(best: Floats, owners: Rows, size: int) -> Floats:
    """Return the mean over the words of each text."""
    counts = np.maximum(1, np.bincount(owners, minlength=size))
    share: Floats = np.bincount(owners, weights=best, minlength=size) / counts
    return share
