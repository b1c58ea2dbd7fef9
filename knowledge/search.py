"""The best lieux of a field: exact scores, worked out only for those whose ceiling can still win."""

from dataclasses import dataclass
from datetime import timedelta
from math import inf, isnan

import numpy as np

from knowledge.champ import Champ, Numbers, Rows
from knowledge.demande import Opening
from knowledge.ranking import APPOINTMENT, UNKNOWN_OPENING, Criteres, freshness, promptitude
from knowledge.recherche import Recherche

TRAVEL_KMH = 40.0
"""As the crow flies, on country roads: nobody is sent to a door that will close before they reach it."""
FIRST_LOOK = 16
NOBODY = (inf, 0)


@dataclass(frozen=True, slots=True)
class Candidat:
    """A lieu, the numbers that rank it, how far it is (None: unknown).

    `opening` is the first in which the person can be there, travel counted.
    """

    row: int
    profile: int
    km: float | None
    opening: Opening | None
    criteres: Criteres
    order: tuple[float, int]
    """Sorts the best first: by score, then by id."""


def best(recherche: Recherche, champ: Champ, ranks: Rows, at_most: int) -> list[Candidat]:
    """Return at most so many lieux among `ranks`, best first; of the rows of one real lieu, only the best."""
    index = recherche.index
    ids = index.id_ranks[champ.terrain.rows]
    found: dict[int, Candidat] = {}
    last, size = NOBODY, FIRST_LOOK
    while ranks.size:
        chosen, ranks = _highest(champ.ceilings, ranks, size)
        orders = zip((-champ.ceilings[chosen]).tolist(), ids[chosen].tolist(), strict=True)
        for rank, order in zip(chosen.tolist(), orders, strict=True):
            if order < last:
                candidat = _candidat(recherche, champ, rank)
                last = _keep(found, index.same_lieu(candidat.row)[0], candidat, at_most)
        ceilings = champ.ceilings[ranks]
        ranks = ranks[(ceilings > -last[0]) | ((ceilings == -last[0]) & (ids[ranks] < last[1]))]
        size *= 4
    return sorted(found.values(), key=lambda one: one.order)


def _keep(found: dict[int, Candidat], group: int, candidat: Candidat, at_most: int) -> tuple[float, int]:
    """Put a lieu among the best, one a group; return the order that another one must beat to be among them."""
    if group not in found or candidat.order < found[group].order:
        found[group] = candidat
        if len(found) > at_most:
            del found[max(found, key=lambda one: found[one].order)]
    return max(one.order for one in found.values()) if len(found) == at_most else NOBODY


def _highest(ceilings: Numbers, ranks: Rows, size: int) -> tuple[Rows, Rows]:
    """Return the `size` highest of `ranks`, highest first, and the others in any order."""
    values = -ceilings[ranks]
    if len(ranks) <= size:
        return ranks[np.argsort(values)], ranks[:0]
    parted = np.argpartition(values, size)
    first = parted[:size]
    return ranks[first[np.argsort(values[first])]], ranks[parted[size:]]


def _candidat(recherche: Recherche, champ: Champ, rank: int) -> Candidat:
    """Return one lieu with its exact numbers."""
    index, terrain = recherche.index, champ.terrain
    row, km = int(terrain.rows[rank]), None if isnan(terrain.km[rank]) else float(terrain.km[rank])
    horaires = index.horaires_of(row)
    opening = horaires.next_opening(recherche.now + travel(km)) if horaires else None
    criteres = Criteres(
        a_temps=_in_time(recherche, row, opening, known=horaires is not None),
        secret=bool(champ.secret[rank]),
        besoin=float(terrain.besoin[rank]),
        distance=float(terrain.distance[rank]),
        ouverture=_ouverture(recherche, row, opening, known=horaires is not None),
        posture=float(champ.posture[rank]),
        accueil=float(terrain.accueil[rank]),
        fraicheur=freshness(index.lieux[row].date_maj, recherche.now.date()),
    )
    order = -criteres.score, int(index.id_ranks[row])
    return Candidat(row, int(terrain.profiles[rank]), km, opening, criteres, order)


def travel(km: float | None) -> timedelta:
    """Return how long it takes to get there; no time at all where the distance is unknown."""
    return timedelta(hours=(km or 0.0) / TRAVEL_KMH)


def _in_time(recherche: Recherche, row: int, opening: Opening | None, *, known: bool) -> bool:
    limite = recherche.delai.limite
    if recherche.delai.presse and recherche.index.by_appointment[row]:
        return False
    if limite is None:
        return True
    if not known:
        return recherche.delai.ouvrable
    return opening is not None and opening.start <= limite


def _ouverture(recherche: Recherche, row: int, opening: Opening | None, *, known: bool) -> float:
    number = UNKNOWN_OPENING
    if known:
        wait = max(0.0, (opening.start - recherche.now) / timedelta(hours=1)) if opening else None
        number = promptitude(wait, recherche.delai.urgency)
    return APPOINTMENT * number if recherche.index.by_appointment[row] else number
