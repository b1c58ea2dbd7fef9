"""A `Consultation` made ready to be answered: each criterion with what it is measured by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge.annuaire.consultation import Consultation, Critere, Sorte
from knowledge.annuaire.moments import Moment, moment_of
from knowledge.annuaire.vocabulaire import FILTRES, Filtre, Vocabulaire
from knowledge.communes import Commune
from knowledge.demande import Demande
from knowledge.needs import Need
from knowledge.snapshot import Knowledge

PUBLICS, PRISE_EN_CHARGE = "publics_specifiquement_adresses", "prise_en_charge_specifique"

Point = tuple[float, float]
Mesure = Filtre | Need | Moment
"""What tells whether a lieu has what a criterion asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is looked for.

    `is_placed`: a commune is asked for, and nothing was dropped or left that may have been another one. `origin`: where
    distances are counted from; `center`: around what lieux are looked for.
    """

    now: datetime
    mesures: tuple[tuple[Critere, Mesure], ...]
    commune: Commune | None
    is_placed: bool
    origin: Point | None
    center: Point | None
    nom: Critere | None
    telephone: Critere | None

    @property
    def need(self) -> Need | None:
        """The first need, None when none is asked."""
        return next((mesure for _, mesure in self.mesures if isinstance(mesure, Need)), None)

    @property
    def moment(self) -> Moment | None:
        return next((mesure for _, mesure in self.mesures if isinstance(mesure, Moment)), None)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all is asked."""
        return not (self.mesures or self.commune or self.nom or self.telephone)

    def demande(self) -> Demande:
        """Return the same as a request, as far as a request can say it."""
        filtres = [mesure for _, mesure in self.mesures if isinstance(mesure, Filtre)]
        latitude, longitude = self.origin if self.origin and self.origin != self.center else (None, None)
        return Demande(
            need=self.need.id if self.need else None,
            insee=self.commune.insee if self.commune else None,
            latitude=latitude,
            longitude=longitude,
            publics=_values(filtres, PUBLICS),
            prise_en_charge=_values(filtres, PRISE_EN_CHARGE),
        )


def _values(filtres: Sequence[Filtre], column: str) -> tuple[str, ...]:
    return tuple(value for filtre in filtres if len(values := filtre.colonnes.get(column, ())) == 1 for value in values)


def ask(
    consultation: Consultation, now: datetime, origin: Point | None, knowledge: Knowledge, vocabulaire: Vocabulaire
) -> Question:
    """Return what a query asks; `now` is on a French clock."""
    by_sorte = {critere.sorte: critere for critere in reversed(consultation.criteres)}
    place = by_sorte.get(Sorte.COMMUNE)
    commune = knowledge.communes.by_insee(place.valeur) if place else None
    center = commune.point if commune else origin
    return Question(
        now=now,
        mesures=tuple(
            (critere, mesure)
            for critere in consultation.criteres
            if (mesure := _mesure(critere, now, knowledge, vocabulaire))
        ),
        commune=commune,
        is_placed=commune is not None and not (consultation.incompris or consultation.ecartes),
        origin=origin or center,
        center=center,
        nom=by_sorte.get(Sorte.NOM),
        telephone=by_sorte.get(Sorte.TELEPHONE),
    )


def _mesure(critere: Critere, now: datetime, knowledge: Knowledge, vocabulaire: Vocabulaire) -> Mesure | None:
    if critere.sorte in FILTRES:
        return vocabulaire.filtres.get((critere.sorte, critere.valeur))
    if critere.sorte is Sorte.BESOIN:
        return knowledge.needs.get(critere.valeur)
    if critere.sorte is Sorte.MOMENT:
        return moment_of(critere.valeur, now, vocabulaire)
    return None
