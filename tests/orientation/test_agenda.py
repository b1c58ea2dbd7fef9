"""Training slots: which are shown, in which order, and what is said of them."""

from datetime import timedelta
from typing import Any

from knowledge.demande import Orientation
from tests.orientation.cases import KM, LATITUDE, MAULEON, NOW, answer, creneau, lieu

TOMORROW = NOW + timedelta(days=1)
LEARN: dict[str, Any] = {"need": "messagerie", "posture": "apprendre_a_faire"}


def slots(orientation: Orientation) -> list[str]:
    return [one.creneau.id for one in orientation.creneaux]


def test_a_slot_that_has_begun_is_full_or_serves_another_need_is_not_shown() -> None:
    rows = [
        creneau("begun", NOW - timedelta(minutes=1)),
        creneau("now", NOW),
        creneau("full", TOMORROW, places_restantes=0),
        creneau("other", TOMORROW, needs=("caf",)),
        creneau("serves", TOMORROW, needs=("messagerie", "caf")),
        creneau("any", TOMORROW + timedelta(hours=1)),
    ]
    assert slots(answer(*rows, **LEARN)) == ["serves", "any"]


def test_nearest_and_soonest_first_three_at_most() -> None:
    rows = [
        creneau("far", TOMORROW, latitude=LATITUDE + 15 * KM),
        creneau("late", NOW + timedelta(days=5)),
        creneau("best", TOMORROW),
        creneau("nowhere", TOMORROW, latitude=None, longitude=None),
    ]
    assert slots(answer(*rows, **LEARN)) == ["best", "late", "far"]


def test_the_smallest_circle_that_has_any() -> None:
    rows = [creneau("40", TOMORROW, latitude=LATITUDE + 39 * KM), creneau("60", TOMORROW, latitude=LATITUDE + 50 * KM)]
    assert slots(answer(*rows, **LEARN)) == ["40"]
    assert slots(answer(rows[1], **LEARN)) == ["60"]
    assert slots(answer(creneau("70", TOMORROW, latitude=LATITUDE + 70 * KM), **LEARN)) == []


def test_a_slot_takes_the_address_of_its_lieu() -> None:
    row = creneau("a", TOMORROW, lieu_id="l", latitude=None, longitude=None, places_restantes=1, niveau="débutant")
    answered = answer(lieu("l"), row, **LEARN | {"latitude": None, "longitude": None, "insee": MAULEON})
    (proposed,) = answered.creneaux
    assert proposed.creneau.lieu == "Lieu l"
    assert proposed.creneau.commune == "Mauléon-Licharre"
    assert proposed.creneau.telephone == lieu("l").telephone
    assert proposed.reasons == (
        "mardi 24 novembre à 10 h",
        "à Mauléon-Licharre même",
        "une seule place restante",
        "niveau : débutant",
    )


def test_help_now_and_learn_later() -> None:
    answered = answer(creneau("a", TOMORROW, needs=("caf",)), lieu("l"), urgency="today", posture="apprendre_a_faire")
    assert answered.posture == "aider_a_faire"
    assert answered.creneaux == ()
    assert answered.learn_next == "apprendre_a_faire"
    assert [one.creneau.id for one in answered.learn_creneaux] == ["a"]


def test_no_collective_slot_for_a_private_matter() -> None:
    answered = answer(creneau("a", TOMORROW), confidential=True, **LEARN)
    assert not answered.creneaux
    assert not answered.learn_creneaux


def test_without_a_place_the_soonest_come_first() -> None:
    rows = [creneau("b", TOMORROW + timedelta(hours=1)), creneau("a", TOMORROW, latitude=-20.0)]
    answered = answer(*rows, **LEARN | {"latitude": None, "longitude": None})
    assert slots(answered) == ["a", "b"]
    assert answered.creneaux[0].distance_km is None
