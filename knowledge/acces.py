"""How a lieu lets people in, read from its own fields."""

import re
from collections.abc import Iterable

from knowledge.lieux import Lieu

SE_PRESENTER = "Se présenter"
PRESCRIPTION = "Envoyer un mail avec une fiche de prescription"
GRATUIT, PAYANT = "Gratuit", "Payant"
ITINERANT = "Itinérant"

ONLY_BY_APPOINTMENT = re.compile(
    r"(uniquement|seulement|exclusivement|obligatoire\w*)\s+(sur|avec|par|après)?\s*(rdv|rendez-vous)"
    r"|(rdv|rendez-vous)\s+(uniquement|seulement|exclusivement|obligatoire)"
    r"|^\s*sur\s+(rdv|rendez-vous)\s*\.?\s*$"
    r"|by appointment",
    re.IGNORECASE,
)
APPOINTMENTS = ("rdv", "rendez-vous", "appointment")
"""The pattern needs one of these words; looking for them first is ten times faster, over all texts of a base."""


APPOINTMENT_TEXTS = ("horaires", "horaires_brut", "presentation_resume", "presentation_detail")
"""The fields of a lieu that may say it."""


def by_appointment(lieu: Lieu) -> bool:
    """Return True where one cannot just come."""
    return appointment_only(lieu.modalites_acces, [getattr(lieu, name) for name in APPOINTMENT_TEXTS])


def appointment_only(modalites: tuple[str, ...], texts: Iterable[str | None]) -> bool:
    """Return True where one cannot just come: access modes without "Se présenter", or a text that says so."""
    if modalites:
        return SE_PRESENTER not in modalites
    return any(map(_only_by_appointment, filter(None, texts)))


def _only_by_appointment(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in APPOINTMENTS) and bool(ONLY_BY_APPOINTMENT.search(text))


def by_prescription(lieu: Lieu) -> bool:
    """Return True where only a professional can send somebody."""
    return lieu.modalites_acces == (PRESCRIPTION,)


def contradictory_fees(lieu: Lieu) -> bool:
    return GRATUIT in lieu.frais_a_charge and PAYANT in lieu.frais_a_charge


Publics = tuple[tuple[str, ...], tuple[str, ...]]
"""The publics that a lieu addresses and the care that it takes, or those that were asked."""


def publics_of(lieu: Lieu) -> Publics:
    return lieu.publics_specifiquement_adresses, lieu.prise_en_charge_specifique


def welcome(stated: Publics, asked: Publics) -> float:
    """Return how well a lieu fits the person: 1 all that was asked, 1/2 not said, 0 only for others.

    Where nothing was asked, a lieu that addresses everybody gets 1, one that addresses some publics 1/2.
    """
    parts = [_fit(wanted, said) for wanted, said in zip(asked, stated, strict=True) if wanted]
    if not parts:
        return 0.5 if stated[0] else 1.0
    return sum(parts) / len(parts)


def _fit(wanted: tuple[str, ...], stated: tuple[str, ...]) -> float:
    if not stated:
        return 0.5
    return sum(value in stated for value in wanted) / len(wanted)
