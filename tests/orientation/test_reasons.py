"""What is said of a lieu: each reason and each doubt of raisons.yml, met once."""

from datetime import date
from typing import Any

import pytest

from knowledge.labels import Posture
from knowledge.raisons import say, say_distance
from knowledge.yaml_files import read_data
from tests.orientation.cases import MAULEON, answer, lieu

HOME: dict[str, Any] = {"latitude": None, "longitude": None, "insee": MAULEON}

DOUBTS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "besoin": ({"services": ("Loisirs et créations numériques",)}, {}, "aide à confirmer : rien ne dit"),
    "besoin_faible": (
        {"services": (), "dispositif_programmes_nationaux": ("Conseillers numériques",)},
        {},
        "téléphonez pour confirmer cette aide",
    ),
    "posture": ({}, {"posture": "faire_a_la_place"}, "ne dit pas s'il fait la démarche à votre place"),
    "horaires_inconnus": ({"horaires": None}, {}, "horaires non confirmés"),
    "horaires_illisibles": ({"horaires": "Mo 08:22"}, {}, "horaires publiés illisibles"),
    "horaires_bruts": (
        {"horaires": None, "horaires_brut": "Lundi - samedi"},
        {},
        "horaires écrits par le lieu : « Lundi - samedi »",
    ),
    "ferme_bientot": ({"horaires": "Mo 08:00-10:01"}, {}, "risque d'être fermé quand vous arriverez"),
    "trop_tard": ({"horaires": "We 09:00-12:00"}, {"urgency": "today"}, "n'ouvre pas à temps pour vous"),
    "rendez_vous": ({"modalites_acces": ("Téléphoner",)}, {}, "sur rendez-vous, téléphonez d'abord"),
    "prescription": (
        {"modalites_acces": ("Envoyer un mail avec une fiche de prescription",)},
        {},
        "il faut être envoyé par un professionnel",
    ),
    "fiche_ancienne": ({"date_maj": date(2022, 5, 10)}, {}, "renseignements de 2022, à vérifier"),
    "fiche_sans_date": ({"date_maj": date(1969, 12, 31)}, {}, "date des renseignements inconnue"),
    "position": ({"latitude": None, "longitude": None}, {}, "emplacement approximatif"),
    "sans_position": (
        {"latitude": None, "longitude": None, "commune": "Nulle part", "code_postal": "99999"},
        {"latitude": None, "longitude": None},
        "emplacement inconnu",
    ),
    "frais": ({"frais_a_charge": ("Gratuit", "Payant")}, {}, "prix à demander"),
    "payant": ({"frais_a_charge": ("Payant",)}, {}, "payant"),
    "public_reserve": (
        {"publics_specifiquement_adresses": ("Seniors",)},
        {"publics": ("Jeunes",)},
        "s'adresse d'abord à : seniors",
    ),
    "prise_en_charge": ({}, {"prise_en_charge": ("Surdité",)}, "accueil adapté à confirmer : surdité"),
    "itinerant": ({"itinerance": ("Itinérant",)}, {}, "lieu itinérant : demandez où il sera"),
    "sans_telephone": ({"telephone": None}, {}, "pas de téléphone connu"),
    "secret": ({}, {"confidential": True}, "discrétion à demander, rien ne la garantit"),
}


@pytest.mark.parametrize("key", DOUBTS)
def test_each_doubt_is_said_and_only_where_it_is_true(key: str) -> None:
    fields, asked, expected = DOUBTS[key]
    (proposed,) = answer(lieu("a", **fields), **asked).lieux
    (sound,) = answer(lieu("a"), **{name: value for name, value in asked.items() if name in HOME}).lieux
    assert any(doubt.startswith(expected) for doubt in proposed.doubts)
    assert not any(doubt.startswith(expected) for doubt in sound.doubts)


def test_every_doubt_of_the_file_is_met() -> None:
    assert set(DOUBTS) == set(read_data("raisons.yml")["doutes"])


def test_every_posture_can_be_said() -> None:
    assert set(read_data("raisons.yml")["postures"]) == {posture.value for posture in Posture}


def test_a_sound_lieu_has_no_doubt() -> None:
    (proposed,) = answer(lieu("a"), **HOME).lieux
    assert proposed.doubts == ()
    assert proposed.reasons == (
        "à Mauléon-Licharre même",
        "propose l'aide aux démarches administratives",
        "accompagnement individuel",
        "ouvert aujourd'hui jusqu'à 20 h, puis demain 8 h",
    )


def test_the_other_sources_and_the_publics_are_said() -> None:
    rows = [
        lieu("a", source="coop", telephone="+33536490001", publics_specifiquement_adresses=("Seniors",)),
        lieu("b", source="dora", telephone="+33536490001", horaires=None),
    ]
    (proposed,) = answer(*rows, publics=("Seniors",)).lieux
    assert proposed.reasons[-2:] == ("accueille : seniors", "recensé aussi par dora")


def test_a_secret_names_who_keeps_it() -> None:
    ccas = lieu("b", 9, typologie=("CCAS",))
    answered = answer(lieu("a"), ccas, confidential=True)
    assert [one.lieu.id for one in answered.lieux] == ["b", "a"]
    assert "secret" in answered.lieux[0].reasons[1]


@pytest.mark.parametrize(
    ("km", "commune", "said"),
    [(0.0, "Pau", "à Pau même"), (0.4, None, "à moins de 1 km"), (3.4, None, "à 3 km"), (19.6, None, "à 20 km")],
)
def test_distances(km: float, commune: str | None, said: str) -> None:
    assert say_distance(km, commune) == said


def test_an_unknown_sentence_is_refused() -> None:
    with pytest.raises(KeyError):
        say("doutes", "inconnu")
