"""Whether somebody is in danger, from `data/danger.yml`: recall before precision."""

from dataclasses import dataclass

from bot.understanding.lexicons import labelled_lexicon, plain_lexicon
from bot.understanding.normalisation import Message
from bot.understanding.patterns import Match, Words
from bot.understanding.signals import Signals
from knowledge.labels import Danger

PRECEDENCE = (Danger.SUICIDE, Danger.CHILD, Danger.MEDICAL, Danger.VIOLENCE, Danger.HOMELESS, Danger.FRAUD)
"""Which one is answered first when a message holds several."""


@dataclass(frozen=True, slots=True)
class DangerFound:
    """The danger and the words that say it; `minor`: the message is by or of a minor who may be hit.

    `softened`: words say that it is over or only talked about ("il y a dix ans", "un atelier"). `bare`: the message is
    nothing but a call ("au secours", "les pompiers vite"), of which no model knows more.
    """

    value: Danger | None
    words: tuple[str, ...] = ()
    minor: bool = False
    softened: bool = False
    bare: bool = False


class DangerFinder:
    """Reads the danger of a message."""

    def __init__(self) -> None:
        self._signals = Signals("danger.yml", "danger")
        self._calls = labelled_lexicon("danger.yml", "calls")
        self._beside = plain_lexicon("danger.yml", "beside_calls")
        self._minor = plain_lexicon("danger.yml", "minor")
        self._softened = plain_lexicon("danger.yml", "softened")
        lexicons = (self._calls, self._beside, self._minor, self._softened)
        self.words = self._signals.words.union(*(lexicon.words for lexicon in lexicons))

    def find(self, message: Message) -> DangerFound:
        """Return the most pressing danger."""
        calls = self._bare_calls(message.tokens)
        found = [*self._signals.find(message.tokens), *calls]
        minor = bool(self._minor.find(message.tokens))
        softened = bool(self._softened.find(message.tokens))
        for danger in PRECEDENCE:
            words = tuple(dict.fromkeys(match.text for match in found if match.value == danger))
            if words:
                return DangerFound(of_victim(danger, minor=minor), words, minor, softened, bool(calls))
        return DangerFound(None, (), minor, softened)

    def _bare_calls(self, words: Words) -> list[Match[str]]:
        """Return the calls of a message that says nothing else: "sos imprimante" calls nobody."""
        calls = self._calls.find(words)
        if not calls:
            return []
        spans = [(match.start, match.end) for match in calls] + [(m.start, m.end) for m in self._beside.find(words)]
        said = {at for start, end in spans for at in range(start, end)}
        return calls if len(said) == len(words) else []


def of_victim(danger: Danger | None, *, minor: bool) -> Danger | None:
    """Return the danger, that of a child where a minor suffers violence."""
    return Danger.CHILD if minor and danger is Danger.VIOLENCE else danger
