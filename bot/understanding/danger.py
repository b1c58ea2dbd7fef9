"""Whether somebody is in danger, from `data/danger.yml`: recall before precision."""

from dataclasses import dataclass

from bot.understanding.normalisation import Message
from bot.understanding.signals import Signals
from knowledge.labels import Danger

PRECEDENCE = (Danger.SUICIDE, Danger.CHILD, Danger.MEDICAL, Danger.VIOLENCE, Danger.HOMELESS, Danger.FRAUD)
"""Which one is answered first when a message holds several."""


@dataclass(frozen=True, slots=True)
class DangerFound:
    """The danger and the words that say it."""

    value: Danger | None
    words: tuple[str, ...] = ()


class DangerFinder:
    """Reads the danger of a message."""

    def __init__(self) -> None:
        self._signals = Signals("danger.yml", "danger")
        self.words = self._signals.words

    def find(self, message: Message) -> DangerFound:
        """Return the most pressing danger."""
        found = self._signals.find(message.tokens)
        for danger in PRECEDENCE:
            words = tuple(dict.fromkeys(match.text for match in found if match.value == danger))
            if words:
                return DangerFound(danger, words)
        return DangerFound(None)
