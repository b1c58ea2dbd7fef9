"""A librarian edits a copy of the flows: what is said of a slip (tests/broken_flows has more), what is played."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.commands.check import check_folder
from bot.settings import PACKAGE_FLOWS
from tests.commands.conftest import Command

Edit = Callable[[str, str, str], None]


@pytest.fixture
def edit(base: Path, monkeypatch: pytest.MonkeyPatch) -> Edit:
    """Point the commands at a copy of the flows; return how to replace a text of one of its files, once."""
    folder = base.parent.parent / "flux"
    shutil.copytree(PACKAGE_FLOWS, folder)
    monkeypatch.setenv("AIGUILLEUR_FLUX", str(folder))

    def replace(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} has changed: choose another text to break"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


SLIPS = {
    "unknown step": ("orienter.yml", "then: urgence", "then: urgense", "(vouliez-vous dire « urgence » ?)"),
    "tabulation": ("orienter.yml", "    steps:", "\tsteps:", "YAML illisible"),
    "unknown value": ("orienter.textes.yml", "{reponse}", "{reponce}", "valeur inconnue « reponce »"),
    "unknown need": ("orienter.textes.yml", "need=impots", "need=impot", "besoin inconnu « impot »"),
    "apology": ("commandes.textes.yml", "utter_panne:", "utter_pane:", "il manque la réponse « utter_panne »"),
    "said by the turn": ("commandes.textes.yml", "utter_stop:", "utter_fin:", "il manque la réponse « utter_stop »"),
    "word without a flow": ("commandes.yml", "intent: aide", "intent: aides", "nlu_trigger: intent: aide »"),
    "slot of the program": ("domaine.yml", "arrete:", "arret:", "il manque le slot « arrete »"),
    "unknown word": ("mots.yml", "  stop: [", "  stopper: [", "« stop » n'a aucun mot"),
    "word of two meanings": ("mots.yml", "[aide, ", "[aide, stop, ", "« stop » est à la fois dans « aide »"),
    "number for a word": ("mots.yml", '"0"', "0", "mettez-le entre guillemets"),
    "no words at all": ("mots.yml", "mots:", "mot:", "clé inconnue « mot »"),
}


@pytest.mark.parametrize(("name", "old", "new", "said"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_said_with_its_place(edit: Edit, name: str, old: str, new: str, said: str) -> None:
    edit(name, old, new)
    faults = [str(fault) for fault in check_folder(Path("flux")) if not fault.avertissement]
    assert any(said in fault for fault in faults), faults


def test_check_prints_every_slip_of_every_file(command: Command, edit: Edit) -> None:
    edit("mots.yml", "  stop: [", "  stopper: [")
    edit("orienter.yml", "then: urgence", "then: urgense")
    answer = command("check")
    assert (answer.status, answer.err) == (1, "")
    for said in (
        r"flux/mots\.yml:\d+: « stop » n'a aucun mot",
        r"flux/mots\.yml:\d+: clé inconnue « stopper » \(vouliez-vous dire « stop » \?\)",
        r"flux/orienter\.yml:\d+: étape inconnue « urgense »",
        r"3 faute\(s\)\.",
    ):
        assert re.search(said, answer.out)


def test_the_slips_are_all_there() -> None:
    assert len(SLIPS) == 12


def test_an_absent_folder_and_absent_words(command: Command, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("flux", "mots.yml").unlink()
    assert "flux/mots.yml: ce fichier manque" in command("check").out
    monkeypatch.setenv("AIGUILLEUR_FLUX", "nulle-part")
    for words in (["check"], ["chat"], ["graph"]):
        answer = command(*words, stdin="caf")
        assert answer.status == 1
        assert "AIGUILLEUR_FLUX" in answer.err
        assert "nulle-part n'existe pas" in answer.err


def test_a_changed_sentence_is_said_and_a_new_question_is_asked_and_drawn(command: Command, edit: Edit) -> None:
    edit("orienter.textes.yml", "De quoi avez-vous besoin ? Écrivez-le avec", "Bonjour du CCAS ! Écrivez cela avec")
    assert "Bonjour du CCAS !" in command("chat", stdin="euh\n").out
    edit("domaine.yml", "slots:", "slots:\n  carte: {type: bool}")
    edit("orienter.yml", "      - id: preciser", "      - collect: carte\n      - id: preciser")
    edit("orienter.textes.yml", "responses:", "responses:\n  utter_ask_carte:\n    - text: Avez-vous votre carte ?")
    assert command("check").status == 0
    assert "Avez-vous votre carte ?" in command("chat", stdin="caf\northez\n").out
    assert "carte" in command("graph").out


def test_a_broken_flow_is_told_before_the_first_message(command: Command, edit: Edit) -> None:
    edit("orienter.yml", "then: urgence", "then: urgense")
    answer = command("chat", stdin="caf\n")
    assert (answer.status, answer.out) == (1, "")
    assert re.match(r"flux/orienter\.yml:\d+: étape inconnue « urgense »", answer.err.splitlines()[-1])
