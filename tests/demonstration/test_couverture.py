"""Somebody who tries the demonstration meets every case that real data hold."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from knowledge.creneaux import Creneau
from knowledge.demonstration import demonstration
from knowledge.horaires import HorairesIllisibles, parse_horaires
from knowledge.labels import Posture
from knowledge.lieux import Lieu
from knowledge.needs import Famille, load_needs
from knowledge.preuves import load_preuves
from knowledge.yaml_files import read_data

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
LIEUX, CRENEAUX = demonstration(NOW)
NEEDS = load_needs()
PREUVES = load_preuves()
STANDARD = read_data("standard.yml")

CLOSED_LISTS = (
    "services",
    "modalites_accompagnement",
    "modalites_acces",
    "publics_specifiquement_adresses",
    "prise_en_charge_specifique",
    "frais_a_charge",
    "itinerance",
    "dispositif_programmes_nationaux",
    "formations_labels",
)
PRESCRIPTION = "Envoyer un mail avec une fiche de prescription"
NO_PUBLIC = "Ce lieu n'accueille pas de public"
ELSEWHERE = ("Bourgogne", "Normandie", "Drôme", "Lyon", "PACA")
"""Labels of other regions: no lieu of the Pyrénées-Atlantiques has them."""


@pytest.mark.parametrize("column", CLOSED_LISTS)
def test_each_value_of_the_standard_is_there_and_no_other(column: str) -> None:
    values = [value for value in STANDARD["valeurs"][column] if not any(r in value for r in ELSEWHERE)]
    assert len(values) >= 2
    assert {value for lieu in LIEUX for value in getattr(lieu, column)} == set(values)


def test_each_typologie_is_a_code_of_the_standard() -> None:
    codes = {code for lieu in LIEUX for code in lieu.typologie}
    assert len(codes) >= 25
    assert codes <= set(STANDARD["typologies"])


def test_each_posture_is_stated_by_some_lieu() -> None:
    assert {posture for lieu in LIEUX for posture in lieu.postures} == set(Posture)


@pytest.mark.parametrize("need", NEEDS)
def test_each_need_is_served_on_strong_evidence(need: str) -> None:
    assert len(NEEDS) == 38
    evidence = (PREUVES.need_evidence(lieu, NEEDS[need]) for lieu in LIEUX)
    assert any(preuve.weight >= 0.75 for preuve in evidence if preuve)


def test_a_secret_can_be_kept_near_everybody() -> None:
    codes = {lieu.code_insee for lieu in LIEUX if PREUVES.confidential_evidence(lieu)}
    assert codes >= {"64371", "64102", "64445", "64430", "64422"}


LIEU_CASES: dict[str, Callable[[Lieu], object]] = {
    "no telephone": lambda lieu: lieu.telephone is None,
    "no coordinates": lambda lieu: lieu.latitude is None,
    "no services": lambda lieu: not lieu.services and not lieu.modalites_acces,
    "no date": lambda lieu: lieu.date_maj is None,
    "no INSEE code": lambda lieu: lieu.code_insee is None,
    "no address": lambda lieu: lieu.adresse is None,
    "stale": lambda lieu: lieu.date_maj and (NOW.date() - lieu.date_maj).days > 1000,
    "fresh": lambda lieu: lieu.date_maj and (NOW.date() - lieu.date_maj).days < 7,
    "itinerant": lambda lieu: lieu.itinerance == ("Itinérant",),
    "itinerant and fixed": lambda lieu: len(lieu.itinerance) == 2,
    "at home": lambda lieu: "à domicile" in (lieu.horaires_brut or ""),
    "by appointment only": lambda lieu: lieu.modalites_acces and "Se présenter" not in lieu.modalites_acces,
    "by appointment, online": lambda lieu: lieu.prise_rdv and "Se présenter" not in lieu.modalites_acces,
    "by prescription only": lambda lieu: lieu.modalites_acces == (PRESCRIPTION,),
    "phone only": lambda lieu: lieu.modalites_acces == ("Téléphoner",) and lieu.adresse is None,
    "e-mail only": lambda lieu: lieu.modalites_acces == ("Contacter par mail",) and not lieu.telephone,
    "no public": lambda lieu: lieu.modalites_acces == (NO_PUBLIC,),
    "contradictory fees": lambda lieu: len(lieu.frais_a_charge) == 2,
    "hours not said": lambda lieu: lieu.modalites_acces and not lieu.horaires and not lieu.horaires_brut,
    "hours unreadable": lambda lieu: _unreadable(lieu.horaires),
    "hours as free text": lambda lieu: "premier samedi" in (lieu.horaires_brut or ""),
    "closed at noon": lambda lieu: "-12:30,13:30-" in (lieu.horaires or ""),
    "Saturday morning only": lambda lieu: lieu.horaires == "Sa 09:00-12:00",
    "one day a week": lambda lieu: lieu.horaires == "We 09:00-12:00",
    "some Thursdays": lambda lieu: (lieu.horaires or "").startswith("Th[1,3]"),
    "closed on holidays": lambda lieu: "PH off" in (lieu.horaires or ""),
    "holidays not said": lambda lieu: lieu.horaires and "PH" not in lieu.horaires,
    "yearly closure": lambda lieu: "Aug off" in (lieu.horaires or ""),
    "on Sunday": lambda lieu: "Su " in (lieu.horaires or ""),
    "day and night": lambda lieu: lieu.horaires == "24/7",
    "social service": lambda lieu: set(lieu.typologie) & {"CCAS", "MDS"},
}

CRENEAU_CASES: dict[str, Callable[[Creneau], object]] = {
    "full": lambda creneau: creneau.places_restantes == 0,
    "seats not said": lambda creneau: creneau.places_restantes is None,
    "one seat left": lambda creneau: creneau.places_restantes == 1,
    "any need": lambda creneau: not creneau.needs,
    "end not said": lambda creneau: creneau.end is None,
    "level not said": lambda creneau: creneau.niveau is None,
    "outside a lieu of the base": lambda creneau: creneau.lieu_id is None,
    "outside, without coordinates": lambda creneau: creneau.lieu_id is None and creneau.latitude is None,
    "register by link": lambda creneau: creneau.lien,
    "register by e-mail": lambda creneau: creneau.courriel,
    "register by telephone": lambda creneau: creneau.telephone,
    "registration not said": lambda creneau: creneau.inscription is None,
    "for seniors": lambda creneau: "Seniors" in creneau.publics,
    "paying": lambda creneau: creneau.frais == "Payant",
    "on Saturday": lambda creneau: creneau.start.weekday() == 5,
    "in the evening": lambda creneau: creneau.start.hour >= 18,
    "tomorrow": lambda creneau: (creneau.start.date() - NOW.date()).days == 1,
    "in a month": lambda creneau: (creneau.start.date() - NOW.date()).days >= 28,
}


@pytest.mark.parametrize("case", LIEU_CASES)
def test_some_lieu_is_such(case: str) -> None:
    assert any(LIEU_CASES[case](lieu) for lieu in LIEUX)


@pytest.mark.parametrize("case", CRENEAU_CASES)
def test_some_slot_is_such(case: str) -> None:
    assert any(CRENEAU_CASES[case](creneau) for creneau in CRENEAUX)


def test_each_competence_can_be_learnt_and_so_can_the_main_procedures() -> None:
    learnt = {need for creneau in CRENEAUX for need in creneau.needs}
    competences = {need.id for need in NEEDS.values() if need.famille is Famille.COMPETENCE}
    assert len(competences) == 13
    assert competences | {"caf", "france-travail", "impots", "sante", "retraite"} <= learnt <= set(NEEDS)


def test_slots_are_of_many_levels_days_and_lieux() -> None:
    assert len({creneau.niveau for creneau in CRENEAUX}) >= 5
    assert len({creneau.start.weekday() for creneau in CRENEAUX}) >= 6
    assert len({creneau.lieu_id or creneau.commune for creneau in CRENEAUX}) >= 15


def test_some_lieux_share_a_commune() -> None:
    codes = [lieu.code_insee for lieu in LIEUX]
    assert codes.count("64371") >= 3
    assert codes.count("64445") >= 5


def test_all_hours_can_be_read_without_a_doubt_but_one() -> None:
    unreadable = [lieu.id for lieu in LIEUX if _unreadable(lieu.horaires)]
    assert unreadable == ["demo-laruns-france-services"]
    read = [parse_horaires(lieu.horaires) for lieu in LIEUX if lieu.id not in unreadable]
    assert not [doubt for horaires in read if horaires for doubt in horaires.doutes]


def _unreadable(text: str | None) -> bool:
    try:
        parse_horaires(text)
    except HorairesIllisibles:
        return True
    return False
