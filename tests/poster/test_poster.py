"""The poster as a person gets it: the file is read back, its codes are scanned, its words are looked for."""

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from pydantic import SecretStr

from bot.conversation.opening import read_opening
from bot.poster.content import Poster, Way, at, compose
from bot.poster.page import draw
from bot.settings import Settings
from knowledge.communes import load_gazetteer
from tests.commands.conftest import Command, base, command

__all__ = ["base", "command"]

NOM, NUMERO, ADRESSE = "AIGUILLEUR_TELEGRAM_NOM", "AIGUILLEUR_SMS_NUMERO", "AIGUILLEUR_ADRESSE"
CONTACT = "AIGUILLEUR_CONTACT"
ALL = {NOM: "@aiguilleur_bot", NUMERO: "+33644630001", ADRESSE: "https://aide.exemple.fr", CONTACT: "la médiathèque"}


@pytest.fixture
def settle(base: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in ALL.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def read(path: Path) -> tuple[str, list[str]]:
    """Return the words of the only page on one line, and what its codes hold."""
    with pypdfium2.PdfDocument(path) as document:
        (page,) = document
        assert [round(side) for side in page.get_size()] == [595, 842]
        image = page.render(scale=1.5).to_pil()
        assert image.convert("RGB").getcolors()
        assert all(red == green == blue for _, (red, green, blue) in image.convert("RGB").getcolors() or ())
        words = page.get_textpage().get_text_range()
    return " ".join(words.split()), [code.text for code in zxingcpp.read_barcodes(image)]


def test_a_poster_says_how_to_write_what_it_costs_and_who_answers(command: Command, settle: None) -> None:
    done = command("poster", "Mauléon")
    assert (done.status, done.out) == (0, "")
    assert (
        done.err
        == "Affiche pour Mauléon-Licharre écrite dans affiche-mauleon-licharre.pdf : une page A4, noir et blanc.\n"
    )
    words, codes = read(Path("affiche-mauleon-licharre.pdf"))
    assert codes == [
        "https://t.me/aiguilleur_bot?start=c64371",
        "SMSTO:+33644630001:CAF à Mauléon-Licharre",
    ]
    for said in (
        "Besoin d'aide sur internet ou pour vos papiers ?",
        "à Mauléon-Licharre ou près de là",
        "@aiguilleur_bot",
        "06 44 63 00 01",
        "Sur internet : aide.exemple.fr",
        "« CAF à Mauléon-Licharre »",
        "Gratuit. Sans compte. Sans mot de passe.",
        "Qui s'en occupe : la médiathèque",
    ):
        assert said in words


def test_the_bot_reads_the_code_of_the_poster(command: Command, settle: None) -> None:
    assert command("poster", "Orthez", "--sortie", "essai.pdf").status == 0
    link = read(Path("essai.pdf"))[1][0]
    assert read_opening("/start " + link.partition("?start=")[2]) == ("bonjour", "64430")


@pytest.mark.parametrize("only", [NOM, NUMERO, ADRESSE])
def test_one_way_is_enough(command: Command, settle: pytest.MonkeyPatch, only: str) -> None:
    for name in {*ALL} - {only}:
        settle.delenv(name)
    done = command("poster", "Pau", "--sortie", "essai.pdf")
    assert done.err.endswith("Elle ne dit pas qui s'en occupe : réglez AIGUILLEUR_CONTACT.\n")
    words, codes = read(Path("essai.pdf"))
    assert len(codes) == 1
    assert "Sur internet" not in words
    assert "1. Visez le carré" in words
    assert "pas encore de responsable" in words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Zzyzx", "Je ne connais ni commune ni lieu « Zzyzx ». Donnez le nom d'une commune ou son code postal.\n"),
        (
            "saint jean",
            "« saint jean » : laquelle de ces communes ? Saint-Jean-de-Luz (64), Saint-Jean-Pied-de-Port (64)",
        ),
        ("64130", "« 64130 » : laquelle de ces communes ? Mauléon-Licharre (64), Chéraute (64)"),
    ],
)
def test_an_unknown_commune_gets_suggestions(command: Command, settle: None, words: str, said: str) -> None:
    done = command("poster", words)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(said)
    assert not list(Path().glob("*.pdf"))


def test_a_poster_without_any_way_to_write_is_refused(command: Command, base: Path) -> None:
    done = command("poster", "Pau")
    assert done.status == 1
    assert done.err.startswith("Rien à mettre sur l'affiche : ")
    assert not list(Path().glob("*.pdf"))


def test_a_folder_that_is_not_there_is_said(command: Command, settle: None) -> None:
    done = command("poster", "Pau", "--sortie", "absent/essai.pdf")
    assert done.status == 1
    assert "absent" in done.err


def test_a_place_gives_its_commune(command: Command, settle: None) -> None:
    assert command("demo", "--sans-page").status == 0
    done = command("poster", "CCAS fictif de Pau")
    assert "Affiche pour CCAS fictif de Pau (Pau) écrite dans affiche-ccas-fictif-de-pau.pdf" in done.err
    words, codes = read(Path("affiche-ccas-fictif-de-pau.pdf"))
    assert "Vous êtes ici : CCAS fictif de Pau, à Pau." in words
    assert codes[0].endswith("?start=c64445")
    assert "Affiche pour Mauléon-Licharre " in command("poster", "64371").err


def test_several_places_of_a_name_are_listed(command: Command, settle: None) -> None:
    assert command("demo", "--sans-page").status == 0
    done = command("poster", "France services")
    assert done.status == 1
    first, *listed, last = done.err.splitlines()
    assert first == "« France services » : lequel de ces lieux ?"
    assert len(listed) > 1
    assert last == "Donnez son nom entier, ou son identifiant."
    assert not list(Path().glob("*.pdf"))
    identifier = listed[0].rpartition("(")[2].rstrip(")")
    assert "Affiche pour France services fictif" in command("poster", identifier).err


def test_signs_that_the_font_lacks_are_said(command: Command, settle: pytest.MonkeyPatch) -> None:
    settle.setenv(CONTACT, "la médiathèque 图书馆 ☎ 图")
    done = command("poster", "Pau")
    assert done.status == 1
    assert done.err == "AIGUILLEUR_CONTACT a des signes que l'affiche ne sait pas écrire : 图书馆☎\n"


@pytest.mark.parametrize(
    "written", ["aiguilleur_bot", "@aiguilleur_bot", "https://t.me/aiguilleur_bot", "t.me/aiguilleur_bot/"]
)
def test_the_name_of_the_bot_is_read_as_people_copy_it(written: str) -> None:
    assert Settings(telegram_nom=written).telegram_nom == "aiguilleur_bot"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (NOM, "bot", "5 à 32 lettres"),
        (NOM, "mon robot", "5 à 32 lettres"),
        (NOM, "https://exemple.fr/aiguilleur_bot", "5 à 32 lettres"),
        (ADRESSE, "aide.exemple.fr", "une adresse complète, comme https://aide.exemple.fr"),
        (ADRESSE, "ftp://aide.exemple.fr", "une adresse complète"),
        (ADRESSE, "https://", "une adresse complète"),
        (ADRESSE, "https://[aide", "une adresse complète"),
    ],
)
def test_a_setting_that_leads_nowhere_is_refused(
    command: Command, settle: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    settle.setenv(name, value)
    done = command("poster", "Pau")
    assert done.status == 1
    assert done.err.startswith(f"{name} est illisible : ")
    assert said in done.err


@pytest.mark.parametrize(
    ("commune", "expected"),
    [("Pau", "à Pau"), ("Le Mans", "au Mans"), ("Les Aldudes", "aux Aldudes"), ("La Rochelle", "à La Rochelle")],
)
def test_a_commune_follows_its_preposition(commune: str, expected: str) -> None:
    assert at(commune) == expected


def test_the_number_of_the_gateway_is_shown_when_no_other_is_given() -> None:
    settings = Settings(kannel_numero="36063", base=SecretStr(""))
    poster = compose("Pau", "64445", settings)
    assert poster
    assert [way.code for way in poster.ways] == ["SMSTO:36063:CAF à Pau"]


def test_the_longest_name_of_all_stays_on_the_page(tmp_path: Path) -> None:
    longest = max((row.nom for row in load_gazetteer().communes.rows), key=len)
    ways = (Way("Telegram\n@" + "m" * 32, "https://t.me/x?start=c64445", "Il faut l'application Telegram."),) * 2
    exemple = f"CAF {at(longest)}"
    path = tmp_path / "affiche.pdf"
    path.write_bytes(
        draw(Poster(at(longest), exemple, ways, "la communauté d'agglomération, " * 6, "m" * 60, "Espace " * 15))
    )
    words, codes = read(path)
    assert len(codes) == 2
    assert f"« {exemple} »" in words
    with pypdfium2.PdfDocument(path) as document:
        page = document[0].get_textpage()
        boxes = [page.get_charbox(index) for index in range(page.count_chars())]
    assert min(box[0] for box in boxes) > 0
    assert max(box[2] for box in boxes) < 595
    assert min(box[1] for box in boxes) > 20
