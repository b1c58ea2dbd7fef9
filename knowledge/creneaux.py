"""`Creneau`: a training slot (a session with a date), first-class data beside the places."""

from dataclasses import dataclass, field
from datetime import datetime

from knowledge.lieux import Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Creneau:
    """One session.

    `start` and `end` are aware (Europe/Paris unless the publisher says otherwise). `needs` holds ids of
    `needs.yml` (() is "any"). `niveau` is free text ("débutant"). `inscription` says how to register in one
    phrase. `lieu_id` names a `Lieu` of the base where the session is held at one, else the address fields do.
    None is "not said", for seats too.
    """

    id: str
    titre: str
    start: datetime
    end: datetime | None = None
    needs: tuple[str, ...] = ()
    niveau: str | None = None
    places_total: int | None = None
    places_restantes: int | None = None
    lieu_id: str | None = None
    lieu: str | None = None
    adresse: str | None = None
    code_postal: str | None = None
    commune: str | None = None
    code_insee: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    inscription: str | None = None
    telephone: str | None = None
    courriel: str | None = None
    lien: str | None = None
    publics: tuple[str, ...] = ()
    frais: str | None = None
    description: str | None = None
    source: str | None = None
    provenance: Provenance = field(default=Provenance(), compare=False)
