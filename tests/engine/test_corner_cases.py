"""Flows made to meet what the fixture flows do not: loops, lifetimes, questions asked twice, silence."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action
from rasa_sdk import Tracker as RasaTracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.engine import Engine, Flows, Input, check_flows, load_flows, undo
from tests.engine.conftest import Dialogue, fits_all

DOMAIN = """
slots:
  a: {type: text}
  b: {type: text}
  c: {type: text}
  ok: {type: bool}
  choix: {type: categorical, values: [un, deux]}
responses:
  utter_ask_a: [{text: A ?}]
  utter_ask_b: [{text: B ?}]
  utter_ask_c: [{text: C ?}]
  utter_ask_ok: [{text: OK ?}]
  utter_fin: [{text: "Fin {a} {b} {c}."}]
  utter_c: [{text: "C est {c}."}]
  utter_panne: [{text: Panne.}]
"""
LONG = """
flows:
  principal:
    description: Trois questions, dont deux toujours posées.
    steps:
      - id: debut
        collect: a
      - collect: ok
        ask_before_filling: true
        next:
          - if: slots.ok
            then: suite
          - else:
              - set_slots: [a: null, ok: null]
                next: debut
      - id: suite
        collect: b
      - collect: c
        ask_before_filling: true
      - action: utter_fin
"""
FIRST_ANSWERS: list[dict[str, Any]] = [{"a": "1"}, {"ok": True}, {"b": "2"}]

Start = Callable[..., Dialogue]


def read(folder: Path, text: str) -> Flows:
    (folder / "flows.yml").write_text(text, encoding="utf-8")
    (folder / "domaine.yml").write_text(DOMAIN, encoding="utf-8")
    return load_flows([folder / "flows.yml", folder / "domaine.yml"])


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Return a function that starts a dialogue over flows, after some answers."""

    def begin(text: str, *answers: dict[str, Any], actions: tuple[Action, ...] = ()) -> Dialogue:
        dialogue = Dialogue(Engine(read(tmp_path, text), actions, fits=fits_all, default_flow="principal"))
        for slots in answers:
            dialogue.hear(slots=slots)
        return dialogue

    return begin


def test_a_correction_does_not_ask_again_what_is_always_asked(start: Start) -> None:
    dialogue = start(LONG, *FIRST_ANSWERS)
    assert dialogue.hear(slots={"a": "9"}) == ["C ?"]
    assert dialogue.hear(slots={"c": "3"}) == ["Fin 9 2 3."]


def test_a_correction_and_the_answer_in_one_message(start: Start) -> None:
    assert start(LONG, *FIRST_ANSWERS).hear(slots={"a": "9", "c": "3"}) == ["Fin 9 2 3."]


def test_after_going_back_an_always_asked_question_is_asked_in_the_next_round(start: Start) -> None:
    dialogue = start(LONG, *FIRST_ANSWERS)
    dialogue.hear(slots={"a": "9"})
    assert dialogue.hear(slots={"ok": False}) == ["A ?"]
    assert dialogue.hear(slots={"a": "1", "ok": True}) == ["OK ?"]


def test_an_emptied_answer_is_asked_whatever_else_is_corrected(start: Start) -> None:
    dialogue = start(LONG, *FIRST_ANSWERS)
    assert dialogue.hear(payload="/SetSlots(a=null)") == ["A ?"]
    assert dialogue.hear(slots={"b": "8"}) == ["A ?"]


def test_the_same_question_twice_needs_two_answers(start: Start) -> None:
    twice = """
flows:
  principal:
    description: Deux fois.
    steps:
      - {collect: ok, ask_before_filling: true}
      - {collect: ok, ask_before_filling: true}
      - action: utter_ask_a
"""
    dialogue = start(twice)
    assert [dialogue.hear(), dialogue.hear(slots={"ok": True}), dialogue.hear(slots={"ok": True})] == [
        ["OK ?"],
        ["OK ?"],
        ["A ?"],
    ]


def test_what_a_called_flow_collects_lives_as_long_as_its_caller(start: Start) -> None:
    calling = """
flows:
  principal:
    description: Appelle.
    steps:
      - call: fille
      - action: utter_c
  fille:
    description: Demande.
    steps:
      - collect: c
"""
    dialogue = start(calling, {})
    assert dialogue.hear(slots={"c": "3"}) == ["C est 3."]
    assert dialogue.tracker.slots == {}


def test_a_loop_that_empties_its_question(start: Start) -> None:
    loop = """
flows:
  principal:
    description: Tourne.
    steps:
      - id: debut
        collect: c
      - action: utter_c
      - set_slots: [c: null]
        next: debut
"""
    dialogue = start(loop, {})
    assert dialogue.hear(slots={"c": "1"}) == ["C est 1.", "C ?"]
    assert dialogue.hear(slots={"c": "2"}) == ["C est 2.", "C ?"]


def test_a_turn_is_never_silent(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    silent = "flows:\n  principal:\n    description: Rien.\n    steps:\n      - set_slots: [a: x]\n"
    assert start(silent).hear("bonjour") == ["Panne."]
    assert "the turn said nothing" in caplog.text


def test_skip_without_a_question_asks_the_first_one(start: Start) -> None:
    dialogue = start(LONG)
    after, said = asyncio.run(dialogue.engine.skip(dialogue.tracker, Input()))
    assert [utterance.text for utterance in said] == ["A ?"]
    assert after.pending == "a"


def test_skip_can_be_undone(start: Start) -> None:
    dialogue = start(LONG, {})
    after, _ = asyncio.run(dialogue.engine.skip(dialogue.tracker, Input()))
    assert undo(after) == dialogue.tracker


def test_the_first_message_cannot_be_undone(start: Start) -> None:
    assert undo(start(LONG, {"a": "1"}).tracker) is None


def test_an_action_that_asks_what_it_knows(start: Start) -> None:
    class Demander(Action):  # type: ignore[misc]  # rasa_sdk has no types
        def name(self) -> str:
            return "action_ask_ok"

        async def run(
            self, dispatcher: CollectingDispatcher, _: RasaTracker, __: dict[str, Any]
        ) -> list[dict[str, Any]]:
            return [SlotSet("ok", True)]

    dialogue = start(LONG, actions=(Demander(),))
    assert dialogue.hear(slots={"a": "1"}) == ["B ?"]


def test_two_flows_may_share_an_intent_when_a_guard_tells_them_apart(start: Start) -> None:
    shared = """
flows:
  principal:
    description: Demande.
    steps:
      - collect: b
  connu:
    description: Qui a dit A.
    if: slots.a is not null
    nlu_trigger: [intent: aide]
    steps:
      - action: utter_ask_a
  inconnu:
    description: Les autres.
    nlu_trigger: [intent: aide]
    steps:
      - action: utter_ask_c
"""
    assert start(shared).hear(intent="aide")[0] == "C ?"
    assert start(shared).hear(intent="aide", slots={"a": "1"})[0] == "A ?"


def test_a_payload_may_hold_a_placeholder(tmp_path: Path) -> None:
    text = "flows:\n  f:\n    description: F.\n    steps: [action: utter_x]\nresponses:\n  utter_x:\n    - text: X\n"
    text += "      buttons: [{title: '{a}', payload: '/SetSlots(choix={b})'}]\n"
    unused = {name for name in read(tmp_path, text).responses if name != "utter_x"}
    placeholders = dict.fromkeys(unused, ("nom",))
    assert check_flows(read(tmp_path, text), (), placeholders) == []
