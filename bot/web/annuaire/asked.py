"""What an address of the look-up asks, and how such an address is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from multidict import MultiMapping

from knowledge.annuaire.consultation import Critere, Sorte

PAGE = "/annuaire"
WORDS, NUMBER = "q", "page"
MAX_FILTRES = 30
"""Filters read: more than there are kinds and values on one page."""
LONGEST = 100
"""Characters of a filter: no code is longer."""
MAX_DIGITS = 6

Filtre = tuple[str, str]
"""A filter: kind and code."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as an address has it: the words, the filters, and which page of lieux (the first is 1)."""

    texte: str = ""
    filtres: tuple[Filtre, ...] = ()
    page: int = 1

    @property
    def empty(self) -> bool:
        """Whether nothing is asked."""
        return not self.texte.strip() and not self.filtres


def read_asked(query: MultiMapping[str]) -> Asked:
    """Read the parameters of an address; what is no parameter of ours is not read."""
    return Asked(query.get(WORDS, ""), read_filtres(query), max(1, whole(query.get(NUMBER, "")) or 1))


def read_filtres(query: MultiMapping[str]) -> tuple[Filtre, ...]:
    """Return the filters of an address, each once."""
    found = [(sorte.value, valeur[:LONGEST]) for sorte in Sorte for valeur in query.getall(sorte.value, []) if valeur]
    return tuple(dict.fromkeys(found))[:MAX_FILTRES]


def whole(text: str) -> int | None:
    """Return the number that some ASCII digits write, None for anything else; what is huge is only large."""
    if not (text.isascii() and text.isdecimal()):
        return None
    digits = text.lstrip("0") or "0"
    return int(digits) if len(digits) <= MAX_DIGITS else 10**MAX_DIGITS


def address(texte: str, filtres: Iterable[Filtre] = (), page: int = 1) -> str:
    """Return the address that asks this."""
    asked = [(WORDS, texte)] if texte.strip() else []
    asked += filtres
    if page > 1:
        asked.append((NUMBER, str(page)))
    return f"{PAGE}?{urlencode(asked, errors='replace')}" if asked else PAGE


def kept(filtres: Iterable[Filtre], criteres: Iterable[Critere]) -> tuple[Filtre, ...]:
    """Return the filters that were taken into account, without those that were dropped."""
    taken = {(critere.sorte.value, critere.valeur) for critere in criteres}
    return tuple(filtre for filtre in filtres if filtre in taken)
