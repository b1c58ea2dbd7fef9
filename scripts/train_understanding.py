"""Train the models of the understanding on `bot/understanding/phrases/*.jsonl` (one file an author).

Usage: `python -m scripts.train_understanding` (`make train`). Writes `bot/understanding/data/{need,signals}.npz`; the
same phrases, data files and libraries give the same bytes.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from bot.understanding import understander
from bot.understanding.evaluation import REFERENCE, Row, read_rows
from bot.understanding.features import BUCKETS, Features, Values, features, signed, weighted
from bot.understanding.model import NOTHING, Model
from bot.understanding.rules import Rules
from knowledge.communes import load_gazetteer
from knowledge.needs import load_needs

FOLDER = Path(understander.__file__).parent
PHRASES = FOLDER / "phrases"
HEADS = {"need": ("need",), "signals": ("urgency", "posture", "confidential", "danger")}
"""Model → its heads, keys of the contract."""

COST = {"need": 0.5, "urgency": 0.3, "posture": 0.3, "confidential": 0.3, "danger": 3.0}
"""Cost of a mistake in training, against the size of the weights (chosen by cross-validation)."""

RARE = frozenset({"confidential", "danger"})
"""Heads whose labels are rare: a mistake on one costs as much more."""

LEAST_PHRASES = 2
"""Phrases that a feature must come from to count."""

DANGERS_FROM = "zb"
"""From this file on, the authors wrote of dangers: they labelled no days, no places, urgency at times."""

NO_NEEDS_FROM = "zt"
"""From this file on, needs are not learnt: more messages of dangers made them a little less sure (measured)."""


DANGERS_ALONE_FROM = "zzz"
"""From this file on, the authors labelled dangers and nothing else."""


class Phrase(NamedTuple):
    """A phrase, its features for each model, and the heads that learn from it."""

    row: Row
    seen: Mapping[str, Features]
    heads: frozenset[str]


Phrases = Sequence[Phrase]


@dataclass(frozen=True, slots=True)
class Author:
    """The phrases of one file."""

    name: str
    rows: tuple[Row, ...]


def main() -> int:
    """Train and write the models."""
    authors = read_authors()
    for name, model in train(Prepared(authors).of(authors)).items():
        model.write(FOLDER / "data" / f"{name}.npz")
    print(f"{sum(len(author.rows) for author in authors)} phrases de {len(authors)} auteurs")
    return 0


def read_authors() -> list[Author]:
    """Return the authors in the order of their names."""
    return [Author(path.stem, tuple(read_rows(path))) for path in sorted(PHRASES.glob("*.jsonl"))]


class Prepared:
    """The features of all phrases, computed once."""

    def __init__(self, authors: Iterable[Author]) -> None:
        rules = Rules(load_needs(), load_gazetteer(), ("64",))
        self._features = {
            author.name: [_prepare(rules, row, REFERENCE.date()) for row in author.rows] for author in authors
        }

    def of(self, authors: Iterable[Author]) -> Phrases:
        """Return the phrases of these authors."""
        return [
            Phrase(row, seen, frozenset(_heads(author.name, row)))
            for author in authors
            for row, seen in zip(author.rows, self._features[author.name], strict=True)
        ]


def _heads(author: str, row: Row) -> Iterator[str]:
    """Yield what is learnt from a phrase; of a danger never the urgency (contract)."""
    yield "danger"
    if author < DANGERS_ALONE_FROM:
        yield from ("posture", "confidential")
    if author < NO_NEEDS_FROM:
        yield "need"
    if author < DANGERS_FROM and row.expected["danger"] is None:
        yield "urgency"


def _prepare(rules: Rules, row: Row, today: date) -> Mapping[str, Features]:
    message = rules.read(row.text)
    found = rules.find(message, today)
    return {
        "need": features(rules.gist(message, found.negated)),
        "signals": signed(features(rules.gist(message)), found.signs()),
    }


def train(phrases: Phrases) -> dict[str, Model]:
    """Return the models learnt from phrases."""
    return {
        name: _train_one([phrase for phrase in phrases if not phrase.heads.isdisjoint(heads)], name, heads)
        for name, heads in HEADS.items()
    }


def _train_one(phrases: Phrases, name: str, heads: Sequence[str]) -> Model:
    idf = _rarity([phrase.seen[name] for phrase in phrases])
    matrix = _matrix([phrase.seen[name] for phrase in phrases], idf)
    labels: dict[str, tuple[str, ...]] = {}
    columns, biases = [], []
    for head in heads:
        kept = [i for i, phrase in enumerate(phrases) if head in phrase.heads]
        expected = [str(phrases[i].row.expected[head] or NOTHING) for i in kept]
        weight = "balanced" if head in RARE else None
        machine = LinearSVC(C=COST[head], class_weight=weight, random_state=0, tol=1e-3, max_iter=5000).fit(
            matrix[kept], expected
        )
        weights, bias = machine.coef_, machine.intercept_
        if len(machine.classes_) == 2:  # one column for two labels: the other is its opposite
            weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
        labels[head] = tuple(str(label) for label in machine.classes_)
        columns.append(weights)
        biases.append(bias)
    return _quantised(labels, np.vstack(columns).T, np.concatenate(biases), idf)


def _quantised(labels: dict[str, tuple[str, ...]], weights: NDArray[np.float64], biases: Values, idf: Values) -> Model:
    """Return the model with its weights rounded to one byte."""
    scales = np.abs(weights).max(axis=0) / 127
    rounded = np.round(weights / scales).astype(np.int8)
    return Model(labels, rounded, scales.astype(np.float32), biases.astype(np.float32), idf)


def _rarity(found: Sequence[Features]) -> Values:
    """Return the weight of each bucket by how few phrases have it (inverse document frequency, smoothed)."""
    counts = np.bincount(np.concatenate([one.buckets for one in found]), minlength=BUCKETS)
    rarity = np.log((1 + len(found)) / (1 + counts)) + 1
    rarity[counts < LEAST_PHRASES] = 0
    return rarity.astype(np.float32)


def _matrix(found: Sequence[Features], idf: Values) -> csr_matrix:
    ends = np.cumsum([0, *(len(one.buckets) for one in found)])
    values = np.concatenate([weighted(one, idf) for one in found])
    return csr_matrix((values, np.concatenate([one.buckets for one in found]), ends), shape=(len(found), BUCKETS))


if __name__ == "__main__":
    sys.exit(main())
