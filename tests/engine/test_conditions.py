"""Conditions, as a table: the condition, the slots, whether it holds."""

from typing import Any

import pytest

from bot.engine.conditions import ConditionError, parse_condition

CASES: list[tuple[str, dict[str, Any], bool]] = [
    ('slots.x is "v"', {"x": "v"}, True),
    ("slots.x is 'v'", {"x": "w"}, False),
    ('slots.x is "v"', {}, False),
    ('slots.x is not "v"', {"x": "w"}, True),
    ('slots.x is not "v"', {}, True),
    ('slots.x != "v"', {"x": "v"}, False),
    ('slots.x = "v"', {"x": "v"}, True),
    ("slots.x is null", {}, True),
    ("slots.x is undefined", {}, True),
    ("slots.x is not null", {"x": 0}, True),
    ("slots.x is not null", {}, False),
    ("slots.x is true", {"x": True}, True),
    ("slots.x is true", {"x": 1}, False),
    ("slots.x = 1", {"x": True}, False),
    ("slots.x is false", {}, False),
    ("slots.x = 0", {"x": 0}, True),
    ("slots.x = 0", {"x": False}, False),
    ("slots.x < 3", {"x": 2.5}, True),
    ("slots.x <= 3", {"x": 3}, True),
    ("slots.x > -1", {"x": 0}, True),
    ("slots.x >= 2.5", {"x": 2}, False),
    ("slots.x > 1", {}, False),
    ("slots.x > 1", {"x": "2"}, False),
    ("{'a' 'b'} contains slots.x", {"x": "b"}, True),
    ("{'a' 'b'} contains slots.x", {"x": "c"}, False),
    ("{} contains slots.x", {"x": "c"}, False),
    ("slots.x contains 'v'", {"x": ["u", "v"]}, True),
    ("slots.x contains 'v'", {"x": "avoir"}, True),
    ("slots.x contains 'v'", {}, False),
    ("slots.x contains 1", {"x": [True]}, False),
    ('slots.x matches "(?i)^oui"', {"x": "Oui merci"}, True),
    ('slots.x matches "^oui"', {"x": "ah oui"}, False),
    ('slots.x matches "oui"', {}, False),
    ("slots.x", {"x": True}, True),
    ("slots.x", {}, False),
    ("not slots.x", {}, True),
    ("not not slots.x", {"x": True}, True),
    ("slots.x and slots.y", {"x": True}, False),
    ("slots.x or slots.y", {"x": True}, True),
    ("slots.x or slots.y and slots.z", {"x": True}, True),
    ("(slots.x or slots.y) and slots.z", {"x": True}, False),
    ("not (slots.x or slots.y)", {"y": True}, False),
    ("not slots.x is 'v'", {"x": "v"}, False),
    ("not slots.x or slots.y", {"y": True}, True),
    ("slots.x = slots.y", {"x": 2, "y": 2}, True),
    ("slots.x is 'and'", {"x": "and"}, True),
    ("  slots.x   is\n'v' ", {"x": "v"}, True),
    ("true", {}, True),
]

BROKEN = [
    ("", "il manque la fin"),
    ("slots.x is", "il manque la fin"),
    ("slots.x is is 'v'", "« is » n'est pas attendu ici"),
    ("slots.x 'v'", "« 'v' » n'est pas attendu ici"),
    ("(slots.x", "il manque « ) »"),
    ("{'a'", "il manque la fin"),
    ("slots.x == 'v'", "« = » n'est pas attendu ici"),
    ("slots.x is ‘v’", "« ‘v’ » est illisible"),
    ("x is 'v'", "« x » n'est pas attendu ici"),
    ("slots.x is 'v", "« 'v » est illisible"),
    ("slots.x and or slots.y", "« or » n'est pas attendu ici"),
    ('slots.x matches "("', "« matches » attend une expression régulière entre guillemets"),
]


@pytest.mark.parametrize(("source", "slots", "expected"), CASES)
def test_condition(source: str, slots: dict[str, Any], expected: bool) -> None:
    assert parse_condition(source).holds(slots) is expected


@pytest.mark.parametrize(("source", "message"), BROKEN)
def test_a_broken_condition_says_where(source: str, message: str) -> None:
    with pytest.raises(ConditionError) as raised:
        parse_condition(source)
    assert str(raised.value) == message


def test_context_holds_the_values_of_a_response() -> None:
    condition = parse_condition("context.telephone is not null and slots.x")
    assert condition.holds({"x": True}, {"telephone": "3939"})
    assert not condition.holds({"x": True}, {})
    assert not condition.holds({"x": True, "telephone": "3939"})
    assert (set(condition.names), set(condition.context)) == ({"x"}, {"telephone"})


def test_comparisons_are_kept_for_the_checks() -> None:
    condition = parse_condition("slots.x is not 'v' and {'a' 'b'} contains slots.y and slots.z > 3")
    assert condition.comparisons == (("x", "v"), ("y", "a"), ("y", "b"))
