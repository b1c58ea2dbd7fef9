"""Every answer of reponses.yml is read as it says."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from knowledge.communes import Gazetteer

CASES: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("reponses.yml"))


def test_there_are_enough_cases() -> None:
    assert {kind: len(cases) for kind, cases in CASES.items()} == {"une": 133, "plusieurs": 27, "aucune": 33}


@pytest.mark.parametrize("text", CASES["une"])
def test_one_commune(gazetteer: Gazetteer, text: str) -> None:
    match = gazetteer.find_commune(text)
    assert (match.commune.insee if match.commune else match) == CASES["une"][text]
    assert 0.6 <= match.candidates[0].score <= 1


@pytest.mark.parametrize("text", CASES["plusieurs"])
def test_several_communes_are_offered_and_none_is_chosen(gazetteer: Gazetteer, text: str) -> None:
    match = gazetteer.find_commune(text)
    assert match.ambiguous
    assert match.commune is None
    assert set(CASES["plusieurs"][text]) <= {candidate.commune.insee for candidate in match.candidates}


@pytest.mark.parametrize("text", CASES["aucune"])
def test_no_commune(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.find_commune(text).candidates == ()


def test_the_territory_is_preferred(gazetteer: Gazetteer) -> None:
    here = gazetteer.find_commune("Saint-Palais", territoire=("64",))
    there = gazetteer.find_commune("Saint-Palais", territoire=("33",))
    nowhere = gazetteer.find_commune("Saint-Palais", territoire=())
    assert here.commune == gazetteer.by_insee("64493")
    assert there.commune == gazetteer.by_insee("33456")
    assert nowhere.ambiguous


def test_the_limit_is_kept(gazetteer: Gazetteer) -> None:
    assert len(gazetteer.find_commune("64130", limit=2).candidates) == 2
