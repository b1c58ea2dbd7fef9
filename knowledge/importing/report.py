"""What an import says: how many rows, what was doubtful, what was refused and why."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

from knowledge.fautes import Faute

Keep: TypeAlias = Callable[[Sequence[str], Mapping[str, str]], None]
"""Where refused rows are kept: called with the columns of the file and the cells of a row."""

MAX_DETAILS = 1000
"""Warnings and refusals that a report details, a file; the others are counted, and the refusals file has every row."""


SHOWN = 5
"""Refusals and warnings that the French lines show, a column."""


class ImportImpossible(Faute):
    """An import that cannot be done at all: which file, why, what was expected."""


@dataclass(frozen=True, slots=True)
class Avertissement:
    """Something doubtful. `ligne` is the first where it was met (1 is the header), `fois` how many rows have it."""

    fichier: str
    ligne: int
    colonne: str
    valeur: str
    message: str
    fois: int = 1


@dataclass(frozen=True, slots=True)
class Refus:
    """A row that was not imported."""

    fichier: str
    ligne: int
    colonne: str
    valeur: str
    motif: str


@dataclass(slots=True)
class Report:
    """The outcome of an import command.

    read = added + updated + unchanged + duplicates + outdated + refused. `duplicates` are rows whose id stands in
    a fresher row of the same command, `outdated` those older than the row of the base. `removed` are rows taken
    out of the base: cancelled sessions, and `demonstration` ones when real ones arrive.
    """

    kind: str
    dry_run: bool = False
    fichiers: list[str] = field(default_factory=list)
    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    outdated: int = 0
    refused: int = 0
    removed: int = 0
    demonstration: int = 0
    warnings: list[Avertissement] = field(default_factory=list)
    more_warnings: int = 0
    refusals: list[Refus] = field(default_factory=list)
    refusal_files: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether the import changes the base."""
        return bool(self.added or self.updated or self.removed or self.demonstration)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON types."""
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """Yield the report as French lines."""
        yield f"{', '.join(self.fichiers)} : {_count(self.read, 'ligne lue', 'lignes lues')}."
        yield (
            f"{_count(self.added, 'ajoutée', 'ajoutées')}, {_count(self.updated, 'mise à jour', 'mises à jour')}, "
            f"{_count(self.unchanged, 'inchangée', 'inchangées')}, {_count(self.refused, 'refusée', 'refusées')}."
        )
        if self.duplicates:
            yield f"{_count(self.duplicates, 'ligne', 'lignes')} en double : la plus récente est gardée."
        if self.outdated:
            older = _count(self.outdated, "ligne plus ancienne", "lignes plus anciennes")
            yield f"{older} que la base : la base est gardée."
        if self.removed:
            yield f"{_count(self.removed, 'ligne annulée : retirée', 'lignes annulées : retirées')} de la base."
        if self.demonstration:
            yield f"{_count(self.demonstration, 'ligne fictive', 'lignes fictives')} : la démonstration est retirée."
        yield from _some("Refus", [(r.colonne, f"{_where(r)} : {r.motif}") for r in self.refusals])
        yield from (f"Lignes refusées et leur motif : {name}" for name in self.refusal_files)
        said = [(w.colonne, f"{_where(w)} : {w.message}{f' ({w.fois} fois)' * (w.fois > 1)}") for w in self.warnings]
        yield from _some("Avertissement", said)
        if self.more_warnings:
            yield f"Et {self.more_warnings} autres avertissements."
        if self.dry_run:
            yield "Essai seulement : la base n'a pas changé."


def _some(title: str, said: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield a few lines a column: a screen of them is read, seven hundred are not."""
    by_column: dict[str, list[str]] = {}
    for column, line in said:
        by_column.setdefault(column, []).append(line)
    for column, lines in by_column.items():
        yield from (f"{title} : {line}" for line in lines[:SHOWN])
        if len(lines) > SHOWN:
            about = f" sur {column}" if column else ""
            yield f"{title} : et {len(lines) - SHOWN} de plus{about} (tous avec --json)."


def _where(said: Avertissement | Refus) -> str:
    place = f"{said.fichier}, ligne {said.ligne}" if said.ligne else said.fichier
    shown = said.valeur if len(said.valeur) <= 80 else f"{said.valeur[:79]}…"
    return place + (f", {said.colonne}" if said.colonne else "") + (f" « {' '.join(shown.split())} »" if shown else "")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {many if number > 1 else one}"


class Notes:
    """What is said of one file while it is read. The same remark on the same value is kept once, with its number."""

    def __init__(self, fichier: str, keep: Keep | None = None) -> None:
        self.fichier = fichier
        self.columns: Sequence[str] = ()
        self._keep = keep
        self.refused = 0
        self.refusals: list[Refus] = []
        self._first: dict[tuple[str, str, str], int] = {}
        self._times: dict[tuple[str, str, str], int] = {}
        self._more = 0

    def warn(self, ligne: int, colonne: str, valeur: str, message: str) -> None:
        """Note something doubtful."""
        key = (colonne, valeur, message)
        if key in self._first:
            self._times[key] += 1
        elif len(self._first) < MAX_DETAILS:
            self._first[key], self._times[key] = ligne, 1
        else:
            self._more += 1

    def refuse(self, ligne: int, colonne: str, valeur: str, motif: str, cells: Mapping[str, str] | None = None) -> None:
        """Note a refused row and write it, with its reason, where refused rows are kept.

        A row that could not be cut into cells has none: it is then kept whole, beside the reason.
        """
        self.refused += 1
        if self._keep:
            reason = motif if cells else f"{motif} : {valeur}"
            self._keep(self.columns, {**(cells or {}), "ligne": str(ligne), "colonne": colonne, "motif": reason})
        if len(self.refusals) < MAX_DETAILS:
            self.refusals.append(Refus(self.fichier, ligne, colonne, valeur, motif))

    def warnings(self) -> list[Avertissement]:
        """Return the doubts noted, in the order of their first row."""
        return [Avertissement(self.fichier, ligne, *key, self._times[key]) for key, ligne in self._first.items()]

    def tell(self, report: Report) -> None:
        """Add these remarks to the report."""
        report.refusals += self.refusals
        report.warnings += self.warnings()
        report.more_warnings += self._more
