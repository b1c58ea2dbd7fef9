"""`Index`: every lieu that receives the public, in numpy columns sorted so that a circle is a few slices.

Rows are sorted by band of latitude (0.1 degree, some 11 km), then by longitude; those without a position come last.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from knowledge.acces import by_appointment
from knowledge.columns import Columns
from knowledge.communes import Gazetteer
from knowledge.doublons import group_doublons
from knowledge.horaires import Horaires, HorairesIllisibles, parse_horaires
from knowledge.lieux import Lieu
from knowledge.positions import EARTH_KM, Position, distance_km, locate
from knowledge.preuves import Preuves, receives_public
from knowledge.semaines import Semaines

BANDS_PER_DEGREE = 10
KM_PER_DEGREE = EARTH_KM * np.pi / 180

Rows = np.ndarray[tuple[int], np.dtype[np.int64]]
Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]


class Index:
    """Read only after construction, but for the columns that fill themselves at first use."""

    def __init__(self, lieux: Sequence[Lieu], communes: Gazetteer, preuves: Preuves) -> None:
        known = [(lieu, locate(lieu, communes)) for lieu in lieux if receives_public(lieu)]
        known.sort(key=_rank)
        self.lieux: tuple[Lieu, ...] = tuple(lieu for lieu, _ in known)
        self.positions: tuple[Position | None, ...] = tuple(position for _, position in known)
        self.row_of: dict[str, int] = {lieu.id: row for row, lieu in enumerate(self.lieux)}
        self.groups = np.array(group_doublons(self.lieux), dtype=np.int64)
        self._doublons = _shared(self.groups)
        self.columns = Columns(self.lieux, preuves)
        self.updated = np.array([_ordinal(lieu) for lieu in self.lieux], dtype=np.int64)
        self.by_appointment = np.array([by_appointment(lieu) for lieu in self.lieux], dtype=bool)
        self._fill_positions()
        self._fill_horaires()

    def __len__(self) -> int:
        return len(self.lieux)

    def everywhere(self) -> Rows:
        return np.arange(len(self.lieux), dtype=np.int64)

    def of_commune(self, insee: str) -> Rows:
        """Return the rows whose address is in the commune."""
        return np.array(self._of_commune.get(insee, ()), dtype=np.int64)

    def within(self, latitude: float, longitude: float, radius_km: float) -> tuple[Rows, Numbers]:
        """Return the rows at most `radius_km` away and their distances in km."""
        reach = radius_km / KM_PER_DEGREE
        low, high = max(-90.0, latitude - reach), min(90.0, latitude + reach)
        widest = np.cos(np.radians(max(abs(low), abs(high))))
        across = min(180.0, reach / max(widest, 1e-9))
        bands = np.arange(_band(low), _band(high) + 1, dtype=np.float64) * 360.0 + 180.0
        starts = np.searchsorted(self._keys, bands + max(-180.0, longitude - across), side="left")
        ends = np.searchsorted(self._keys, bands + min(180.0, longitude + across), side="right")
        rows = np.concatenate([np.arange(s, e) for s, e in zip(starts, ends, strict=True)])
        km = distance_km(latitude, longitude, self._latitudes[rows], self._longitudes[rows])
        near = km <= radius_km
        return rows[near], km[near]

    def distances(self, latitude: float, longitude: float, rows: Rows) -> Numbers:
        """Return the distances in km; nan for a row without a position."""
        return distance_km(latitude, longitude, self._latitudes[rows], self._longitudes[rows])

    def same_lieu(self, row: int) -> list[int]:
        """Return the rows of the same real lieu, this one included."""
        return self._doublons.get(int(self.groups[row]), [row])

    def horaires_of(self, row: int) -> Horaires | None:
        number = self.horaires_numbers[row]
        return self._horaires[number] if number >= 0 else None

    def _fill_positions(self) -> None:
        nowhere = (np.nan, np.nan)
        points = [(p.latitude, p.longitude) if p else nowhere for p in self.positions] or [nowhere]
        table = np.array(points[: len(self.lieux)], dtype=np.float64).reshape(-1, 2)
        self._latitudes, self._longitudes = table[:, 0].copy(), table[:, 1].copy()
        located = sum(position is not None for position in self.positions)
        bands = np.floor(self._latitudes[:located] * BANDS_PER_DEGREE)
        self._keys = bands * 360.0 + 180.0 + self._longitudes[:located]
        self._of_commune: dict[str, list[int]] = defaultdict(list)
        for row, position in enumerate(self.positions):
            if position and position.insee:
                self._of_commune[position.insee].append(row)

    def _fill_horaires(self) -> None:
        """Number the distinct readable hours; -1 stands for unknown or unreadable."""
        numbers: dict[str, int] = {}
        self._horaires: list[Horaires] = []
        self.horaires_numbers = np.full(len(self.lieux), -1, dtype=np.int64)
        for row, lieu in enumerate(self.lieux):
            if not lieu.horaires:
                continue
            if lieu.horaires not in numbers:
                horaires = read_horaires(lieu.horaires)
                numbers[lieu.horaires] = len(self._horaires) if horaires else -1
                self._horaires += [horaires] if horaires else []
            self.horaires_numbers[row] = numbers[lieu.horaires]
        self.semaines = Semaines(self._horaires)


def read_horaires(text: str | None) -> Horaires | None:
    """Return the hours, None when they are missing or cannot be read."""
    try:
        return parse_horaires(text)
    except HorairesIllisibles:
        return None


def _shared(groups: Rows) -> dict[int, list[int]]:
    """Return the rows of each group that has several."""
    numbers, counts = np.unique(groups, return_counts=True)
    several = np.flatnonzero(np.isin(groups, numbers[counts > 1]))
    shared: dict[int, list[int]] = defaultdict(list)
    for row in several.tolist():
        shared[int(groups[row])].append(row)
    return dict(shared)


def _band(latitude: float) -> int:
    return int(np.floor(latitude * BANDS_PER_DEGREE))


def _rank(known: tuple[Lieu, Position | None]) -> tuple[float, float, str]:
    lieu, position = known
    if position is None:
        return np.inf, np.inf, lieu.id
    return _band(position.latitude), position.longitude, lieu.id


def _ordinal(lieu: Lieu) -> int:
    return lieu.date_maj.toordinal() if lieu.date_maj else 0
