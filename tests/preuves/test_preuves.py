"""Evidence: each kind of fact, what it says, and the real (old) places of the Pyrénées-Atlantiques."""

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from knowledge.labels import Posture
from knowledge.lieux import Lieu
from knowledge.needs import Need, load_needs
from knowledge.preuves import Preuve, Preuves, check_preuves, load_preuves, receives_public
from knowledge.yaml_files import read_data
from tests.preuves.lieux_reels import read_lieux


@pytest.fixture(scope="module")
def preuves() -> Preuves:
    return load_preuves()


@pytest.fixture(scope="module")
def needs() -> dict[str, Need]:
    return load_needs()


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    content: dict[str, Any] = read_data("preuves.yml")
    return content


def lieu(nom: str = "Chez Untel", **facts: Any) -> Lieu:
    return Lieu(id="1", nom=nom, commune="Pau", code_postal="64000", **facts)


FRANCE_SERVICES: dict[str, Any] = {"dispositif_programmes_nationaux": ("France Services",)}
AIDANTS_CONNECT: dict[str, Any] = {"dispositif_programmes_nationaux": ("Aidants Connect",)}
DEMARCHES: dict[str, Any] = {"services": ("Aide aux démarches administratives",)}
BASES: dict[str, Any] = {"services": ("Maîtrise des outils numériques du quotidien",)}

NEEDS = [
    (lieu(**FRANCE_SERVICES), "caf", "Espace France Services : aide pour la CAF"),
    (lieu(**FRANCE_SERVICES), "sejour", "Espace France Services : aide aux démarches"),
    (lieu(typologie=("MSAP",)), "msa", "Espace France Services : aide pour la MSA"),
    (lieu("Maison de Services de Mauléon"), "impots", "d'après son nom, Espace France Services : aide pour les impôts"),
    (lieu(**AIDANTS_CONNECT), "logement", "habilité Aidants Connect : aide aux démarches"),
    (lieu(**DEMARCHES), "caf", "propose l'aide aux démarches administratives"),
    (lieu(services=("Accompagner les démarches de santé",)), "sante", "propose l'aide aux démarches de santé"),
    (lieu(services=("Prendre en main un ordinateur",)), "ordinateur", "propose la prise en main de l'ordinateur"),
    (lieu(**BASES), "messagerie", "propose d'apprendre les outils numériques du quotidien"),
    (lieu(typologie=("CAF",)), "caf", "guichet de la CAF"),
    (lieu("CPAM BAYONNE"), "sante", "d'après son nom, guichet de l'assurance maladie"),
    (lieu("SDSEI Pau"), "caf", "d'après son nom, service social du Département : aide pour la CAF"),
    (lieu("Médiathèque d'Anglet"), "acces-internet", "d'après son nom, bibliothèque : souvent des ordinateurs"),
    (lieu(presentation_detail="Aide pour la CAF et l’ANTS"), "titres", "d'après sa présentation : ANTS"),
    (lieu("Atelier réparation"), "reparation", "d'après son nom : réparation"),
    (lieu(formations_labels=("Formé à « Mon Espace Santé »",)), "sante", "formé à Mon Espace Santé"),
    (
        lieu(autres_formations_labels=("Certificateur Pix",)),
        "certification",
        "centre Pix : aide pour une certification",
    ),
]


@pytest.mark.parametrize(("place", "need", "phrase"), NEEDS)
def test_a_need_rests_on_a_fact(preuves: Preuves, needs: dict[str, Need], place: Lieu, need: str, phrase: str) -> None:
    evidence = preuves.need_evidence(place, needs[need])
    assert evidence is not None
    assert evidence.phrase == phrase
    assert 0 < evidence.weight <= 1


def test_kinds_of_facts_are_all_tried() -> None:
    assert (len(NEEDS), len(POSTURES), len(FAULTS)) == (17, 12, 9)


POSTURES = [
    (lieu(postures=("faire_a_la_place",)), Posture.FAIRE_A_LA_PLACE, "fait la démarche à votre place"),
    (
        lieu(modalites_accompagnement=("A ma place : une personne habilitée fait les démarches à ma place",)),
        Posture.FAIRE_A_LA_PLACE,
        "fait la démarche à votre place",
    ),
    (
        lieu(**AIDANTS_CONNECT),
        Posture.FAIRE_A_LA_PLACE,
        "habilité Aidants Connect : peut faire la démarche à votre place",
    ),
    (lieu(**FRANCE_SERVICES), Posture.AIDER_A_FAIRE, "Espace France Services : on fait avec vous"),
    (lieu(typologie=("CFP",)), Posture.FAIRE_FAIRE, "centre des finances publiques"),
    (
        lieu(modalites_accompagnement=("Accompagnement individuel",)),
        Posture.AIDER_A_FAIRE,
        "accompagnement individuel",
    ),
    (lieu(modalites_accompagnement=("Accompagnement individuel",)), Posture.FAIRE_FAIRE, "accompagnement individuel"),
    (lieu(modalites_accompagnement=("En autonomie",)), Posture.LAISSER_FAIRE, "matériel en libre accès"),
    (
        lieu(modalites_accompagnement=("Seul : j’ai accès à du matériel et une connexion",)),
        Posture.LAISSER_FAIRE,
        "matériel en libre accès",
    ),
    (lieu(modalites_accompagnement=("Dans un atelier collectif",)), Posture.APPRENDRE_A_FAIRE, "ateliers collectifs"),
    (lieu(dispositif_programmes_nationaux=("CNFS",)), Posture.APPRENDRE_A_FAIRE, "conseiller numérique sur place"),
    (
        lieu("Cyber-base de Pau"),
        Posture.LAISSER_FAIRE,
        "d'après son nom, espace numérique : ordinateurs à disposition",
    ),
]


@pytest.mark.parametrize(("place", "posture", "phrase"), POSTURES)
def test_a_posture_rests_on_a_fact(preuves: Preuves, place: Lieu, posture: Posture, phrase: str) -> None:
    evidence = preuves.posture_evidence(place, posture)
    assert evidence is not None
    assert evidence.phrase == phrase


@pytest.mark.parametrize(
    ("place", "secret"),
    [
        (lieu(**AIDANTS_CONNECT), True),
        (lieu(**FRANCE_SERVICES), True),
        (lieu(typologie=("CCAS",)), True),
        (lieu(typologie=("MDS",)), True),
        (lieu("SDSEI Pau"), True),
        (lieu(typologie=("BIB",)), False),
        (lieu("Cyber-base de Pau", **BASES), False),
    ],
)
def test_secrecy_rests_on_a_status(preuves: Preuves, place: Lieu, secret: bool) -> None:
    assert (preuves.confidential_evidence(place) is not None) is secret


def test_silence_proves_nothing(preuves: Preuves, needs: dict[str, Need]) -> None:
    silent = lieu(presentation_resume="Trop de choses !!!")
    assert [need for need in needs.values() if preuves.need_evidence(silent, need)] == []
    assert [posture for posture in Posture if preuves.posture_evidence(silent, posture)] == []
    assert preuves.confidential_evidence(silent) is None


@pytest.mark.parametrize(
    "text",
    ["Nous ne faisons pas de réparation.", "Tout sauf la réparation", "Sur prescription de l'atelier réparation"],
)
def test_a_sentence_that_denies_is_not_read(preuves: Preuves, needs: dict[str, Need], text: str) -> None:
    assert preuves.need_evidence(lieu(presentation_detail=text), needs["reparation"]) is None
    then = preuves.need_evidence(lieu(presentation_detail=f"{text}\nRéparation le lundi."), needs["reparation"])
    assert then == Preuve(0.8, "d'après sa présentation : réparation")


def test_a_stronger_fact_is_the_one_said(preuves: Preuves, needs: dict[str, Need]) -> None:
    both = lieu("Médiathèque", **DEMARCHES, **FRANCE_SERVICES)
    alone = preuves.need_evidence(lieu(**FRANCE_SERVICES), needs["caf"])
    assert preuves.need_evidence(both, needs["caf"]) == alone


def test_more_facts_never_weigh_less(preuves: Preuves, needs: dict[str, Need], table: dict[str, Any]) -> None:
    bare = lieu(**DEMARCHES)
    richer = [
        lieu(typologie=(*row["typologies"],), **DEMARCHES) for row in table["signes"].values() if "typologies" in row
    ]
    assert len(richer) > 25
    for need in needs.values():
        least = preuves.need_evidence(bare, need)
        for place in richer:
            more = preuves.need_evidence(place, need)
            assert least is None or (more is not None and more.weight >= least.weight)


def test_each_need_has_several_routes(preuves: Preuves, needs: dict[str, Need], table: dict[str, Any]) -> None:
    assert len(needs) == 38
    kinds = [("typologie", "typologies"), ("services", "services"), ("dispositif_programmes_nationaux", "labels")]
    facts: list[dict[str, Any]] = [
        {column: (value,)} for row in table["signes"].values() for column, key in kinds for value in row.get(key, ())
    ]
    by_column = [lieu(**fact) for fact in facts]
    assert len(by_column) == 118
    for need in needs.values():
        assert any(preuves.need_evidence(place, need) for place in by_column), need.id
        assert all(preuves.need_evidence(lieu(words), need) for words in table["mentions"].get(need.id, ())), need.id


def test_the_shipped_table_is_sound(needs: dict[str, Need], table: dict[str, Any]) -> None:
    assert check_preuves() == []
    assert list(table["objets"]) == list(needs)


FAULTS = [
    ("objets:\n  caf: la CAF\n", "objets:\n", r"« caf » n'a pas de mot dans « objets »"),
    ("besoins: {caf: 1.0}", "besoins: {cafe: 1.0}", r"ligne \d+, signe « guichet-caf » : « cafe » n'est ni un besoin"),
    ("besoins: {caf: 1.0}", "besoins: {caf: 1.5}", r"ligne \d+, signe « guichet-caf » : le poids 1.5 doit être"),
    ("dit: guichet de la CAF", "dite: guichet", r"signe « guichet-caf » : « dite » n'est pas connu"),
    ("dit: guichet de la CAF\n", "\n", r"signe « guichet-caf » : « dit » manque"),
    ("{faire_a_la_place: [1.0,", "{faire: [1.0,", r"signe « a-la-place » : « faire » n'est pas une posture"),
    ("bases: [messagerie,", "bases: [message,", r"ligne \d+ : « message » n'est pas un besoin"),
    ("mentions:\n  caf:", "mentions:\n  cafe:", r"ligne \d+ : « cafe » n'est pas un besoin"),
    ("mentions:", "mentions", r"preuves.yml : le fichier n'est pas lisible"),
]


@pytest.mark.parametrize(("good", "bad", "expected"), FAULTS)
def test_a_fault_is_told(good: str, bad: str, expected: str) -> None:
    shipped = files("knowledge").joinpath("data", "preuves.yml").read_text(encoding="utf-8")
    assert good in shipped
    faults = check_preuves(shipped.replace(good, bad, 1))
    assert any(re.search(expected, fault) for fault in faults), faults


def test_the_table_uses_the_values_of_the_standard(table: dict[str, Any], shared_data: Callable[[str], Path]) -> None:
    text = shared_data("schema-mediation-numerique-v1.json").read_text(encoding="utf-8")
    services = [value for row in table["signes"].values() for value in row.get("services", ())[:1]]
    current = [value for value in services if value in text]
    assert len(services) == 14
    assert len(current) == 9


@pytest.mark.parametrize("value", ["Ce lieu n'accueille pas de public", "Ce lieu n’accueille pas de public"])
def test_a_place_may_receive_nobody(value: str) -> None:
    assert not receives_public(lieu(modalites_acces=("Téléphoner", value)))
    assert receives_public(lieu(modalites_acces=("Se présenter",)))
    assert receives_public(lieu())


@pytest.mark.parametrize(
    ("file", "places", "caf", "secret"),
    [("lieux-64-v0.csv", 48, 48, 31), ("lieux-64-lafibre64-schema-v1.csv", 61, 51, 31)],
)
def test_real_places_give_evidence(
    preuves: Preuves,
    needs: dict[str, Need],
    shared_data: Callable[[str], Path],
    file: str,
    places: int,
    caf: int,
    secret: int,
) -> None:
    lieux = read_lieux(shared_data(file))
    assert len(lieux) == places
    assert sum(preuves.need_evidence(place, needs["caf"]) is not None for place in lieux) == caf
    assert sum(preuves.confidential_evidence(place) is not None for place in lieux) == secret


def test_many_real_places_share_few_signs(preuves: Preuves, shared_data: Callable[[str], Path]) -> None:
    lieux = read_lieux(shared_data("lieux-mediation-numerique-v0.csv"))
    assert len(lieux) == 7_294
    assert len({preuves.signes(place) for place in lieux}) < 1_300
