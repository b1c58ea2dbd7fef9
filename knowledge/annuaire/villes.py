"""The communes that the words of a query name, as helpers write them: bare, shortened, misspelt, by postal code."""

from collections.abc import Collection, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from knowledge.communes import Commune, Gazetteer
from knowledge.communes.names import Named
from knowledge.communes.text import Token, fold
from knowledge.communes.typos import Spellings, read_through

KNOWN_TOWN = 3000
"""Inhabitants from which a name of one word is a town rather than a surname in the name of a lieu."""
LARGE_TOWN = 20_000
"""Inhabitants from which a town is meant even where its name is a French word too."""
SHORTEST_TYPO = 4
SURE = 0.8
"""Score from which a misspelt name is believed (see `Gazetteer.find_commune`)."""
MARGIN = 0.01
"""Names that fit less than the best one by more are other names of a commune, or its former ones."""
ARTICLES = frozenset({"le", "la", "les", "l"})


class Ville(NamedTuple):
    """A commune named at some words. `sure` is False for one that may as well be a surname or a French word.

    `homonymes` are the others of the same name, when nothing tells which is meant; `possibles` all that may be called
    so, former names too: a postal code tells. `score` is below 1 for a misspelt name.
    """

    words: int
    commune: Commune
    sure: bool
    homonymes: tuple[Commune, ...] = ()
    possibles: tuple[Commune, ...] = ()
    score: float = 1.0


class Villes:
    """Reads communes; those of the territory are preferred, then those where the base has a lieu, then the larger."""

    def __init__(self, communes: Gazetteer, territoire: Collection[str], inhabited: Collection[str]) -> None:
        self._communes = communes
        self._territoire = frozenset(territoire)
        self._inhabited = frozenset(inhabited)
        self._misspelt = lru_cache(maxsize=4096)(self._read_misspelt)

    def by_code(self, code_postal: str) -> Commune | None:
        """Return the commune of a postal code: the one with a lieu, or else the largest."""
        named = [Named(commune, 1.0) for commune in self._communes.by_postal_code(code_postal)]
        return self._ranked(named)[0] if named else None

    def at(self, words: Sequence[Token], i: int) -> Ville | None:
        """Return the longest name of a commune that begins at word `i`."""
        for n in range(min(self._communes.longest_name(words[i].word), len(words) - i), 0, -1):
            key = " ".join(token.word for token in words[i : i + n])
            if named := self._communes.called(key, territoire=self._territoire):
                return self._ville(n, key, named)
        return None

    def near(self, words: Sequence[Token]) -> Ville | None:
        """Return the commune whose misspelt name these words are."""
        name = " ".join(token.word for token in words)
        if len(name) < SHORTEST_TYPO or self._communes.is_ordinary(name):
            return None
        score, commune = self._misspelt(name)
        return Ville(len(words), commune, sure=True, score=score) if commune else None

    def _ville(self, n: int, key: str, named: Sequence[Named]) -> Ville:
        first, *others = self._ranked(named)
        core = [word for word in key.split() if word not in ARTICLES]
        local = first.departement in self._territoire
        one_word, people = len(core) == 1, first.population or 0
        ordinary = one_word and (self._communes.is_ordinary(core[0]) or len(core[0]) < 3) and people < LARGE_TOWN
        sure = not ordinary and (local or not one_word or people >= KNOWN_TOWN)
        rivals = tuple(other for other in others if self._rank(other)[:2] == self._rank(first)[:2])
        possibles = tuple(one.commune for one in named)
        return Ville(n, first, sure, rivals if key == fold(first.nom) else (), possibles)

    def _ranked(self, named: Sequence[Named]) -> list[Commune]:
        best = max((one.quality for one in named), default=0.0)
        official = [one for one in named if one.quality >= best - MARGIN] or named
        return sorted({one.commune.insee: one.commune for one in official}.values(), key=self._rank)

    def _rank(self, commune: Commune) -> tuple[bool, bool, int, str]:
        local, inhabited = commune.departement in self._territoire, commune.insee in self._inhabited
        return not local, not inhabited, -(commune.population or 0), commune.insee

    def _read_misspelt(self, name: str) -> tuple[float, Commune | None]:
        match = self._communes.find_commune(name, territoire=self._territoire, limit=1)
        found = [(one.score, one.commune) for one in match.candidates if one.score >= SURE]
        for key, likeness in read_through(name, self._spellings):
            found += [(likeness, commune) for commune in self._ranked(self._communes.called(key))[:1]]
        return max(found, key=lambda one: (one[0], one[1].population or 0)) if found else (0.0, None)

    @cached_property
    def _spellings(self) -> Spellings:
        """The names of the communes where there is a lieu."""
        known = map(self._communes.by_insee, sorted(self._inhabited))
        names = {fold(nom) for commune in known if commune for nom in (commune.nom, *commune.noms)}
        return Spellings(sorted(names))
