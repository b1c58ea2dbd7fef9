"""`Understanding`: what a message says, in the labels of the contract and a little more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge.communes import Commune
from knowledge.labels import Autonomy, Danger, Disponibilite, Posture, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What one message says; None or () is "not said".

    `needs`: up to five (id, score from 0 to 1), best first. `close_call`: the needs that cannot be told apart (two or
    more, or none). `autres_besoins`: needs clearly stated beside the main one. `negated`: needs that the message says
    it is not about. `communes`: the candidates when the place is ambiguous. `publics` and `prise_en_charge`: values of
    the national standard. `pour_autrui`: a helper speaks of somebody else; `disponibilite` and `habilitation` are that
    helper's. `answer`: "yes" or "no" when the message is nothing else. `evidence`: for each key that was
    found, the words that decided, respelt. `langue`: another language that the message is written in ("en"…),
    "fr" when it is clearly French.
    """

    need: str | None = None
    urgency: Urgency | None = None
    deadline: date | None = None
    posture: Posture | None = None
    insee: str | None = None
    confidential: bool | None = None
    danger: Danger | None = None
    needs: tuple[tuple[str, float], ...] = ()
    close_call: tuple[str, ...] = ()
    autres_besoins: tuple[str, ...] = ()
    negated: tuple[str, ...] = ()
    communes: tuple[Commune, ...] = ()
    autonomy: Autonomy | None = None
    publics: tuple[str, ...] = ()
    prise_en_charge: tuple[str, ...] = ()
    pour_autrui: bool | None = None
    disponibilite: Disponibilite | None = None
    habilitation: bool | None = None
    answer: str | None = None
    langue: str | None = None
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the seven keys of the contract, `needs` and `evidence`, ready for JSON."""
        return {
            "need": self.need,
            "urgency": self.urgency,
            "deadline": self.deadline.isoformat() if self.deadline else None,
            "posture": self.posture,
            "insee": self.insee,
            "confidential": self.confidential,
            "danger": self.danger,
            "needs": [list(found) for found in self.needs],
            "evidence": {key: list(words) for key, words in self.evidence.items()},
        }
