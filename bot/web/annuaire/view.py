"""What was asked and found as the page shows it: chips, filters with their counts, pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.web.annuaire.asked import Filtre, address, kept
from knowledge.annuaire.consultation import Critere, Facette, Resultat, Sorte

TITLES = {
    Sorte.BESOIN: "Besoin",
    Sorte.SERVICE: "Service",
    Sorte.LABEL: "Label",
    Sorte.PUBLIC: "Public",
    Sorte.ACCES: "Accès",
    Sorte.FRAIS: "Prix",
    Sorte.MOMENT: "Ouvert",
    Sorte.COMMUNE: "Commune",
    Sorte.NOM: "Nom",
    Sorte.TELEPHONE: "Téléphone",
}
LIEUX_A_PAGE = 10
MOST_OPTIONS = 8
"""Filters of one kind shown: those that most lieux would stay with, and those that are chosen."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A criterion: `address` asks the same without it."""

    title: str
    libelle: str
    address: str


@dataclass(frozen=True, slots=True)
class Option:
    """A filter that can be ticked."""

    id: str
    valeur: str
    libelle: str
    nombre: int
    choisie: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The filters of one kind; `name` is their parameter."""

    name: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found. `hidden`: filters that are kept though the page shows no box for them."""

    resultat: Resultat
    chips: tuple[Chip, ...]
    groups: tuple[Group, ...]
    hidden: tuple[Filtre, ...]
    texte: str
    first: int
    page: int
    pages: int
    before: str | None
    after: str | None

    @property
    def said(self) -> str:
        """How many lieux were found, as it is read aloud."""
        total = self.resultat.total
        if not total:
            return "Aucun lieu trouvé"
        return "1 lieu trouvé" if total == 1 else f"{total} lieux trouvés"


def found_of(resultat: Resultat, filtres: Sequence[Filtre], page: int) -> Found:
    """Return what the page shows of a result; `page` counts from 1 and exists."""
    consultation = resultat.consultation
    filtres = kept(filtres, consultation.criteres)
    groups = tuple(_groups(resultat.facettes, filtres))
    shown = {(group.name, option.valeur) for group in groups for option in group.options}
    pages = pages_of(resultat.total)
    return Found(
        resultat=resultat,
        chips=tuple(_chip(resultat, one, filtres) for one in consultation.criteres),
        groups=groups,
        hidden=tuple(filtre for filtre in filtres if filtre not in shown),
        texte=consultation.texte,
        first=(page - 1) * LIEUX_A_PAGE + 1,
        page=page,
        pages=pages,
        before=address(consultation.texte, filtres, page - 1) if page > 1 else None,
        after=address(consultation.texte, filtres, page + 1) if page < pages else None,
    )  # fmt: skip


def pages_of(total: int) -> int:
    """Return how many pages so many lieux fill, at least 1."""
    return max(1, -(-total // LIEUX_A_PAGE))


def _chip(resultat: Resultat, critere: Critere, filtres: Sequence[Filtre]) -> Chip:
    """Return a criterion; without it, the same query lacks its words, or its filter."""
    texte = resultat.consultation.sans(critere) if critere.mots else resultat.consultation.texte
    others = [filtre for filtre in filtres if filtre != (critere.sorte.value, critere.valeur)]
    return Chip(TITLES[critere.sorte], critere.libelle, address(texte, others))


def _groups(facettes: Iterable[Facette], filtres: Sequence[Filtre]) -> Iterable[Group]:
    """Yield the filters by kind. What the words ask for has no box: clearing it would contradict them."""
    boxes: dict[Sorte, list[Facette]] = {}
    for one in facettes:
        if not one.choisie or (one.sorte.value, one.valeur) in filtres:
            boxes.setdefault(one.sorte, []).append(one)
    for sorte in sorted(boxes, key=list(TITLES).index):
        most = sorted(boxes[sorte], key=lambda one: (not one.choisie, -one.nombre))[:MOST_OPTIONS]
        options = (_option(one) for one in boxes[sorte] if one in most)
        yield Group(sorte.value, TITLES[sorte], tuple(options))


def _option(facette: Facette) -> Option:
    name = f"{facette.sorte.value}-{facette.valeur}"
    return Option(name, facette.valeur, facette.libelle, facette.nombre, facette.choisie)
