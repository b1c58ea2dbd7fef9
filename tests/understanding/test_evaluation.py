"""The evaluation, counted by hand on a few phrases; the figures reached on the 300 of `../shared/data`."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from bot.understanding import Understander
from bot.understanding.evaluation import FaultyRow, evaluate, f1, macro_f1, read_rows, table
from bot.understanding.folding import fold

ROOT = Path(__file__).resolve().parents[2]
PHRASES = "utterances-dev.jsonl"

FLOORS = {
    "need_first": 0.93,
    "need_three": 0.98,
    "need_one_question": 0.975,
    "no_need_f1": 0.97,
    "urgency_f1": 0.98,
    "deadline_exact": 0.98,
    "posture_f1": 0.97,
    "insee_exact": 0.98,
    "danger_recall": 0.99,
    "confidential_f1": 0.94,
}
CEILINGS = {"deadline_false": 0.015, "insee_false": 0.01, "danger_false": 0.01}

SMALL = [
    {
        "text": "ma carte vitale avant vendredi à Pau",
        "need": "sante",
        "urgency": "week",
        "deadline": "2026-11-27",
        "insee": "64445",
    },
    {"text": "refaire mon passeport", "need": "sejour"},
    {"text": "bonjour", "confidential": True},
    {"text": "mon mari me frappe", "danger": "violence", "confidential": True, "urgency": "today"},
]


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_scores_counted_by_hand(understander: Understander, now: datetime, tmp_path: Path) -> None:
    path = write(tmp_path / "petit.jsonl", *(json.dumps(row, ensure_ascii=False) for row in SMALL))
    scores = evaluate(understander, read_rows(path), now)
    summary = scores.summary()
    assert scores.phrases == 4
    assert summary["need_first"] == 0.5  # sante is right, titres is not sejour
    assert summary["no_need_f1"] == 1.0
    assert (summary["deadline_exact"], summary["deadline_false"]) == (1.0, 0.0)
    assert (summary["insee_exact"], summary["insee_false"]) == (1.0, 0.0)
    assert (summary["danger_recall"], summary["danger_false"]) == (1.0, 0.0)
    assert summary["confidential_f1"] == pytest.approx(2 / 3)  # one found of two, no false one
    assert summary["urgency_f1"] == 1.0  # the phrase with a danger is not scored
    assert [(miss.key, miss.expected, miss.found) for miss in scores.misses] == [
        ("need", "sejour", "titres"),
        ("confidential", True, None),
    ]
    shown = table(scores)
    assert "4 phrases" in shown
    assert "1 × sejour → titres" in shown
    assert "besoin, juste du premier coup" in shown


def test_f1_by_hand() -> None:
    pairs = Counter({("a", "a"): 3, ("a", "b"): 1, ("b", "a"): 2, (None, None): 4})
    assert f1(pairs, "a") == pytest.approx(2 * 3 / (4 + 5))
    assert f1(pairs, "b") == 0
    assert macro_f1(pairs, ("a", "b", None)) == pytest.approx((2 / 3 + 0 + 1) / 3)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "faux.jsonl, ligne 2 : ce n'est pas du JSON"),
        ("[1]", "faux.jsonl, ligne 2 : il faut un objet avec une clé « text »"),
        ('{"text": 3}', "faux.jsonl, ligne 2 : il faut un objet avec une clé « text »"),
        ('{"text": "a", "deadline": "demain"}', "faux.jsonl, ligne 2 : « deadline » n'est pas une date : 'demain'"),
        ('{"text": "a", "urgency": "vite"}', "faux.jsonl, ligne 2 : « urgency » n'admet pas la valeur 'vite'"),
        ('{"text": "a", "need": 3}', "faux.jsonl, ligne 2 : « need » doit être un texte ou null"),
        ('{"text": "a", "danger": []}', "faux.jsonl, ligne 2 : « danger » n'admet pas la valeur []"),
    ],
)
def test_faulty_rows_are_located(tmp_path: Path, line: str, sentence: str) -> None:
    path = write(tmp_path / "faux.jsonl", '{"text": "bonjour"}', line)
    with pytest.raises(FaultyRow, match=re.escape(sentence)):
        list(read_rows(path))


def test_figures_reached(understander: Understander, now: datetime, shared_data: Callable[[str], Path]) -> None:
    scores = evaluate(understander, read_rows(shared_data(PHRASES)), now)
    assert scores.phrases == 300
    summary = scores.summary()
    assert {name: summary[name] for name, floor in FLOORS.items() if summary[name] < floor} == {}
    assert {name: summary[name] for name, ceiling in CEILINGS.items() if summary[name] > ceiling} == {}


def test_no_labelled_phrase_in_our_own_files(shared_data: Callable[[str], Path]) -> None:
    """The 300 phrases measure; a data file or a test that held one would measure itself."""
    phrases = [" ".join(re.findall(r"\w+", fold(row.text))) for row in read_rows(shared_data(PHRASES))]
    long_phrases = [phrase for phrase in phrases if len(phrase.split()) >= 5]
    assert len(long_phrases) > 250
    folders = (ROOT / "bot" / "understanding", ROOT / "tests" / "understanding")
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in {".py", ".yml", ".txt"}]
    files.append(ROOT / "knowledge" / "data" / "needs.yml")
    assert len(files) > 35
    text = "\n".join(" ".join(re.findall(r"\w+", fold(path.read_text(encoding="utf-8")))) for path in files)
    assert [phrase for phrase in long_phrases if phrase in text] == []
