"""`Lieu`: a place of help, in the national data standard, and what the standard lost."""

from dataclasses import dataclass, field, fields
from datetime import date
from typing import NamedTuple

STANDARD_COLUMNS: tuple[str, ...] = (
    "id",
    "pivot",
    "nom",
    "commune",
    "code_postal",
    "code_insee",
    "adresse",
    "complement_adresse",
    "latitude",
    "longitude",
    "typologie",
    "telephone",
    "courriels",
    "site_web",
    "horaires",
    "presentation_resume",
    "presentation_detail",
    "source",
    "itinerance",
    "structure_parente",
    "date_maj",
    "services",
    "publics_specifiquement_adresses",
    "prise_en_charge_specifique",
    "frais_a_charge",
    "dispositif_programmes_nationaux",
    "formations_labels",
    "autres_formations_labels",
    "modalites_acces",
    "modalites_accompagnement",
    "fiche_acces_libre",
    "prise_rdv",
)
"""The 32 columns of the standard v1.0.2, in the order of the official example."""

LIST_COLUMNS: frozenset[str] = frozenset(
    {
        "typologie",
        "courriels",
        "site_web",
        "itinerance",
        "services",
        "publics_specifiquement_adresses",
        "prise_en_charge_specifique",
        "frais_a_charge",
        "dispositif_programmes_nationaux",
        "formations_labels",
        "autres_formations_labels",
        "modalites_acces",
        "modalites_accompagnement",
    }
)


class Provenance(NamedTuple):
    """Where the row was read: `fichier` (name, no path), `ligne` (1 is the header), `format` (v0, v1)."""

    fichier: str = ""
    ligne: int = 0
    format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lieu:
    """One place. The first 32 fields are the standard's, names verbatim; None or () is "not said".

    `postures` holds the postures that the publisher stated (values of `Posture`); it keeps the legacy
    "A ma place", which the current standard folds into "Accompagnement individuel".
    `horaires_brut` is the publisher's free text where there is any: shown as a doubt, never computed with.
    `provenance` does not take part in comparisons: the same facts read twice are the same place.
    """

    id: str
    nom: str
    commune: str
    code_postal: str
    pivot: str | None = None
    code_insee: str | None = None
    adresse: str | None = None
    complement_adresse: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    typologie: tuple[str, ...] = ()
    telephone: str | None = None
    courriels: tuple[str, ...] = ()
    site_web: tuple[str, ...] = ()
    horaires: str | None = None
    presentation_resume: str | None = None
    presentation_detail: str | None = None
    source: str | None = None
    itinerance: tuple[str, ...] = ()
    structure_parente: str | None = None
    date_maj: date | None = None
    services: tuple[str, ...] = ()
    publics_specifiquement_adresses: tuple[str, ...] = ()
    prise_en_charge_specifique: tuple[str, ...] = ()
    frais_a_charge: tuple[str, ...] = ()
    dispositif_programmes_nationaux: tuple[str, ...] = ()
    formations_labels: tuple[str, ...] = ()
    autres_formations_labels: tuple[str, ...] = ()
    modalites_acces: tuple[str, ...] = ()
    modalites_accompagnement: tuple[str, ...] = ()
    fiche_acces_libre: str | None = None
    prise_rdv: str | None = None
    postures: tuple[str, ...] = ()
    horaires_brut: str | None = None
    provenance: Provenance = field(default=Provenance(), compare=False)


LIEU_COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Lieu) if f.name != "provenance")
"""The standard's columns (in the field order of `Lieu`) and our own two."""

DEMONSTRATION = "demonstration"
"""`source` of the fictional rows: a base that holds one is announced as a demonstration."""
