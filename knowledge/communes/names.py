"""The index of all names: which communes a folded name may mean, and how well it names each."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import NamedTuple

from knowledge.communes.model import Commune
from knowledge.communes.table import CommuneTable, Row
from knowledge.communes.text import fold, fold_all
from knowledge.communes.typos import Spellings, read_through, sound_of

OFFICIAL, OTHER, SHORT = 1.0, 0.98, 0.92
"""How well a name names a commune: its official name; another whole name; the first words of its name."""
POPULOUS = 2000
"""Inhabitants from which a commune outside the territory is thought of behind a typing error."""
ARTICLES = frozenset({"le", "la", "les", "l", "los", "el"})
LINKS = frozenset(
    {"de", "d", "du", "des", "en", "et", "l", "la", "le", "les", "sur", "sous", "saint", "sainte", "a", "au"}
)
"""Words that are not the start of a name by themselves ("Saint", "La")."""

BESIDE_DEGREES = 0.15
"""Degrees of latitude or longitude (some 15 km) within which a commune is beside another one."""
SHORTEST_TYPO = 5
SHORTEST_SOUND = 4
ALIKE = 0.85
"""Quality of a name that only sounds like what was written."""
LIKELIHOODS = ((5_000, 1.0), (1_000, 0.97), (500, 0.94), (0, 0.9))
"""Least inhabitants → weight of a commune behind a typing error: "Anget" is Anglet rather than Arget."""
SAINTS = ("saint", "sainte")


class Named(NamedTuple):
    """A commune that a name may mean."""

    commune: Commune
    quality: float


class LocalNames(NamedTuple):
    """The names of a territory, whole and short ("Salies" for "Salies-de-Béarn")."""

    named: Mapping[str, tuple[Named, ...]]
    firsts: frozenset[str]
    """The first words of the names."""
    spellings: Spellings
    words: Spellings
    """The names of one word, at least `SHORTEST_TYPO` letters."""
    saints: Mapping[str, Spellings]
    """ "saint" and "sainte" → what follows them in the names that begin so."""
    sounds: Mapping[str, Sequence[str]]
    """Sound → the names that sound so."""

    def sounding_like(self, name: str) -> list[Named]:
        """Return what a name spelt by ear may mean."""
        sound = sound_of(name)
        keys = self.sounds.get(sound, ()) if len(sound) >= SHORTEST_SOUND else ()
        return [Named(commune, quality * ALIKE) for key in keys for commune, quality in self.named[key]]

    def misspelt(self, name: str, spellings: Spellings, *, after: str = "") -> list[Named]:
        """Return what a misspelt name may mean; `after` are the words before it that are right ("saint ")."""
        read = ((f"{after}{key}", likeness) for key, likeness in read_through(name, spellings))
        return [meant(named, likeness) for key, likeness in read for named in self.named[key]]


Meanings = dict[str, tuple[tuple[int, float], ...]]
"""Folded name → the rows of the communes that it may mean, and how well it names each."""


class NameIndex:
    """All names of all communes, folded."""

    def __init__(
        self,
        communes: CommuneTable,
        by_postal_code: Callable[[str], tuple[Commune, ...]],
        keys: Mapping[str, str] | None = None,
    ) -> None:
        """`keys` are those of the table as `written_keys` gives them, when they are known already."""
        self.by_postal_code = by_postal_code
        self.longest = lru_cache(maxsize=8192)(self._longest)
        self.local = lru_cache(maxsize=8)(self._local)
        self.named_in = lru_cache(maxsize=8)(self._named_in)
        self.beside = lru_cache(maxsize=8)(self._beside)
        self._communes = communes
        self._keys = written_keys(communes) if keys is None else keys

    @cached_property
    def departements(self) -> frozenset[str]:
        """The codes of the départements of the table."""
        return frozenset(self._communes.of_departement)

    def _beside(self, territoire: frozenset[str]) -> frozenset[str]:
        """Return the codes of the départements that touch a territory."""
        rows = self._communes.rows
        inside = {_cell(rows[number]) for number in self._communes.inside(territoire) if rows[number].latitude}
        around = {(x + i, y + j) for x, y in inside for i in (-1, 0, 1) for j in (-1, 0, 1)}
        south, north = min(around, default=(0, 0))[0], max(around, default=(0, 0))[0]
        level = [row for row in rows if row.latitude and south <= float(row.latitude) // BESIDE_DEGREES <= north]
        return frozenset({row.departement for row in level if _cell(row) in around} - territoire)

    def exact(self, key: str) -> tuple[Named, ...]:
        """Return what a folded whole name may mean."""
        written = (meaning.split(":") for meaning in self._keys.get(key, "").split())
        return tuple(Named(self._communes[int(number)], int(quality) / 100) for number, quality in written)

    def official(self, key: str) -> list[int]:
        """Return the rows of the communes whose official name is this one, folded."""
        written = (meaning.split(":") for meaning in self._keys.get(key, "").split())
        return [int(number) for number, quality in written if quality == "100"]

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def beginning_with(self, key: str) -> list[Named]:
        """Return the larger communes whose name begins with these whole words and goes on."""
        found = [named for name in self._longer(key) for named in self.populous_named(name)]
        return [Named(commune, SHORT * quality) for commune, quality in found]

    def _longest(self, word: str) -> int:
        """Return the number of words of the longest name that begins with a word (1 when there is none)."""
        return max((name.count(" ") + 1 for name in self._longer(word)), default=1)

    def _longer(self, key: str) -> Sequence[str]:
        """Return the names that begin with these whole words and go on."""
        return self._sorted[bisect_left(self._sorted, f"{key} ") : bisect_left(self._sorted, f"{key}!")]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._keys)

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """The folded French words that are the name of a commune or nearly so (scripts/build_ordinary_words.py)."""
        text = files("knowledge").joinpath("data", "mots_ordinaires.txt").read_text(encoding="ascii")
        return frozenset(text.split())

    def misspelt_town(self, name: str) -> list[Named]:
        """Return the larger communes of the country whose misspelt name this may be."""
        read = read_through(name, self.populous)
        return [meant(named, likeness) for key, likeness in read for named in self.populous_named(key)]

    @cached_property
    def populous(self) -> Spellings:
        """The names of the larger communes of the whole country."""
        rows = self._communes.rows
        large = [number for number, row in enumerate(rows) if row.inhabitants >= POPULOUS]
        named = meanings(rows, large).items()
        return Spellings(key for key, values in named if any(quality > OTHER for _, quality in values))

    def populous_named(self, key: str) -> list[Named]:
        """Return the larger communes whose official name this is."""
        return [n for n in self.exact(key) if n.quality > OTHER and (n.commune.population or 0) >= POPULOUS]

    def _named_in(self, territoire: frozenset[str]) -> Mapping[str, tuple[Named, ...]]:
        """Return what the names of a territory mean, whole and short."""
        named = {
            key: tuple(Named(self._communes[row], quality) for row, quality in values)
            for key, values in meanings(self._communes.rows, self._communes.inside(territoire)).items()
        }
        for key, values in list(named.items()):
            for short in beginnings(key):
                for commune, quality in values:
                    if quality > OTHER:
                        named[short] = add(named.get(short, ()), commune, SHORT)
        return named

    def _local(self, territoire: frozenset[str]) -> LocalNames:
        named = self.named_in(territoire)
        words = [k for k in named if " " not in k and len(k) >= SHORTEST_TYPO]
        sounds: dict[str, list[str]] = defaultdict(list)
        for key, sound in zip(named, sound_of("\n".join(named)).split("\n") if named else (), strict=True):
            sounds[sound].append(key)
        return LocalNames(
            named=named,
            firsts=frozenset(key.split(" ", 1)[0] for key in named),
            spellings=Spellings(list(named)),
            words=Spellings(words),
            saints={s: Spellings(k.removeprefix(f"{s} ") for k in named if k.startswith(f"{s} ")) for s in SAINTS},
            sounds=sounds,
        )


def _cell(row: Row) -> tuple[int, int]:
    return int(float(row.latitude) // BESIDE_DEGREES), int(float(row.longitude) // BESIDE_DEGREES)


def meanings(rows: Sequence[Row], numbers: Sequence[int]) -> Meanings:
    """Return what the names of these rows may mean, in their order; a commune keeps its best quality."""
    numbered = [(number, name, quality) for number in numbers for name, quality in _names_of_row(rows[number])]
    found: Meanings = {}
    for (number, _, quality), folded in zip(numbered, fold_all(name for _, name, _ in numbered), strict=True):
        for key, value in forms(folded, quality):
            known = found.get(key)
            if known is None:
                found[key] = ((number, value),)
            elif all(row != number or value > best for row, best in known):
                found[key] = (*((row, best) for row, best in known if row != number), (number, value))
    return found


def written_keys(communes: CommuneTable) -> dict[str, str]:
    """Return the folded names of a table: "row:quality" in hundredths of each commune that one may mean."""
    found = meanings(communes.rows, range(len(communes)))
    return {
        key: " ".join(f"{number}:{round(quality * 100)}" for number, quality in found[key]) for key in sorted(found)
    }


def _names_of_row(row: Row) -> Iterator[tuple[str, float]]:
    return names_of(row.nom, row.noms.split("|") if row.noms else ())


def meant(named: Named, likeness: float) -> Named:
    """Return a meaning read through a typing error, weighed by how likely the commune is."""
    population = named.commune.population or 0
    likelihood = next(weight for least, weight in LIKELIHOODS if population >= least)
    return Named(named.commune, named.quality * likeness * likelihood)


def whole_names(commune: Commune) -> Iterator[tuple[str, float]]:
    """Yield the folded names of a commune, with and without their article."""
    for name, quality in names_of(commune.nom, commune.noms):
        yield from forms(fold(name), quality)


def names_of(nom: str, noms: Iterable[str]) -> Iterator[tuple[str, float]]:
    """Yield the official name of a commune and its other names as they are written, with their qualities."""
    yield nom, OFFICIAL
    for other in noms:
        yield other, OTHER


def forms(key: str, quality: float) -> Iterator[tuple[str, float]]:
    """Yield a folded name, then the same without its article."""
    if key:
        yield key, quality
    first, _, rest = key.partition(" ")
    if rest and first in ARTICLES:
        yield rest, quality - 0.01


def beginnings(key: str) -> Iterator[str]:
    """Yield the first words of a name that people use alone: "oloron sainte marie" → "oloron"."""
    words = key.split(" ")
    for n in range(1, len(words)):
        if words[n - 1] not in LINKS:
            yield " ".join(words[:n])


def add(known: tuple[Named, ...], commune: Commune, quality: float) -> tuple[Named, ...]:
    """Return the meanings of a name with one more; a commune keeps its best quality."""
    for named in known:
        if named.commune.insee == commune.insee:
            if named.quality >= quality:
                return known
            return (*(other for other in known if other is not named), Named(commune, quality))
    return (*known, Named(commune, quality))
