"""Turns: questions, corrections, digressions, misunderstandings, undo, faults."""

import asyncio
import logging
from dataclasses import replace

import pytest

from bot.engine import Engine, Flows, Input, undo
from bot.engine.steps import Branch
from bot.engine.turn import MAX_STEPS_PER_TURN
from tests.engine.conftest import Chercher, Dialogue, fits_all

ASK_NEED = "De quoi avez-vous besoin ?"
ASK_URGENCY = "C'est pour quand ?"
ASK_INSEE = "Dans quelle commune êtes-vous ?"
ASK_CONFIRME = "Voulez-vous un numéro ?"
PANNE = "Pardon, une panne de mon côté. Demandez à l'accueil de votre mairie."
PAU, PARIS, MAULEON = "64445", "75056", "64371"


def found(insee: str) -> str:
    return f"Allez à la mairie de {insee}."


def test_questions_one_by_one(dialogue: Dialogue) -> None:
    assert dialogue.hear("bonjour") == [ASK_NEED]
    assert dialogue.hear("caf", slots={"need": "caf"}) == [ASK_URGENCY]
    assert dialogue.hear("plus tard", payload="/SetSlots(urgency=later)") == [ASK_INSEE]
    assert dialogue.hear("Pau", slots={"insee": PAU}) == [found(PAU)]
    assert dialogue.tracker.stack == ()


def test_what_is_known_is_not_asked(dialogue: Dialogue) -> None:
    slots = {"need": "caf", "urgency": "today", "insee": PAU}
    assert dialogue.hear("la caf à Pau aujourd'hui", slots=slots) == [found(PAU)]


def test_a_branch_skips_a_question(dialogue: Dialogue) -> None:
    assert dialogue.hear("un atelier", slots={"need": "atelier"}) == [ASK_INSEE]


def test_only_persisted_slots_outlive_the_flow(dialogue: Dialogue) -> None:
    dialogue.hear("caf", slots={"need": "caf", "urgency": "later", "insee": PAU})
    kept = {"need": "caf", "insee": PAU, "langue": "fr", "refus": [], "trouves": 1, "nom": f"la mairie de {PAU}"}
    assert dialogue.tracker.slots == kept


def test_an_answer_may_come_before_its_question(dialogue: Dialogue) -> None:
    dialogue.hear("bonjour")
    assert dialogue.hear("je suis à Pau", slots={"insee": PAU}) == [ASK_NEED]
    assert dialogue.hear("caf", slots={"need": "caf"}) == [ASK_URGENCY]
    assert dialogue.hear("demain", slots={"urgency": "today"}) == [found(PAU)]


def test_a_correction_goes_back_and_asks_only_what_is_missing(dialogue: Dialogue) -> None:
    dialogue.hear("atelier", slots={"need": "atelier"})
    assert dialogue.hear("non, la caf", slots={"need": "caf"}) == [ASK_URGENCY]
    assert dialogue.hear("demain", slots={"urgency": "today"}) == [ASK_INSEE]
    assert dialogue.hear("non plus tard, à Pau", slots={"urgency": "later", "insee": PAU}) == [found(PAU)]


def test_a_correction_of_what_a_called_flow_asked(dialogue: Dialogue, flows: Flows) -> None:
    dialogue.hear("atelier", slots={"need": "atelier"})
    assert dialogue.hear("99", slots={"insee": "99"}) == ["Je ne connais pas cette commune.", ASK_INSEE]
    assert dialogue.hear("Pau", slots={"insee": PAU}) == [found(PAU)]
    assert dialogue.hear("non, à Mauléon", slots={"insee": MAULEON}) == [found(MAULEON)]


def test_an_answer_can_be_emptied(dialogue: Dialogue) -> None:
    dialogue.hear("atelier", slots={"need": "atelier"})
    assert dialogue.hear(payload="/SetSlots(need=null)") == [ASK_NEED]


def test_a_digression_comes_back_to_the_question(dialogue: Dialogue) -> None:
    dialogue.hear("bonjour")
    assert dialogue.hear("aide", intent="aide") == [
        "Répondez par un chiffre ou par des mots.",
        "Reprenons.",
        ASK_NEED,
    ]
    assert [choice.title for choice in dialogue.tracker.choices] == ["La CAF", "Les impôts", "Un atelier"]


def test_a_digression_may_ask_and_link(dialogue: Dialogue) -> None:
    dialogue.hear("caf", slots={"need": "caf"})
    assert dialogue.hear(intent="contact") == [ASK_CONFIRME]
    assert dialogue.hear(payload="/SetSlots(confirme=false)") == [
        "Répondez par un chiffre ou par des mots.",
        "Reprenons.",
        ASK_URGENCY,
    ]


def test_a_digression_hears_the_answer_of_the_question_below(dialogue: Dialogue) -> None:
    dialogue.hear("atelier", slots={"need": "atelier"})
    dialogue.hear(intent="contact")
    assert dialogue.hear("oui, et je suis à Pau", slots={"confirme": True, "insee": PAU}) == [
        "Appelez le numéro du service.",
        found(PAU),
    ]


def test_a_correction_during_a_digression(dialogue: Dialogue) -> None:
    dialogue.hear("atelier", slots={"need": "atelier"})
    dialogue.hear(intent="contact")
    assert dialogue.hear("pour la caf", slots={"need": "caf"}) == [ASK_CONFIRME]
    assert dialogue.hear(slots={"confirme": True}) == ["Appelez le numéro du service.", "Reprenons.", ASK_URGENCY]


def test_a_digression_to_begin_with(dialogue: Dialogue) -> None:
    assert dialogue.hear("aide", intent="aide") == ["Répondez par un chiffre ou par des mots.", ASK_NEED]


def test_the_same_digression_twice_is_under_way_once(dialogue: Dialogue) -> None:
    dialogue.hear("bonjour")
    dialogue.hear(intent="contact")
    assert dialogue.hear(intent="contact") == [ASK_CONFIRME]
    assert [frame.flow for frame in dialogue.tracker.stack] == ["orienter", "contact"]


def test_a_button_may_start_a_flow(dialogue: Dialogue) -> None:
    dialogue.hear("caf", slots={"need": "caf"})
    assert dialogue.hear(payload="/aide")[0] == "Répondez par un chiffre ou par des mots."


def test_starting_the_default_flow_again(dialogue: Dialogue) -> None:
    dialogue.hear("caf", slots={"need": "caf"})
    assert dialogue.hear(intent="recommencer") == [ASK_URGENCY]
    assert len(dialogue.tracker.stack) == 1


def test_starting_a_flow_again_forgets_the_flow_that_it_called(dialogue: Dialogue) -> None:
    dialogue.hear("atelier", slots={"need": "atelier"})
    assert [frame.flow for frame in dialogue.tracker.stack] == ["orienter", "situer"]
    dialogue.hear(intent="recommencer")
    assert [frame.flow for frame in dialogue.tracker.stack] == ["orienter", "situer"]
    assert [frame.called for frame in dialogue.tracker.stack] == [False, True]


def test_ask_before_filling_asks_whatever_is_known(dialogue: Dialogue) -> None:
    assert dialogue.hear(intent="contact", slots={"confirme": True}) == [ASK_CONFIRME]
    assert dialogue.hear("oui", slots={"confirme": True})[0] == "Appelez le numéro du service."


def test_nonsense_three_times_offers_a_person(dialogue: Dialogue) -> None:
    dialogue.hear("bonjour")
    assert dialogue.hear("gzork") == ["Je n'ai pas compris.", ASK_NEED]
    assert dialogue.hear("gzork") == ["Je ne comprends toujours pas.", ASK_NEED]
    assert dialogue.hear("gzork") == [
        "Décidément, je ne comprends pas.",
        "Une personne peut vous aider à l'accueil.",
        "Reprenons.",
        ASK_NEED,
    ]
    assert dialogue.hear("gzork") == ["Je n'ai pas compris.", ASK_NEED]


def test_understanding_restores_patience(dialogue: Dialogue) -> None:
    dialogue.hear("bonjour")
    dialogue.hear("gzork")
    dialogue.hear("caf", slots={"need": "caf"})
    assert dialogue.hear("gzork") == ["Je n'ai pas compris.", ASK_URGENCY]


def test_refused_answers_wear_patience_out(dialogue: Dialogue) -> None:
    dialogue.hear("atelier", slots={"need": "atelier"})
    for wrong in ("9", "99"):
        assert dialogue.hear(slots={"insee": wrong}) == ["Je ne connais pas cette commune.", ASK_INSEE]
    assert dialogue.hear(slots={"insee": "999"}) == [
        "Je ne connais pas cette commune.",
        "Une personne peut vous aider à l'accueil.",
        "Reprenons.",
        ASK_INSEE,
    ]


def test_saying_the_same_again_brings_nothing(dialogue: Dialogue) -> None:
    dialogue.hear("caf", slots={"need": "caf"})
    assert dialogue.hear("la caf", slots={"need": "caf"}) == ["Je n'ai pas compris.", ASK_URGENCY]


@pytest.mark.parametrize(
    "payload", ["/SetSlots(ned=caf)", "/SetSlots(need=CAF)", "/SetSlots(need", "/inconnu", "/SetSlots()", "/", "x"]
)
def test_a_payload_that_means_nothing_is_not_understood(dialogue: Dialogue, payload: str) -> None:
    dialogue.hear("bonjour")
    assert dialogue.hear(payload=payload) == ["Je n'ai pas compris.", ASK_NEED]


def test_values_of_payloads_are_typed(dialogue: Dialogue) -> None:
    dialogue.hear(payload="/SetSlots(confirme=false, age=70.5, souhait=70)")
    filled = {name: dialogue.tracker.slots.get(name) for name in ("confirme", "age", "souhait")}
    assert filled == {"confirme": False, "age": 70.5, "souhait": "70"}


@pytest.mark.parametrize(
    "event",
    [
        Input(slots={"ned": "caf"}),
        Input(slots={"need": "cafe"}),
        Input(slots={"age": True}),
        Input(slots={"noms": [object()]}),
        Input(intent="inconnu"),
    ],
)
def test_a_mistake_of_the_caller_is_loud(engine: Engine, event: Input) -> None:
    with pytest.raises((KeyError, ValueError)):
        asyncio.run(engine.turn(engine.new_tracker("anna", "sms"), event))


def test_skipping_a_question(dialogue: Dialogue) -> None:
    dialogue.hear("caf", slots={"need": "caf"})
    after, said = asyncio.run(dialogue.engine.skip(dialogue.tracker, Input()))
    assert [utterance.text for utterance in said] == [ASK_INSEE]
    assert after.slots.get("urgency") is None


def test_undo_goes_back_one_answer_at_a_time(dialogue: Dialogue) -> None:
    dialogue.hear("bonjour")
    dialogue.hear(slots={"need": "caf"})
    dialogue.hear(intent="aide")
    dialogue.hear(slots={"urgency": "later"})
    dialogue.hear("gzork")
    asked = []
    while (before := undo(dialogue.tracker)) is not None:
        dialogue.tracker, said = asyncio.run(dialogue.engine.ask_again(before, Input()))
        asked += [utterance.text for utterance in said]
    assert asked == [ASK_URGENCY, ASK_NEED]
    assert dialogue.tracker.slots == {"langue": "fr", "refus": []}


def test_undo_after_the_end(dialogue: Dialogue) -> None:
    dialogue.hear(slots={"need": "atelier", "insee": PAU})
    assert dialogue.hear(slots={"insee": MAULEON}) == [found(MAULEON)]
    before = undo(dialogue.tracker)
    assert before is not None
    _, said = asyncio.run(dialogue.engine.ask_again(before, Input()))
    assert [utterance.text for utterance in said] == [found(PAU)]


def test_a_fault_ends_the_flow_with_an_apology(dialogue: Dialogue, caplog: pytest.LogCaptureFixture) -> None:
    dialogue.hear("atelier", slots={"need": "atelier"})
    with caplog.at_level(logging.ERROR):
        assert dialogue.hear("mon code est 1234", slots={"insee": "99999"}) == [PANNE]
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("flux orienter, étape action:action_chercher : RuntimeError (conftest.py:")
    assert "1234" not in caplog.text
    assert dialogue.hear("Pau", slots={"insee": PAU}) == [found(PAU)]


def test_nothing_is_offered_after_a_fault(dialogue: Dialogue) -> None:
    dialogue.hear("atelier", slots={"need": "atelier"})
    dialogue.hear(slots={"insee": "99999"})
    assert dialogue.tracker.choices == ()


def test_the_loop_guard(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    orienter = engine.flows.flows["orienter"]
    montrer = orienter.steps["montrer"]
    looping = replace(montrer, next=(Branch("montrer"),))
    flow = replace(orienter, steps={**orienter.steps, "montrer": looping})
    flows = replace(engine.flows, flows={**engine.flows.flows, "orienter": flow})
    dialogue = Dialogue(Engine(flows, [Chercher()], fits=fits_all, default_flow="orienter"))
    said = dialogue.hear(slots={"need": "atelier", "insee": PAU})
    assert said[-1] == PANNE
    assert len(said) <= MAX_STEPS_PER_TURN
    assert "more than 100 steps in a turn" in caplog.text


def test_no_town_found(dialogue: Dialogue) -> None:
    assert dialogue.hear(slots={"need": "atelier", "insee": PARIS}) == ["Je n'ai rien trouvé."]
