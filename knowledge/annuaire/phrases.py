"""Finding the phrases of the vocabulary in the words of a query, through typing errors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from knowledge.annuaire.vocabulaire import LIENS, Sens, stem
from knowledge.communes.text import Token
from knowledge.communes.typos import Spellings, read_through

SHORTEST_ALONE = 5
"""Letters of the shortest word read through a typing error without another word to confirm it."""
LIKE = 0.8
"""Likeness (see `read_through`) from which a word may stand for another."""


class Trouvaille(NamedTuple):
    """A phrase at some words: the number of words, what they say, whether they were written as they should."""

    words: int
    sens: Sens
    exact: bool


@dataclass
class _Node:
    sens: Sens | None = None
    next: dict[str, "_Node"] = field(default_factory=dict)


class Lexique:
    """The phrases as a tree of stems."""

    def __init__(self, phrases: Mapping[tuple[str, ...], Sens]) -> None:
        self._root = _Node()
        for key, sens in phrases.items():
            node = self._root
            for word in key:
                node = node.next.setdefault(word, _Node())
            node.sens = sens
        self.words = frozenset(word for key in phrases for word in key)
        self._spellings = Spellings(word for word in self.words if word.isalpha())

    def at(self, words: Sequence[Token], i: int, is_known: Callable[[str], bool]) -> Trouvaille | None:
        """Return the longest phrase that begins at word `i`; `is_known` words are not taken for misspelt ones."""
        if words[i].word in LIENS:
            return None
        found = list(self._walk(self._root, words, i, i, ()))
        exact = [one for one in found if one.exact]
        near = [one for one in found if not one.exact and self._may_be(words[i : i + one.words], is_known)]
        return max((*exact, *near), key=lambda one: (one.words, one.exact), default=None)

    def _walk(
        self, node: _Node, words: Sequence[Token], first: int, i: int, errors: tuple[int, ...]
    ) -> list[Trouvaille]:
        """Return the phrases below a node; `errors` are the words that were read through a typing error."""
        found: list[Trouvaille] = []
        if node.sens and i > first:
            found.append(Trouvaille(i - first, node.sens, not errors))
        while i < len(words) and i > first and words[i].word in LIENS:
            i += 1
        if i >= len(words):
            return found
        word = stem(words[i].word)
        if word in node.next:
            return found + self._walk(node.next[word], words, first, i + 1, errors)
        for near in self._near(word):
            if near in node.next:
                found += self._walk(node.next[near], words, first, i + 1, (*errors, i))
        return found

    def _near(self, word: str) -> list[str]:
        if word in self.words:
            return []
        return [name for name, likeness in read_through(word, self._spellings) if likeness >= LIKE]

    def _may_be(self, words: Sequence[Token], is_known: Callable[[str], bool]) -> bool:
        """Tell whether misspelt words are believed: one alone must be long and mean nothing by itself."""
        real = [token.word for token in words if token.word not in LIENS]
        if len(real) > 1:
            return any(stem(word) in self.words for word in real) or not any(map(is_known, real))
        return len(real[0]) >= SHORTEST_ALONE and not is_known(real[0])
