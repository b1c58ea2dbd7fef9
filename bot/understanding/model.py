"""A linear model trained on `phrases/` (scripts/train_understanding.py): a score for each label of each head.

The files `data/*.npz` hold only numbers, read without `pickle`: loading it never executes code.
"""

import json
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.understanding.features import Features, Values, weighted

NOTHING = "rien"
"""The label of a head that says that the message says nothing about it."""

Labels = dict[str, tuple[str, ...]]
"""Head ("need", "posture"…) → its labels, `NOTHING` among them."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of one byte, a column a label; `scales` and `biases` are those of the columns."""

    labels: Labels
    weights: NDArray[np.int8]
    scales: Values
    biases: Values
    idf: Values

    def read(self, found: Features) -> dict[str, dict[str, float]]:
        """Return the score of each label of each head; the label of the highest score is what the model thinks."""
        sums = weighted(found, self.idf) @ self.weights[found.buckets].astype(np.float32)
        scores = iter((sums * self.scales + self.biases).tolist())
        return {head: {label: next(scores) for label in labels} for head, labels in self.labels.items()}

    def write(self, path: Path) -> None:
        """Write the file."""
        labels = np.frombuffer(json.dumps(self.labels).encode(), dtype=np.uint8)
        np.savez(path, labels=labels, weights=self.weights, scales=self.scales, biases=self.biases, idf=self.idf)

    @classmethod
    def load(cls, name: str) -> Self:
        """Read a file of the package, `data/<name>.npz`."""
        with as_file(files("bot.understanding").joinpath("data", f"{name}.npz")) as path:
            return cls.from_file(path)

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read a file that `write` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            labels = json.loads(arrays["labels"].tobytes())
            return cls(
                {head: tuple(names) for head, names in labels.items()},
                arrays["weights"],
                arrays["scales"],
                arrays["biases"],
                arrays["idf"],
            )
