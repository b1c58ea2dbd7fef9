"""The journeys that the project promises, through the commands (contract: "The commands and their shapes")."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.channels.sms.text import segments
from tests.commands.conftest import Command

NOW = "2026-11-23T10:00"
MAULEON = "jai plus mes droits caf je sui a mauleon je compren rien c urgent"


@pytest.fixture
def real(command: Command, shared_data: Callable[[str], Path]) -> Command:
    files = [shared_data(f"{name}.csv") for name in ("lieux-64-lafibre64-schema-v1", "lieux-64-v0")]
    assert command("import", "lieux", *map(str, files)).status == 0
    return command


def test_one_sms_in_one_sms_out_from_real_data(real: Command) -> None:
    answer = real("chat", "--channel", "sms", "--now", NOW, stdin=MAULEON)
    assert answer.status == 0
    assert "Maison de Services Publics de Mauléon Licharre" in answer.out
    assert "05 59 28 78 78" in answer.out
    assert "Ouvert jusqu'à 12h30" in answer.out
    assert segments(answer.out.strip()) <= 2


def test_chat_json_has_the_shape_of_the_contract(real: Command) -> None:
    answer = real("chat", "--channel", "sms", "--json", "--now", NOW, stdin=MAULEON)
    (message,) = [json.loads(line) for line in answer.out.splitlines()]
    assert set(message) == {"text", "choices", "lieux", "segments", "slots"}
    assert message["segments"] == segments(message["text"]) <= 2
    assert [set(choice) for choice in message["choices"]] == [{"key", "label"}] * len(message["choices"])
    assert len(message["lieux"]) == 1
    assert message["slots"]["need"] == "caf"
    assert message["slots"]["insee"] == "64371"
    assert message["slots"]["urgency"] == "today"


def test_orient_has_the_shape_of_the_contract(real: Command) -> None:
    request = {"need": "caf", "urgency": "today", "insee": "64371"}
    answer = real("orient", "--now", NOW, stdin=json.dumps(request))
    (orientation,) = [json.loads(line) for line in answer.out.splitlines()]
    keys = {"posture", "posture_reason", "lieux", "creneaux", "learn_next", "relaxed", "fallback"}
    assert keys <= set(orientation)
    lieu_keys = {
        "id", "nom", "adresse", "code_postal", "commune", "telephone", "distance_km", "next_opening", "open_now",
        "by_appointment", "reasons", "doubts", "source", "date_maj", "score",
    }  # fmt: skip
    assert 1 <= len(orientation["lieux"]) <= 3
    assert all(lieu_keys <= set(lieu) for lieu in orientation["lieux"])
    assert all(isinstance(key, str) for key in orientation["learn_next"]["creneaux"])


def test_a_second_import_changes_nothing(real: Command, shared_data: Callable[[str], Path]) -> None:
    again = real("import", "lieux", str(shared_data("lieux-64-v0.csv")), "--json")
    report = json.loads(again.out)
    assert (report["added"], report["updated"]) == (0, 0)
    assert report["unchanged"] == 48


def test_an_export_read_again_changes_nothing(real: Command, tmp_path: Path) -> None:
    exported = tmp_path / "lieux.csv"
    assert real("export", "lieux", str(exported)).status == 0
    report = json.loads(real("import", "lieux", str(exported), "--json").out)
    assert (report["added"], report["updated"], report["refused"]) == (0, 0, 0)
    assert report["read"] == report["unchanged"] == 109


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("caf mauleon", "Maison de Services Publics de Mauléon Licharre"),
        ("05 59 80 58 84", "Reseau Cyber-base Lacq-Orthez"),
        ("maison service public mauleon", "Maison de Services Publics de Mauléon Licharre"),
    ],
)
def test_find(real: Command, words: str, first: str) -> None:
    found = real("find", *words.split(), "--json", "--now", NOW)
    assert json.loads(found.out.splitlines()[0])["nom"] == first


def test_a_demonstration_says_that_it_is_one(command: Command) -> None:
    assert "46 lieux" in command("demo", "--sans-page").err
    answer = command("chat", "--now", NOW, stdin="caf mauleon c'est urgent")
    assert answer.out.startswith("Ceci est une démonstration")
    assert "France services fictif de Mauléon" in answer.out


def test_chat_forgets_the_conversation_when_it_ends(command: Command, base: Path) -> None:
    command("chat", stdin="caf\northez\n")
    assert b"caf" not in base.read_bytes()


def test_understand_has_the_shape_of_the_contract(command: Command) -> None:
    answer = command("understand", "--now", NOW, stdin="caf avant vendredi a orthez\nbonjour\n")
    first, second = [json.loads(line) for line in answer.out.splitlines()]
    keys = {"need", "urgency", "deadline", "posture", "insee", "confidential", "danger", "needs", "evidence"}
    assert set(first) == set(second) == keys
    assert (first["need"], first["deadline"], first["insee"]) == ("caf", "2026-11-27", "64430")
    assert second["need"] is None
    assert first["needs"][0][0] == "caf"


def test_evaluate_prints_a_table(command: Command, shared_data: Callable[[str], Path]) -> None:
    table = command("evaluate", str(shared_data("utterances-dev.jsonl"))).out
    assert "300 phrases" in table
    assert "danger, trouvé" in table


def test_check_finds_no_fault(command: Command) -> None:
    answer = command("check")
    assert answer.status == 0
    assert "Tout est en ordre." in answer.out
    assert all(line.startswith("avertissement : à vérifier") for line in answer.out.splitlines()[:-1])


def test_settings_are_listed_and_secrets_masked(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLEUR_BASE", "postgresql://moi:tres-secret@127.0.0.1/base")
    monkeypatch.setenv("AIGUILLEUR_HTTPS", "vrai")
    listed = command("settings").out
    assert "AIGUILLEUR_HTTPS = vrai\n" in listed
    assert "AIGUILLEUR_TERRITOIRE" in listed
    assert "tres-secret" not in listed


def test_graph_draws_every_flow(command: Command) -> None:
    drawn = command("graph").out
    assert drawn.startswith("flowchart")
    assert "orienter" in drawn
