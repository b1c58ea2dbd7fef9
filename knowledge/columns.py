"""What the evidence says of each lieu, in columns of numbers filled at first use.

Recognising the signs of one lieu costs some microseconds; a request only needs it near the person, and never twice.
Lieux about which the same is known share one `profile` number, and so what was worked out from it.
"""

from collections.abc import Callable, Hashable, Sequence

import numpy as np

from knowledge.labels import Posture
from knowledge.lieux import Lieu
from knowledge.needs import Need
from knowledge.preuves import Preuve, Preuves, Signes
from knowledge.ranking import UNKNOWN_NEED, UNKNOWN_POSTURE

Rows = np.ndarray[tuple[int], np.dtype[np.int64]]
Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]

Profile = tuple[Signes, bool, bool]
"""The signs, whether the lieu says nothing of what it does, whether it says nothing of how it helps."""

UNREAD = -1


class Columns:
    """Columns over `lieux`; a row is the rank of a lieu in it."""

    def __init__(self, lieux: Sequence[Lieu], preuves: Preuves) -> None:
        self._lieux = lieux
        self._preuves = preuves
        self._profiles: list[Profile] = []
        self._number_of: dict[Profile, int] = {}
        self._profile_of_row = np.full(len(lieux), UNREAD, dtype=np.int64)
        self._columns: dict[Hashable, Numbers] = {}
        self._postures: dict[int, dict[Posture, Preuve]] = {}

    def profiles(self, rows: Rows) -> Rows:
        """Return the profile numbers of rows."""
        numbers: Rows = self._profile_of_row[rows]
        if numbers.size and numbers.min() == UNREAD:
            for row in rows[numbers == UNREAD].tolist():
                self._profile_of_row[row] = self._read(self._lieux[row])
            numbers = self._profile_of_row[rows]
        return numbers

    def besoin(self, need: Need | None, profiles: Rows) -> Numbers:
        """Return how well the evidence says that each serves the need (1 when no need is stated)."""
        if need is None:
            return np.ones(len(profiles))
        return self._column(("besoin", need.id), lambda number: self._besoin(number, need), profiles)

    def posture(self, posture: Posture, profiles: Rows) -> Numbers:
        """Return how well the evidence says that each gives this kind of help."""
        return self._column(posture, lambda number: self._posture(number, posture), profiles)

    def secret(self, profiles: Rows) -> Numbers:
        """Return 1 where the lieu is bound to secrecy or habilitated, else 0."""
        return self._column("secret", lambda number: float(self.secret_evidence(number) is not None), profiles)

    def need_evidence(self, profile: int, need: Need | None) -> Preuve | None:
        return self._preuves.need(self._profiles[profile][0], need) if need else None

    def secret_evidence(self, profile: int) -> Preuve | None:
        return self._preuves.confidential(self._profiles[profile][0])

    def posture_evidence(self, profile: int) -> dict[Posture, Preuve]:
        """Return the evidence of each kind of help that a profile gives."""
        if profile not in self._postures:
            signes = self._profiles[profile][0]
            found = {posture: self._preuves.posture(signes, posture) for posture in Posture}
            self._postures[profile] = {posture: said for posture, said in found.items() if said}
        return self._postures[profile]

    def _besoin(self, profile: int, need: Need) -> float:
        evidence = self.need_evidence(profile, need)
        return evidence.weight if evidence else UNKNOWN_NEED * self._profiles[profile][1]

    def _posture(self, profile: int, posture: Posture) -> float:
        evidence = self.posture_evidence(profile).get(posture)
        return evidence.weight if evidence else UNKNOWN_POSTURE * self._profiles[profile][2]

    def _column(self, key: Hashable, measure: Callable[[int], float], profiles: Rows) -> Numbers:
        column = self._columns.get(key)
        if column is None or len(column) < len(self._profiles):
            column = self._columns[key] = _extended(column, 2 * len(self._profiles))
        values: Numbers = column[profiles]
        missing = np.isnan(values)
        if missing.any():
            for number in set(profiles[missing].tolist()):  # np.unique would load numpy.ma
                column[number] = measure(number)
            values = column[profiles]
        return values

    def _read(self, lieu: Lieu) -> int:
        profile = (
            self._preuves.signes(lieu),
            _says_nothing(lieu),
            not (lieu.postures or lieu.modalites_accompagnement),
        )
        number = self._number_of.setdefault(profile, len(self._profiles))
        if number == len(self._profiles):
            self._profiles.append(profile)
        return number


def _says_nothing(lieu: Lieu) -> bool:
    return not (lieu.services or lieu.typologie or lieu.dispositif_programmes_nationaux or lieu.formations_labels)


def _extended(column: Numbers | None, size: int) -> Numbers:
    extended = np.full(size, np.nan)
    if column is not None:
        extended[: len(column)] = column
    return extended
