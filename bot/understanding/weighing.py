"""What the rules found, weighed with what the model thinks: urgency, posture, private matter, danger."""

from dataclasses import dataclass

from bot.understanding.danger import of_victim
from bot.understanding.features import Features, signed
from bot.understanding.model import NOTHING, Model
from bot.understanding.rules import Found
from knowledge.labels import Danger, Posture, Urgency

RULE = 0.65
"""What speaks for the value that the rules found."""

DANGER_RULE, SHORT = 1.0, 8
"""The same for a danger, in a message of so many words; in a longer one the model, told of it, soon knows more."""

ALARM = 0.14
"""How far above that of "nothing" the score of a danger must lie, rules counted (below it, more alarms)."""

BRIEF, BRIEF_ALARM = 6, 0.8
"""The same in a message of so few words in which no rule found a danger: mostly an answer to a question of ours."""

PRIVATE = 0.05
"""Score from which a matter is taken for private, rules counted."""

PRIVATE_OF_CHILD = -0.2
"""The same where a child is in danger: mostly hit or abused, sometimes lost or alone."""


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

    def weigh(self, seen: Features, found: Found, words: int) -> Weighed:
        """Return what to go by, from what the model sees of a message of so many words.

        "Everybody may hear it" stands where the rules found it.
        """
        said = self._model.read(signed(seen, found.signs()))
        urgency = _best(said["urgency"], found.urgency.value)
        posture = _best(said["posture"], found.posture.value)
        bonus = DANGER_RULE * min(1.0, SHORT / max(1, words)) ** 2
        border = BRIEF_ALARM if words <= BRIEF and found.danger.value is None else ALARM
        danger = _alarm(said["danger"], found.danger.value, bonus, border)
        if found.danger.bare or not seen.sizes[1]:  # of a bare call, or where it sees no word, the model knows nothing
            danger = found.danger.value
        return Weighed(
            urgency=None if urgency == NOTHING else Urgency(urgency),
            posture=None if posture == NOTHING else Posture(posture),
            confidential=_private(said["confidential"]["True"], found.confidential.value, danger),
            danger=of_victim(danger, minor=found.danger.minor),
        )


def _alarm(said: dict[str, float], rule: Danger | None, bonus: float, border: float) -> Danger | None:
    worth = {label: score + bonus * (label == rule) for label, score in said.items() if label != NOTHING}
    danger = max(worth, key=worth.__getitem__)
    return Danger(danger) if worth[danger] > said[NOTHING] + border else None


def _private(said: float, rule: bool | None, danger: Danger | None) -> bool | None:
    if danger is Danger.VIOLENCE:
        return True
    border = PRIVATE_OF_CHILD if danger is Danger.CHILD else PRIVATE
    return False if rule is False else said + RULE * bool(rule) > border or None


def _best(said: dict[str, float], rule: str | None) -> str:
    """Return the label of the highest score, that of the rules with its bonus."""
    return max(said, key=lambda label: said[label] + RULE * (label == rule))
