"""An index of texts by their trigrams, in numpy: which of many texts look like a misspelt one.

Built in bulk (a quarter of a second for 25 000 names). A question reads the rarest trigrams first and stops after
`MOST_READ` entries, so that its time hardly grows with the number of texts.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
BASE = len(LETTERS) + 1
"""Letters, digits and the blank: a trigram is a number of three digits in this base."""
MOST_READ = 40_000
FEWEST_READ = 6
"""Trigrams that are read however common they are."""
FAR = 0.3
"""Texts that share less than this of what the nearest one shares are left out."""

_CODES = np.zeros(256, dtype=np.int32)
_CODES[[ord(letter) for letter in LETTERS]] = np.arange(1, BASE)

Rows = NDArray[np.int64]
Numbers = NDArray[np.float64]


class Trigrammes:
    """The index of folded texts (letters, digits, single blanks); a row is the rank of a text."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        codes, rows = _pairs(texts)
        self._rows = rows.astype(np.int32)
        self._starts = np.searchsorted(codes, np.arange(BASE**3 + 1))
        sizes = np.diff(self._starts)
        self._weights = np.log1p(self._size / np.maximum(1, sizes))
        weights = np.repeat(self._weights, sizes)
        self._norms = np.bincount(rows, weights=weights, minlength=self._size)

    def nearest(self, text: str, at_most: int) -> Rows:
        """Return the rows that share most with a folded text, in no order; rare trigrams count more."""
        grams = np.unique(_grams(_encode(f" {text} ")))
        sizes = self._starts[grams + 1] - self._starts[grams]
        present = grams[sizes > 0]
        if not present.size or not at_most:
            return np.empty(0, dtype=np.int64)
        chosen = self._rarest(present)
        parts = [self._rows[self._starts[gram] : self._starts[gram + 1]] for gram in chosen.tolist()]
        weights = np.repeat(self._weights[chosen], [len(part) for part in parts])
        shared: Numbers = np.bincount(np.concatenate(parts), weights=weights, minlength=self._size).astype(
            np.float64, copy=False
        )
        return self._best(shared, at_most)

    def _rarest(self, grams: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rarest trigrams, as many as may be read."""
        sizes = self._starts[grams + 1] - self._starts[grams]
        order = np.argsort(sizes, kind="stable")
        allowed = np.cumsum(sizes[order]) <= MOST_READ
        allowed[:FEWEST_READ] = True
        return grams[order[allowed]]

    def _best(self, shared: Numbers, at_most: int) -> Rows:
        touched = np.flatnonzero(shared >= FAR * shared.max())
        likeness = shared[touched] ** 2 / (self._norms[touched] + shared[touched])
        if len(touched) <= at_most:
            return touched
        return touched[np.argpartition(-likeness, at_most)[:at_most]]


def _encode(text: str) -> NDArray[np.int32]:
    codes: NDArray[np.int32] = _CODES[np.frombuffer(text.encode("ascii", "replace"), dtype=np.uint8)]
    return codes


def _grams(codes: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the number of the trigram that starts at each character but the last two."""
    wide = codes.astype(np.int64)
    grams: NDArray[np.int64] = (wide[:-2] * BASE + wide[1:-1]) * BASE + wide[2:]
    return grams


def _pairs(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each different trigram of each text and the row of the text, sorted by trigram, then by row."""
    empty = np.empty(0, dtype=np.int64)
    if not texts:
        return empty, empty
    joined = "".join(f" {text} " for text in texts)
    lengths = np.fromiter((len(text) + 2 for text in texts), dtype=np.int64, count=len(texts))
    grams = _grams(_encode(joined))
    rows = np.repeat(np.arange(len(texts)), lengths)[: len(grams)]
    inside = rows == np.repeat(np.arange(len(texts)), lengths)[2:]
    keys = np.sort(grams[inside] * len(texts) + rows[inside])  # np.unique takes ten times as long
    keys = keys[np.diff(keys, prepend=-1) > 0]
    return keys // len(texts), keys % len(texts)
