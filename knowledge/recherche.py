"""`Recherche`: a request read once, with all that ranking needs to know of it."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from knowledge.communes import Commune
from knowledge.demande import Demande
from knowledge.index import Index
from knowledge.labels import Posture
from knowledge.needs import Need
from knowledge.ranking import Delai

RADIUS_KM = 20.0
"""Where the person says nothing: about half an hour by road, the promise made for France Services."""
WIDER = (1, 2, 3)
"""The circles that are tried, in radii."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recherche:
    """What to look for. `posture` is what the scale decided; `commune` is None when its code is not known."""

    demande: Demande
    now: datetime
    delai: Delai
    need: Need | None
    posture: Posture
    commune: Commune | None
    index: Index

    @property
    def origin(self) -> tuple[float, float] | None:
        """Where the person is, in degrees; None when nothing says so."""
        if self.demande.latitude is not None and self.demande.longitude is not None:
            return self.demande.latitude, self.demande.longitude
        return self.commune.point if self.commune else None

    @property
    def where(self) -> Hashable:
        """What tells this request from another one that would look at other lieux, or at other numbers of theirs."""
        asked = self.demande
        place = asked.insee, asked.latitude, asked.longitude
        return self.now, asked.need, place, asked.publics, asked.prise_en_charge, asked.exclude

    @property
    def radii(self) -> list[float]:
        """The circles to try, in km, smallest first; a single one where nothing says where the person is."""
        radius = self.demande.radius_km or RADIUS_KM
        return [radius * factor for factor in WIDER] if self.origin else [radius]

    @property
    def home(self) -> int | None:
        """The number of the person's commune in the index, when it is all that is known of where they are."""
        return None if self.commune is None or self._is_placed else self.index.commune_number(self.commune.insee)

    def home_name(self, row: int) -> str | None:
        """Return the name of the person's own commune where the lieu is in it."""
        here = self.commune is not None and self.index.commune_insee(row) == self.commune.insee
        return self.commune.nom if self.commune and here else None

    @property
    def _is_placed(self) -> bool:
        return self.demande.latitude is not None and self.demande.longitude is not None
