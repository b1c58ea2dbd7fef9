"""The best lieux for a request: bounds of all scores in numpy, then exact scores only of those that can still win."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf, isnan

import numpy as np

from knowledge.communes import Commune
from knowledge.demande import Demande, Opening
from knowledge.index import Index
from knowledge.labels import Posture
from knowledge.needs import Need
from knowledge.ranking import (
    APPOINTMENT,
    HALF_DISTANCE_KM,
    HALF_WAIT_HOURS,
    UNKNOWN_OPENING,
    Criteres,
    Delai,
    fresh_numbers,
    freshness,
    promptitude,
    proximite,
    scores,
)

AT_MOST = 3
COMMUNE_KM = 3.0
"""When only the commune is known, a lieu of that commune counts as at most this far: the person may be next to it."""
FIRST_LOOK = 16
NOBODY = (inf, 0)

Rows = np.ndarray[tuple[int], np.dtype[np.int64]]
Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recherche:
    """What to look for: the request, read once. `origin` is None when nothing says where the person is."""

    demande: Demande
    now: datetime
    delai: Delai
    need: Need | None
    posture: Posture
    origin: tuple[float, float] | None
    commune: Commune | None
    index: Index

    @property
    def home(self) -> int | None:
        """The number of the person's commune in the index, when it is all that is known of where they are."""
        if self.commune is None or self.demande.latitude is not None:
            return None
        return self.index.commune_number(self.commune.insee)

    def is_home(self, row: int) -> bool:
        """Return whether the lieu is in the person's own commune."""
        return self.commune is not None and self.index.commune_insee(row) == self.commune.insee


@dataclass(frozen=True, slots=True)
class Champ:
    """The lieux to rank, in columns: what is known of each without asking its hours, and its best possible score.

    `km` is the distance (nan: unknown), `felt` the one to rank with.
    """

    rows: Rows
    km: Numbers
    felt: Numbers
    besoin: Numbers
    posture: Numbers
    secret: Numbers
    accueil: Numbers
    ceilings: Numbers


@dataclass(frozen=True, slots=True)
class Candidat:
    """A lieu, the numbers that rank it, how far it is and when it opens."""

    row: int
    criteres: Criteres
    km: float | None
    opening: Opening | None
    order: tuple[float, int]
    """Sorts the best first: score, then id."""


def best(recherche: Recherche, radius_km: float, *, without_evidence: bool = False) -> list[Candidat]:
    """Return at most three lieux, best score first, ties by id; of the rows of one real lieu, only the best.

    `without_evidence` looks only at the lieux that do not say that they serve the need, else only at those that do.
    """
    champ = _champ(recherche, radius_km, without_evidence=without_evidence)
    ids, groups = recherche.index.id_ranks, recherche.index.groups
    found: dict[int, Candidat] = {}
    last = NOBODY
    left = np.arange(len(champ.rows))
    size = FIRST_LOOK
    while left.size:
        chosen, left = _highest(champ.ceilings, left, size)
        for i in chosen.tolist():
            row = int(champ.rows[i])
            if (-champ.ceilings[i], ids[row]) < last:
                candidat = _candidat(recherche, champ, i)
                group = int(groups[row])
                if candidat.order < (found[group].order if group in found else NOBODY):
                    found[group] = candidat
                    last = _last_place(found)
        can_win = (champ.ceilings[left] > -last[0]) | (
            (champ.ceilings[left] == -last[0]) & (ids[champ.rows[left]] < last[1])
        )
        left, size = left[can_win], 4 * size
    return sorted(found.values(), key=lambda one: one.order)[:AT_MOST]


def _last_place(found: dict[int, Candidat]) -> tuple[float, int]:
    """Return the order that a lieu must beat to be among the best."""
    orders = sorted(one.order for one in found.values())
    return orders[AT_MOST - 1] if len(orders) >= AT_MOST else NOBODY


def _highest(ceilings: Numbers, left: Rows, size: int) -> tuple[Rows, Rows]:
    """Return the `size` highest of `left`, highest first, and the others in any order."""
    values = -ceilings[left]
    if len(left) > size:
        parted = np.argpartition(values, size)
        first, rest = parted[:size], parted[size:]
        return left[first[np.argsort(values[first])]], left[rest]
    return left[np.argsort(values)], left[:0]


def _champ(recherche: Recherche, radius_km: float, *, without_evidence: bool) -> Champ:
    columns, index = recherche.index.columns, recherche.index
    rows, km = _around(recherche, radius_km)
    profiles = columns.profiles(rows)
    besoin = columns.besoin(recherche.need, profiles)
    kept = (besoin == 0.0) if without_evidence else (besoin > 0.0)
    refused = [index.groups[index.row_of[key]] for key in recherche.demande.exclude if key in index.row_of]
    if refused:
        kept &= ~np.isin(index.groups[rows], refused)
    if not kept.all():
        rows, km, profiles, besoin = rows[kept], km[kept], profiles[kept], besoin[kept]
    felt = km
    if recherche.home is not None:
        felt = np.where(index.communes[rows] == recherche.home, np.minimum(km, COMMUNE_KM), km)
    posture = columns.posture(recherche.posture, profiles)
    secret = columns.secret(profiles) if recherche.demande.confidential else np.ones(len(rows))
    accueil = index.welcomes(rows, (recherche.demande.publics, recherche.demande.prise_en_charge))
    a_temps, ouverture = _hopes(recherche, rows)
    highest = scores(
        a_temps=a_temps,
        secret=secret,
        besoin=besoin,
        distance=np.nan_to_num(1.0 / (1.0 + felt / HALF_DISTANCE_KM)),
        ouverture=ouverture,
        posture=posture,
        accueil=accueil,
        fraicheur=fresh_numbers(index.updated[rows], recherche.now.date()),
    )
    return Champ(rows, km, felt, besoin, posture, secret, accueil, highest)


def _around(recherche: Recherche, radius_km: float) -> tuple[Rows, Numbers]:
    """Return the rows within the radius, and all those of the person's own commune however large it is."""
    index = recherche.index
    if recherche.origin is None:
        rows = np.arange(len(index), dtype=np.int64)
        return rows, np.full(len(rows), np.nan)
    rows, km = index.within(*recherche.origin, radius_km)
    if recherche.home is None:
        return rows, km
    home = index.of_commune(recherche.home)
    home_km = index.distances(*recherche.origin, home)
    beyond = home_km > radius_km
    if not beyond.any():
        return rows, km
    return np.concatenate([rows, home[beyond]]), np.concatenate([km, home_km[beyond]])


def _hopes(recherche: Recherche, rows: Rows) -> tuple[Numbers, Numbers]:
    """Return upper bounds of `a_temps` and `ouverture`."""
    index, delai = recherche.index, recherche.delai
    numbers, appointment = index.horaires_numbers[rows], index.by_appointment[rows]
    waits = index.semaines.waits(numbers, recherche.now)
    ouverture = 1.0 / (1.0 + waits / HALF_WAIT_HOURS[delai.urgency])
    ouverture[numbers == 0] = UNKNOWN_OPENING
    ouverture[appointment] *= APPOINTMENT
    a_temps = np.ones(len(rows))
    if delai.limite:
        a_temps[waits > _hours(delai.limite - recherche.now)] = 0.0
    if delai.presse:
        a_temps[appointment] = 0.0
    return a_temps, ouverture


def _candidat(recherche: Recherche, champ: Champ, i: int) -> Candidat:
    """Return the exact numbers of one lieu."""
    row, km, felt = int(champ.rows[i]), float(champ.km[i]), float(champ.felt[i])
    index = recherche.index
    horaires = index.horaires_of(row)
    opening = horaires.next_opening(recherche.now) if horaires else None
    criteres = Criteres(
        a_temps=_in_time(recherche, row, opening, known=horaires is not None),
        secret=bool(champ.secret[i]),
        besoin=float(champ.besoin[i]),
        distance=proximite(None if isnan(felt) else felt),
        ouverture=_ouverture(recherche, row, opening, known=horaires is not None),
        posture=float(champ.posture[i]),
        accueil=float(champ.accueil[i]),
        fraicheur=freshness(index.lieux[row].date_maj, recherche.now.date()),
    )
    order = -criteres.score, int(index.id_ranks[row])
    return Candidat(row, criteres, None if isnan(km) else km, opening, order)


def _in_time(recherche: Recherche, row: int, opening: Opening | None, *, known: bool) -> bool:
    limite = recherche.delai.limite
    if recherche.delai.presse and recherche.index.by_appointment[row]:
        return False
    if limite is None or not known:
        return True
    return opening is not None and opening.start <= limite


def _ouverture(recherche: Recherche, row: int, opening: Opening | None, *, known: bool) -> float:
    number = UNKNOWN_OPENING
    if known:
        wait = max(0.0, _hours(opening.start - recherche.now)) if opening else None
        number = promptitude(wait, recherche.delai.urgency)
    return APPOINTMENT * number if recherche.index.by_appointment[row] else number


def _hours(duration: timedelta) -> float:
    return duration.total_seconds() / 3600.0
