"""What was looked up and found as JSON objects."""

from typing import Any

from knowledge.annuaire.consultation import Consultation, Facette, Resultat
from knowledge.exchange import lieu_to_json
from knowledge.lieux import STANDARD_COLUMNS, Lieu


def resultat_to_json(resultat: Resultat) -> dict[str, Any]:
    """Return one page of lieux, with how the query was read."""
    return {
        "consultation": _consultation(resultat.consultation),
        "total": resultat.total,
        "lieux": [lieu_to_json(one) for one in resultat.lieux],
        "facettes": [_facette(one) for one in resultat.facettes],
        "elargi": list(resultat.elargi),
    }


def standard_to_json(lieu: Lieu) -> dict[str, Any]:
    """Return a lieu in the 32 columns of the national standard; null or [] is "not said"."""
    values = {name: getattr(lieu, name) for name in STANDARD_COLUMNS}
    return {**values, "date_maj": lieu.date_maj and lieu.date_maj.isoformat()}


def _consultation(consultation: Consultation) -> dict[str, Any]:
    return {
        "criteres": [
            {"sorte": one.sorte.value, "valeur": one.valeur, "libelle": one.libelle, "mots": one.mots}
            for one in consultation.criteres
        ],
        "incompris": list(consultation.incompris),
        "ecartes": list(consultation.ecartes),
    }


def _facette(one: Facette) -> dict[str, Any]:
    return {
        "sorte": one.sorte.value,
        "valeur": one.valeur,
        "libelle": one.libelle,
        "nombre": one.nombre,
        "choisie": one.choisie,
    }
