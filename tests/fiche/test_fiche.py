"""The card as a person gets it: files are read back, codes are scanned, words are looked for."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from benchmarks.real_places import read_places
from bot.channels.sms.rendering import MAX_SEGMENTS
from bot.channels.sms.text import segments, width
from bot.fiche.canvas import HEIGHT, WIDTH
from bot.fiche.contact import to_vcard
from bot.fiche.content import Fiche, Wanted, compose
from bot.fiche.image import SCALE, to_png
from bot.fiche.pdf import to_pdf
from bot.fiche.sms import check_cards, to_sms
from knowledge.demonstration import demonstration
from knowledge.guichet import check_guichet, say_at_desk
from knowledge.horaires import paris
from knowledge.labels import Posture
from knowledge.lieux import Lieu
from knowledge.longest import longest_of
from knowledge.needs import load_needs
from knowledge.snapshot import Knowledge, build_knowledge
from tests.conftest import SHARED_DATA, missing

NOW = datetime(2026, 11, 23, 10, tzinfo=paris())
MAULEON = "demo-mauleon-france-services"
CAF = Wanted(besoin="caf", posture=Posture.FAIRE_A_LA_PLACE, depuis="64430")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return build_knowledge(*demonstration(NOW))


def card(knowledge: Knowledge, lieu: str = MAULEON, wanted: Wanted = CAF) -> Fiche:
    fiche = compose(lieu, wanted, NOW, knowledge)
    assert fiche
    return fiche


def read_pdf(content: bytes) -> tuple[list[str], list[str], dict[str, Any]]:
    """Return the words of each page on one line, what its codes hold, and what the file says of itself."""
    with pypdfium2.PdfDocument(content) as document:
        told = document.get_metadata_dict()
        pages, codes = [], []
        for page in document:
            assert [round(side * 25.4 / 72) for side in page.get_size()] == [WIDTH, HEIGHT]
            image = page.render(scale=2).to_pil().convert("RGB")
            assert all(red == green == blue for _, (red, green, blue) in image.getcolors(1 << 24) or ())
            codes += [code.text for code in zxingcpp.read_barcodes(image)]
            text = page.get_textpage()
            boxes = [text.get_charbox(index) for index in range(text.count_chars())]
            assert min(left for left, *_ in boxes) > 0
            assert max(right for _, _, right, _ in boxes) < page.get_size()[0]
            assert min(bottom for _, bottom, _, _ in boxes) > 0
            pages.append(" ".join(text.get_text_range().replace("\xa0", " ").split()))
    return pages, codes, told


def said(fiche: Fiche) -> Iterator[str]:
    """Yield all that a card must say."""
    yield from (fiche.nom, fiche.guichet, fiche.quand, fiche.source, *fiche.adresse, *fiche.doutes, *fiche.acces)
    yield from (value for value in (fiche.demarche, fiche.apporter, fiche.telephone, fiche.distance) if value)
    yield from (part for days in fiche.semaine for part in days)


def squeezed(text: str) -> str:
    """Return a text without its blanks: lines are cut between words, and within those that are too long."""
    return "".join(text.split())


def test_the_card_says_what_is_needed_and_nothing_else_of_the_person(knowledge: Knowledge) -> None:
    fiche = card(knowledge)
    assert fiche.quand == "Lundi 23 novembre à 10 h : ouvert maintenant, jusqu'à 12 h 30, puis de 13 h 30 à 17 h 30."
    assert fiche.periode == "Du 23 au 29 novembre"
    assert fiche.semaine == (
        ("lundi à jeudi", "9 h – 12 h 30, 13 h 30 – 17 h 30"),
        ("vendredi", "9 h – 12 h 30, 13 h 30 – 16 h 30"),
        ("samedi et dimanche", "fermé"),
    )
    assert fiche.adresse == ("1 rue de l'Exemple", "rez-de-chaussée, entrée de plain-pied", "64130 Mauléon-Licharre")
    assert fiche.distance == "À 31 km à vol d'oiseau depuis Orthez"
    assert fiche.acces[:2] == ("On peut venir sans rendez-vous.", "C'est gratuit.")
    assert fiche.guichet.startswith("Bonjour, je viens pour une démarche avec la CAF. ")
    assert (fiche.telephone, fiche.appel) == ("05 36 49 00 01", "tel:+33536490001")
    assert fiche.carte == "https://www.openstreetmap.org/?mlat=43.2245&mlon=-0.8868#map=17/43.2245/-0.8868"
    assert fiche.source == (
        "Lieu mis à jour le 11 novembre 2026, inventé pour la démonstration. Fiche faite le 23 novembre 2026."
    )
    assert fiche.fictif


def test_a_lieu_that_is_not_in_the_base_has_no_card(knowledge: Knowledge) -> None:
    assert compose("nulle-part", CAF, NOW, knowledge) is None


def test_what_is_not_known_is_said(knowledge: Knowledge) -> None:
    fiche = card(knowledge, "demo-laruns-france-services", Wanted())
    assert fiche.quand == "Horaires inconnus. Téléphonez avant de venir."
    assert fiche.semaine == ()
    assert "Horaires publiés illisibles" in fiche.doutes
    assert (fiche.demarche, fiche.apporter, fiche.distance) == (None, None, None)


def test_every_doubt_of_the_lieu_is_on_the_card_but_the_time_of_the_journey(knowledge: Knowledge) -> None:
    late = NOW.replace(hour=12, minute=25)
    fiche = compose(MAULEON, Wanted(depuis="64430"), late, knowledge)
    assert fiche
    assert fiche.doutes == ()
    doubts = {doubt for lieu in knowledge.index.lieux for doubt in card(knowledge, lieu.id).doutes}
    assert {"Sur rendez-vous, téléphonez d'abord", "Pas de téléphone connu", "Horaires non confirmés"} <= doubts


def test_a_card_of_paper_can_be_read_called_and_found(knowledge: Knowledge) -> None:
    fiche = card(knowledge)
    (words,), codes, told = read_pdf(to_pdf(fiche))
    assert len(codes) == 2
    assert {*codes} == {fiche.carte, fiche.appel}
    assert told["Title"] == "Fiche : France services fictif de Mauléon"
    assert "DÉMONSTRATION : lieu inventé." in words
    assert b"/Lang" in to_pdf(fiche)
    missing_words = [text for text in said(fiche) if squeezed(text) not in squeezed(words)]
    assert not missing_words


def test_the_same_card_is_the_same_file(knowledge: Knowledge) -> None:
    assert to_pdf(card(knowledge)) == to_pdf(card(knowledge))
    assert to_png(card(knowledge)) == to_png(card(knowledge))


def test_lieux_of_the_demonstration_hold_on_one_page(knowledge: Knowledge) -> None:
    needs = [*load_needs()]
    cards = [
        card(knowledge, lieu.id, Wanted(besoin=needs[number % len(needs)], depuis="64430"))
        for number, lieu in enumerate(knowledge.index.lieux)
    ]
    assert len(cards) == 45, "one of the 46 receives no public"
    for fiche in cards[:: len(cards) // 9]:
        pages, codes, _ = read_pdf(to_pdf(fiche))
        assert len(pages) == 1, fiche.nom
        assert {*codes} == {code for code in (fiche.appel, fiche.carte) if code}
        assert not [text for text in said(fiche) if squeezed(text) not in squeezed("".join(pages))], fiche.nom


@pytest.mark.parametrize("lieu", [MAULEON, "demo-laruns-france-services"])
def test_the_picture_has_the_size_of_the_page_and_its_codes(knowledge: Knowledge, lieu: str) -> None:
    fiche = card(knowledge, lieu)
    image = Image.open(io.BytesIO(to_png(fiche)))
    assert (image.format, image.size) == ("PNG", (WIDTH * SCALE, HEIGHT * SCALE))
    assert {code.text for code in zxingcpp.read_barcodes(image.convert("L"))} == {fiche.appel, fiche.carte}


def test_a_text_too_long_for_a_page_goes_on_on_the_next_and_is_never_cut(knowledge: Knowledge) -> None:
    words = " ".join(f"mot{number}" for number in range(400))
    fiche = replace(card(knowledge), nom="m" * 300, apporter=words, doutes=(words,))
    pages, _, _ = read_pdf(to_pdf(fiche))
    assert len(pages) > 1
    whole = squeezed("".join(pages))
    assert whole.count(squeezed(words)) == 2
    assert "m" * 300 in whole
    assert Image.open(io.BytesIO(to_png(fiche))).size[1] % (HEIGHT * SCALE) == 0


def test_letters_that_the_font_lacks_lose_their_accents_and_nothing_breaks(knowledge: Knowledge) -> None:
    fiche = replace(card(knowledge), nom="Ẽspace ﬁne 🙂 مركز Zuberoa")
    (words,), _, _ = read_pdf(to_pdf(fiche))
    assert "space fine" in words
    assert "Zuberoa" in words


@pytest.fixture(scope="module")
def real() -> list[Lieu]:
    """The real places, read once."""
    if not SHARED_DATA.exists():
        missing("fichiers réels absents : ../shared/data")
    return read_places()


def test_real_lieux_hold_on_two_pages_at_most_and_in_two_segments(real: list[Lieu]) -> None:
    assert len(real) > 25_000
    by_length = sorted(real, key=lambda lieu: -sum(len(value or "") for value in (lieu.nom, lieu.adresse)))
    chosen = [*by_length[:5], *real[:: len(real) // 6]]
    knowledge = build_knowledge(chosen)
    for lieu in chosen:
        fiche = card(knowledge, lieu.id, Wanted(besoin="scolarite", depuis="64430"))
        pages, _, _ = read_pdf(to_pdf(fiche))
        assert len(pages) <= 2, lieu
        assert not [text for text in said(fiche) if squeezed(text) not in squeezed("".join(pages))], lieu
        assert segments(to_sms(fiche)) <= MAX_SEGMENTS


def test_an_sms_holds_in_two_segments_with_the_longest_values_of_all(real: list[Lieu]) -> None:
    creneaux = demonstration(NOW)[1]
    longest = longest_of(real, creneaux, width)
    assert [*check_cards(longest)] == []
    endless = replace(longest, lieu=replace(longest.lieu, commune="m" * 300))
    assert len([*check_cards(endless)]) == len(load_needs())


def test_an_sms_says_the_place_the_hours_and_how_to_have_no_other(knowledge: Knowledge) -> None:
    assert to_sms(card(knowledge)) == (
        "DÉMO, lieu inventé. CAF : France services fictif de Mauléon, 1 rue de l'Exemple, Mauléon-Licharre, "
        "05 36 49 00 01. Lun. 23/11 : ouvert jusqu'à 12h30, puis 13h30-17h30. Apportez num. allocataire, identité, "
        "ressources. STOP : plus de SMS."
    )


def test_an_sms_with_room_says_what_to_say(knowledge: Knowledge) -> None:
    fiche = replace(card(knowledge, wanted=Wanted(besoin="imprimer-scanner")), nom="CCAS", fictif=False)
    assert "Dites : Bonjour, je viens pour imprimer ou scanner un papier." in to_sms(fiche)


def test_the_contact_has_what_a_telephone_reads(knowledge: Knowledge) -> None:
    lines = to_vcard(card(knowledge)).decode().split("\r\n")
    assert lines[:2] == ["BEGIN:VCARD", "VERSION:3.0"]
    assert "TEL;TYPE=WORK,VOICE:+33536490001" in lines
    assert "GEO:43.2245;-0.8868" in lines
    (note,) = [line for line in lines if line.startswith("NOTE:")]
    assert note.startswith("NOTE:DÉMONSTRATION : lieu inventé. Du 23 au 29 novembre : lundi à jeudi 9 h")


def test_every_need_and_every_help_has_something_to_say_at_the_desk() -> None:
    assert [*check_guichet()] == []
    sentences = {say_at_desk(need, posture) for need in (None, *load_needs().values()) for posture in (None, *Posture)}
    assert len(load_needs()) == 38
    assert len(sentences) > 39 * 4
    assert all(sentence.startswith("Bonjour, ") and sentence[-1] in ".?" for sentence in sentences)


def test_a_need_without_its_words_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    caf = load_needs()["caf"]
    for words in ("", "la CAF.", "m" * 120):
        monkeypatch.setattr("knowledge.guichet.load_needs", lambda: {"caf": replace(caf, guichet=words)})  # noqa: B023
        assert len([*check_guichet()]) == 1


def test_the_file_is_written_where_it_is_said(tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "fiche.pdf"
    path.write_bytes(to_pdf(card(knowledge)))
    assert path.read_bytes().startswith(b"%PDF-")
