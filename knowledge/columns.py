"""What the evidence says of each lieu, in columns of numbers filled at first use.

Recognising the signs of one lieu costs some microseconds; a request only needs it near the person, and never twice.
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

Facts = tuple[Signes, bool, bool]
"""What the numbers depend on: the signs, whether the lieu says nothing of what it does, nothing of how it helps."""


class Columns:
    """Columns over `lieux`; a row is the rank of a lieu in it. Lieux with the same facts share their numbers."""

    def __init__(self, lieux: Sequence[Lieu], preuves: Preuves) -> None:
        self.preuves = preuves
        self._lieux = lieux
        self._numbers_of: dict[Facts, int] = {}
        self._facts: list[Facts] = []
        self._fact_of_row = np.full(len(lieux), -1, dtype=np.int64)
        self._measures: dict[Hashable, Numbers] = {}

    def besoin(self, need: Need | None, rows: Rows) -> Numbers:
        """Return how well the evidence says that each lieu serves the need (1 when no need is stated)."""
        if need is None:
            return np.ones(len(rows))
        return self._read(("besoin", need.id), lambda facts: self._besoin(facts, need), rows)

    def posture(self, posture: Posture, rows: Rows) -> Numbers:
        return self._read(("posture", posture), lambda facts: self._posture(facts, posture), rows)

    def secret(self, rows: Rows) -> Numbers:
        """Return 1 where the lieu is bound to secrecy or habilitated."""
        return self._read("secret", lambda facts: float(self.preuves.confidential(facts[0]) is not None), rows)

    def signes(self, row: int) -> Signes:
        return self._facts[self._recognise(np.array([row]))[0]][0]

    def _besoin(self, facts: Facts, need: Need) -> float:
        evidence = self.preuves.need(facts[0], need)
        return _weight(evidence) if evidence else UNKNOWN_NEED * facts[1]

    def _posture(self, facts: Facts, posture: Posture) -> float:
        evidence = self.preuves.posture(facts[0], posture)
        return _weight(evidence) if evidence else UNKNOWN_POSTURE * facts[2]

    def _read(self, key: Hashable, measure: Callable[[Facts], float], rows: Rows) -> Numbers:
        numbers = self._recognise(rows)
        column = self._measures.get(key)
        if column is None or len(column) < len(self._facts):
            column = self._measures[key] = _extended(column, 2 * len(self._facts))
        values: Numbers = column[numbers]
        missing = np.isnan(values)
        if missing.any():
            for number in np.unique(numbers[missing]):
                column[number] = measure(self._facts[number])
            values = column[numbers]
        return values

    def _recognise(self, rows: Rows) -> Rows:
        """Return the number of the facts of each row."""
        numbers: Rows = self._fact_of_row[rows]
        unknown = numbers < 0
        if unknown.any():
            for row in rows[unknown]:
                self._fact_of_row[row] = self._number(self._lieux[row])
            numbers = self._fact_of_row[rows]
        return numbers

    def _number(self, lieu: Lieu) -> int:
        facts = (self.preuves.signes(lieu), _says_nothing(lieu), not states_postures(lieu))
        number = self._numbers_of.setdefault(facts, len(self._facts))
        if number == len(self._facts):
            self._facts.append(facts)
        return number


def states_postures(lieu: Lieu) -> bool:
    """Return whether the lieu says at all how it helps."""
    return bool(lieu.postures or lieu.modalites_accompagnement)


def _says_nothing(lieu: Lieu) -> bool:
    return not (lieu.services or lieu.typologie or lieu.dispositif_programmes_nationaux or lieu.formations_labels)


def _weight(evidence: Preuve) -> float:
    return min(1.0, max(0.0, evidence.weight))


def _extended(column: Numbers | None, size: int) -> Numbers:
    extended = np.full(size, np.nan)
    if column is not None:
        extended[: len(column)] = column
    return extended
