"""`aiguilleur fiche`: what it writes and what it refuses."""

from pathlib import Path

import pytest

from tests.commands.conftest import Command, base, command

__all__ = ["base", "command"]

NAME = "France services fictif de Mauléon"
NOW = ("--now", "2026-11-23T10:00")


@pytest.fixture
def filled(command: Command) -> Command:
    assert command("demo", "--sans-page").status == 0
    return command


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF-"), ("png", b"\x89PNG"), ("vcf", b"BEGIN:VCARD\r\n")])
def test_each_file_is_written_under_the_name_of_the_place(filled: Command, kind: str, begins: bytes) -> None:
    done = filled("fiche", NAME, "--besoin", "CAF", "--format", kind)
    name = f"fiche-france-services-fictif-de-mauleon.{kind}"
    assert (done.status, done.out, done.err) == (0, "", f"Fiche de « {NAME} » écrite dans {name}.\n")
    assert Path(name).read_bytes().startswith(begins)


def test_the_text_of_an_sms_is_printed(filled: Command) -> None:
    done = filled("fiche", "demo-mauleon-france-services", "--besoin", "impots", "--format", "sms", *NOW)
    assert done.status == 0
    assert done.out.startswith(f"DÉMO, lieu inventé. Impots : {NAME}, 1 rue de l'Exemple")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("zzyzx",), 1, "Je ne connais pas de lieu « zzyzx »."),
        ((NAME, "--besoin", "licorne"), 1, "Je ne connais pas le besoin « licorne ». Choisissez parmi : caf,"),
        ((NAME, "--depuis", "zzyzx"), 1, "Je ne connais ni commune ni lieu « zzyzx »."),
        ((NAME, "--format", "doc"), 2, "'doc' n'existe pas"),
        ((NAME, "--sortie", "absent/fiche.pdf"), 1, "absent"),
    ],
)
def test_what_is_not_known_is_told(filled: Command, words: tuple[str, ...], status: int, said: str) -> None:
    done = filled("fiche", *words)
    assert done.status == status
    assert said in done.err
    assert "Traceback" not in done.err
