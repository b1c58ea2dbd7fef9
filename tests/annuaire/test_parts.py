"""Names, numbers and moments against the plain way of finding them."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.lookups import NOW
from knowledge.annuaire.liste import Liste
from knowledge.annuaire.moments import CLOSED, OPEN, UNKNOWN, Moment, Ouvertures, moment_of, say_moment, split
from knowledge.annuaire.noms import Noms
from knowledge.annuaire.numeros import Numeros, national
from knowledge.annuaire.trigrammes import Trigrammes
from knowledge.annuaire.vocabulaire import load_vocabulaire
from knowledge.demande import LieuPropose
from knowledge.horaires import midnight, parse_horaires
from knowledge.lieux import Lieu
from knowledge.semaines import Semaines

HOURS = ("Mo-Fr 09:00-12:00,14:00-17:00", "Sa 10:00-12:00", "24/7", "Dec-Jan Mo 09:00-10:00", "We 17:45-18:15", None)
MOMENTS = ("maintenant", "aujourd-hui", "demain", "apres-demain", "lundi", "jeudi-matin", "samedi", "dimanche-soir",
           "matin", "apres-midi", "soir", "midi", "week-end", "mercredi-18h00", "demain-09h30")  # fmt: skip


@given(texts=st.lists(st.text("abcd e", max_size=12), max_size=12), query=st.text("abcd e", max_size=12))
@settings(max_examples=200, deadline=None)
def test_trigrams_are_those_of_each_text(texts: list[str], query: str) -> None:
    texts, query = [" ".join(text.split()) for text in texts], " ".join(query.split())
    found = set(Trigrammes(texts).nearest(query, len(texts)).tolist())
    shared = {row: _grams(text) & _grams(query) for row, text in enumerate(texts)}
    assert found <= {row for row, grams in shared.items() if grams}
    assert {row for row, text in enumerate(texts) if text == query and _grams(query)} <= found


def _grams(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def test_a_name_is_found_through_errors_of_letters_blanks_and_order() -> None:
    names = ("Médiathèque Yves Duteil", "Médiathèque Yvonne Dutertre", "Mairie", "Maison du Département")
    noms = Noms([Lieu(id=name, nom=name, commune="Lorette", code_postal="42420") for name in names])
    for typed in ("mediateque yve duteil", "yvesduteil mediatheque", "duteil lorette", "media theque yves duteil"):
        found = noms.alike(typed.split())
        assert names[int(found.rows[np.argmax(found.scores)])] == names[0], typed
    assert noms.alike(["mediathequeyvesduteillorette"]).scores.max() > 0.9
    assert noms.alike(["mairie", "lorette"]).scores.max() > 0.95
    assert noms.alike(["qqqqq"]).rows.size == 0


def test_a_list_composes_each_lieu_once_when_it_is_asked_for() -> None:
    lieux = proposed(4)
    composed: list[int] = []

    def compose(place: int) -> LieuPropose:
        composed.append(place)
        return lieux[place]

    liste = Liste([one.lieu.id for one in lieux], compose)
    assert (len(liste), liste.ids, composed) == (4, ("0", "1", "2", "3"), [])
    assert (liste[-1], liste[1:3], liste[3]) == (lieux[3], lieux[1:3], lieux[3])
    assert composed == [3, 1, 2]
    assert tuple(liste) == tuple(Liste.of(lieux)) == lieux
    with pytest.raises(IndexError):
        liste[4]


def proposed(count: int) -> tuple[LieuPropose, ...]:
    lieux = [Lieu(id=f"{n}", nom="Mairie", commune="Lorette", code_postal="42420") for n in range(count)]
    return tuple(
        LieuPropose(
            lieu=lieu,
            commune="Lorette",
            distance_km=None,
            open_now=None,
            next_opening=None,
            horaires_phrase=None,
            by_appointment=False,
            postures=(),
            reasons=(),
            doubts=(),
            score=0.5,
        )
        for lieu in lieux
    )


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("05 59 28 78 87", "0559287887"),
        ("+33 (0)5.59.28.78.87", "0559287887"),
        ("0033559287887", "0559287887"),
        ("33559287887", "0559287887"),
        ("+262 262 12 34 56", "262262123456"),
        ("3230", "3230"),
    ],
)
def test_a_number_is_read_as_it_is_dialled(typed: str, digits: str) -> None:
    assert national(typed) == digits


def test_numbers_whole_begun_and_inside() -> None:
    numbers = ("+33559287887", "+33559287899", None, "+33559000000", "+33559287887")
    lieux = [
        Lieu(id=str(row), nom="x", commune="Pau", code_postal="64000", telephone=number)
        for row, number in enumerate(numbers)
    ]
    numeros = Numeros(lieux)
    assert sorted(numeros.having("0559287887").tolist()) == [0, 4]
    assert sorted(numeros.having("05592878").tolist()) == [0, 1, 4]
    assert sorted(numeros.having("7899").tolist()) == [1]
    assert numeros.having("0102030405").size == 0
    begun, rows = numeros.beginning_like("0559287811")
    assert (begun, sorted(rows.tolist())) == ("05592878", [0, 1, 4])
    assert Numeros([]).having("0559").size == 0


@pytest.mark.parametrize("code", MOMENTS)
@pytest.mark.parametrize(
    "now", [NOW, NOW + timedelta(days=5, hours=9), datetime(2026, 12, 25, 23, 30, tzinfo=NOW.tzinfo)]
)
def test_open_in_a_moment_is_what_the_hours_say(code: str, now: datetime) -> None:
    moment = moment_of(code, now, load_vocabulaire())
    assert now <= moment.start < moment.end <= now + timedelta(days=15)
    states = Ouvertures(Semaines(HOURS)).states(np.arange(len(HOURS)), moment)
    for text, state in zip(HOURS, states.tolist(), strict=True):
        horaires = parse_horaires(text)
        expected = OPEN if horaires and horaires.openings(*moment) else CLOSED
        assert state == (expected if horaires else UNKNOWN), text


@pytest.mark.parametrize(
    ("code", "start", "hours"),
    [
        ("aujourd-hui", NOW, 14),
        ("lundi", NOW, 14),
        ("demain", midnight(NOW.date() + timedelta(days=1)), 24),
        ("jeudi-matin", midnight(NOW.date() + timedelta(days=3)) + timedelta(hours=6), 6),
        ("matin", NOW, 2),
        ("week-end", midnight(NOW.date() + timedelta(days=5)), 48),
    ],
)
def test_when_a_moment_is(code: str, start: datetime, hours: int) -> None:
    assert moment_of(code, NOW, load_vocabulaire()) == Moment(start, start + timedelta(hours=hours))


def test_a_day_that_is_over_is_next_week() -> None:
    night = NOW + timedelta(hours=9)
    assert moment_of("lundi-matin", night, load_vocabulaire()).start.date() == NOW.date() + timedelta(days=7)


def test_codes_of_moments() -> None:
    words = load_vocabulaire()
    assert {code: say_moment(code, words) for code in ("jeudi-matin", "maintenant", "aujourd-hui-apres-midi")} == {
        "jeudi-matin": "jeudi matin",
        "maintenant": "ouvert maintenant",
        "aujourd-hui-apres-midi": "cet après-midi",
    }
    assert say_moment("mercredi-14h30", words) == "mercredi à 14 h 30"
    assert [split(code, words) for code in ("", "jeudi-nuit", "maintenant-matin", "lundi-25h00", "x")] == [None] * 5
