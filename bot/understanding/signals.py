"""Labelled patterns with exceptions: what the simple keys of the contract (urgency, danger…) are read from."""

from bot.understanding.lexicons import labelled_lexicon, plain_lexicon, read_data
from bot.understanding.patterns import Lexicon, Match, Words


class Signals:
    """The patterns of one section of a data file, less what its section `never` takes back."""

    def __init__(self, name: str, section: str) -> None:
        """`section`: label → block of patterns. `never`, if there: one block for all labels, or label → block."""
        self.lexicon = labelled_lexicon(name, section)
        never = read_data(name).get("never", "")
        by_label = isinstance(never, dict)
        self._never_of: Lexicon[str] | None = labelled_lexicon(name, "never") if by_label else None
        self._never: Lexicon[None] | None = plain_lexicon(name, "never") if never and not by_label else None

    @property
    def words(self) -> set[str]:
        """The words of the patterns, exceptions included."""
        return self.lexicon.words | (self._never_of or self._never or self.lexicon).words

    def find(self, words: Words) -> list[Match[str]]:
        """Return the matches that no exception touches, in the order of the words."""
        said = self.lexicon.find(words)
        taken_back: list[tuple[int, int, str | None]] = []
        if said and self._never_of:
            taken_back += [(found.start, found.end, found.value) for found in self._never_of.find(words)]
        if said and self._never:
            taken_back += [(found.start, found.end, None) for found in self._never.find(words)]
        return [found for found in said if not _taken_back(found, taken_back)]


def _taken_back(found: Match[str], taken_back: list[tuple[int, int, str | None]]) -> bool:
    return any(
        start < found.end and found.start < end and label in {None, found.value} for start, end, label in taken_back
    )
