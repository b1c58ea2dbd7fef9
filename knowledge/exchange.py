"""Requests and answers as JSON objects (contract: "orient: request", "orient: answer")."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import Any, TypeVar

from knowledge.demande import CreneauPropose, Demande, LieuPropose, Ligne, Opening, Orientation
from knowledge.fautes import Faute
from knowledge.labels import Autonomy, Disponibilite, Posture, Urgency

L = TypeVar("L", bound=StrEnum)

KEYS = (
    "need", "urgency", "deadline", "posture", "insee", "latitude", "longitude", "confidential", "autonomy",
    "publics", "prise_en_charge", "radius_km", "disponibilite", "exclude",
)  # fmt: skip
LONGEST = 200
"""In characters: no value of a request is longer."""
MAX_RADIUS_KM = 1000.0


class DemandeInvalide(Faute):
    """A request that cannot be read: which key, which value."""


def demande_from_json(obj: object) -> Demande:
    """Read a request; every key may be missing. Raises `DemandeInvalide`, also for a key that is not known."""
    if not isinstance(obj, Mapping):
        raise DemandeInvalide("La demande doit être un objet JSON, entre accolades.")
    for key in obj:
        if key not in KEYS:
            raise DemandeInvalide(f"{_excerpt(key)} n'est pas une clé connue. On attend : {', '.join(KEYS)}.")
    latitude = _number(obj, "latitude", -90, 90)
    longitude = _number(obj, "longitude", -180, 180)
    if (latitude is None) != (longitude is None):
        raise DemandeInvalide("« latitude » et « longitude » vont ensemble : il en manque une.")
    return Demande(
        need=_text(obj, "need"),
        urgency=_label(obj, "urgency", Urgency),
        deadline=_date(obj, "deadline"),
        posture=_label(obj, "posture", Posture),
        insee=_text(obj, "insee"),
        latitude=latitude,
        longitude=longitude,
        confidential=_boolean(obj, "confidential"),
        autonomy=_label(obj, "autonomy", Autonomy),
        publics=_texts(obj, "publics"),
        prise_en_charge=_texts(obj, "prise_en_charge"),
        radius_km=_number(obj, "radius_km", 0, MAX_RADIUS_KM, open_low=True),
        disponibilite=_label(obj, "disponibilite", Disponibilite),
        exclude=frozenset(_texts(obj, "exclude")),
    )


def orientation_to_json(orientation: Orientation) -> dict[str, Any]:
    """Return the answer as the contract has it, and what it does not ask for (reasons of the parcours, hours)."""
    learn = orientation.learn_next
    return {
        "posture": orientation.posture.value,
        "posture_reason": orientation.posture_reason,
        "lieux": [lieu_to_json(one) for one in orientation.lieux],
        "creneaux": [creneau_to_json(one) for one in (*orientation.creneaux, *orientation.learn_creneaux)],
        "learn_next": learn and {
            "posture": learn.value,
            "reason": orientation.learn_reason,
            "creneaux": [one.creneau.id for one in orientation.learn_creneaux],
        },
        "relaxed": list(orientation.relaxed),
        "fallback": orientation.fallback and ligne_to_json(orientation.fallback),
    }  # fmt: skip


def lieu_to_json(propose: LieuPropose) -> dict[str, Any]:
    """Return one place as the contract has it."""
    lieu = propose.lieu
    return {
        "id": lieu.id,
        "nom": lieu.nom,
        "adresse": lieu.adresse,
        "code_postal": lieu.code_postal,
        "commune": propose.commune,
        "telephone": lieu.telephone,
        "latitude": lieu.latitude,
        "longitude": lieu.longitude,
        "distance_km": _rounded(propose.distance_km, 1),
        "next_opening": propose.next_opening and _opening(propose.next_opening),
        "open_now": propose.open_now,
        "horaires": propose.horaires_phrase,
        "by_appointment": propose.by_appointment,
        "postures": [posture.value for posture in propose.postures],
        "reasons": list(propose.reasons),
        "doubts": list(propose.doubts),
        "source": lieu.source,
        "date_maj": lieu.date_maj and lieu.date_maj.isoformat(),
        "score": round(propose.score, 4),
    }


def creneau_to_json(propose: CreneauPropose) -> dict[str, Any]:
    """Return one training slot as the contract has it."""
    creneau = propose.creneau
    return {
        "id": creneau.id,
        "titre": creneau.titre,
        "start": creneau.start.isoformat(),
        "end": creneau.end and creneau.end.isoformat(),
        "lieu": creneau.lieu,
        "adresse": creneau.adresse,
        "commune": creneau.commune,
        "telephone": creneau.telephone,
        "distance_km": _rounded(propose.distance_km, 1),
        "places_restantes": creneau.places_restantes,
        "inscription": creneau.inscription,
        "reasons": list(propose.reasons),
        "source": creneau.source,
    }


def ligne_to_json(ligne: Ligne) -> dict[str, Any]:
    """Return a national line; `verifie_le` null says that no person checked it yet."""
    verified = ligne.verifie_le and ligne.verifie_le.isoformat()
    return {
        "nom": ligne.nom,
        "telephone": ligne.telephone,
        "horaires": ligne.horaires,
        "source": ligne.source,
        "verifie_le": verified,
    }


def _opening(opening: Opening) -> dict[str, str | None]:
    return {"start": opening.start.isoformat(), "end": opening.end.isoformat() if opening.end else None}


def _rounded(number: float | None, digits: int) -> float | None:
    return None if number is None else round(number, digits)


def _text(obj: Mapping[str, Any], key: str) -> str | None:
    value = obj.get(key)
    if value is None or (isinstance(value, str) and len(value) <= LONGEST):
        return value or None
    raise DemandeInvalide(f"« {key} » doit être un texte, pas {_excerpt(value)}.")


def _label(obj: Mapping[str, Any], key: str, labels: type[L]) -> L | None:
    value = obj.get(key)
    if value is None:
        return None
    if isinstance(value, str) and value in list(labels):
        return labels(value)
    raise DemandeInvalide(f"« {key} » doit être {', '.join(labels)} ou null, pas {_excerpt(value)}.")


def _date(obj: Mapping[str, Any], key: str) -> date | None:
    value = obj.get(key)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise DemandeInvalide(f"« {key} » doit être une date comme 2026-11-27, pas {_excerpt(value)}.") from None


def _boolean(obj: Mapping[str, Any], key: str) -> bool | None:
    value = obj.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise DemandeInvalide(f"« {key} » doit être true, false ou null, pas {_excerpt(value)}.")


def _number(obj: Mapping[str, Any], key: str, low: float, high: float, *, open_low: bool = False) -> float | None:
    value = obj.get(key)
    if value is None:
        return None
    fits = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    if fits and low <= value <= high and not (open_low and value == low):
        return float(value)
    raise DemandeInvalide(f"« {key} » doit être un nombre de {low:g} à {high:g}, pas {_excerpt(value)}.")


def _texts(obj: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = obj.get(key)
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(one, str) and len(one) <= LONGEST for one in value):
        return tuple(value)
    raise DemandeInvalide(f"« {key} » doit être une liste de textes, pas {_excerpt(value)}.")


def _excerpt(value: object) -> str:
    text = repr(value) if not isinstance(value, str) else f"« {value} »"
    return text if len(text) <= 60 else f"{text[:59]}…"
