"""`Gazetteer`: a table of communes in memory, by code, by postal code, by position and by name."""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import cache, cached_property
from importlib.resources import files
from sys import intern

import numpy as np
from numpy.typing import NDArray

from knowledge.communes.mentions import scan
from knowledge.communes.model import Commune, CommuneMatch, Mention
from knowledge.communes.names import NameIndex
from knowledge.communes.search import find

DEFAULT_TERRITOIRE = ("64",)
SETTERS = [getattr(Commune, name).__set__ for name in Commune.__slots__]
"""What fills the slots of a commune, in the order of the columns."""


class Gazetteer:
    """The communes. Nothing changes after construction; indexes are built at first use."""

    def __init__(self, communes: Iterable[Commune]) -> None:
        """Take the communes of any table (see `with_known_names` for a table that has only official names)."""
        self.communes: tuple[Commune, ...] = tuple(communes)
        self._by_insee = {commune.insee: commune for commune in self.communes}

    def __len__(self) -> int:
        return len(self.communes)

    def by_insee(self, insee: str) -> Commune | None:
        """Return the commune of an INSEE code, or None."""
        return self._by_insee.get(insee)

    def by_postal_code(self, code_postal: str) -> tuple[Commune, ...]:
        """Return the communes of a postal code (five digits), most populous first."""
        return self._by_postal_code.get(code_postal, ())

    def of_postal_code(self, code_postal: str) -> Commune | None:
        """Return the only commune of a postal code, or None when there are none or several."""
        found = self.by_postal_code(code_postal)
        return found[0] if len(found) == 1 else None

    def nearest(self, latitude: float, longitude: float) -> Commune:
        """Return the commune whose point is nearest; of those at the same point, one that is really there.

        Raises ValueError when no commune has coordinates.
        """
        points, located = self._points
        if not located:
            raise ValueError("aucune commune de la table n'a de coordonnées")
        x, y, z = _unit_vectors(np.array([latitude]), np.array([longitude]))[0]
        return located[int(np.argmax(points @ np.array([x, y, z])))]

    def find_commune(
        self, text: str, *, territoire: Collection[str] = DEFAULT_TERRITOIRE, limit: int = 5
    ) -> CommuneMatch:
        """Read a text that is only a place, as an answer to "Dans quelle commune ?".

        `territoire` holds the département codes that are preferred. At most `limit` candidates.
        """
        return find(self._names, text, territoire=frozenset(territoire), limit=limit)

    def mentions(self, text: str, *, territoire: Collection[str] = DEFAULT_TERRITOIRE) -> tuple[Mention, ...]:
        """Return the places that a whole message names, in its order; they never overlap."""
        return scan(self._names, text, territoire=frozenset(territoire))

    @cached_property
    def _by_postal_code(self) -> dict[str, tuple[Commune, ...]]:
        found: dict[str, list[Commune]] = defaultdict(list)
        for commune in self.communes:
            for code in commune.codes_postaux:
                found[code].append(commune)
        return {c: tuple(sorted(v, key=lambda x: -(x.population or 0))) for c, v in found.items()}

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex(self.communes, self._by_postal_code)

    @cached_property
    def _points(self) -> tuple[NDArray[np.float64], tuple[Commune, ...]]:
        located = [
            (c, c.latitude, c.longitude) for c in self.communes if c.latitude is not None and c.longitude is not None
        ]
        located.sort(key=lambda row: (row[0].approximate, -(row[0].population or 0)))
        points = _unit_vectors(np.array([row[1] for row in located]), np.array([row[2] for row in located]))
        return points, tuple(row[0] for row in located)


@cache
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer of the package (`knowledge/data/communes.csv`), read once a process."""
    return Gazetteer(_read_communes())


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


def _read_communes() -> Iterator[Commune]:
    for insee, nom, codes, departement, epci, population, latitude, longitude, approximate, noms in _rows():
        values = (
            insee, nom, tuple(map(intern, codes.split("|"))) if codes else (), intern(departement),
            intern(epci) if epci else None, int(population) if population else None,
            float(latitude) if latitude else None, float(longitude) if longitude else None,
            bool(approximate), tuple(noms.split("|")) if noms else (),
        )  # fmt: skip
        commune = object.__new__(Commune)  # the constructor of a frozen dataclass takes twice as long
        for setter, value in zip(SETTERS, values, strict=True):
            setter(commune, value)
        yield commune


def _unit_vectors(latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points of the unit sphere: their scalar product orders as the distance does."""
    phi, theta = np.radians(latitudes), np.radians(longitudes)
    return np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=1)
