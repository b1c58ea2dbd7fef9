"""Bare answers: yes, no, and what a few words mean to the question just asked."""

from bot.understanding.lexicons import labelled_lexicon, lines, read_data
from bot.understanding.normalisation import Message
from bot.understanding.patterns import Lexicon

MAX_BARE_WORDS = 8
"""A longer message is no bare answer."""


class AnswerReader:
    """Reads `data/answers.yml`."""

    def __init__(self) -> None:
        self._answers = labelled_lexicon("answers.yml", "answer")
        self._polite = Lexicon((line, None) for line in lines(read_data("answers.yml")["polite"]))
        self._expected = {
            slot: Lexicon((line, label) for label, block in blocks.items() for line in lines(block))
            for slot, blocks in read_data("answers.yml")["expected"].items()
        }
        self.words = self._answers.words.union(
            self._polite.words, *(lexicon.words for lexicon in self._expected.values())
        )

    def yes_or_no(self, message: Message) -> str | None:
        """Return "yes" or "no" when the message is nothing else, give or take politeness; "no" wins."""
        found = self._answers.find(message.tokens)
        covered = {index for match in found for index in range(match.start, match.end)}
        covered |= {index for match in self._polite.find(message.tokens) for index in range(match.start, match.end)}
        if not found or len(covered) < len(message.tokens):
            return None
        return "no" if any(match.value == "no" for match in found) else "yes"

    def _is_yes_or_no(self, message: Message, start: int, end: int) -> bool:
        """Tell whether these words are a yes or a no: beside others they answer something else ("non, la sécu")."""
        return any(found.start <= start and end <= found.end for found in self._answers.find(message.tokens))

    def of_slot(self, slot: str, message: Message) -> str | None:
        """Return what a short answer means to the question about `slot`: the longest words decide."""
        lexicon = self._expected.get(slot)
        if lexicon is None or len(message.tokens) > MAX_BARE_WORDS:
            return None
        found = lexicon.find(message.tokens)
        if self.yes_or_no(message) is None:
            found = [match for match in found if not self._is_yes_or_no(message, match.start, match.end)]
        return max(found, key=lambda match: match.end - match.start).value if found else None
