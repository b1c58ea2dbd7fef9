"""The best lieux for a request: bounds of all scores in numpy, then exact scores only of those that can still win."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from knowledge.acces import welcome
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
    bounds,
    fresh_numbers,
    freshness,
    promptitude,
    proximite,
)

AT_MOST = 3
COMMUNE_KM = 3.0
"""When only the commune is known, a lieu of that commune counts as at most this far: the person may be next to it."""
FIRST_LOOK = 64
ROUNDING = 1e-9

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
    def from_commune(self) -> bool:
        """Whether the origin is only the point of a commune."""
        return self.demande.latitude is None or self.demande.longitude is None

    def is_home(self, row: int) -> bool:
        """Return whether the lieu is in the person's own commune."""
        position = self.index.positions[row]
        return self.commune is not None and position is not None and position.insee == self.commune.insee


@dataclass(frozen=True, slots=True)
class Candidat:
    """A lieu, the numbers that rank it, how far it is and when it opens."""

    row: int
    criteres: Criteres
    km: float | None
    opening: Opening | None


def best(recherche: Recherche, radius_km: float, *, without_evidence: bool = False) -> list[Candidat]:
    """Return at most three lieux, best score first, ties by id; of the rows of one real lieu, only the best.

    `without_evidence` looks only at the lieux that do not say that they serve the need, else only at those that do.
    """
    rows, km, besoin = _eligible(recherche, radius_km, without_evidence=without_evidence)
    ceilings = _ceilings(recherche, rows, km, besoin)
    found: dict[int, Candidat] = {}
    third = 0.0
    for i in _descending(ceilings):
        if ceilings[i] + ROUNDING < third:
            break
        candidat = _candidat(recherche, int(rows[i]), float(km[i]), float(besoin[i]))
        group = int(recherche.index.groups[candidat.row])
        found[group] = min(candidat, found.get(group, candidat), key=lambda one: _order(recherche, one))
        if len(found) >= AT_MOST:
            third = sorted(one.criteres.score for one in found.values())[-AT_MOST]
    return sorted(found.values(), key=lambda one: _order(recherche, one))[:AT_MOST]


def _eligible(recherche: Recherche, radius_km: float, *, without_evidence: bool) -> tuple[Rows, Numbers, Numbers]:
    """Return the rows to rank, their distances (nan: unknown) and how well they serve the need."""
    index = recherche.index
    rows, km = _around(recherche, radius_km)
    besoin = index.columns.besoin(recherche.need, rows)
    kept = (besoin == 0.0) if without_evidence else (besoin > 0.0)
    refused = [index.groups[index.row_of[key]] for key in recherche.demande.exclude if key in index.row_of]
    if refused:
        kept &= ~np.isin(index.groups[rows], refused)
    return rows[kept], km[kept], besoin[kept]


def _around(recherche: Recherche, radius_km: float) -> tuple[Rows, Numbers]:
    """Return the rows within the radius, and all those of the person's own commune however large it is."""
    index = recherche.index
    if recherche.origin is None:
        rows = index.everywhere()
        return rows, np.full(len(rows), np.nan)
    rows, km = index.within(*recherche.origin, radius_km)
    if recherche.commune is None or not recherche.from_commune:
        return rows, km
    home = index.of_commune(recherche.commune.insee)
    home = home[~np.isin(home, rows)]
    return np.concatenate([rows, home]), np.concatenate([km, index.distances(*recherche.origin, home)])


def _ceilings(recherche: Recherche, rows: Rows, km: Numbers, besoin: Numbers) -> Numbers:
    """Return the best score that each row can have: exact but for the hours and `accueil`."""
    index, delai = recherche.index, recherche.delai
    numbers = index.horaires_numbers[rows]
    known = numbers >= 0
    waits = np.zeros(len(rows))
    waits[known] = index.semaines.waits(numbers[known], recherche.now)
    ouverture = np.where(known, 1.0 / (1.0 + waits / HALF_WAIT_HOURS[delai.urgency]), UNKNOWN_OPENING)
    appointment = index.by_appointment[rows]
    a_temps = ~(appointment & delai.presse)
    if delai.limite:
        a_temps &= waits <= (delai.limite - recherche.now).total_seconds() / 3600.0
    return bounds(
        a_temps=a_temps,
        secret=index.columns.secret(rows) if recherche.demande.confidential else np.ones(len(rows)),
        besoin=besoin,
        distance=np.nan_to_num(1.0 / (1.0 + _felt(recherche, rows, km) / HALF_DISTANCE_KM)),
        ouverture=np.where(appointment, APPOINTMENT * ouverture, ouverture),
        posture=index.columns.posture(recherche.posture, rows),
        fraicheur=fresh_numbers(index.updated[rows], recherche.now.date()),
    )


def _felt(recherche: Recherche, rows: Rows, km: Numbers) -> Numbers:
    """Return the distances to rank with: inside the person's own commune, where we do not know them better, few km."""
    if recherche.commune is None or not recherche.from_commune:
        return km
    home = np.isin(rows, recherche.index.of_commune(recherche.commune.insee))
    return np.where(home, np.minimum(km, COMMUNE_KM), km)


def _descending(ceilings: Numbers) -> Iterator[int]:
    """Yield positions from the highest ceiling down; the far end is only sorted when it is reached."""
    if len(ceilings) > FIRST_LOOK:
        top = np.argpartition(-ceilings, FIRST_LOOK)
        first, rest = top[:FIRST_LOOK], top[FIRST_LOOK:]
        yield from first[np.argsort(-ceilings[first], kind="stable")].tolist()
        yield from rest[np.argsort(-ceilings[rest], kind="stable")].tolist()
    else:
        yield from np.argsort(-ceilings, kind="stable").tolist()


def _candidat(recherche: Recherche, row: int, km: float, besoin: float) -> Candidat:
    """Return the exact numbers of one lieu."""
    index, now, demande = recherche.index, recherche.now, recherche.demande
    one = np.array([row])
    horaires = index.horaires_of(row)
    opening = horaires.next_opening(now) if horaires else None
    distance = None if np.isnan(km) else km
    close = distance is not None and recherche.from_commune and recherche.is_home(row)
    lieu = index.lieux[row]
    criteres = Criteres(
        a_temps=_in_time(recherche, row, opening, known=horaires is not None),
        secret=not demande.confidential or bool(index.columns.secret(one)[0]),
        besoin=besoin,
        distance=proximite(min(distance, COMMUNE_KM) if distance is not None and close else distance),
        ouverture=_ouverture(recherche, row, opening, known=horaires is not None),
        posture=float(index.columns.posture(recherche.posture, one)[0]),
        accueil=welcome(lieu, demande.publics, demande.prise_en_charge),
        fraicheur=freshness(lieu.date_maj, now.date()),
    )
    return Candidat(row, criteres, distance, opening)


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
        wait = max(0.0, (opening.start - recherche.now).total_seconds() / 3600.0) if opening else None
        number = promptitude(wait, recherche.delai.urgency)
    return APPOINTMENT * number if recherche.index.by_appointment[row] else number


def _order(recherche: Recherche, candidat: Candidat) -> tuple[float, str]:
    return -candidat.criteres.score, recherche.index.lieux[candidat.row].id
