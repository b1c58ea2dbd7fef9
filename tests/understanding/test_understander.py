"""What an `Understanding` holds beside the seven keys, and what no message can do to the understander."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding import Understander, Understanding
from bot.understanding.normalisation import MAX_CHARACTERS
from knowledge.communes import load_gazetteer
from knowledge.labels import Danger, Posture, Urgency
from knowledge.needs import load_needs
from tests.understanding.conftest import MONDAY

CONTRACT_KEYS = {"need", "urgency", "deadline", "posture", "insee", "confidential", "danger", "needs", "evidence"}

HOSTILE = [
    "x" * 10_000,
    "caf " * 2_500,
    "pas pour la " * 900,
    "avant le " * 1_200,
    "je veux que personne " * 500,
    "j'" * 5_000,
    "1/" * 5_000,
    "é" * 10_000,
    "e\u0301" * 5_000,
    "\u202e\u200f\u200dcaf\ufeff",
    "\x00\x01\x1b[31m",
    "😀" * 3_000,
    "'; DROP TABLE lieux; --",
    "<script>alert('caf')</script>",
    "\ud800",
    "٣٠/١٢ ﷽ ﬃ ½ ² Ⅻ",
    "99/99/9999 32/13 le 99 dans 999 mois dans 999 jours 0000-00-00 9999-12-31",
    "مرحبا أحتاج مساعدة",
]


def test_to_json_has_the_contract_and_reads_back(understander: Understander, now: datetime) -> None:
    found = understander.understand("Je dois imprimer mon CV avant vendredi à Orthez", now).to_json()
    assert found.keys() == CONTRACT_KEYS
    assert (found["need"], found["deadline"], found["insee"]) == ("imprimer-scanner", "2026-11-27", "64430")
    assert found["needs"][0][0] == "imprimer-scanner"
    assert found["evidence"]["deadline"] == ["vendredi"]


def test_several_needs(understander: Understander, now: datetime) -> None:
    found = understander.understand(
        "il me faut la caf pour mon rsa avant demain. et un jour je voudrais refaire mon passeport", now
    )
    assert found.need == "caf"
    assert "titres" in found.autres_besoins


@pytest.mark.parametrize(
    "written", ["05 36 49 00 99", "0536490099", "05.36.49.00.99", "+33 5 36 49 00 99", "05-36-49-00-99"]
)
def test_the_digits_of_a_telephone_number_tell_nothing(understander: Understander, now: datetime, written: str) -> None:
    other = written.replace("9", "1")
    for said in ("contact {}", "{}", "il faut me joindre au {} pour la caf"):
        one, another = (understander.understand(said.format(number), now) for number in (written, other))
        assert one.danger is None, said
        assert (one.needs, one.urgency, one.posture) == (another.needs, another.urgency, another.posture), said


def test_negated_need_is_told(understander: Understander, now: datetime) -> None:
    found = understander.understand("c'est pas pour la caf c'est pour les impôts", now)
    assert (found.need, found.negated) == ("impots", ("caf",))


def test_close_needs_are_not_decided_alone(understander: Understander, now: datetime) -> None:
    found = understander.understand("caf msa", now)
    assert set(understander.understand("la caf ou les impôts", now).close_call) == {"caf", "impots"}
    assert found.need in {"caf", "msa"}


def test_a_danger_is_the_same_when_it_is_all_that_is_asked(understander: Understander, now: datetime) -> None:
    for text in (*HOSTILE, "j'ai envie de mourir", "mon mari me frappe et il me faut la caf", "caf orthez"):
        assert understander.danger(text, now) == understander.understand(text, now).danger
    assert understander.danger("je veux me pendre", now) is Danger.SUICIDE


def test_ambiguous_place_gives_candidates(understander: Understander, now: datetime) -> None:
    found = understander.understand("le BAB", now, expected="insee")
    assert found.insee is None
    assert {"Bayonne", "Anglet", "Biarritz"} <= {commune.nom for commune in found.communes}


def test_nowhere_to_sleep_is_a_need_for_lodging(understander: Understander, now: datetime) -> None:
    found = understander.understand("je dors dehors ce soir", now)
    assert (found.danger, found.need, found.urgency) == (Danger.HOMELESS, "logement", Urgency.TODAY)


def test_an_answer_may_fill_another_slot(understander: Understander, now: datetime) -> None:
    found = understander.understand("à Nay, et c'est pour demain, avec quelqu'un", now, expected="need")
    assert (found.insee, found.urgency, found.posture) == ("64417", Urgency.TODAY, Posture.AIDER_A_FAIRE)


def test_same_message_same_understanding(understander: Understander, now: datetime) -> None:
    other = Understander(load_needs(), load_gazetteer())
    text = "jai plus mes droits caf je sui a mauleon je compren rien c urgent"
    assert understander.understand(text, now) == other.understand(text, now)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_messages(understander: Understander, text: str) -> None:
    for expected in (None, "need", "insee", "urgency", "posture", "autonomy"):
        assert isinstance(understander.understand(text, MONDAY, expected=expected), Understanding)


def test_nothing_is_read_beyond_the_bound(understander: Understander, now: datetime) -> None:
    padding = "bonjour " * (MAX_CHARACTERS // 8)
    assert understander.understand(padding + " la caf", now).need is None


PIECES = st.sampled_from(
    [
        *("caf", "rsa", "demain", "avant", "vendredi", "le 30", "12/13", "pau", "pas", "ni", "c'est", "mais", "pour"),
        *("1er", "fin du mois", "en huit", "dans 3 jours", "j'", "l'", ".", ",", "!", "?", "é", "🙂", "\u200f"),
        *("orthez", "oui", "non", "svp", "urgent", "dors dehors"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map(" ".join)))
def test_never_fails_and_stays_in_its_lists(understander: Understander, text: str) -> None:
    found = understander.understand(text, MONDAY)
    assert len(found.needs) <= 5
    assert all(0 <= score <= 1 for _, score in found.needs)
    assert found.deadline is None or found.deadline >= MONDAY.date()
    assert found.urgency in {None, *Urgency}
    assert found.posture in {None, *Posture}
    assert len(found.close_call) != 1
