"""What each lieu says of each filter: yes, no, or nothing."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from knowledge.annuaire.consultation import Sorte
from knowledge.annuaire.vocabulaire import Filtre
from knowledge.communes.text import fold_all
from knowledge.lieux import Lieu

NON, INCONNU, OUI = -1, 0, 1

States = NDArray[np.int8]


class Filtres:
    """A column of `NON`, `INCONNU`, `OUI` for each filter, filled at first use; a row is the rank of a lieu."""

    def __init__(self, lieux: Sequence[Lieu]) -> None:
        self._lieux = lieux
        self._aspects: dict[str, _Aspect] = {}
        self._columns: dict[tuple[Sorte, str], States] = {}

    def states(self, filtre: Filtre) -> States:
        """Return the column of a filter."""
        key = filtre.sorte, filtre.valeur
        if key not in self._columns:
            self._columns[key] = self._fill(filtre)
        return self._columns[key]

    def _fill(self, filtre: Filtre) -> States:
        states = np.full(len(self._lieux), NON if filtre.colonnes and filtre.ferme else INCONNU, dtype=np.int8)
        for column, values in filtre.colonnes.items():
            said = self._aspect(column).column(partial(_judge, values=values, ferme=filtre.ferme))
            states = np.maximum(states, said)
        if filtre.noms:
            states[_holding(self._names, filtre.noms)] = OUI
        if filtre.textes:
            states[_holding(self._presentations, filtre.textes)] = OUI
        return states

    def _aspect(self, column: str) -> "_Aspect":
        if column not in self._aspects:
            self._aspects[column] = _Aspect([getattr(lieu, column) for lieu in self._lieux])
        return self._aspects[column]

    @cached_property
    def _names(self) -> list[tuple[int, str]]:
        return list(enumerate(fold_all(lieu.nom for lieu in self._lieux)))

    @cached_property
    def _presentations(self) -> list[tuple[int, str]]:
        said = [
            (row, f"{lieu.presentation_resume or ''} {lieu.presentation_detail or ''}".replace("\n", " "))
            for row, lieu in enumerate(self._lieux)
            if lieu.presentation_resume or lieu.presentation_detail
        ]
        return list(zip([row for row, _ in said], fold_all(text for _, text in said), strict=True))


class _Aspect:
    """The values of one column: lieux that say the same share a number."""

    def __init__(self, stated: Iterable[Hashable]) -> None:
        numbers: dict[Hashable, int] = {}
        self._numbers = np.fromiter((numbers.setdefault(value, len(numbers)) for value in stated), dtype=np.int64)
        self._distinct = list(numbers)

    def column(self, judge: Callable[[Hashable], int]) -> States:
        """Return what each lieu says, judged once for all that say the same."""
        states: States = np.array([judge(value) for value in self._distinct], dtype=np.int8)[self._numbers]
        return states


def _judge(stated: Hashable, *, values: frozenset[str], ferme: bool) -> int:
    said = stated if isinstance(stated, tuple) else ()
    if not values.isdisjoint(said):
        return OUI
    return NON if ferme and said else INCONNU


def _holding(texts: Iterable[tuple[int, str]], words: Sequence[str]) -> list[int]:
    """Return the rows whose text has one of these words or phrases, whole."""
    wanted = [f" {word} " for word in words]
    return [row for row, text in texts if any(word in f" {text} " for word in wanted)]
