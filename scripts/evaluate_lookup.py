"""Measure the look-up of helpers, and fail when it is worse than what was reached (`scripts/reached_lookup.json`).

Usage: `python -m scripts.evaluate_lookup [--retenir]` (`make evaluate`). The look-ups are made from the real places of
../shared/data (`benchmarks/lookups.py`): the seed that faults were looked at with, and two others.
`--retenir` writes the figures as those that must be kept.
"""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.lookups import NOW, SEEDS, Lookup, make_lookups
from benchmarks.real_places import DATA, read_places
from knowledge.annuaire import Annuaire, annuaire_of
from knowledge.snapshot import build_knowledge

REACHED = Path(__file__).with_name("reached_lookup.json")
SHOWN = 3


@dataclass
class Score:
    """How many look-ups there were, how often a right place was first, how often among the first three."""

    number: int = 0
    first: int = 0
    three: int = 0

    def add(self, other: "Score") -> None:
        self.number += other.number
        self.first += other.first
        self.three += other.three

    def shares(self) -> dict[str, float]:
        """Return the two shares, 1 when there was no look-up."""
        return {"first": self.first / max(1, self.number), "three": self.three / max(1, self.number)}


def main(arguments: Sequence[str]) -> int:
    """Measure, print, compare."""
    if not DATA.exists():
        print(f"{DATA} est absent : l'annuaire n'est pas mesuré.", file=sys.stderr)
        return 1 if os.environ.get("AIGUILLEUR_REQUIRE_ALL") else 0
    lieux = read_places()
    annuaire = annuaire_of(build_knowledge(lieux))
    figures: dict[str, Mapping[str, float]] = {}
    for seed in SEEDS:
        scores = measure(make_lookups(lieux, seed=seed), annuaire)
        figures[str(seed)] = scores["ensemble"].shares()
        print(f"Tirage {seed}")
        print("\n".join(_table(scores)), end="\n\n")
    if "--retenir" in arguments:
        REACHED.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        return 0
    dropped = worse(figures, json.loads(REACHED.read_text(encoding="utf-8")))
    for line in dropped:
        print(line, file=sys.stderr)
    return 1 if dropped else 0


def measure(lookups: Sequence[Lookup], annuaire: Annuaire) -> dict[str, Score]:
    """Return the score of each kind, and of all of them as "ensemble"."""
    scores: dict[str, Score] = defaultdict(Score)
    for lookup in lookups:
        found = annuaire.chercher(annuaire.lire(lookup.query), NOW, at_most=SHOWN)
        right = [propose.lieu.id in lookup.right for propose in found.lieux]
        one = Score(1, int(any(right[:1])), int(any(right)))
        scores[lookup.kind].add(one)
        scores["ensemble"].add(one)
    return {**{kind: score for kind, score in scores.items() if kind != "ensemble"}, "ensemble": scores["ensemble"]}


def _table(scores: Mapping[str, Score]) -> Iterator[str]:
    yield f"{'':32} {'nombre':>7} {'premier':>8} {'dans trois':>11}"
    for kind, score in scores.items():
        shares = score.shares()
        yield f"{kind:32} {score.number:7} {shares['first']:8.1%} {shares['three']:11.1%}"


def worse(figures: Mapping[str, Mapping[str, float]], reached: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return a line for each figure that is lower than what was reached."""
    return [
        f"tirage {seed}, {key} : {figures[seed][key]:.3f}, il était à {before:.3f}"
        for seed, kept in reached.items()
        for key, before in kept.items()
        if figures[seed][key] < before
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
