"""The training phrases and the models that were learnt from them."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from bot.understanding.evaluation import Row, read_rows
from bot.understanding.folding import fold
from bot.understanding.model import NOTHING
from bot.understanding.understander import load_model
from knowledge.labels import Danger, Posture, Urgency
from knowledge.needs import load_needs

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = "utterances-dev.jsonl"
ALIKE = 85
"""Likeness (rapidfuzz ratio, 0 to 100) from which two phrases are one."""

LARGEST_MODELS = 10 * 2**20
"""Bytes of all models together (issue: small)."""


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    files = sorted((ROOT / "bot" / "understanding" / "phrases").glob("*.jsonl"))
    assert len(files) >= 27
    return [row for path in files for row in read_rows(path)]


def test_every_need_has_enough_phrases(rows: list[Row]) -> None:
    assert len(rows) > 24_000
    needs = Counter(row.expected["need"] for row in rows)
    assert set(needs) == {*load_needs(), None}
    assert {need: count for need, count in needs.items() if count < 80} == {}


@pytest.mark.parametrize("label", [*Posture, *Urgency, *Danger], ids=str)
def test_every_label_has_enough_phrases(rows: list[Row], label: str) -> None:
    assert (
        sum(label in (row.expected["posture"], row.expected["urgency"], row.expected["danger"]) for row in rows) >= 60
    )


def test_no_sample_phrase_was_learnt(rows: list[Row], shared_data: Callable[[str], Path]) -> None:
    """The samples measure: neither they nor near copies may be learnt from."""
    learnt = [_plain(row.text) for row in rows]
    samples = [_plain(row.text) for row in read_rows(shared_data(SAMPLES))]
    assert len(samples) == 300
    alike = {
        sample: near
        for sample in samples
        if sample and (near := process.extractOne(sample, learnt, scorer=fuzz.ratio, score_cutoff=ALIKE))
    }
    assert alike == {}


def test_the_models_are_small_and_hold_only_numbers(rows: list[Row]) -> None:
    paths = sorted((ROOT / "bot" / "understanding" / "data").glob("*.npz"))
    assert [path.stem for path in paths] == ["need", "signals"]
    assert sum(path.stat().st_size for path in paths) <= LARGEST_MODELS
    for path in paths:
        with np.load(path, allow_pickle=False) as arrays:
            assert all(arrays[name].dtype.kind in "iuf" for name in arrays.files)


def test_the_models_know_the_labels() -> None:
    assert set(load_model("need").labels["need"]) == {*load_needs(), NOTHING}
    signals = load_model("signals").labels
    assert set(signals["posture"]) == {*Posture, NOTHING}
    assert set(signals["urgency"]) == {*Urgency, NOTHING}
    assert set(signals["danger"]) == {*Danger, NOTHING}


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))
