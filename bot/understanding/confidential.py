"""Whether the message is a private matter: discretion asked for, serious illness, violence, debts."""

from dataclasses import dataclass

from bot.understanding.lexicons import plain_lexicon
from bot.understanding.normalisation import Message

PRIVATE_SECTIONS = ("discretion", "illness", "debt", "violence")


@dataclass(frozen=True, slots=True)
class ConfidentialFound:
    """True: private. False: "everybody may hear it". None: not said."""

    value: bool | None
    words: tuple[str, ...] = ()


class ConfidentialFinder:
    """Reads `data/confidential.yml`."""

    def __init__(self) -> None:
        self._private = [plain_lexicon("confidential.yml", section) for section in PRIVATE_SECTIONS]
        self._open = plain_lexicon("confidential.yml", "open")
        self._never = plain_lexicon("confidential.yml", "never")
        self.words = set().union(*(lexicon.words for lexicon in (*self._private, self._open, self._never)))

    def find(self, message: Message) -> ConfidentialFound:
        """Return whether the matter is private."""
        open_words = tuple(found.text for found in self._open.find(message.tokens))
        if open_words:
            return ConfidentialFound(False, open_words)
        never = [(found.start, found.end) for found in self._never.find(message.tokens)]
        words = tuple(
            found.text
            for lexicon in self._private
            for found in lexicon.find(message.tokens)
            if not any(start < found.end and found.start < end for start, end in never)
        )
        return ConfidentialFound(True, words) if words else ConfidentialFound(None)
