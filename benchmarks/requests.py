"""Random requests over the whole of France, the same for the same seed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np

from knowledge.communes import Gazetteer
from knowledge.demande import Demande
from knowledge.horaires import paris
from knowledge.labels import Autonomy, Posture, Urgency

T = TypeVar("T")

PUBLICS = ((), (), (), ("Seniors",), ("Jeunes",), ("Femmes", "Familles et/ou enfants"))
CARE = ((), (), (), ("Surdité",), ("Illettrisme", "Langues étrangères (autres)"))
FIRST = datetime(2026, 11, 2, tzinfo=paris())
MINUTES = 8 * 7 * 24 * 60
"""Eight weeks of days, nights, Sundays, three public holidays (11 November, Christmas, ...)."""


def random_requests(
    seed: int, count: int, communes: Gazetteer, needs: list[str], *, by_population: bool = False
) -> Iterator[tuple[Demande, datetime]]:
    """Yield requests and their instants; `by_population` draws communes as people live, else each as often."""
    random = np.random.default_rng(seed)
    weights = np.array([(commune.population or 0) if by_population else 1 for commune in communes.communes], float)
    drawn = random.choice(len(communes), size=count, p=weights / weights.sum())
    for number in drawn:
        now = FIRST + timedelta(minutes=int(random.integers(MINUTES)))
        yield _request(random, communes, int(number), needs, now), now


def _request(random: np.random.Generator, communes: Gazetteer, number: int, needs: list[str], now: datetime) -> Demande:
    commune = communes.communes[number]
    exact = random.random() < 0.3 and commune.latitude is not None and commune.longitude is not None
    return Demande(
        need=_maybe(random, needs, 0.95),
        urgency=_maybe(random, list(Urgency), 0.7),
        deadline=now.date() + timedelta(days=int(random.integers(-1, 20))) if random.random() < 0.3 else None,
        posture=_maybe(random, list(Posture), 0.5),
        autonomy=_maybe(random, list(Autonomy), 0.3),
        insee=commune.insee if random.random() < 0.97 else None,
        latitude=(commune.latitude or 0.0) + random.normal(0, 0.02) if exact else None,
        longitude=(commune.longitude or 0.0) + random.normal(0, 0.02) if exact else None,
        confidential=True if random.random() < 0.15 else None,
        publics=PUBLICS[random.integers(len(PUBLICS))],
        prise_en_charge=CARE[random.integers(len(CARE))],
        radius_km=float(random.choice([5, 10, 30, 50])) if random.random() < 0.2 else None,
    )


def _maybe(random: np.random.Generator, values: list[T], chance: float) -> T | None:
    return values[random.integers(len(values))] if random.random() < chance else None
