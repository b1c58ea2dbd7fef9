"""One line of a helper gives the whole request (tests/aidant/lignes.yml)."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.messages import TERMINAL, MessageIn
from knowledge.demande import DEMANDE_SLOTS
from tests.test_conversations import NOW, PARIS, conversation_at

LINES: list[dict[str, Any]] = YAML(typ="safe").load((Path(__file__).parent / "lignes.yml").read_text(encoding="utf-8"))


def understood(line: str) -> dict[str, Any]:
    """Return the request that the line gives in a new conversation, and what is asked next."""
    now = datetime.fromisoformat(NOW).replace(tzinfo=PARIS)
    message = MessageIn(channel=TERMINAL, conversation="essai", text=line, received_at=now)
    tracker = conversation_at(now).play(None, message).tracker
    assert tracker is not None
    said = {name: tracker.slots[name] for name in DEMANDE_SLOTS if name in tracker.slots}
    return {**said, "question": tracker.pending}


def expected(case: dict[str, Any]) -> dict[str, Any]:
    """Return what the program says of the line: what is right, less its known mistakes (`lu`)."""
    right = {name: value for name, value in case.items() if name not in ("ligne", "vue", "lu")}
    said = {"pour_autrui": True, **right, **case.get("lu", {})}
    return {name: value for name, value in said.items() if value is not None}


def test_there_are_enough_lines() -> None:
    assert len(LINES) == 45
    assert sum(case.get("vue") == "premiere" for case in LINES) == 15
    assert sum("lu" in case for case in LINES) <= 4
    assert len({case["ligne"] for case in LINES}) == len(LINES)


@pytest.mark.parametrize("case", LINES, ids=lambda case: case["ligne"][:40])
def test_a_line_gives_the_whole_request(case: dict[str, Any]) -> None:
    assert understood(case["ligne"]) == expected(case)
