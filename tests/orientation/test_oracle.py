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

pytestmark = pytest.mark.xdist_group("real places")

COMMUNES = ("64371", "64445", "64102", "13055", "35360", "56121", "09122", "2A004", "97209", "97411", "98818", "29019")
PER_COMMUNE = 170
BOX_DEGREES = 0.6
"""More than the widest circle, three times 20 km."""


def check(plain: Plain, knowledge: Knowledge, demande: Demande, now: datetime) -> list[str]:
    """Compare the two ways; return the ids."""
    need = knowledge.needs.get(demande.need or "")
    posture = decide(demande, delai(demande, now).urgency, need, knowledge).posture
    expected = plain.best(demande, need, posture, now)
    found = orienter(demande, now, knowledge).lieux
    assert [one.lieu.id for one in found] == [key for key, _ in expected], (demande, now)
    assert [one.score for one in found] == pytest.approx([score for _, score in expected], abs=1e-8)
    return [one.lieu.id for one in found]


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
    assert sum(map(len, by_commune.values())) == 2040
    for insee, requests in by_commune.items():
        commune = real.communes.by_insee(insee)
        assert commune is not None
        assert commune.latitude is not None
        assert commune.longitude is not None
        near = plain.near(commune.latitude, commune.longitude, BOX_DEGREES)
        for demande, now in requests:
            check(near, real, demande, now)


def test_the_answer_is_that_of_the_plain_way_all_over_france(real: Knowledge, plain: Plain) -> None:
    requests = list(random_requests(12, 20, real.communes, list(real.needs), by_population=True))
    requests += [(replace(demande, insee=None, latitude=None, longitude=None), now) for demande, now in requests[:4]]
    assert len(requests) == 24
    for demande, now in requests:
        check(plain, real, demande, now)


def test_the_answer_is_that_of_the_plain_way_after_refusals(real: Knowledge, plain: Plain) -> None:
    now = datetime(2026, 11, 26, 9, 0, tzinfo=paris())
    demande = Demande(need="caf", insee="64445")
    shown: set[str] = set()
    for _ in range(4):
        ids = check(plain, real, demande, now)
        assert len(ids) == 3
        assert shown.isdisjoint(ids)
        shown.update(ids)
        demande = replace(demande, exclude=frozenset(shown))
