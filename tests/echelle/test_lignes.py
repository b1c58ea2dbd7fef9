"""National lines: the numbers of each danger, the last resort of each need."""

import re
from dataclasses import replace
from datetime import date

import pytest

from knowledge.labels import Danger
from knowledge.lignes import Lignes, check_lignes, load_lignes, unverified
from knowledge.needs import Need, load_needs
from knowledge.yaml_files import read_data

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The basic table of GSM 03.38: one septet a character."""


@pytest.fixture(scope="module")
def lignes() -> Lignes:
    return load_lignes()


@pytest.fixture(scope="module")
def needs() -> dict[str, Need]:
    return load_needs()


def test_each_line_has_a_number_and_an_official_source(lignes: Lignes) -> None:
    assert len(lignes.lignes) == 28
    for ligne in lignes.lignes.values():
        assert re.fullmatch(r"\d{2,4}|116006|0[1-9]\d{8}|080\d{7}", ligne.telephone), ligne
        assert ligne.source.startswith("https://")
        assert ligne.nom


def test_nobody_has_verified_a_number_yet(lignes: Lignes) -> None:
    assert unverified(lignes) == list(lignes.lignes.values())
    caf = replace(lignes.lignes["caf"], verifie_le=date(2026, 11, 2))
    seen = replace(lignes, lignes={**lignes.lignes, "caf": caf})
    assert caf not in unverified(seen)
    assert len(unverified(seen)) == 27


def test_the_shipped_lines_are_sound() -> None:
    assert check_lignes() == []
    assert len(FAULTS) == 5


FAULTS: list[tuple[tuple[str, ...], object, str]] = [
    (("generale",), "rien", "la ligne générale « rien » n'existe pas"),
    (("lignes", "caf", "source"), None, "ligne « caf » : « source » manque"),
    (("lignes", "caf", "besoins"), ["cafe"], "ligne « caf » : « cafe » n'est pas un besoin"),
    (("dangers", "fraud", "lignes"), ["rien"], "danger « fraud » : la ligne « rien » n'existe pas"),
    (("dangers", "fraud", "lignes"), [], "danger « fraud » : aucun numéro"),
]


@pytest.mark.parametrize(("path", "bad", "expected"), FAULTS)
def test_a_fault_is_told(path: tuple[str, ...], bad: object, expected: str) -> None:
    content = read_data("lignes.yml")
    part = content
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = bad
    assert f"lignes.yml, {expected}" in check_lignes(content)


def test_each_danger_has_its_lines(lignes: Lignes) -> None:
    assert set(lignes.by_danger) == set(Danger)
    for danger in Danger:
        alerte = lignes.for_danger(danger)
        cited = re.findall(r"\b(?:0 \d{3} \d{3} \d{3}|\d{2,4})\b", alerte.sentence)
        named = {ligne.telephone for ligne in alerte.lignes}
        assert {number.replace(" ", "") for number in cited} == named, danger


@pytest.mark.parametrize("danger", Danger)
def test_the_sms_of_a_danger_is_one_segment(lignes: Lignes, danger: Danger) -> None:
    sms = lignes.for_danger(danger).sentence_sms
    assert set(sms) <= GSM_7, set(sms) - GSM_7
    assert len(sms) <= 160
    first = lignes.for_danger(danger).lignes[0].telephone
    assert first in sms.replace(" ", "")


@pytest.mark.parametrize("danger", [Danger.MEDICAL, Danger.SUICIDE, Danger.VIOLENCE, Danger.CHILD])
def test_who_cannot_speak_is_told_the_114(lignes: Lignes, danger: Danger) -> None:
    alerte = lignes.for_danger(danger)
    assert "114" in alerte.sentence
    assert "114" in alerte.sentence_sms


def test_each_need_has_a_line(lignes: Lignes, needs: dict[str, Need]) -> None:
    assert len(needs) == 38
    own = {need.id: lignes.for_need(need).id for need in needs.values()}
    assert own["caf"] == "caf"
    assert own["sante"] == "assurance-maladie"
    assert own["titres"] == "titres"  # closer than the general line that needs.yml names
    assert own["smartphone"] == lignes.generale.id == "service-public"
    assert set(lignes.by_need) <= set(needs)
    assert lignes.for_need(None) is lignes.generale


def test_the_line_of_the_need_wins(lignes: Lignes, needs: dict[str, Need]) -> None:
    assert lignes.for_need(replace(needs["caf"], ligne="impots")).id == "impots"
    assert lignes.for_need(replace(needs["caf"], ligne="inconnue")).id == "caf"
    assert lignes.for_need(replace(needs["caf"], ligne=None)).id == "caf"
