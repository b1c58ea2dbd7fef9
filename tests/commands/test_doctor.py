"""`aiguilleur doctor`: every part on a line, no secret but in the blocks to paste, status 1 when something is wrong."""

import pytest

from tests.commands.conftest import Command

KEY = "une-cle-pour-les-tests-de-32-caracteres-au-moins"
PASSWORD = "tres-secret"
KANNEL = {
    "CLE": KEY,
    "ADRESSE": "http://127.0.0.1:9",
    "KANNEL_URL": "http://127.0.0.1:9/cgi-bin/sendsms",
    "KANNEL_UTILISATEUR": "moi",
    "KANNEL_MOT_DE_PASSE": PASSWORD,
    "KANNEL_NUMERO": "36000",
}


@pytest.fixture
def kannel(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KANNEL.items():
        monkeypatch.setenv(f"AIGUILLEUR_{name}", value)


def test_a_demonstration_has_nothing_to_mend(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLEUR_CONTACT", "la mairie")
    command("demo", "--sans-page")
    answer = command("doctor")
    assert (answer.status, answer.err) == (0, "")
    *findings, empty, verdict = answer.out.splitlines()
    subjects = [line.split(" :")[0] for line in findings]
    assert subjects == [
        "✓ base", "✓ disque", "! lieux", "✓ contact", "! numéros", "! clé", "! adresse", "! passerelles"
    ]  # fmt: skip
    assert (empty, verdict) == ("", "Rien à corriger.")


def test_an_empty_base_is_one_thing_to_mend(command: Command) -> None:
    answer = command("doctor")
    assert answer.status == 1
    assert answer.out.endswith("\n1 point à corriger (✗).\n")


def test_secrets_stand_in_the_block_and_nowhere_else(command: Command, kannel: None) -> None:
    answer = command("doctor")
    assert answer.status == 1
    before, mark, rest = answer.out.partition("--- À mettre dans la configuration de kannel. ")
    block, _, after = rest.partition("--- Fin du bloc de kannel. ---")
    assert mark
    assert block.startswith("Ce bloc contient des secrets. ---\n")
    assert f'password = "{PASSWORD}"' in block
    assert 'post-url = "http://127.0.0.1:9/gateways/kannel/' in block
    for text in (before, after, answer.err):
        assert PASSWORD not in text
        assert KEY not in text
        assert "/gateways/" not in text
    assert "✗ kannel : elle ne répond pas" in before
    assert "2 points à corriger (✗)." in after


def test_one_block_can_be_written_to_a_file(command: Command, kannel: None) -> None:
    alone, whole = command("doctor", "--bloc", "kannel"), command("doctor")
    assert (alone.status, alone.err) == (0, "")
    assert alone.out.startswith("\n# À ajouter dans kannel.conf."), "after a group that ends without an empty line"
    assert "smsbox-port" in alone.out
    assert alone.out in whole.out


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("twilio", 1, "twilio : il manque AIGUILLEUR_TWILIO_COMPTE, AIGUILLEUR_TWILIO_JETON"),
        ("pigeon", 2, "Choisissez parmi"),
    ],
)
def test_a_block_that_cannot_be_written_is_told(
    command: Command, kannel: None, name: str, status: int, said: str
) -> None:
    answer = command("doctor", "--bloc", name)
    assert (answer.status, answer.out) == (status, "")
    assert said in answer.err


def test_telegram_has_no_block(command: Command, kannel: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLEUR_TELEGRAM_JETON", "1:abc")
    answer = command("doctor", "--bloc", "telegram")
    assert (answer.status, answer.err) == (1, "telegram n'a rien à recevoir : le programme s'en charge.\n")
