"""What is asked of the knowledge (`Demande`) and what it answers (`Orientation`)."""

from dataclasses import dataclass
from datetime import date, datetime

from knowledge.creneaux import Creneau
from knowledge.labels import Autonomy, Disponibilite, Posture, Urgency
from knowledge.lieux import Lieu


@dataclass(frozen=True, slots=True, kw_only=True)
class Demande:
    """One request. Every field may be missing; None (or ()) is "not said".

    `publics` and `prise_en_charge` hold values of the national standard. `radius_km` is the farthest that
    the person can go. `pour_autrui`: a helper asks for somebody else; `disponibilite` and `habilitation` (Aidants
    Connect) are that helper's own.
    """

    need: str | None = None
    urgency: Urgency | None = None
    deadline: date | None = None
    posture: Posture | None = None
    insee: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    confidential: bool | None = None
    autonomy: Autonomy | None = None
    publics: tuple[str, ...] = ()
    prise_en_charge: tuple[str, ...] = ()
    radius_km: float | None = None
    pour_autrui: bool | None = None
    disponibilite: Disponibilite | None = None
    habilitation: bool | None = None
    exclude: frozenset[str] = frozenset()
    """Ids of places and slots already shown and refused ("autre lieu")."""


DEMANDE_SLOTS = (
    "need",
    "urgency",
    "deadline",
    "posture",
    "insee",
    "latitude",
    "longitude",
    "confidential",
    "autonomy",
    "publics",
    "prise_en_charge",
    "pour_autrui",
    "disponibilite",
    "habilitation",
)
"""Fields of `Demande` that a conversation fills, under the same names as its slots."""


@dataclass(frozen=True, slots=True)
class Opening:
    """An interval in which a place is open; aware instants, `end` None when the hours do not say."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LieuPropose:
    """A place in an answer: why it is there, what is not sure, and the number it was ranked by (0 to 1).

    `commune` is the official name where it is known, whatever the publisher wrote ("ST PALAIS").
    """

    lieu: Lieu
    commune: str
    distance_km: float | None
    open_now: bool | None
    next_opening: Opening | None
    horaires_phrase: str | None
    by_appointment: bool
    postures: tuple[Posture, ...]
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CreneauPropose:
    """A training slot in an answer."""

    creneau: Creneau
    distance_km: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ligne:
    """A national phone line: last resort, or a danger's number. `verifie_le` None: no person checked it yet."""

    id: str
    nom: str
    telephone: str
    source: str
    verifie_le: date | None
    horaires: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Orientation:
    """The answer: the posture and why, at most three places and three slots, what was relaxed.

    `fallback` is the national line of the need, given when no place was found or none can help in time.
    `learn_next` is the second step (parcours): the posture to learn with later, why, and the slots for it.
    `posture_court` says why in an SMS: at most 40 characters, read after "Pour vous :".
    """

    posture: Posture
    posture_reason: str
    lieux: tuple[LieuPropose, ...]
    creneaux: tuple[CreneauPropose, ...]
    learn_next: Posture | None
    learn_creneaux: tuple[CreneauPropose, ...]
    relaxed: tuple[str, ...]
    fallback: Ligne | None
    posture_court: str = ""
    learn_reason: str | None = None
