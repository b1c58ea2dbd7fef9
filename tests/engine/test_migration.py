"""Flows edited while a conversation is under way."""

import asyncio
from pathlib import Path

import pytest

from bot.engine import Engine, Input, Tracker, load_flows, undo
from tests.engine.conftest import FLOWS, Chercher, fits_all

ASK_URGENCY = "C'est pour quand ?"
ASK_INSEE = "Dans quelle commune êtes-vous ?"
CHANGED = "J'ai changé entre-temps. Reprenons au début."


def edited(folder: Path, *changes: tuple[str, str]) -> Engine:
    for file in FLOWS.glob("*.yml"):
        text = file.read_text(encoding="utf-8")
        for old, new in changes:
            text = text.replace(old, new)
        (folder / file.name).write_text(text, encoding="utf-8")
    return Engine(load_flows(folder.glob("*.yml")), [Chercher()], fits=fits_all, default_flow="orienter")


def turn(engine: Engine, tracker: Tracker, event: Input) -> tuple[Tracker, list[str]]:
    after, said = asyncio.run(engine.turn(Tracker.from_json(tracker.to_json()), event))
    return after, [utterance.text for utterance in said]


@pytest.fixture
def asked_urgency(engine: Engine) -> Tracker:
    tracker, said = turn(engine, engine.new_tracker("anna", "sms"), Input(slots={"need": "caf"}))
    assert said == [ASK_URGENCY]
    return tracker


def test_go_on_where_the_step_still_exists(tmp_path: Path, asked_urgency: Tracker) -> None:
    above = ("    steps:\n      - collect: need", "    steps:\n      - action: utter_aide\n      - collect: need")
    after, said = turn(edited(tmp_path, above), asked_urgency, Input(slots={"urgency": "today"}))
    assert said == [ASK_INSEE]
    assert after.digest != asked_urgency.digest


def test_start_over_where_it_does_not_and_keep_what_is_known(tmp_path: Path, asked_urgency: Tracker) -> None:
    gone = (
        "              - collect: urgency\n                next: ville",
        "              - noop: true\n                next: ville",
    )
    _, said = turn(edited(tmp_path, gone), asked_urgency, Input(slots={"urgency": "today"}))
    assert said == [CHANGED, ASK_INSEE]


def test_a_flow_that_is_gone_gives_way_to_the_default_one(
    tmp_path: Path, engine: Engine, asked_urgency: Tracker
) -> None:
    tracker, _ = turn(engine, asked_urgency, Input(intent="contact"))
    renamed = ("  contact:\n", "  joindre:\n")
    _, said = turn(edited(tmp_path, renamed), tracker, Input())
    assert said == [CHANGED, ASK_URGENCY]


def test_slots_that_are_gone_or_refuse_their_value_are_forgotten(tmp_path: Path, asked_urgency: Tracker) -> None:
    changed = edited(tmp_path, ("values: [caf, impots, atelier]", "values: [impots, atelier]"), ("=caf", "=impots"))
    after, said = turn(changed, asked_urgency, Input(slots={"urgency": "today"}))
    assert "need" not in after.slots
    assert said == [ASK_INSEE]


def test_a_correction_of_a_question_that_was_renamed(tmp_path: Path, asked_urgency: Tracker) -> None:
    changed = edited(tmp_path, ("      - collect: need\n", "      - id: besoin\n        collect: need\n"))
    _, said = turn(changed, asked_urgency, Input(slots={"need": "impots"}))
    assert said == [ASK_URGENCY]


def test_undo_to_before_the_edit(tmp_path: Path, engine: Engine, asked_urgency: Tracker) -> None:
    tracker, _ = turn(engine, asked_urgency, Input(slots={"urgency": "today"}))
    changed = edited(tmp_path, ("      - collect: need\n", "      - id: besoin\n        collect: need\n"))
    tracker, _ = turn(changed, tracker, Input(slots={"insee": "64445"}))
    before = undo(tracker)
    assert before is not None
    _, said = asyncio.run(changed.ask_again(before, Input()))
    assert [utterance.text for utterance in said] == [ASK_INSEE]


def test_a_called_flow_whose_caller_no_longer_calls_it(tmp_path: Path, engine: Engine, asked_urgency: Tracker) -> None:
    tracker, said = turn(engine, asked_urgency, Input(slots={"urgency": "today"}))
    assert said == [ASK_INSEE]
    uncalled = ("        call: situer", "        collect: souhait\n        utter: utter_aide")
    _, said = turn(edited(tmp_path, uncalled), tracker, Input())
    assert said == [CHANGED, "Répondez par un chiffre ou par des mots."]
