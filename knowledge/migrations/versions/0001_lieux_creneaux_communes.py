"""Lieux, créneaux, communes and the journal of imports."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "lieu",
        sa.Column("id", sa.String, primary_key=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("nom", "commune", "code_postal")),
        *_texts("pivot", "code_insee", "adresse", "complement_adresse"),
        *_coordinates(),
        *_lists("typologie"),
        *_texts("telephone"),
        *_lists("courriels", "site_web"),
        *_texts("horaires", "presentation_resume", "presentation_detail", "source"),
        *_lists("itinerance"),
        *_texts("structure_parente"),
        sa.Column("date_maj", sa.Date),
        *_lists("services", "publics_specifiquement_adresses", "prise_en_charge_specifique", "frais_a_charge"),
        *_lists("dispositif_programmes_nationaux", "formations_labels", "autres_formations_labels"),
        *_lists("modalites_acces", "modalites_accompagnement"),
        *_texts("fiche_acces_libre", "prise_rdv"),
        *_lists("postures"),
        *_texts("horaires_brut"),
        *_lists("provenance", "empreinte"),
    )
    op.create_table(
        "creneau",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("titre", sa.String, nullable=False),
        sa.Column("start", sa.String, nullable=False),
        *_texts("end"),
        *_lists("needs"),
        *_texts("niveau"),
        sa.Column("places_total", sa.Integer),
        sa.Column("places_restantes", sa.Integer),
        *_texts("lieu_id", "lieu", "adresse", "code_postal", "commune", "code_insee"),
        *_coordinates(),
        *_texts("inscription", "telephone", "courriel", "lien"),
        *_lists("publics"),
        *_texts("frais", "description", "source"),
        *_lists("provenance", "empreinte"),
    )
    op.create_table(
        "commune",
        sa.Column("insee", sa.String, primary_key=True),
        sa.Column("nom", sa.String, nullable=False),
        *_lists("codes_postaux"),
        sa.Column("departement", sa.String, nullable=False),
        *_texts("epci"),
        sa.Column("population", sa.Integer),
        *_coordinates(),
        sa.Column("approximate", sa.Boolean, nullable=False),
        *_lists("noms", "empreinte"),
    )
    op.create_table(
        "importation",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("at", "kind", "fichiers")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("added", "updated", "removed")),
    )


def downgrade() -> None:
    for name in ("importation", "commune", "creneau", "lieu"):
        op.drop_table(name)


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String) for name in names]


def _lists(*names: str) -> list[sa.Column[Any]]:
    """Columns that are never empty: a list is written even when nothing is in it."""
    return [sa.Column(name, sa.String, nullable=False) for name in names]


def _coordinates() -> list[sa.Column[Any]]:
    return [sa.Column("latitude", sa.Float(53)), sa.Column("longitude", sa.Float(53))]
