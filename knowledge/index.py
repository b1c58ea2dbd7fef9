"""`Index`: every lieu that receives the public, in numpy columns sorted so that a circle is a few slices.

Rows are sorted by band of latitude (0.1 degree, some 11 km), then by longitude; those without a position come last.
"""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from math import cos, floor, radians
from typing import Any

import numpy as np

from knowledge.acces import Publics, by_appointment, publics_of, welcome
from knowledge.columns import Columns
from knowledge.communes import Gazetteer
from knowledge.doublons import Doublons
from knowledge.horaires import Horaires, paris
from knowledge.labels import Posture
from knowledge.lieux import Lieu
from knowledge.needs import Need
from knowledge.positions import EARTH_KM, Position, distances_km, locate, unit_vectors
from knowledge.preuves import Preuves, receives_public
from knowledge.semaines import Semaines

BANDS_PER_DEGREE = 10
MOST_ASKED = 256
"""Different publics asked whose answers are kept; their combinations in real requests are far fewer."""
KM_PER_DEGREE = EARTH_KM * np.pi / 180

Rows = np.ndarray[tuple[int], np.dtype[np.int64]]
Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]


class Index:
    """Read only after construction, but for the columns that fill themselves at first use.

    Public columns, one number a row: `communes` (see `commune_number`), `id_ranks` (orders as the ids do), `updated`
    (ordinal of `date_maj`, 0 unknown), `by_appointment`, `horaires_numbers` (0 when nothing is said; texts are read
    when a request first needs them). `terrains` and `surroundings` are those of `champ.py`, kept here as long as the
    index they belong to.
    """

    def __init__(self, lieux: Sequence[Lieu], communes: Gazetteer, preuves: Preuves) -> None:
        known = [(lieu, locate(lieu, communes)) for lieu in lieux if receives_public(lieu)]
        known.sort(key=_rank)
        self.lieux: tuple[Lieu, ...] = tuple(lieu for lieu, _ in known)
        self.positions: tuple[Position, ...] = tuple(position for _, position in known)
        self.row_of: dict[str, int] = {lieu.id: row for row, lieu in enumerate(self.lieux)}
        self.columns = Columns(self.lieux, preuves)
        self.id_ranks = _ranks([lieu.id for lieu in self.lieux])
        self.updated = _integers(lieu.date_maj.toordinal() if lieu.date_maj else 0 for lieu in self.lieux)
        self.by_appointment = np.array([by_appointment(lieu) for lieu in self.lieux], dtype=bool)
        self._doublons = Doublons(self.lieux)
        self._fill_positions()
        self._fill_communes()
        self._fill_horaires()
        self._publics = sorted({publics_of(lieu) for lieu in self.lieux})
        numbers = {publics: number for number, publics in enumerate(self._publics)}
        self._publics_numbers = _integers(numbers[publics_of(lieu)] for lieu in self.lieux)
        self._welcomes: dict[Publics, Numbers] = {}
        self.terrains: dict[Hashable, Any] = {}
        self.surroundings: dict[Hashable, Any] = {}
        self.annuaires: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        return len(self.lieux)

    def within(self, latitude: float, longitude: float, radius_km: float) -> tuple[Rows, Numbers]:
        """Return the rows at most `radius_km` away and their distances in km."""
        reach = radius_km / KM_PER_DEGREE
        low, high = max(-90.0, latitude - reach), min(90.0, latitude + reach)
        across = min(180.0, reach / max(cos(radians(max(abs(low), abs(high)))), 1e-9))
        bands = np.arange(_band(low), _band(high) + 1) * 360.0 + 180.0
        starts = np.searchsorted(self._keys, bands + max(-180.0, longitude - across), side="left").tolist()
        ends = np.searchsorted(self._keys, bands + min(180.0, longitude + across), side="right").tolist()
        rows = np.concatenate([np.arange(start, end) for start, end in zip(starts, ends, strict=True)])
        km = self.distances(latitude, longitude, rows)
        near = km <= radius_km
        return rows[near], km[near]

    def distances(self, latitude: float, longitude: float, rows: Rows) -> Numbers:
        """Return the distances in km; nan for a row without a position."""
        return distances_km((latitude, longitude), self._points[rows])

    def welcomes(self, rows: Rows, asked: Publics) -> Numbers:
        """Return `acces.welcome` of each row."""
        if asked not in self._welcomes:
            if len(self._welcomes) >= MOST_ASKED:
                self._welcomes.clear()
            self._welcomes[asked] = np.array([welcome(stated, asked) for stated in self._publics])
        return self._welcomes[asked][self._publics_numbers[rows]]

    def commune_number(self, insee: str) -> int | None:
        """Return the number in `communes` of an INSEE code, None when no lieu is there."""
        return self._commune_numbers.get(insee)

    def commune_insee(self, row: int) -> str | None:
        """Return the INSEE code of the commune where the lieu is, when it is known."""
        return self.positions[row].insee

    def of_commune(self, number: int) -> Rows:
        """Return the rows of a commune."""
        return np.flatnonzero(self.communes == number)

    def same_lieu(self, row: int) -> list[int]:
        """Return the rows of the same real lieu, this one included."""
        return self._doublons.same(row)

    def horaires_of(self, row: int) -> Horaires | None:
        """Return the hours, None when they are unknown or unreadable."""
        return self.semaines.horaires(int(self.horaires_numbers[row]))

    def warm(self, needs: Iterable[Need]) -> None:
        """Fill the columns now, so that the first requests of a server are as quick as the next."""
        profiles = self.columns.profiles(np.arange(len(self)))
        for need in needs:
            self.columns.besoin(need, profiles)
        for posture in Posture:
            self.columns.posture(posture, profiles)
        self.columns.secret(profiles)
        self.semaines.waits(np.arange(len(self.semaines)), datetime(2026, 11, 16, tzinfo=paris()))

    def _fill_positions(self) -> None:
        located = [position.point for position in self.positions if position.point]
        latitudes, longitudes = np.array(located, dtype=np.float64).reshape(-1, 2).T
        self._keys = np.floor(latitudes * BANDS_PER_DEGREE) * 360.0 + 180.0 + longitudes
        self._points = np.full((len(self), 3), np.nan)
        self._points[: len(located)] = unit_vectors(latitudes, longitudes)

    def _fill_communes(self) -> None:
        numbers: dict[str | None, int] = {None: -1}
        for position in self.positions:
            numbers.setdefault(position.insee or None, len(numbers) - 1)
        self._commune_numbers = numbers
        self.communes = _integers(numbers[position.insee or None] for position in self.positions)

    def _fill_horaires(self) -> None:
        numbers: dict[str | None, int] = {None: 0}
        for lieu in self.lieux:
            numbers.setdefault(lieu.horaires or None, len(numbers))
        self.horaires_numbers = _integers(numbers[lieu.horaires or None] for lieu in self.lieux)
        self.semaines = Semaines(list(numbers))


def _band(latitude: float) -> int:
    return floor(latitude * BANDS_PER_DEGREE)


def _rank(known: tuple[Lieu, Position]) -> tuple[float, float, str]:
    lieu, position = known
    if position.point is None:
        return np.inf, np.inf, lieu.id
    latitude, longitude = position.point
    return _band(latitude), longitude, lieu.id


def _integers(values: Iterable[int]) -> Rows:
    return np.fromiter(values, dtype=np.int64)


def _ranks(ids: Sequence[str]) -> Rows:
    ranks = np.empty(len(ids), dtype=np.int64)
    ranks[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return ranks
