"""What the rules found, weighed with what the model thinks: urgency, posture, private matter, danger."""

from dataclasses import dataclass

from bot.understanding.features import Features, signed
from bot.understanding.model import NOTHING, Model
from bot.understanding.rules import Found
from knowledge.labels import Danger, Posture, Urgency

RULE = 0.6
"""What speaks for the value that the rules found."""

ALARM = 0.0
"""Score of a danger from which the model alone gives the alarm (0 is the border; below it, more alarms)."""

PRIVATE = 0.1
"""Score from which the model alone takes a matter for private."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The values to go by; None is "not said"."""

    urgency: Urgency | None
    posture: Posture | None
    confidential: bool | None
    danger: Danger | None


class Weigher:
    """Weighs with a model that has the heads "urgency", "posture", "confidential" and "danger"."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def weigh(self, seen: Features, found: Found) -> Weighed:
        """Return what to go by, from what the model sees of the message.

        A danger that the rules found stands; "everybody may hear it" too.
        """
        said = self._model.read(signed(seen, found.signs()))
        urgency = _best(said["urgency"], found.urgency.value)
        posture = _best(said["posture"], found.posture.value)
        private = said["confidential"]["True"] + RULE * bool(found.confidential.value) > PRIVATE
        return Weighed(
            urgency=None if urgency == NOTHING else Urgency(urgency),
            posture=None if posture == NOTHING else Posture(posture),
            confidential=False if found.confidential.value is False else private or None,
            danger=found.danger.value or _alarm(said["danger"]),
        )


def _alarm(said: dict[str, float]) -> Danger | None:
    danger = _best({label: score for label, score in said.items() if label != NOTHING}, None)
    return Danger(danger) if said[danger] > ALARM else None


def _best(said: dict[str, float], rule: str | None) -> str:
    """Return the label of the highest score, that of the rules with its bonus."""
    return max(said, key=lambda label: said[label] + RULE * (label == rule))
