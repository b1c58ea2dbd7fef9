"""Whole conversations over the demonstration base, compared word for word (tests/conversations/*.yml).

`python -m tests.test_conversations FILE…` writes the answers that the bot gives now into the files: read them before
you commit them. Between two turns the tracker is written to JSON and read again, as after a restart.
"""

import asyncio
import sys
from datetime import datetime
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.app import build_conversation
from bot.channels.sms.text import segments
from bot.conversation.turn import Conversation
from bot.engine.tracker import Tracker
from bot.messages import SMS, MessageIn, MessageOut
from bot.understanding import Understander
from knowledge.demonstration import demonstration
from knowledge.snapshot import Knowledge, build_knowledge

FOLDER = Path(__file__).parent / "conversations"
FILES = sorted(FOLDER.glob("*.yml"))
PARIS = ZoneInfo("Europe/Paris")
NOW = "2026-11-23T10:00"
CONTRACT_SLOTS = ("need", "urgency", "deadline", "posture", "insee", "confidential", "autonomy")
CONTACT = "la médiathèque de démonstration"
MAX_QUESTIONS = 3


@cache
def knowledge_at(now: datetime) -> Knowledge:
    return build_knowledge(*demonstration(now))


@cache
def conversation_at(now: datetime) -> Conversation:
    knowledge = knowledge_at(now)
    understander = Understander(knowledge.needs, knowledge.communes)
    return build_conversation(lambda: knowledge, understander, contact=CONTACT)


def play(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Return, for each turn, what the bot said and the slots of the contract that are filled."""
    now = datetime.fromisoformat(case.get("now", NOW)).replace(tzinfo=PARIS)
    return asyncio.run(_play(case, now))


async def _play(case: dict[str, Any], now: datetime) -> list[dict[str, Any]]:
    conversation, played = conversation_at(now), []
    state: str | None = None
    for turn in case["turns"]:
        tracker = Tracker.from_json(state) if state else None
        text = turn["user"] * turn.get("fois", 1)
        message = MessageIn(channel=case["channel"], conversation="essai", text=text, received_at=now)
        outcome = await conversation.turn(tracker, message)
        state = outcome.tracker.to_json() if outcome.tracker else None
        slots = outcome.tracker.slots if outcome.tracker else {}
        played.append(
            {
                "bot": [shown(message, case["channel"]) for message in outcome.messages],
                "slots": {name: slots[name] for name in CONTRACT_SLOTS if name in slots},
            }
        )
    return played


def shown(message: MessageOut, channel: str) -> str:
    """Return what the person sees: the text, then the choices where the channel shows them."""
    if channel == SMS:
        return message.text
    return "\n".join([message.text, *(f"{choice.key}. {choice.label}" for choice in message.choices)])


def read(path: Path) -> dict[str, Any]:
    case: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return case


def test_there_are_enough_conversations() -> None:
    cases = [read(path) for path in FILES]
    assert len(cases) >= 40
    assert {case["channel"] for case in cases} == {"sms", "telegram", "web", "terminal"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_conversation(path: Path) -> None:
    case = read(path)
    expected = [{"bot": turn["bot"], "slots": turn["slots"]} for turn in case["turns"]]
    assert play(case) == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_sms_holds_in_two_segments(path: Path) -> None:
    case = read(path)
    sizes = [segments(text) for turn in case["turns"] for text in turn["bot"]]
    assert case["channel"] != SMS or max(sizes, default=0) <= 2


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_leaks_into_a_sentence(path: Path) -> None:
    said = "\n".join(text for turn in read(path)["turns"] for text in turn["bot"])
    assert not [trace for trace in ("None", "{", "}", "Traceback", "utter_", "[]") if trace in said]


def record(path: Path) -> None:
    """Write the answers of now into the file."""
    case = read(path)
    for turn, played in zip(case["turns"], play(case), strict=True):
        turn["bot"] = [LiteralScalarString(text) if "\n" in text else text for text in played["bot"]]
        turn["slots"] = played["slots"]
    yaml = YAML()
    yaml.width, yaml.allow_unicode = 4096, True
    stream = StringIO()
    yaml.dump(case, stream)
    path.write_text(stream.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        record(Path(name))
