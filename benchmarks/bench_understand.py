"""Understanding: what a message, the longest message, the memory and the start of it cost."""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.bench_orient import Line
from benchmarks.real_places import DATA
from bot.understanding import Understander
from knowledge.communes import load_gazetteer
from knowledge.needs import load_needs

SAMPLES = "utterances-dev.jsonl"
NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Paris"))
ROUNDS, STARTS = 5, 5
LONG = 10_000
"""Characters of the longest message."""

BUILD = """
import time
start = time.perf_counter()
from pathlib import Path
from resource import getpagesize
from bot.understanding import Understander
from knowledge.communes import load_gazetteer
from knowledge.needs import load_needs

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize() / 2**20

imported, before = time.perf_counter(), resident()
understander = Understander(load_needs(), load_gazetteer())
built = time.perf_counter()
from datetime import datetime
from zoneinfo import ZoneInfo
understander.understand("bonjour", datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Paris")))
print(imported - start, built - imported, time.perf_counter() - start, resident() - before)
"""
"""A process that builds an understander and reads one message, for the files read on first use count too."""


class Start(NamedTuple):
    """A fresh process: seconds to import, to build, to the end of a first message (both included); megabytes more."""

    imports: float
    building: float
    whole: float
    memory: float


def measure() -> Iterator[Line]:
    """Yield the lines as they are known. Raises FileNotFoundError where the sample phrases are absent."""
    texts = read_samples()
    starts = [_start() for _ in range(STARTS)]
    imports, building, whole, memory = (min(values) for values in zip(*starts, strict=True))
    yield Line("construction, imports à part", f"{building:.2f} s")
    yield Line("imports / imports, construction et premier message", f"{imports:.2f} / {whole:.2f} s", "≤ 2 s")
    yield Line("mémoire ajoutée, après un message", f"{memory:.0f} Mo", "≤ 150 Mo")
    understander = Understander(load_needs(), load_gazetteer())
    p50, p99 = np.percentile(_quickest(understander, texts), [50, 99])
    yield Line(f"un message, p50 / p99, {len(texts)} phrases", f"{p50:.1f} / {p99:.1f} ms", "p99 ≤ 10 ms")
    p50, worst = np.percentile(_quickest(understander, [(text * LONG)[:LONG] for text in texts[::10]]), [50, 100])
    yield Line(f"un message de {LONG} caractères, p50 / pire", f"{p50:.0f} / {worst:.0f} ms")


def read_samples(data: Path = DATA) -> list[str]:
    """Return the sample phrases."""
    lines = (data / SAMPLES).read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def _quickest(understander: Understander, texts: list[str]) -> list[float]:
    """Return the milliseconds of each text: of all rounds the quickest counts, since the machine is shared."""
    gc.collect()
    gc.freeze()
    rounds = [[_milliseconds(understander, text) for text in texts] for _ in range(ROUNDS)]
    gc.unfreeze()
    return [min(times) for times in zip(*rounds, strict=True)]


def _milliseconds(understander: Understander, text: str) -> float:
    start = time.perf_counter()
    understander.understand(text, NOW)
    return (time.perf_counter() - start) * 1e3


def _start() -> Start:
    root = Path(__file__).resolve().parents[1]
    ended = subprocess.run([sys.executable, "-c", BUILD], cwd=root, stdout=subprocess.PIPE, text=True, check=True)
    return Start(*map(float, ended.stdout.split()))
