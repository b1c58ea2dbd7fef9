"""Who speaks of whom, ages and durations, the helper's time and habilitation (tests/aidant/profils.yml)."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.conversation.reading import filled_slots
from bot.engine.tracker import Tracker
from bot.understanding import Understander
from knowledge.snapshot import Knowledge
from tests.aidant.cases import AT

PROFILES: list[list[Any]] = YAML(typ="safe").load((Path(__file__).parent / "profils.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def understander(demo: Knowledge) -> Understander:
    return Understander(demo.needs, demo.communes)


def read(understander: Understander, text: str, now: datetime = AT) -> dict[str, Any]:
    tracker = Tracker(conversation="essai", channel="web", slots={})
    return filled_slots(understander.understand(text, now), tracker)


def test_there_are_enough_messages() -> None:
    assert len(PROFILES) == 26
    assert sum(profile[1] is None for profile in PROFILES) >= 12


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile[0])
def test_a_helper_is_told_from_a_citizen(understander: Understander, profile: list[Any]) -> None:
    text, autrui, publics, time, rights = profile
    slots = read(understander, text)
    found = (
        slots.get("pour_autrui"),
        slots.get("publics") or [],
        slots.get("disponibilite"),
        slots.get("habilitation"),
    )
    assert found == (autrui, publics, time, rights)


def test_a_citizen_s_time_is_not_a_helper_s(understander: Understander) -> None:
    text = "j'ai 5 minutes, caf à Pau"
    assert understander.understand(text, AT).disponibilite
    assert "disponibilite" not in read(understander, text)


def test_the_next_person_is_not_the_former_one(understander: Understander) -> None:
    slots = {"presente": "[]", "need": "caf", "pour_autrui": True, "publics": ["Seniors"], "autonomy": "none"}
    tracker = Tracker(conversation="essai", channel="web", slots=slots)
    said = filled_slots(understander.understand("usagère 30 ans, impôts, Pau", AT), tracker)
    assert (said["publics"], said["autonomy"], said["urgency"]) == (None, None, None)
