"""What is read, refused and doubted."""

import csv
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from knowledge.horaires import MAX_LENGTH, HorairesIllisibles, is_ferie, parse_horaires

REFUSED = YAML(typ="safe").load(Path(__file__).with_name("refus.yml").read_text(encoding="utf-8"))


def test_number_of_cases() -> None:
    assert {key: len(value) for key, value in REFUSED.items()} == {"illisibles": 15, "douteux": 18}


@pytest.mark.parametrize("text", [None, "", " ", "\n\t"])
def test_blank_is_unknown(text: str | None) -> None:
    assert parse_horaires(text) is None


@pytest.mark.parametrize("text", REFUSED["illisibles"])
def test_unreadable(text: str) -> None:
    with pytest.raises(HorairesIllisibles) as error:
        parse_horaires(text)
    assert str(error.value) == f"Horaires illisibles : « {text} »."


@pytest.mark.parametrize(("text", "mistake"), REFUSED["douteux"].items())
def test_mistaken(text: str, mistake: str) -> None:
    with pytest.raises(HorairesIllisibles) as error:
        parse_horaires(text)
    assert str(error.value) == f"Horaires douteux, non utilisés : « {text} » ({mistake})."


@pytest.mark.parametrize("text", ["x" * 10_000, "Mo 09:00-12:00;" * 1_000, "(" * 5_000])
def test_endless_text_is_refused_at_once(text: str) -> None:
    with pytest.raises(HorairesIllisibles, match=f"dépasse {MAX_LENGTH} caractères"):
        parse_horaires(text)


DOUBTED = {
    "Mo-Fr 09:00-12:00": (),
    "24/7": (),
    "easter +1 day 09:00-12:00": (),
    "09:00-12:00, 14:00-17:00": ("jours non précisés, à vérifier",),
    "Mo-Su 00:00-24:00": (),
    "Mo-Fr 08:00-13:00,13:00-18:00": (),
    "Mo-Sa 07:30-22:00": ("ouverture de 7 h 30 à 22 h sans pause, à vérifier",),
    "Fr 05:30-12:00": ("ouverture tôt le matin, de 5 h 30 à 12 h, à vérifier",),
    "Fr 22:00-02:00": ("ouverture la nuit, de 22 h à 2 h, à vérifier",),
    "Tu-Th 09:00-21:00,09:00-18:00": ("horaires qui se recouvrent, à vérifier",),
    "Mo-Fr 09:00-12:00; SH off": ("horaires des vacances scolaires à vérifier",),
    'Mo 09:00-12:00 "sur rendez-vous"': ("précision donnée avec les horaires : « sur rendez-vous »",),
}


@pytest.mark.parametrize(("text", "doubts"), DOUBTED.items())
def test_doubts(text: str, doubts: tuple[str, ...]) -> None:
    horaires = parse_horaires(text)
    assert horaires is not None
    assert horaires.doutes == doubts


def test_a_text_is_read_once() -> None:
    assert parse_horaires(" Mo 09:00-12:00 ") is parse_horaires("Mo 09:00-12:00")


def test_real_texts(shared_data: Callable[[str], Path]) -> None:
    """The strings published in 2023: 155 are unreadable for the library too, which reads 18 mistakes without a word."""
    with shared_data("horaires-osm.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["horaires"] for row in csv.DictReader(file)]
    counts = {"read": 0, "doubted": 0, "illisibles": 0, "douteux": 0}
    for text in texts:
        try:
            horaires = parse_horaires(text)
        except HorairesIllisibles as error:
            counts[str(error).split()[1].rstrip(",")] += 1
        else:
            assert horaires is not None
            counts["doubted" if horaires.doutes else "read"] += 1
    assert len(texts) == 3125
    assert counts == {"read": 2921, "doubted": 31, "illisibles": 155, "douteux": 18}


def test_an_instant_without_offset_is_refused() -> None:
    horaires = parse_horaires("24/7")
    assert horaires is not None
    with pytest.raises(ValueError, match="needs an offset"):
        horaires.is_open(datetime(2026, 11, 23, 10))  # noqa: DTZ001


def test_holidays_of_the_whole_of_france() -> None:
    days = [date.fromordinal(n) for n in range(date(2027, 1, 1).toordinal(), date(2028, 1, 1).toordinal())]
    assert [f"{day:%d/%m}" for day in days if is_ferie(day)] == (
        ["01/01", "29/03", "01/05", "06/05", "08/05", "17/05", "14/07", "15/08", "01/11", "11/11", "25/12"]
    )
