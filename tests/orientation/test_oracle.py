"""The answer is that of an exhaustive evaluation: `benchmarks/plain.py`, a loop over all places."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from benchmarks.plain import Plain
from benchmarks.requests import random_requests
from knowledge.demande import Demande
from knowledge.horaires import paris
from knowledge.orientation import decide, orienter
from knowledge.ranking import delai
from knowledge.snapshot import Knowledge

COMMUNES = ("64371", "64445", "64102", "13055", "35360", "56121", "09122", "2A004", "97209", "97411", "98818", "29019")
PER_COMMUNE = 200
BOX_DEGREES = 0.6
"""More than the widest circle, three times 20 km."""


def chosen(knowledge: Knowledge, demande: Demande, now: datetime) -> list[tuple[str, float]]:
    return [(one.lieu.id, one.score) for one in orienter(demande, now, knowledge).lieux]


def expected(plain: Plain, knowledge: Knowledge, demande: Demande, now: datetime) -> list[tuple[str, float]]:
    need = knowledge.needs.get(demande.need or "")
    posture = decide(demande, delai(demande, now).urgency, need, knowledge).posture
    return [(key, pytest.approx(score, abs=1e-8)) for key, score in plain.best(demande, need, posture, now)]


def requests_in(knowledge: Knowledge) -> Iterator[tuple[str, Demande, datetime]]:
    """Yield requests moved into a dozen communes: towns, mountains, islands, one that has no place near."""
    drawn = random_requests(11, len(COMMUNES) * PER_COMMUNE, knowledge.communes, list(knowledge.needs))
    for number, (demande, now) in enumerate(drawn):
        commune = knowledge.communes.by_insee(COMMUNES[number % len(COMMUNES)])
        assert commune is not None
        placed = demande.latitude is not None
        yield (
            commune.insee,
            replace(
                demande,
                insee=commune.insee,
                latitude=commune.latitude if placed else None,
                longitude=commune.longitude if placed else None,
                radius_km=demande.radius_km and demande.radius_km / 5,
            ),
            now,
        )


def test_the_answer_is_that_of_the_plain_way_on_real_places(real: Knowledge, plain: Plain) -> None:
    by_commune: dict[str, list[tuple[Demande, datetime]]] = defaultdict(list)
    for insee, demande, now in requests_in(real):
        by_commune[insee].append((demande, now))
    assert sum(map(len, by_commune.values())) == 2400
    for insee, requests in by_commune.items():
        commune = real.communes.by_insee(insee)
        assert commune is not None
        assert commune.latitude is not None
        assert commune.longitude is not None
        near = plain.near(commune.latitude, commune.longitude, BOX_DEGREES)
        for demande, now in requests:
            assert chosen(real, demande, now) == expected(near, real, demande, now), (demande, now)


def test_the_answer_is_that_of_the_plain_way_all_over_france(real: Knowledge, plain: Plain) -> None:
    requests = list(random_requests(12, 20, real.communes, list(real.needs), by_population=True))
    requests += [(replace(demande, insee=None, latitude=None, longitude=None), now) for demande, now in requests[:4]]
    assert len(requests) == 24
    for demande, now in requests:
        assert chosen(real, demande, now) == expected(plain, real, demande, now), (demande, now)


def test_the_answer_is_that_of_the_plain_way_after_refusals(real: Knowledge, plain: Plain) -> None:
    now = datetime(2026, 11, 26, 9, 0, tzinfo=paris())
    demande = Demande(need="caf", insee="64445")
    shown: set[str] = set()
    for _ in range(4):
        ids = [key for key, _ in chosen(real, demande, now)]
        assert len(ids) == 3
        assert shown.isdisjoint(ids)
        shown.update(ids)
        demande = replace(demande, exclude=frozenset(shown))
        assert chosen(real, demande, now) == expected(plain, real, demande, now)
