"""The index of all names: which communes a folded name may mean, and how well it names each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from knowledge.communes.model import Commune
from knowledge.communes.text import fold

OFFICIAL, OTHER, SHORT = 1.0, 0.98, 0.92
"""How well a name names a commune: its official name; another whole name; the first words of its name."""
ARTICLES = frozenset({"le", "la", "les", "l"})
LINKS = frozenset({"de", "d", "du", "des", "en", "et", "l", "la", "le", "les", "sur", "sous", "saint", "sainte"})


class Named(NamedTuple):
    """A commune that a name may mean."""

    commune: Commune
    quality: float


class LocalNames(NamedTuple):
    """The names of a territory, for the reading of typos: `compact[i]` is `names[i]` without spaces."""

    names: Sequence[str]
    compact: Sequence[str]


class NameIndex:
    """All names of all communes, folded."""

    def __init__(
        self, communes: Sequence[Commune], by_postal_code: Mapping[str, tuple[Commune, ...]]
    ) -> None:
        self.by_postal_code = by_postal_code
        self._communes = communes
        self._named: dict[str, tuple[Named, ...]] = {}
        self.longest: dict[str, int] = {}
        """First word of a name → number of words of the longest name that begins with it."""
        found: dict[str, dict[str, Named]] = defaultdict(dict)
        for commune in communes:
            for key, quality in _names_of(commune):
                if key and quality > found[key].get(commune.insee, (commune, 0.0))[1]:
                    found[key][commune.insee] = Named(commune, quality)
        for key, named in found.items():
            self._named[key] = tuple(named.values())
            first, words = key.split(" ", 1)[0], key.count(" ") + 1
            if words > self.longest.get(first, 0):
                self.longest[first] = words
        self.local = lru_cache(maxsize=8)(self._local)

    def exact(self, key: str) -> tuple[Named, ...]:
        """Return what a folded name may mean."""
        return self._named.get(key, ())

    def _local(self, territoire: frozenset[str]) -> LocalNames:
        names = [
            key for key, named in self._named.items() if any(n.commune.departement in territoire for n in named)
        ]
        return LocalNames(names, [name.replace(" ", "") for name in names])


def _names_of(commune: Commune) -> Iterator[tuple[str, float]]:
    for name, quality in ((commune.nom, OFFICIAL), *((nom, OTHER) for nom in commune.noms)):
        key = fold(name)
        yield key, quality
        first, _, rest = key.partition(" ")
        if rest and first in ARTICLES:
            yield rest, quality - 0.01
