"""The small pattern language of the data files, and the matcher that finds patterns in a message.

A pattern is a line of words, without accents or apostrophes ("j ai plus de droits"):

    mot        that word in any form that sounds the same (plural, feminine, infinitive for participle)
    mot|mots   one of several words
    impr*      any word that begins so (three letters at least)
    mot?       the word may be missing
    ...        up to four words, in the same sentence

The "ne" of a negation may be missing from the message or from the pattern.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from typing import Generic, TypeVar

MAX_GAP = 4
PREFIX_LENGTH = 3

PARTICLES = frozenset({"n", "ne"})
"""What speech leaves out of a negation: "j y arrive pas" and "je n y arrive pas" are one."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a message: `text` respelt, `stem` without its silent ending, `start` its offset in `plain`."""

    text: str
    stem: str
    start: int
    clause: int
    sentence: int

    @property
    def end(self) -> int:
        """Offset in `plain` just behind the word."""
        return self.start + len(self.text)


class Words(tuple[Token, ...]):
    """The words of a message, with what every lexicon asks of them first, worked out once."""

    @cached_property
    def stems(self) -> frozenset[str]:
        """Their stems."""
        return frozenset(token.stem for token in self)

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """Their first letters, as many as the shortest prefix has."""
        return frozenset(token.text[:PREFIX_LENGTH] for token in self)


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """A pattern found at the words `start` to `end` (excluded); `value` is what the pattern stands for.

    `solid` says that the pattern has no gap: every word of `text` is its own.
    """

    start: int
    end: int
    value: T
    text: str
    solid: bool


_ENDING = re.compile(r"^(.{3,}?[^i])(?:e[rz]|ees?|es?|s|x)$")
"""What French hardly lets hear: plurals, feminines, "cliquer" for "cliqué"."""

_DOUBLED = re.compile(r"([lnt])\1$")
_WHOLE = {
    form: word
    for word, forms in {
        "retraite": "retraite retraites",
        "coupe": "coupe coupes coupee coupees couper",
        "equipe": "equipe equipes",
        "faites": "faites",
        "dites": "dites",
        "forme": "forme formes",
        "former": "former formez formee formees",
        "adresse": "adresse adresses",
        "ensemble": "ensemble ensembles",
        "poste": "poste postes",
    }.items()
    for form in forms.split()
}
"""Words that would meet another one: "retrait", "coup", "former"."""


@cache
def stem(word: str) -> str:
    """Return the word without its silent ending: "coupées", "couper" and "coupé" are one."""
    if word in _WHOLE:
        return _WHOLE[word]
    if len(word) == 4 and word[-1] in "sx":
        return word[:-1]
    ending = _ENDING.match(word)
    return _DOUBLED.sub(r"\1", ending[1] if ending else word)


@dataclass(frozen=True, slots=True)
class _Element:
    """One place of a pattern: a word (exact stems, prefixes) or, without either, a gap."""

    exact: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    optional: bool = False
    is_gap: bool = False

    def accepts(self, token: Token) -> bool:
        return token.stem in self.exact or (bool(self.prefixes) and token.text.startswith(self.prefixes))


Pattern = tuple[_Element, ...]


class _Entry(Generic[T]):
    """A line of a lexicon, read when a message first has its first word: hardly any of the thousands ever is."""

    def __init__(self, line: str, value: T) -> None:
        self._line = line
        self.value = value

    @cached_property
    def pattern(self) -> Pattern:
        return parse_pattern(self._line)

    @cached_property
    def required(self) -> frozenset[str]:
        """The stems without which no message holds the pattern."""
        alone = (one.exact for one in self.pattern if len(one.exact) == 1 and not one.prefixes and not one.optional)
        return frozenset().union(*alone)

    @cached_property
    def solid(self) -> bool:
        return not any(one.is_gap for one in self.pattern)

    def match(self, tokens: Sequence[Token], start: int) -> Iterator[Match[T]]:
        """Yield the match that begins at a word, if any."""
        end = _match(self.pattern, 0, tokens, start, tokens[start].sentence)
        if end is not None:
            yield Match(start, end, self.value, " ".join(token.text for token in tokens[start:end]), self.solid)


def parse_pattern(line: str) -> Pattern:
    """Read one line of the pattern language.

    Raises:
        ValueError: an empty line, a first word that is a gap or may be missing, a prefix of fewer than three letters.
    """
    first, *others = line.split() or [""]
    return _parse_first(first), *(_parse_element(f"{w}?" if w in PARTICLES else w) for w in others)


def _parse_first(word: str) -> _Element:
    element = _parse_element(word)
    if not word or element.is_gap or element.optional:
        raise ValueError(f"motif « {word} » : le premier mot doit être un vrai mot")
    return element


@cache
def _parse_element(word: str) -> _Element:
    if word == "...":
        return _Element(is_gap=True)
    alternatives = word.removesuffix("?").split("|")
    prefixes = tuple(text[:-1] for text in alternatives if text.endswith("*"))
    if any(len(text) < PREFIX_LENGTH for text in prefixes):
        raise ValueError(f"motif « {word} » : trois lettres au moins avant *")
    exact = frozenset(stem(text) for text in alternatives if not text.endswith("*"))
    return _Element(exact, prefixes, word.endswith("?"))


class Lexicon(Generic[T]):
    """Patterns with a value each, found in a message in time proportional to its words."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._by_word: dict[str, list[_Entry[T]]] = {}
        self._by_prefix: dict[str, list[_Entry[T]]] = {}
        parts: set[str] = set()
        for line, value in entries:
            words = line.split()
            parts.update(words)
            self._add(_parse_first(words[0] if words else ""), _Entry(line, value))
        self.words = {word for part in parts for word in part.strip("?").split("|")}

    def _add(self, first: _Element, entry: _Entry[T]) -> None:
        for word in first.exact:
            self._by_word.setdefault(word, []).append(entry)
        for prefix in first.prefixes:
            self._by_prefix.setdefault(prefix[:PREFIX_LENGTH], []).append(entry)

    def find(self, words: Words) -> list[Match[T]]:
        """Return every match, in the order of the words."""
        stems, by_word, by_prefix = words.stems, self._by_word, self._by_prefix
        found: list[Match[T]] = []
        if by_word.keys().isdisjoint(stems) and by_prefix.keys().isdisjoint(words.beginnings):
            return found  # most lexicons have nothing to say of most messages
        firsts, prefixes = stems & by_word.keys(), words.beginnings & by_prefix.keys()
        for start, token in enumerate(words):
            entries: Sequence[_Entry[T]] = by_word[token.stem] if token.stem in firsts else ()
            if prefixes and token.text[:PREFIX_LENGTH] in prefixes:
                entries = (*entries, *by_prefix[token.text[:PREFIX_LENGTH]])
            for entry in entries:
                if entry.required <= stems:
                    found += entry.match(words, start)
        return found


def _match(pattern: Pattern, index: int, tokens: Sequence[Token], at: int, sentence: int) -> int | None:
    """Return the end of the pattern's match from word `at` on, or None."""
    if index == len(pattern):
        return at
    element = pattern[index]
    if element.is_gap:
        ends = (_match(pattern, index + 1, tokens, at + skipped, sentence) for skipped in range(MAX_GAP + 1))
        return next((end for end in ends if end is not None), None)
    if at < len(tokens) and tokens[at].sentence == sentence and element.accepts(tokens[at]):
        end = _match(pattern, index + 1, tokens, at + 1, sentence)
        if end is not None:
            return end
    if element.optional:
        return _match(pattern, index + 1, tokens, at, sentence)
    if index and at < len(tokens) and tokens[at].text in PARTICLES and tokens[at].sentence == sentence:
        return _match(pattern, index, tokens, at + 1, sentence)
    return None


def longest(matches: Iterable[Match[T]]) -> list[Match[T]]:
    """Drop the matches inside a longer solid one: "retraite agricole" hides "retraite". In the order of the words."""
    kept = []
    farthest = 0  # where the solid matches that begin before the current word end
    for start, group in groupby(sorted(matches, key=lambda match: match.start), key=lambda match: match.start):
        here = list(group)
        solid = max((match.end for match in here if match.solid), default=start)
        kept += [match for match in here if match.end > farthest and match.end >= solid]
        farthest = max(farthest, solid)
    return kept
