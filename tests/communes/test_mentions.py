"""Every message of messages.yml gives the places that it says, and no other."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from knowledge.communes import Gazetteer, Mention

CASES: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("messages.yml"))


def test_there_are_enough_cases() -> None:
    assert len(CASES) == 44


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["message"][:40])
def test_mentions(gazetteer: Gazetteer, case: dict[str, Any]) -> None:
    assert [as_data(mention) for mention in gazetteer.mentions(case["message"])] == case["lieux"]


def as_data(mention: Mention) -> dict[str, Any]:
    codes = [candidate.commune.insee for candidate in mention.candidates]
    insee = mention.commune.insee if mention.commune else codes
    return {"mot": mention.text, "insee": insee, "cue": mention.cue.value}


def test_a_typing_error_is_less_sure_than_the_name(gazetteer: Gazetteer) -> None:
    (right,) = gazetteer.mentions("je cherche vers Biarritz")
    (wrong,) = gazetteer.mentions("je cherche vers biaritz")
    assert right.exact
    assert not wrong.exact
    assert wrong.score < right.score


def test_a_cue_makes_a_short_name_surer(gazetteer: Gazetteer) -> None:
    (bare,) = gazetteer.mentions("dites pau ou quoi")
    (placed,) = gazetteer.mentions("dites à pau ou quoi")
    assert bare.score < 0.5 < placed.score


def test_a_department_of_the_territory_reads_its_villages(gazetteer: Gazetteer) -> None:
    assert gazetteer.mentions("aide sabres caf") == ()
    (mention,) = gazetteer.mentions("aide Peyrehorade caf", territoire=("64", "40"))
    assert mention.commune == gazetteer.by_insee("40224")
