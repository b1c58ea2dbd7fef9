"""Measure the understanding, and fail when a figure drops below what was reached (`scripts/reached.json`).

Usage: `python -m scripts.evaluate_understanding [--retenir]` (`make evaluate`). Two measures:

- on the sample phrases of ../shared/data, which no author of ours had read;
- cross-validated: our authors, by groups, each read by models that never saw any of the group.

`--retenir` writes the figures as those that must be kept.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bot.understanding.evaluation import REFERENCE, Count, Scores, comparison, evaluate, read_rows
from bot.understanding.understander import Understander
from knowledge.communes import load_gazetteer
from knowledge.needs import load_needs
from scripts.train_understanding import DANGERS_ALONE_FROM, DANGERS_FROM, Prepared, read_authors, train

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT.parent / "shared" / "data" / "utterances-dev.jsonl"
REACHED = Path(__file__).with_name("reached.json")
GROUPS = 3
TOLERANCE = 0.005
"""How much a figure may drop: training is not the same to the last bit on every processor."""

FALSE = frozenset({"deadline_false", "insee_false", "danger_false"})
"""Figures that must not rise."""


def main(arguments: Sequence[str]) -> int:
    """Measure, print, compare."""
    figures: dict[str, Mapping[str, float]] = {}
    if SAMPLES.exists():
        scores = evaluate(Understander(load_needs(), load_gazetteer()), read_rows(SAMPLES), REFERENCE)
        print(comparison({"échantillon": scores}), end="\n\n")
        figures["samples"] = scores.summary()
    elif os.environ.get("AIGUILLEUR_REQUIRE_ALL"):
        print(f"{SAMPLES} est absent.", file=sys.stderr)
        return 1
    else:
        print(f"{SAMPLES} est absent : les phrases échantillons ne sont pas mesurées.\n")
    crossed = cross_validate()
    print(comparison(crossed))
    figures["crossed"] = crossed["ensemble"].summary()
    if "--retenir" in arguments:
        REACHED.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        return 0
    dropped = list(worse(figures, json.loads(REACHED.read_text(encoding="utf-8"))))
    for line in dropped:
        print(line, file=sys.stderr)
    return 1 if dropped else 0


def cross_validate() -> dict[str, Scores]:
    """Return the scores of each author, read by models of the authors of other groups."""
    authors = read_authors()
    seen = Prepared(authors)
    scores: dict[str, Scores] = {}
    whole = Scores()
    for group in range(GROUPS):
        held_out = authors[group::GROUPS]
        models = train(seen.of([author for author in authors if author not in held_out]))
        reader = Understander(load_needs(), load_gazetteer(), models=models)
        for author in held_out:
            scores[author.name] = found = labelled(author.name, evaluate(reader, author.rows, REFERENCE))
            whole.add(found)
    return {**dict(sorted(scores.items())), "ensemble": whole}


def labelled(author: str, scores: Scores) -> Scores:
    """Return the scores of the keys that the author labelled."""
    if author >= DANGERS_ALONE_FROM:
        return Scores(phrases=scores.phrases, danger_kind=scores.danger_kind)
    return replace(scores, deadline=Count(), insee=Count()) if author >= DANGERS_FROM else scores


def worse(figures: Mapping[str, Mapping[str, float]], reached: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return a line for each figure that is worse than what was reached."""
    return [
        f"{name}, {key} : {figures[name][key]:.3f}, il était à {before:.3f}"
        for name, kept in reached.items()
        if name in figures
        for key, before in kept.items()
        if (figures[name][key] - before) * (-1 if key in FALSE else 1) < -TOLERANCE
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
