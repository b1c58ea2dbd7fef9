"""`CommuneTable`: the rows of communes as texts, each made a `Commune` when somebody first asks for it.

35 000 objects would take a third of a second of every start, and a conversation meets a handful of them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, Self, overload

from knowledge.communes.model import Commune


class Row(NamedTuple):
    """A line of `communes.csv`, all texts; "" is unknown; several values are separated by a bar."""

    insee: str
    nom: str
    codes_postaux: str
    departement: str
    epci: str
    population: str
    latitude: str
    longitude: str
    approximate: str
    noms: str

    @property
    def inhabitants(self) -> int:
        """The population, 0 when it is unknown."""
        return int(self.population or 0)

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude, when they are known."""
        return (float(self.latitude), float(self.longitude)) if self.latitude and self.longitude else None


class CommuneTable(Sequence[Commune]):
    """The communes of a table, in its order."""

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        """Take the rows of `communes.csv` or others made like them."""
        self.rows: list[Row] = list(map(Row._make, rows))
        self._made: dict[int, Commune] = {}

    @classmethod
    def of(cls, communes: Iterable[Commune]) -> Self:
        """Return the table of communes that exist already."""
        return cls(map(_row, communes))

    def inside(self, departements: Collection[str]) -> list[int]:
        """Return the numbers of the communes of these départements, in order."""
        return sorted(number for code in set(departements) for number in self.of_departement.get(code, ()))

    @cached_property
    def of_departement(self) -> Mapping[str, Sequence[int]]:
        """The numbers of the communes of each département."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self.rows):
            found[row.departement].append(number)
        return dict(found)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Commune]:
        return map(self.__getitem__, range(len(self)))

    @overload
    def __getitem__(self, number: int) -> Commune: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Commune]: ...

    def __getitem__(self, number: int | slice) -> Commune | Sequence[Commune]:
        """Return the commune of a row, always the same object."""
        if isinstance(number, slice):
            return [self[i] for i in range(len(self))[number]]
        if number not in self._made:
            self._made[number] = _commune(self.rows[number])
        return self._made[number]


def _commune(row: Row) -> Commune:
    insee, nom, codes, departement, epci, population, latitude, longitude, approximate, noms = row
    return Commune(
        insee,
        nom,
        _values(codes),
        departement,
        epci or None,
        int(population) if population else None,
        float(latitude) if latitude else None,
        float(longitude) if longitude else None,
        bool(approximate),
        _values(noms),
    )


def _row(commune: Commune) -> Sequence[str]:
    return (
        commune.insee,
        commune.nom,
        "|".join(commune.codes_postaux),
        commune.departement,
        commune.epci or "",
        _text(commune.population),
        _text(commune.latitude),
        _text(commune.longitude),
        "1" if commune.approximate else "",
        "|".join(commune.noms),
    )


def _values(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _text(value: float | None) -> str:
    return "" if value is None else repr(value)
