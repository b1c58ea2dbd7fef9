"""`orienter` on the real places, against the plain way, and on ten times as many."""

import gc
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from benchmarks.plain import Plain
from benchmarks.real_places import multiply, read_places
from benchmarks.requests import random_requests
from knowledge.communes import Gazetteer, load_gazetteer
from knowledge.demande import Demande
from knowledge.horaires import in_paris
from knowledge.labels import Posture
from knowledge.orientation import orienter
from knowledge.preuves import load_preuves
from knowledge.snapshot import build_knowledge

REQUESTS, PLAIN_REQUESTS = 2000, 100
Requests = list[tuple[Demande, datetime]]


@dataclass(frozen=True)
class Timing:
    """Milliseconds."""

    p50: float
    p99: float


@dataclass(frozen=True)
class Line:
    """One line of the table: what was measured, what it gave, what was hoped for."""

    what: str
    value: str
    aim: str = ""


def measure() -> Iterable[Line]:
    """Yield the lines as they are known. Raises FileNotFoundError where the real files are absent."""
    communes = load_gazetteer()
    lieux = read_places()
    requests = _located(communes)
    yield Line("lieux réels", f"{len(lieux)}", "≥ 25 000")

    start = time.perf_counter()
    knowledge = build_knowledge(lieux, (), communes)
    yield Line("index construit en", f"{time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    knowledge.index.warm(knowledge.needs.values())
    yield Line("colonnes remplies en", f"{time.perf_counter() - start:.1f} s")
    ours = _timing(requests, lambda demande, now: orienter(demande, now, knowledge))
    yield Line("mémoire du processus", f"{_resident_mb():.0f} Mo", "≤ 300 Mo")
    yield Line("orient, p50 / p99", f"{ours.p50:.2f} / {ours.p99:.2f} ms", "p99 ≤ 2 ms")

    nowhere = [(demande, now) for demande, now in _drawn(communes, 40_000) if not demande.insee][:500]
    lost = _timing(nowhere, lambda demande, now: orienter(demande, now, knowledge))
    yield Line("orient sans commune, p50 / p99", f"{lost.p50:.2f} / {lost.p99:.2f} ms")

    plain = Plain(lieux, communes, load_preuves())
    theirs = _timing(
        requests[:PLAIN_REQUESTS],
        lambda demande, now: plain.best(demande, knowledge.needs.get(demande.need or ""), Posture.AIDER_A_FAIRE, now),
    )
    yield Line("boucle simple, p50 / p99", f"{theirs.p50:.1f} / {theirs.p99:.1f} ms")
    yield Line("rapport (p50)", f"{theirs.p50 / ours.p50:.0f} fois", "≥ 20 fois")
    del plain, knowledge
    gc.collect()

    ten = build_knowledge(multiply(lieux, 10), (), communes)
    ten.index.warm(ten.needs.values())
    more = _timing(requests, lambda demande, now: orienter(demande, now, ten))
    yield Line(f"orient, {len(ten.index)} lieux", f"{more.p50:.2f} / {more.p99:.2f} ms")
    growth = f"{more.p50 / ours.p50:.1f} / {more.p99 / ours.p99:.1f} fois"
    yield Line("dix fois plus de lieux", growth, "≤ 2 fois")


def _located(communes: Gazetteer) -> Requests:
    """Return half of the requests from any commune, half as people live, all with a place."""
    drawn = [*_drawn(communes, REQUESTS), *_drawn(communes, REQUESTS, by_population=True)]
    return [(demande, now) for demande, now in drawn if demande.insee][::2]


def _drawn(communes: Gazetteer, count: int, *, by_population: bool = False) -> Requests:
    from knowledge.needs import load_needs

    needs = list(load_needs())
    drawn = random_requests(5, count, communes, needs, by_population=by_population)
    return [(demande, in_paris(now)) for demande, now in drawn]


def _timing(requests: Requests, answer: Callable[[Demande, datetime], object]) -> Timing:
    """Time every request, after all were answered once, in processor time: other programs do not count."""
    for demande, now in requests:
        answer(demande, now)
    gc.collect()
    gc.freeze()
    taken = []
    for demande, now in requests:
        start = time.thread_time_ns()
        answer(demande, now)
        taken.append((time.thread_time_ns() - start) / 1e6)
    gc.unfreeze()
    return Timing(float(np.percentile(taken, 50)), float(np.percentile(taken, 99)))


def _resident_mb() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")
