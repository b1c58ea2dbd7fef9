"""Faults of the flow files: what is said to the person who writes the flows, located, in French."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

CLOSE_ENOUGH = 70
"""Similarity (0 to 100) from which a known name is suggested for an unknown one."""


@dataclass(frozen=True, slots=True, order=True)
class FlowError:
    """One fault. `ligne` counts from 1 (0: of the whole file, or of no file).

    An `avertissement` does not prevent the flows from being played.
    """

    fichier: str
    ligne: int
    message: str
    avertissement: bool = False

    def __str__(self) -> str:
        kind = "avertissement : " if self.avertissement else ""
        place = f"{self.fichier}:{self.ligne}" if self.ligne else self.fichier
        return f"{place}: {kind}{self.message}"


class FlowErrors(Exception):
    """All the faults that prevent the flows from being played, in file and line order."""

    def __init__(self, errors: Iterable[FlowError]) -> None:
        self.errors = sorted(errors)
        super().__init__("\n".join(map(str, self.errors)))


class FlowFault(Exception):
    """A flow or an action did, while it was played, what it must not do. Names only, never values."""


class Faults:
    """The faults found so far, and the file being read."""

    def __init__(self) -> None:
        self.found: list[FlowError] = []
        self.fichier = ""

    def add(self, ligne: int, message: str, *, warning: bool = False) -> None:
        """Add a fault of the file being read, once: what an anchor repeats stands at one place."""
        fault = FlowError(self.fichier, ligne, message, warning)
        if fault not in self.found:
            self.found.append(fault)


def unknown(what: str, name: str, known: Collection[str]) -> str:
    """Say that `name` is unknown, with the nearest known name: « étape inconnue « x » (vouliez-vous dire…) »."""
    best = process.extractOne(name, sorted(known), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=CLOSE_ENOUGH)
    return f"{what} « {name} »" + (f" (vouliez-vous dire « {best[0]} » ?)" if best else "")
