"""`Fonds`: the columns of the look-up over one snapshot, each built when a query first needs it."""

from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from knowledge.annuaire.filtres import Filtres
from knowledge.annuaire.moments import Moment, Ouvertures
from knowledge.annuaire.noms import Noms
from knowledge.annuaire.numeros import Numeros
from knowledge.annuaire.question import Mesure
from knowledge.doublons import group_doublons
from knowledge.needs import Need
from knowledge.ranking import UNKNOWN_NEED, fresh_numbers
from knowledge.snapshot import Knowledge

Rows = NDArray[np.int64]
States = NDArray[np.int8]
Numbers = NDArray[np.float64]


class Fonds:
    """What is read of the lieux."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.index = knowledge.index
        self._fresh: tuple[date, Numbers] | None = None

    @cached_property
    def noms(self) -> Noms:
        return Noms(self.index.lieux)

    @cached_property
    def numeros(self) -> Numeros:
        return Numeros(self.index.lieux)

    @cached_property
    def filtres(self) -> Filtres:
        return Filtres(self.index.lieux)

    @cached_property
    def ouvertures(self) -> Ouvertures:
        return Ouvertures(self.index.semaines)

    @cached_property
    def groups(self) -> Rows:
        """The number of the real lieu that each row describes."""
        return np.array(group_doublons(self.index.lieux), dtype=np.int64)

    @cached_property
    def everywhere(self) -> Rows:
        """All rows."""
        return np.arange(len(self.index), dtype=np.int64)

    def states(self, mesure: Mesure, rows: Rows) -> States:
        """Return `NON`, `INCONNU` or `OUI` of each row (see `filtres.py`)."""
        if isinstance(mesure, Need):
            weights = self.besoin(mesure, rows)
            return (weights > 0.0).astype(np.int8) + (weights > UNKNOWN_NEED) - 1
        if isinstance(mesure, Moment):
            return self.ouvertures.states(self.index.horaires_numbers[rows], mesure)
        return self.filtres.states(mesure)[rows]

    def besoin(self, need: Need | None, rows: Rows) -> Numbers:
        """Return how well the evidence says that each row serves a need; 1 when none is asked."""
        columns = self.index.columns
        return columns.besoin(need, columns.profiles(rows)) if need else np.ones(len(rows))

    def freshness(self, today: date) -> Numbers:
        """Return how fresh what is known of each row is (`ranking.freshness`); kept for the day."""
        if self._fresh is None or self._fresh[0] != today:
            self._fresh = today, fresh_numbers(self.index.updated, today)
        return self._fresh[1]

    def count(self, rows: Rows) -> int:
        """Return how many real lieux these rows describe."""
        seen = np.zeros(len(self.index), dtype=bool)
        seen[self.groups[rows]] = True
        return int(np.count_nonzero(seen))
