"""Loading, checking and drawing the fixture flows."""

import asyncio
from pathlib import Path

import pytest

from bot.engine import Engine, FlowErrors, Flows, Input, check_flows, graph, load_flows
from tests.engine.conftest import FLOWS, Chercher, fits_all

DRAWN = Path(__file__).parent / "orienter.mmd"


def test_the_fixture_flows_have_no_fault(flows: Flows) -> None:
    assert check_flows(flows, {"action_chercher"}, {}) == []


def test_step_ids_do_not_depend_on_their_place(flows: Flows) -> None:
    assert list(flows.flows["orienter"].steps) == [
        "collect:need",
        "ville",
        "action:action_chercher",
        "montrer",
        "collect:urgency",
        "action:utter_rien",
    ]


def test_the_digest_changes_with_the_files(tmp_path: Path, flows: Flows) -> None:
    for file in FLOWS.glob("*.yml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8") + "# vu\n", encoding="utf-8")
    assert load_flows(FLOWS.glob("*.yml")).digest == flows.digest
    assert load_flows(tmp_path.glob("*.yml")).digest != flows.digest


def test_graph(flows: Flows) -> None:
    assert graph(flows) == DRAWN.read_text(encoding="utf-8")


def test_responses_that_actions_name_must_exist(flows: Flows) -> None:
    errors = check_flows(flows, {"action_chercher"}, {"utter_trouver": ["nom"]})
    assert [error.message for error in errors] == [
        "réponse inconnue « utter_trouver » (vouliez-vous dire « utter_trouve » ?)"
    ]


def test_an_engine_needs_all_the_actions(flows: Flows) -> None:
    with pytest.raises(FlowErrors, match=r"flows/orienter.yml:18: action inconnue « action_chercher »"):
        Engine(flows, [], fits=fits_all, default_flow="orienter")


def test_an_engine_needs_its_default_flow(flows: Flows) -> None:
    with pytest.raises(ValueError, match="default flow"):
        Engine(flows, [Chercher()], fits=fits_all, default_flow="oriente")


def test_an_engine_needs_an_apology_that_can_always_be_said(tmp_path: Path) -> None:
    apology = "responses:\n  utter_panne:\n    - text: Appelez le {numero}.\n"
    (tmp_path / "a.yml").write_text(
        "flows:\n  f:\n    description: F.\n    steps:\n      - action: utter_panne\n" + apology, encoding="utf-8"
    )
    with pytest.raises(ValueError, match="utter_panne"):
        Engine(load_flows(tmp_path.glob("*.yml")), [], fits=fits_all, default_flow="f")


def test_a_guard_counts_for_an_intent_and_not_for_a_button(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        """
slots:
  connu: {type: bool}
  choix: {type: text}
flows:
  menu:
    description: Le menu.
    steps:
      - collect: choix
  prive:
    description: Pour qui est connu.
    if: slots.connu
    nlu_trigger:
      - intent: prive
    steps:
      - action: utter_prive
responses:
  utter_ask_choix:
    - text: Que voulez-vous ?
  utter_prive:
    - text: C'est privé.
  utter_panne:
    - text: Pardon.
""",
        encoding="utf-8",
    )
    engine = Engine(load_flows(tmp_path.glob("*.yml")), [], fits=fits_all, default_flow="menu")

    def said(event: Input) -> list[str]:
        _, utterances = asyncio.run(engine.turn(engine.new_tracker("anna", "web"), event))
        return [utterance.text for utterance in utterances]

    assert said(Input(intent="prive")) == ["Que voulez-vous ?"]
    assert said(Input(intent="prive", slots={"connu": True})) == ["C'est privé.", "Que voulez-vous ?"]
    assert said(Input(payload="/prive")) == ["C'est privé.", "Que voulez-vous ?"]
