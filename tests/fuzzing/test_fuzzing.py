"""A bounded run of the fuzzer over each target, the same every time; `make fuzz` goes on for longer."""

import os
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import missing
from tests.fuzzing.maze import WAY_OUT
from tests.fuzzing.run import ROOT, SEEDS, command

RUNS = {"understanding": 4_000, "masking": 6_000, "sms": 5_000}
"""Texts tried for each target: some ten seconds."""

MAZE_RUNS = 200_000
PROGRESS = re.compile(r"^#(\d+)\s+(INITED|DONE)\s+cov: (\d+) ft: (\d+) corp: (\d+)/", re.MULTILINE)


class Progress(NamedTuple):
    """What libFuzzer says of a moment of its run: texts tried, branches and features reached, texts worth keeping."""

    runs: int
    branches: int
    features: int
    corpus: int


class Fuzzed(NamedTuple):
    """A run that is over; `progress` at the moment when the seeds are read ("INITED") and at the end ("DONE")."""

    status: int
    report: str
    progress: dict[str, Progress]


def fuzz(target: str, folder: Path, runs: int) -> Fuzzed:
    """Run the fuzzer in a process of its own, which it ends; always with the same dice."""
    if find_spec("atheris") is None:
        missing("atheris absent : il n'existe que pour Linux x86-64, Python 3.11 à 3.13")
    ended = subprocess.run(
        command(target, folder, f"-runs={runs}", "-seed=1"),
        env={**os.environ, "PYTHONHASHSEED": "0"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    found = PROGRESS.findall(ended.stdout)
    progress = {moment: Progress(*map(int, (tried, *reached))) for tried, moment, *reached in found}
    return Fuzzed(ended.returncode, ended.stdout, progress)


def test_every_target_has_seeds() -> None:
    assert RUNS.keys() == SEEDS.keys()
    assert sum(map(len, SEEDS.values())) >= 50


@pytest.mark.parametrize("target", RUNS)
def test_nothing_that_is_typed_breaks(target: str, tmp_path: Path) -> None:
    fuzzed = fuzz(target, tmp_path, RUNS[target])
    assert fuzzed.status == 0, fuzzed.report
    start, end = fuzzed.progress["INITED"], fuzzed.progress["DONE"]
    assert end.runs >= RUNS[target]
    assert start.branches > 0, "no code of ours was followed"
    assert end.branches > start.branches
    assert end.features > start.features
    assert end.corpus > start.corpus


def test_the_fuzzer_finds_what_chance_does_not(tmp_path: Path) -> None:
    fuzzed = fuzz("maze", tmp_path, MAZE_RUNS)
    assert fuzzed.status != 0
    assert "the way out of the maze" in fuzzed.report
    found = [path.read_bytes() for path in tmp_path.glob("crash-*")]
    assert [text.startswith(WAY_OUT.encode()) for text in found] == [True]
