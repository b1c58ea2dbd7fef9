"""Each rung of the ladder, and what is said of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest

from knowledge.horaires import paris
from knowledge.lieux import Lieu
from tests.orientation.cases import NOW, answer, ids, lieu

SATURDAY_EVENING = datetime(2026, 11, 21, 18, 0, tzinfo=paris())
TOO_LATE = "À moins de 20 km, aucun lieu connu ne peut vous recevoir d'ici {}. Voici les premiers possibles."
UNSAID = "Aucun lieu proche n'annonce cette aide. Voici les lieux les plus proches, téléphonez avant de venir."
COLLECTIVE: dict[str, Any] = {"modalites_accompagnement": ("Dans un atelier collectif",)}
OTHER: dict[str, Any] = {"services": ("Loisirs et créations numériques",)}


@dataclass
class Case:
    rows: tuple[Lieu, ...]
    asked: dict[str, Any]
    found: list[str]
    relaxed: list[str]
    fallback: bool = False
    now: datetime = field(default=NOW)


CASES = {
    "suits": Case((lieu("a"),), {}, ["a"], []),
    "radius": Case((lieu("a", 30),), {}, ["a"], ["Rien qui convient à moins de 20 km. J'ai cherché jusqu'à 40 km."]),
    "radius asked": Case(
        (lieu("a", 12),),
        {"radius_km": 5.0},
        ["a"],
        ["Rien qui convient à moins de 5 km. J'ai cherché jusqu'à 15 km."],
    ),
    "in time but farther": Case(
        (lieu("a", 1, horaires="We 09:00-12:00"), lieu("b", 30)),
        {"urgency": "today"},
        ["b", "a"],
        ["Rien qui convient à moins de 20 km. J'ai cherché jusqu'à 40 km."],
    ),
    "day": Case(
        (lieu("a", horaires="We 09:00-12:00"),),
        {"urgency": "today"},
        ["a"],
        [TOO_LATE.format("mardi 24 novembre")],
        fallback=True,
    ),
    "deadline": Case(
        (lieu("a", horaires="Fr 09:00-12:00"), lieu("b", 9, horaires="Th 09:00-12:00")),
        {"deadline": date(2026, 11, 26)},
        ["b", "a"],
        [],
    ),
    "nothing known opens on Sunday": Case(
        (lieu("a", horaires=None), lieu("b", 30, horaires=None)),
        {"urgency": "today"},
        ["a"],
        [TOO_LATE.format("dimanche 22 novembre")],
        fallback=True,
        now=SATURDAY_EVENING,
    ),
    "access": Case(
        (lieu("a", modalites_acces=("Téléphoner",)),),
        {"urgency": "today"},
        ["a"],
        ["Il faut prendre rendez-vous. Téléphonez et dites que c'est urgent."],
        fallback=True,
    ),
    "appointment is no hurry": Case((lieu("a", modalites_acces=("Téléphoner",)),), {"urgency": "week"}, ["a"], []),
    "posture": Case(
        (lieu("a", **COLLECTIVE),),
        {"posture": "faire_a_la_place"},
        ["a"],
        ["Aucun de ces lieux ne dit qu'il fait la démarche à votre place. Demandez-le par téléphone."],
    ),
    "need": Case(
        (lieu("a", **OTHER), lieu("b", 30, **OTHER)),
        {},
        ["a"],
        ["Aucun lieu proche n'annonce cette aide. Voici les lieux les plus proches, téléphonez avant de venir."],
        fallback=True,
    ),
    "nothing": Case((lieu("a", 70),), {}, [], ["Je ne connais pas de lieu d'aide à moins de 60 km."], fallback=True),
    "no place known": Case(
        (lieu("a"), lieu("b", 400)),
        {"latitude": None, "longitude": None},
        ["a", "b"],
        ["Je ne sais pas où vous êtes. Ces lieux ne sont pas choisis selon la distance."],
    ),
    "commune without coordinates": Case(
        (lieu("a"), lieu("b", commune="Saint-Barthélemy", code_postal="97133", latitude=None, longitude=None)),
        {"latitude": None, "longitude": None, "insee": "97701"},
        ["b"],
        ["Je ne sais pas placer Saint-Barthélemy sur la carte. Je n'ai cherché que dans cette commune."],
    ),
    "refused": Case((lieu("a"), lieu("b", 2)), {"exclude": frozenset({"a"})}, ["b"], []),
    "receives nobody": Case(
        (lieu("a", modalites_acces=("Ce lieu n'accueille pas de public",)), lieu("b", 2)), {}, ["b"], []
    ),
    "one lieu of two sources": Case(
        (lieu("a", telephone="+33536490001"), lieu("b", 1.1, telephone="+33536490001"), lieu("c", 2)),
        {},
        ["a", "c"],
        [],
    ),
    "closes before one gets there": Case(
        (lieu("a", 15, horaires="Mo 08:00-10:20"), lieu("b", 18, horaires="Mo 08:00-12:00")),
        {"urgency": "today"},
        ["b", "a"],
        [],
    ),
    "three at most": Case(
        tuple(lieu(key, km) for key, km in zip("edcba", range(1, 6), strict=True)), {}, ["e", "d", "c"], []
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_ladder(name: str) -> None:
    case = CASES[name]
    found = answer(*case.rows, now=case.now, **case.asked)
    assert ids(found) == case.found
    assert list(found.relaxed) == case.relaxed
    assert (found.fallback is not None) is case.fallback
    if found.fallback:
        assert found.fallback.source.startswith("https://")


def test_the_cases_are_all_there() -> None:
    assert len(CASES) == 19
