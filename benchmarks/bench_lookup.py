"""The look-up of helpers on the real places, against rapidfuzz over all names, and on ten times as many."""

import gc
import time
from collections.abc import Callable, Generator, Iterator, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from benchmarks.bench_orient import Line, Timing
from benchmarks.lookups import NOW, Lookup, make_lookups
from benchmarks.real_places import multiply, read_places
from knowledge.annuaire import annuaire_of
from knowledge.communes.text import fold
from knowledge.lieux import Lieu
from knowledge.snapshot import build_knowledge

ROUNDS = 3
FUZZY_LOOKUPS = 60
HOSTILE = ("caf " * 2500, "*%_?[" * 2000, "🙂" * 3000, "привет мир " * 900, "a" * 10_000, "qzx wvk " * 1200)
"""Bad input: 10 000 characters of words, wildcards, emoji, another alphabet, one word, words of nothing."""


def measure() -> Iterator[Line]:
    """Yield the lines as they are known. Raises FileNotFoundError where the real files are absent."""
    lieux = read_places()
    lookups = make_lookups(lieux)
    yield Line("lieux réels", str(len(lieux)), "≥ 25 000")
    yield Line("recherches", str(len(lookups)), "≥ 200")
    ours = yield from _measure_ours(lieux, lookups, "p99 ≤ 10 ms")
    yield from _measure_fuzzy(lieux, lookups, ours)
    gc.collect()
    many = multiply(lieux, 10)
    more = yield from _measure_ours(many, lookups)
    yield Line(
        f"{len(many)} lieux au lieu de {len(lieux)}, p50 / p99",
        f"{more.p50 / ours.p50:.1f} / {more.p99 / ours.p99:.1f} fois",
        "≤ 3 fois",
    )


def _measure_ours(lieux: Sequence[Lieu], lookups: Sequence[Lookup], aim: str = "") -> Generator[Line, None, Timing]:
    knowledge = build_knowledge(lieux)
    annuaire = annuaire_of(knowledge)
    start = time.process_time()
    annuaire.chercher(annuaire.lire("mediateque moleon caf jeudi"), NOW)
    yield Line(f"première recherche, {len(lieux)} lieux", f"{time.process_time() - start:.1f} s")
    knowledge.index.warm(knowledge.needs.values())

    def look_up(query: str) -> object:
        annuaire.forget_readings()
        return annuaire.chercher(annuaire.lire(query), NOW)

    queries = [lookup.query for lookup in lookups]
    _timing(queries, look_up)
    ours = _timing(queries * ROUNDS, look_up)
    yield Line(f"recherche, {len(lieux)} lieux, p50 / p99", f"{ours.p50:.1f} / {ours.p99:.1f} ms", aim)
    _timing(HOSTILE, look_up)
    hostile = _timing(list(HOSTILE) * ROUNDS, look_up)
    yield Line("mauvaises saisies, p50 / p99", f"{hostile.p50:.1f} / {hostile.p99:.1f} ms", aim)
    return ours


def _measure_fuzzy(lieux: Sequence[Lieu], lookups: Sequence[Lookup], ours: Timing) -> Iterator[Line]:
    names = [fold(f"{lieu.nom} {lieu.commune}") for lieu in lieux]

    def extract(query: str) -> object:
        return process.extract(fold(query), names, scorer=fuzz.WRatio, limit=10)

    named = [lookup.query for lookup in lookups if lookup.kind == "nom, deux fautes"][:FUZZY_LOOKUPS]
    theirs = _timing(named, extract)
    yield Line("rapidfuzz (WRatio) sur tous les noms, p50 / p99", f"{theirs.p50:.0f} / {theirs.p99:.0f} ms")
    yield Line("rapport à rapidfuzz (p50)", f"{theirs.p50 / ours.p50:.0f} fois", "≥ 10 fois")


def _timing(queries: Sequence[str], look_up: Callable[[str], object]) -> Timing:
    """Return the time of the processor, in milliseconds: other programs do not count."""
    times = []
    for query in queries:
        start = time.process_time()
        look_up(query)
        times.append((time.process_time() - start) * 1000)
    p50, p99 = np.percentile(times, [50, 99])
    return Timing(float(p50), float(p99))
