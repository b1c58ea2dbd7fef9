"""Which kind of help the message asks for (the support scale), from `data/posture.yml`."""

from collections import Counter
from dataclasses import dataclass

from bot.understanding.negation import is_inside
from bot.understanding.normalisation import Message
from bot.understanding.patterns import Match
from bot.understanding.signals import Signals
from knowledge.labels import Posture

PRECEDENCE = (
    Posture.FAIRE_A_LA_PLACE,
    Posture.FAIRE_FAIRE,
    Posture.APPRENDRE_A_FAIRE,
    Posture.LAISSER_FAIRE,
    Posture.AIDER_A_FAIRE,
)
"""Which one wins when two are said as often: the more precise words; "aide" is the vaguest."""


@dataclass(frozen=True, slots=True)
class PostureFound:
    """The posture and the words that say it."""

    value: Posture | None
    words: tuple[str, ...] = ()


class PostureFinder:
    """Reads the posture: words that are sure first, else words that are only a clue."""

    def __init__(self) -> None:
        self._sure = Signals("posture.yml", "sure")
        self._clue = Signals("posture.yml", "clue")
        self.words = self._sure.words | self._clue.words

    def find(self, message: Message, negated: list[tuple[int, int]]) -> PostureFound:
        """Return the posture asked for, or none when the message does not say."""
        for signals in (self._sure, self._clue):
            found = [match for match in signals.find(message.tokens) if not _is_negated(message, match, negated)]
            if found:
                return _most_said(found)
        return PostureFound(None)


def _is_negated(message: Message, match: Match[str], negated: list[tuple[int, int]]) -> bool:
    return is_inside(negated, message.tokens[match.start].start, message.tokens[match.end - 1].end)


def _most_said(found: list[Match[str]]) -> PostureFound:
    distinct = Counter(match.value for match in {(match.value, match.end): match for match in found}.values())
    best = min(distinct, key=lambda label: (-distinct[label], PRECEDENCE.index(Posture(label))))
    return PostureFound(Posture(best), tuple(dict.fromkeys(match.text for match in found if match.value == best)))
