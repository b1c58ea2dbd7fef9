"""The closed lists that a request is made of (contract: "What the bot must understand").

Each member is a string, equal to its label in messages, files and answers.
"""

from enum import StrEnum


class Posture(StrEnum):
    """The support scale (échelle d'accompagnement), from most to least done by the helper."""

    FAIRE_A_LA_PLACE = "faire_a_la_place"
    FAIRE_FAIRE = "faire_faire"
    AIDER_A_FAIRE = "aider_a_faire"
    LAISSER_FAIRE = "laisser_faire"
    APPRENDRE_A_FAIRE = "apprendre_a_faire"


class Urgency(StrEnum):
    """When it must be solved: today or tomorrow, within some 7 days, no hurry."""

    TODAY = "today"
    WEEK = "week"
    LATER = "later"


class Autonomy(StrEnum):
    """How far the person manages alone with a screen."""

    NONE = "none"
    SOME = "some"
    GOOD = "good"


class Danger(StrEnum):
    """A danger to answer before anything else."""

    MEDICAL = "medical"
    SUICIDE = "suicide"
    VIOLENCE = "violence"
    CHILD = "child"
    FRAUD = "fraud"
    HOMELESS = "homeless"


class Disponibilite(StrEnum):
    """The time that a helper has for the person in front of them."""

    AUCUNE = "aucune"
    CINQ_MINUTES = "5_minutes"
    TRENTE_MINUTES = "30_minutes"
