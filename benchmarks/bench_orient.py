"""`orienter` on the real places, against the plain way, and on ten times as many."""

import gc
import time
from collections.abc import Callable, Generator, Iterator, Sequence
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
from knowledge.lieux import Lieu
from knowledge.needs import load_needs
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


def measure() -> Iterator[Line]:
    """Yield the lines as they are known. Raises FileNotFoundError where the real files are absent."""
    communes = load_gazetteer()
    lieux = read_places()
    yield Line("lieux réels", str(len(lieux)), "≥ 25 000")
    ours = yield from _measure_ours(lieux, communes)
    yield from _measure_plain(lieux, communes, ours)
    gc.collect()
    yield from _measure_growth(multiply(lieux, 10), communes, ours)


def _measure_ours(lieux: Sequence[Lieu], communes: Gazetteer) -> Generator[Line, None, Timing]:
    start = time.perf_counter()
    knowledge = build_knowledge(lieux, (), communes)
    yield Line("index construit en", f"{time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    knowledge.index.warm(knowledge.needs.values())
    yield Line("colonnes remplies en", f"{time.perf_counter() - start:.1f} s")
    ours = _timing(_located(communes), lambda demande, now: orienter(demande, now, knowledge))
    yield Line("mémoire du processus", f"{_resident_mb():.0f} Mo", "≤ 300 Mo")
    yield Line("orient, p50 / p99", f"{ours.p50:.2f} / {ours.p99:.2f} ms", "p99 ≤ 2 ms")
    lost = _timing(_lost(communes), lambda demande, now: orienter(demande, now, knowledge))
    yield Line("orient sans commune, p50 / p99", f"{lost.p50:.2f} / {lost.p99:.2f} ms")
    return ours


def _measure_plain(lieux: Sequence[Lieu], communes: Gazetteer, ours: Timing) -> Iterator[Line]:
    plain, needs = Plain(lieux, communes, load_preuves()), load_needs()

    def answer(demande: Demande, now: datetime) -> object:
        return plain.best(demande, needs.get(demande.need or ""), Posture.AIDER_A_FAIRE, now)

    theirs = _timing(_located(communes)[:PLAIN_REQUESTS], answer)
    yield Line("boucle simple, p50 / p99", f"{theirs.p50:.1f} / {theirs.p99:.1f} ms")
    yield Line("rapport à la boucle simple (p50)", f"{theirs.p50 / ours.p50:.0f} fois", "≥ 20 fois")


def _measure_growth(lieux: Sequence[Lieu], communes: Gazetteer, ours: Timing) -> Iterator[Line]:
    knowledge = build_knowledge(lieux, (), communes)
    knowledge.index.warm(knowledge.needs.values())
    more = _timing(_located(communes), lambda demande, now: orienter(demande, now, knowledge))
    yield Line(f"orient, {len(lieux)} lieux, p50 / p99", f"{more.p50:.2f} / {more.p99:.2f} ms")
    growth = f"{more.p50 / ours.p50:.1f} / {more.p99 / ours.p99:.1f} fois"
    yield Line("dix fois plus de lieux, p50 / p99", growth, "≤ 2 fois")


def _lost(communes: Gazetteer) -> Requests:
    return [(demande, now) for demande, now in _drawn(communes, 10_000) if not demande.insee and not demande.latitude]


def _located(communes: Gazetteer) -> Requests:
    """Return half of the requests from any commune, half as people live, all with a place."""
    drawn = [*_drawn(communes, REQUESTS), *_drawn(communes, REQUESTS, by_population=True)]
    return [(demande, now) for demande, now in drawn if demande.insee][::2]


def _drawn(communes: Gazetteer, count: int, *, by_population: bool = False) -> Requests:
    needs = list(load_needs())
    drawn = random_requests(5, count, communes, needs, by_population=by_population)
    return [(demande, in_paris(now)) for demande, now in drawn]


def _timing(requests: Requests, answer: Callable[[Demande, datetime], object]) -> Timing:
    """Time every request, in processor time and the best of three rounds: what other programs cost does not count."""
    gc.collect()
    gc.freeze()
    taken = np.min([[_milliseconds(answer, *request) for request in requests] for _ in range(3)], axis=0)
    gc.unfreeze()
    return Timing(float(np.percentile(taken, 50)), float(np.percentile(taken, 99)))


def _milliseconds(answer: Callable[[Demande, datetime], object], demande: Demande, now: datetime) -> float:
    start = time.thread_time_ns()
    answer(demande, now)
    return (time.thread_time_ns() - start) / 1e6


def _resident_mb() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")
