"""`aiguilleur purge`: what is too old goes, from the base and from its files, and is told."""

import time
from pathlib import Path

import pytest

from bot.app import App
from bot.settings import load_settings
from bot.store.conversations import Store
from tests.commands.conftest import Command
from tests.commands.test_doctor import KANNEL
from tests.store.turns import turn

DAY_S = 86_400.0
OLD, YOUNG = "vieux secret", "jeune secret"


@pytest.fixture
def conversations(base: Path) -> Path:
    """Commit one conversation of ten days ago and one of now."""
    database = App(load_settings()).database
    for name, days in ((OLD, 10), (YOUNG, 0)):
        values = {"conversation": name, "external_id": name, "received_at": time.time() - days * DAY_S}
        Store(database).commit(turn(**values, tracker=f'{{"need":"{name}"}}'))
    database.dispose()
    return base


def held(base: Path) -> bytes:
    return b"".join(path.read_bytes() for path in base.parent.iterdir())


def test_what_is_too_old_goes_from_the_files_too(command: Command, conversations: Path) -> None:
    assert OLD.encode() in held(conversations)
    answer = command("purge", "--jours", "7")
    said = "Effacé ce qui a plus de 7 jours : 1 réponse, 1 message reçu, 1 conversation.\n"
    assert (answer.status, answer.out, answer.err) == (0, said, "")
    assert OLD.encode() not in held(conversations)
    assert YOUNG.encode() in held(conversations)


def test_the_setting_decides_without_an_option(
    command: Command, conversations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("purge").out == "Effacé ce qui a plus de 30 jours : rien, il n'y avait rien de si ancien.\n"
    monkeypatch.setenv("AIGUILLEUR_CONSERVATION_JOURS", "1")
    assert command("purge").out.startswith("Effacé ce qui a plus de 1 jour : 1 ")


@pytest.mark.parametrize("days", ["0", "-3"])
def test_a_purge_of_today_is_refused(command: Command, conversations: Path, days: str) -> None:
    answer = command("purge", f"--jours={days}")
    assert answer.status == 1
    assert answer.err == f"--jours attend un nombre de jours, 1 ou plus, pas {days}.\n"
    assert YOUNG.encode() in held(conversations)


def test_a_lost_key_is_replaced_once_it_is_said(
    command: Command, conversations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in KANNEL.items():
        monkeypatch.setenv(f"AIGUILLEUR_{name}", value)
    assert command("purge", "--cle-perdue").out == (
        "Nouvelle clé prise. Effacé : 2 réponses, 2 messages reçus, 2 conversations.\n"
    )
    assert YOUNG.encode() not in held(conversations)
    Store(App(load_settings()).database).commit(turn())
    monkeypatch.setenv("AIGUILLEUR_CLE", "une autre cle, fictive, de plus de 32 lettres")
    refused = command("serve", "--port", "1")
    assert (refused.status, refused.err.splitlines()[-1].split(" : ")[0]) == (1, "AIGUILLEUR_CLE a changé")
    assert "purge --cle-perdue" in refused.err
    assert command("purge", "--cle-perdue").status == 0
    assert "AIGUILLEUR_CLE" not in command("doctor").out
