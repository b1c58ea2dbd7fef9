"""What the model sees of a message: letters of its words, its words and pairs of words, and what the rules found.

Each feature is hashed into one of `BUCKETS` numbers (the hashing trick), so that there is no vocabulary to load.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.understanding.normalisation import Message

BUCKETS = 1 << 17
LETTERS = range(2, 6)
"""Lengths of the groups of letters inside a word; its beginning and its end count as letters."""

PAUSES = frozenset({",", "."})

Buckets = NDArray[np.int64]
Values = NDArray[np.float32]


class Features(NamedTuple):
    """The features of a message: buckets without repetition, and their weights (term frequency, logarithmic).

    `sizes`: how many of them, in order, are letters, words and rules; each of the first two is scaled to length one.
    """

    buckets: Buckets
    values: Values
    sizes: tuple[int, int, int]


def features(message: Message) -> Features:
    """Return what the model sees of the words."""
    letters = Counter(bucket for word in message.plain.split() if word not in PAUSES for bucket in _letters(word))
    words = Counter(_words([token.stem for token in message.tokens]))
    counts = np.fromiter((*letters.values(), *words.values()), dtype=np.float32)
    return Features(
        np.fromiter((*letters, *words), dtype=np.int64),
        (1 + np.log(counts)).astype(np.float32),
        (len(letters), len(words), 0),
    )


def signed(found: Features, signs: Iterable[str]) -> Features:
    """Return the features of a message with signs of other readings, such as "urgency=today"."""
    buckets = [_bucket("r", sign) for sign in dict.fromkeys(signs)]
    return Features(
        np.concatenate([found.buckets, np.array(buckets, dtype=np.int64)]),
        np.concatenate([found.values, np.ones(len(buckets), dtype=np.float32)]),
        (found.sizes[0], found.sizes[1], len(buckets)),
    )


def weighted(found: Features, idf: Values) -> Values:
    """Return the values of features by how rare they are, letters and words scaled to length one each."""
    values = found.values * idf[found.buckets]
    letters, words, _ = found.sizes
    for part in (slice(0, letters), slice(letters, letters + words)):
        length = float(np.linalg.norm(values[part]))
        if length:
            values[part] /= length
    return values


@lru_cache(maxsize=20_000)
def _letters(word: str) -> tuple[int, ...]:
    padded = f" {word} "
    return tuple(
        _bucket("c", padded[start : start + size]) for size in LETTERS for start in range(len(padded) - size + 1)
    )


def _words(stems: Sequence[str]) -> Iterator[int]:
    for stem in stems:
        yield _bucket("w", stem)
    for pair in pairwise(stems):
        yield _bucket("w", " ".join(pair))


def _bucket(kind: str, text: str) -> int:
    return crc32(f"{kind}{text}".encode()) & (BUCKETS - 1)
