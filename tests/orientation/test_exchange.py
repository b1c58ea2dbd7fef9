"""Requests and answers as JSON: the shapes of the contract, and a clear refusal of bad values."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from knowledge.demande import Demande
from knowledge.exchange import DemandeInvalide, demande_from_json, orientation_to_json
from knowledge.labels import Autonomy, Disponibilite, Posture, Urgency
from tests.orientation.cases import MAULEON, NOW, answer, creneau, lieu

CONTRACT: dict[str, Any] = json.loads(
    """{"need": "caf", "urgency": "today", "deadline": null, "posture": null, "insee": "64371", "latitude": null,
    "longitude": null, "confidential": null, "autonomy": null, "publics": [], "prise_en_charge": [],
    "radius_km": null}"""
)
LIEU_KEYS = {
    "id", "nom", "adresse", "code_postal", "commune", "telephone", "distance_km", "next_opening", "open_now",
    "by_appointment", "reasons", "doubts", "source", "date_maj", "score",
}  # fmt: skip
CRENEAU_KEYS = {
    "id", "titre", "start", "end", "lieu", "commune", "distance_km", "places_restantes", "inscription", "reasons",
}  # fmt: skip


def test_the_request_of_the_contract() -> None:
    assert demande_from_json(CONTRACT) == Demande(need="caf", urgency=Urgency.TODAY, insee=MAULEON)
    assert demande_from_json({}) == Demande()


def test_a_full_request() -> None:
    obj = {
        "deadline": "2026-11-27", "posture": "faire_faire", "latitude": 43, "longitude": -0.9, "confidential": False,
        "autonomy": "some", "publics": ["Seniors"], "prise_en_charge": ["Surdité"], "radius_km": 5, "exclude": ["a"],
        "pour_autrui": True, "disponibilite": "5_minutes", "habilitation": False,
    }  # fmt: skip
    assert demande_from_json(obj) == Demande(
        deadline=date(2026, 11, 27),
        posture=Posture.FAIRE_FAIRE,
        latitude=43.0,
        longitude=-0.9,
        confidential=False,
        autonomy=Autonomy.SOME,
        publics=("Seniors",),
        prise_en_charge=("Surdité",),
        radius_km=5.0,
        exclude=frozenset({"a"}),
        pour_autrui=True,
        disponibilite=Disponibilite.CINQ_MINUTES,
        habilitation=False,
    )


REFUSED: list[tuple[object, str]] = [
    ([], "La demande doit être un objet JSON, entre accolades."),
    (None, "La demande doit être un objet JSON, entre accolades."),
    ({"besoin": "caf"}, "« besoin » n'est pas une clé connue."),
    ({"need": 3}, "« need » doit être un texte, pas 3."),
    ({"need": "x" * 300}, "« need » doit être un texte, pas « xxx"),
    ({"urgency": "vite"}, "« urgency » doit être today, week, later ou null, pas « vite »."),
    ({"urgency": ["today"]}, "« urgency » doit être today, week, later ou null, pas ['today']."),
    ({"posture": True}, "« posture » doit être faire_a_la_place, "),
    ({"deadline": "demain"}, "« deadline » doit être une date comme 2026-11-27, pas « demain »."),
    ({"deadline": 20261127}, "« deadline » doit être une date comme 2026-11-27, pas 20261127."),
    ({"latitude": 43.0}, "« latitude » et « longitude » vont ensemble : il en manque une."),
    ({"latitude": 91, "longitude": 0}, "« latitude » doit être un nombre de -90 à 90, pas 91."),
    ({"latitude": float("nan"), "longitude": 0}, "« latitude » doit être un nombre de -90 à 90, pas nan."),
    ({"latitude": True, "longitude": 0}, "« latitude » doit être un nombre de -90 à 90, pas True."),
    ({"radius_km": 0}, "« radius_km » doit être un nombre de 0 à 1000, pas 0."),
    ({"radius_km": "5"}, "« radius_km » doit être un nombre de 0 à 1000, pas « 5 »."),
    ({"confidential": "oui"}, "« confidential » doit être true, false ou null, pas « oui »."),
    ({"habilitation": "oui"}, "« habilitation » doit être true, false ou null, pas « oui »."),
    ({"disponibilite": "10_minutes"}, "« disponibilite » doit être aucune, 5_minutes, 30_minutes ou null"),
    ({"publics": "Seniors"}, "« publics » doit être une liste de textes, pas « Seniors »."),
    ({"publics": [1]}, "« publics » doit être une liste de textes, pas [1]."),
]


@pytest.mark.parametrize(("obj", "sentence"), REFUSED, ids=[sentence[:30] for _, sentence in REFUSED])
def test_bad_values_are_refused_in_french(obj: object, sentence: str) -> None:
    with pytest.raises(DemandeInvalide) as refused:
        demande_from_json(obj)
    assert str(refused.value).startswith(sentence)
    assert len(str(refused.value)) < 300


def test_the_answer_of_the_contract() -> None:
    a, c = lieu("a", 0.4, source="essai"), creneau("c", NOW + timedelta(days=1), places_restantes=4)
    obj = orientation_to_json(answer(a, c, urgency="today", posture="apprendre_a_faire"))
    assert {"posture", "posture_reason", "lieux", "creneaux", "learn_next", "relaxed", "fallback"} == set(obj)
    assert set(obj["lieux"][0]) >= LIEU_KEYS
    assert obj["lieux"][0]["distance_km"] == 0.4
    assert obj["lieux"][0]["next_opening"] == {
        "start": "2026-11-23T08:00:00+01:00",
        "end": "2026-11-23T20:00:00+01:00",
    }
    assert obj["lieux"][0]["date_maj"] == "2026-11-01"
    assert obj["learn_next"]["posture"] == "apprendre_a_faire"
    assert obj["learn_next"]["creneaux"] == ["c"]
    assert obj["fallback"] is None
    assert json.loads(json.dumps(obj)) == obj


def test_the_slots_of_the_contract() -> None:
    c = creneau("c", NOW + timedelta(days=1), places_restantes=4)
    obj = orientation_to_json(answer(c, need="messagerie", posture="apprendre_a_faire"))
    assert set(obj["creneaux"][0]) >= CRENEAU_KEYS
    assert obj["creneaux"][0]["start"] == "2026-11-24T10:00:00+01:00"
    assert obj["creneaux"][0]["places_restantes"] == 4


def test_unknown_values_are_null() -> None:
    obj = orientation_to_json(answer(lieu("a", 70, horaires=None)))
    assert obj["lieux"] == []
    assert set(obj["fallback"]) >= {"nom", "telephone", "source"}
    (unknown,) = orientation_to_json(answer(lieu("a", horaires=None, telephone=None, date_maj=None)))["lieux"]
    assert [unknown[key] for key in ("next_opening", "open_now", "telephone", "date_maj", "source")] == [None] * 5
