"""`aiguilleur chat`, from the start of the process to its first answer, over the real places."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.bench_orient import Line
from benchmarks.real_places import V0, read_places
from knowledge.base import migrate, open_base, write_items
from knowledge.lieux import Lieu

MESSAGE = "jai plus mes droits caf je sui a mauleon je compren rien c urgent\n"
NOW = "2026-11-23T10:00"
ROUNDS = 5
RASA_START_S, RASA_MB = 9.0, 900
"""Rasa open source 3.6.21, a flow of two intents."""


class Run(NamedTuple):
    """One process: seconds to its first answer on the clock, seconds of processor and megabytes in all."""

    answered: float
    processor: float
    resident: float


def measure() -> Iterator[Line]:
    """Yield the lines as they are known. Raises FileNotFoundError where the real files are absent."""
    lieux = read_places()
    national = [lieu for lieu in lieux if not (lieu.source or "").startswith(("france-services", "bibliotheques"))]
    yield from _lines(national, f"{len(national)} lieux ({V0})")
    yield from _lines(lieux, f"{len(lieux)} lieux")


def _lines(lieux: Sequence[Lieu], what: str) -> Iterator[Line]:
    with tempfile.TemporaryDirectory(prefix="aiguilleur-") as folder:
        url = f"sqlite:///{folder}/base.db"
        database = open_base(url)
        migrate(database)
        write_items(database, lieux, now=datetime.fromisoformat(f"{NOW}+01:00"))
        database.dispose()
        runs = [_run(url) for _ in range(ROUNDS)]
    answered, processor, resident = (min(values) for values in zip(*runs, strict=True))
    yield Line(f"première réponse, {what}", f"{answered:.1f} s", "≤ 2 s")
    yield Line("dont temps de processeur", f"{processor:.1f} s")
    yield Line(f"rapport à Rasa ({RASA_START_S:.0f} s)", f"{RASA_START_S / answered:.1f} fois")
    yield Line("mémoire du processus", f"{resident:.0f} Mo", "≤ 300 Mo")
    yield Line(f"rapport à Rasa ({RASA_MB} Mo)", f"{RASA_MB / resident:.1f} fois")


def _run(url: str) -> Run:
    """Start a process, wait for its first line, then for its end.

    An installed program has its bytecode: the first round writes it, and is never the best one.
    """
    command = (sys.executable, "-m", "bot", "chat", "--channel", "sms", "--now", NOW)
    settings = {**os.environ, "AIGUILLEUR_BASE": url, "PYTHONDONTWRITEBYTECODE": ""}
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=settings,
        cwd=Path(__file__).resolve().parents[1],
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(MESSAGE.encode())
    process.stdin.close()
    first = process.stdout.readline()
    answered = time.perf_counter() - start
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if not first.startswith(b"CAF"):
        raise RuntimeError("le programme n'a pas répondu")
    return Run(answered, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
