"""`Gazetteer`: a table of communes in memory, by code, by postal code, by position and by name."""

import csv
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from knowledge.communes.mentions import scan
from knowledge.communes.model import Commune, CommuneMatch, Mention
from knowledge.communes.names import Named, NameIndex
from knowledge.communes.search import find
from knowledge.communes.table import CommuneTable, Row
from knowledge.communes.text import fold_all

DEFAULT_TERRITOIRE = ("64",)
KEYS_FILE = "communes_cles.txt"
NOWHERE = -1


class Gazetteer:
    """The communes. Nothing changes after construction; indexes are built at first use."""

    def __init__(self, communes: Iterable[Commune], keys: Callable[[], Mapping[str, str]] | None = None) -> None:
        """Take the communes of any table (see `with_known_names` for a table that has only official names).

        `keys` reads what `names.written_keys` would compute from it.
        """
        self.communes: CommuneTable = communes if isinstance(communes, CommuneTable) else CommuneTable.of(communes)
        self._numbers = {row.insee: number for number, row in enumerate(self.communes.rows)}
        self._keys = keys
        self.by_postal_code = lru_cache(maxsize=8192)(self._with_postal_code)

    def __len__(self) -> int:
        return len(self.communes)

    def by_insee(self, insee: str) -> Commune | None:
        """Return the commune of an INSEE code, or None."""
        number = self._numbers.get(insee)
        return None if number is None else self.communes[number]

    def of_departements(self, codes: Collection[str]) -> list[Commune]:
        """Return the communes of these départements."""
        return [self.communes[number] for number in self.communes.inside(codes)]

    def _with_postal_code(self, code_postal: str) -> tuple[Commune, ...]:
        """Return the communes of a postal code (five digits), most populous first."""
        found = [self.communes[number] for number in self._by_postal_code.get(code_postal, ())]
        return tuple(sorted(found, key=lambda commune: -(commune.population or 0)))

    def of_address(self, nom: str, code_postal: str, insee: str | None) -> Row | None:
        """Return the commune of an address: of that name at that postal code, else by INSEE code, else the only one.

        The name may have any case, accents and hyphens.
        """
        return self.of_addresses([nom], [code_postal], [insee])[0]

    def of_addresses(
        self, noms: Sequence[str], codes_postaux: Sequence[str], insees: Sequence[str | None]
    ) -> list[Row | None]:
        """Return the commune of each of many addresses. Names are folded together, and only where it can matter."""
        found = list(map(self._as_written, noms, codes_postaux, insees))
        unread = [i for i, number in enumerate(found) if number is None]
        for i, key in zip(unread, fold_all(noms[i] for i in unread), strict=True):
            there = self._by_postal_code[codes_postaux[i]]
            called = (number for number in self._names.official(key) if number in there)
            found[i] = next(called, self._numbers.get(insees[i] or "", NOWHERE))
        rows = self.communes.rows
        return [None if number is None or number == NOWHERE else rows[number] for number in found]

    def _as_written(self, nom: str, code_postal: str, insee: str | None) -> int | None:
        """Return the number of the commune of an address, or `NOWHERE`; None: it depends on how the name is folded."""
        rows, own = self.communes.rows, self._numbers.get(insee or "", NOWHERE)
        there = self._by_postal_code.get(code_postal, ())
        if own in there and rows[own].nom == nom:
            return own
        for number in there:
            if rows[number].nom == nom:
                return number
        if len(there) == 1 and own in (NOWHERE, there[0]):
            return there[0]
        return None if there else own

    def nearest(self, latitude: float, longitude: float) -> Commune:
        """Return the commune whose point is nearest; of those at the same point, one that is really there.

        Raises ValueError when no commune has coordinates.
        """
        points, numbers = self._points
        if not numbers:
            raise ValueError("aucune commune de la table n'a de coordonnées")
        x, y, z = _unit_vectors(np.array([latitude]), np.array([longitude]))[0]
        return self.communes[numbers[int(np.argmax(points @ np.array([x, y, z])))]]

    def within_box(self, south: float, west: float, north: float, east: float, at_most: int) -> list[Commune]:
        """Return the most populous communes between these degrees, without those whose point is approximate."""
        points, numbers = self._points
        latitudes, longitudes = np.degrees(np.arcsin(points[:, 2])), np.degrees(np.arctan2(points[:, 1], points[:, 0]))
        inside = (south <= latitudes) & (latitudes <= north) & (west <= longitudes) & (longitudes <= east)
        found = (self.communes[numbers[place]] for place in np.flatnonzero(inside)[:at_most])
        return [commune for commune in found if not commune.approximate]

    def find_commune(
        self, text: str, *, territoire: Collection[str] = DEFAULT_TERRITOIRE, limit: int = 5
    ) -> CommuneMatch:
        """Read a text that is only a place, as an answer to "Dans quelle commune ?".

        `territoire` holds the département codes that are preferred. At most `limit` candidates.
        """
        return find(self._names, text, territoire=frozenset(territoire), limit=limit)

    def called(self, name: str, *, territoire: Collection[str] = DEFAULT_TERRITOIRE) -> tuple[Named, ...]:
        """Return what a folded name (`text.fold`) may mean: a whole one, or a short one of the territory."""
        return self._names.named_in(frozenset(territoire)).get(name) or self._names.exact(name)

    def longest_name(self, word: str) -> int:
        """Return the number of words of the longest name that begins with a folded word, 1 when there is none."""
        return self._names.longest(word)

    def is_ordinary(self, word: str) -> bool:
        """Tell whether a folded word is a French word too: alone, it is hardly the name of a commune."""
        return word in self._names.ordinary

    def beside(self, territoire: Collection[str] = DEFAULT_TERRITOIRE) -> frozenset[str]:
        """Return the codes of the départements that touch a territory."""
        return self._names.beside(frozenset(territoire))

    def mentions(self, text: str, *, territoire: Collection[str] = DEFAULT_TERRITOIRE) -> tuple[Mention, ...]:
        """Return the places that a whole message names, in its order; they never overlap."""
        return scan(self._names, text, territoire=frozenset(territoire))

    @cached_property
    def _by_postal_code(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self.communes.rows):
            for code in row.codes_postaux.split("|"):
                found[code].append(number)
        found.pop("", None)
        return found

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex(self.communes, self.by_postal_code, self._keys() if self._keys else None)

    @cached_property
    def _points(self) -> tuple[NDArray[np.float64], list[int]]:
        rows = self.communes.rows
        numbers = [number for number, row in enumerate(rows) if row.latitude and row.longitude]
        numbers.sort(key=lambda number: (rows[number].approximate, -rows[number].inhabitants))
        latitudes = np.array([float(rows[number].latitude) for number in numbers])
        longitudes = np.array([float(rows[number].longitude) for number in numbers])
        return _unit_vectors(latitudes, longitudes), numbers


@cache
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer of the package (`knowledge/data/communes.csv`), read once a process."""
    return Gazetteer(CommuneTable(_rows()), _read_keys)


def with_known_names(communes: Iterable[Commune]) -> Iterator[Commune]:
    """Yield the communes of another table with the other names that the package knows, by INSEE code."""
    known = {insee: noms.split("|") for insee, *_, noms in _rows() if noms}
    for commune in communes:
        yield replace(commune, noms=tuple(dict.fromkeys((*commune.noms, *known.get(commune.insee, ())))))


def _rows() -> Iterator[list[str]]:
    with files("knowledge").joinpath("data", "communes.csv").open(encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def _read_keys() -> dict[str, str]:
    """Return the folded names of the package's communes (`scripts/build_gazetteer.py` wrote them with the table)."""
    text = files("knowledge").joinpath("data", KEYS_FILE).read_text(encoding="ascii")
    return dict(line.split("=") for line in text.splitlines())


def _unit_vectors(latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points of the unit sphere: their scalar product orders as the distance does."""
    phi, theta = np.radians(latitudes), np.radians(longitudes)
    return np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=1)
