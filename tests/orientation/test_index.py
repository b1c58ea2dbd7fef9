"""The parts of the index: circles, duplicates, positions, ordinary weeks."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.plain import haversine
from knowledge.acces import by_appointment
from knowledge.communes import Gazetteer
from knowledge.doublons import group_doublons
from knowledge.horaires import paris, parse_horaires
from knowledge.positions import Position, distance_km, locate
from knowledge.semaines import Semaines, read_horaires
from tests.orientation.cases import KM, LATITUDE, LONGITUDE, MAULEON, NOW, base, lieu


@pytest.mark.parametrize(
    ("latitude", "longitude", "radius"),
    [(0.0, 0.0, 500.0), (43.3, -0.4, 20.0), (43.3, -0.4, 0.001), (-21.1, 55.5, 300.0), (89.9, 0.0, 900.0)],
)
def test_a_circle_holds_what_is_at_most_that_far(latitude: float, longitude: float, radius: float) -> None:
    random = np.random.default_rng(3)
    points = [(latitude, longitude), *random.normal((latitude * 0.9, longitude), 3, (60, 2)).tolist()]
    points += random.uniform((-90, -180), (90, 180), (300, 2)).tolist()
    rows = [
        lieu(f"l{number}", commune="", code_postal="", latitude=point[0], longitude=point[1])
        for number, point in enumerate(points)
    ]
    index = base(*rows).index
    found, km = index.within(latitude, longitude, radius)
    expected = {row.id: haversine(latitude, longitude, row.latitude or 0.0, row.longitude or 0.0) for row in rows}
    assert {index.lieux[row].id: far for row, far in zip(found.tolist(), km.tolist(), strict=True)} == {
        key: pytest.approx(far, abs=1e-6) for key, far in expected.items() if far <= radius
    }


def test_distance() -> None:
    assert distance_km((48.8566, 2.3522), (43.2965, 5.3698)) == pytest.approx(660.5, abs=0.5)


def test_doublons() -> None:
    rows = [
        lieu("a", nom="Mairie", telephone="1", adresse="3 rue X"),
        lieu("b", nom="La mairie", telephone="1", adresse=None),
        lieu("c", nom="la Mairie", telephone=None, adresse=None),
        lieu("d", nom="Mairie d'ailleurs", telephone="1", code_postal="64000"),
        lieu("e", nom="CCAS", telephone=None, adresse="3, rue X"),
        lieu("f", nom="Poste", telephone=None, adresse="Le Bourg"),
        lieu("g", nom="Asso", telephone=None, adresse="Le Bourg"),
    ]
    assert group_doublons(rows) == [0, 0, 0, 3, 0, 5, 6]


def test_positions(gazetteer: Gazetteer) -> None:
    nowhere: dict[str, Any] = {"commune": "Nulle part", "code_postal": "99999"}
    here = (LATITUDE + KM, LONGITUDE)
    missing = locate(lieu("a", latitude=None), gazetteer)
    assert (missing.insee, missing.approximate) == (MAULEON, True)
    assert missing.point
    assert distance_km(missing.point, (LATITUDE, LONGITUDE)) < 2
    assert locate(lieu("a"), gazetteer) == Position(here, MAULEON, approximate=False)
    assert locate(lieu("a", latitude=43.7, longitude=7.26), gazetteer) == missing
    assert locate(lieu("a", **nowhere, code_insee="99999"), gazetteer) == Position(here, "99999", approximate=False)
    assert locate(lieu("a", **nowhere, latitude=None), gazetteer).point is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, False),
        ({"modalites_acces": ("Se présenter", "Prendre un RDV en ligne")}, False),
        ({"modalites_acces": ("Prendre un RDV en ligne",)}, True),
        ({"presentation_resume": "Accueil uniquement sur rendez-vous."}, True),
        ({"presentation_resume": "Accueil avec ou sans rendez-vous."}, False),
        ({"horaires_brut": "sur rdv"}, True),
        ({"prise_rdv": "https://rdv.example"}, False),
    ],
)
def test_by_appointment(fields: dict[str, Any], expected: bool) -> None:
    assert by_appointment(lieu("a", **fields)) is expected


def test_an_ordinary_week_never_opens_later_than_the_truth(shared_data: Callable[[str], Path]) -> None:
    with shared_data("horaires-osm.csv").open(encoding="utf-8", newline="") as file:
        texts = [row[0] for row in csv.reader(file)][1:]
    known = [text for text in texts if read_horaires(text)]
    assert len(known) > 2500
    sample = [parse_horaires(text) for text in known[:: len(known) // 250]]
    semaines = Semaines(known[:: len(known) // 250])
    exact = asked = 0
    for hours in range(0, 24 * 60, 37):
        now = NOW + timedelta(hours=hours, minutes=hours % 60, seconds=hours % 59)
        bounds = semaines.waits(np.arange(len(sample)), now)
        for horaires, bound in zip(sample, bounds.tolist(), strict=True):
            opening = horaires.next_opening(now) if horaires else None
            if opening:
                wait = max(0.0, (opening.start - now) / timedelta(hours=1))
                assert bound <= wait + 1e-6, (horaires, now)
                exact += abs(bound - wait) < 1e-6
                asked += 1
    assert exact > 0.9 * asked > 5000


def test_an_ordinary_week_is_closed_on_public_holidays() -> None:
    eve = datetime(2026, 11, 10, 20, tzinfo=paris())
    semaines = Semaines(["Mo-Fr 09:00-12:00", "lundi au vendredi", None])
    assert semaines.waits(np.array([0]), eve).tolist() == [37.0]
    assert semaines.unknown(np.arange(3)).tolist() == [False, True, True]
