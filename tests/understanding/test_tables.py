"""The tables `<key>.yml`: a message in, one key of its understanding out."""

from datetime import date, datetime
from typing import Any

import pytest

from bot.understanding import Understander
from tests.understanding.conftest import MONDAY, PARIS, table

LEAST_CASES = {
    "needs": 100, "urgency": 35, "posture": 47, "communes": 29, "confidential": 29, "danger": 356,
}  # fmt: skip
FIELDS = {"needs": "need", "communes": "insee"}
SIMPLE = [(name, text, value) for name in LEAST_CASES for text, value in table(name)]
DEADLINES = [(now, text, value) for now, rows in table("deadline").items() for text, value in rows]
PROFILES = table("profile")
ANSWERS = table("answers")


def test_tables_are_read_whole() -> None:
    for name, least in LEAST_CASES.items():
        assert len(table(name)) >= least, name
    assert len(DEADLINES) >= 90
    assert len(PROFILES) >= 25
    assert len(ANSWERS) >= 30


@pytest.mark.parametrize(("name", "text", "expected"), SIMPLE, ids=[f"{name}: {text}" for name, text, _ in SIMPLE])
def test_key(understander: Understander, name: str, text: str, expected: Any) -> None:
    assert getattr(understander.understand(text, MONDAY), FIELDS.get(name, name)) == expected


@pytest.mark.parametrize(("now", "text", "expected"), DEADLINES)
def test_deadline(understander: Understander, now: str, text: str, expected: str | None) -> None:
    found = understander.understand(text, datetime.fromisoformat(now).replace(tzinfo=PARIS)).deadline
    assert found == (date.fromisoformat(expected) if expected else None)


@pytest.mark.parametrize(("text", "autonomy", "care", "publics"), PROFILES)
def test_profile(
    understander: Understander, text: str, autonomy: str | None, care: list[str], publics: list[str]
) -> None:
    found = understander.understand(text, MONDAY)
    assert (found.autonomy, sorted(found.prise_en_charge), sorted(found.publics)) == (autonomy, care, publics)


@pytest.mark.parametrize(("expected_slot", "text", "key", "value"), ANSWERS)
def test_answer(understander: Understander, expected_slot: str | None, text: str, key: str, value: str | None) -> None:
    found = getattr(understander.understand(text, MONDAY, expected=expected_slot), key)
    assert (found.isoformat() if isinstance(found, date) else found) == value
