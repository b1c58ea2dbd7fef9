"""Finding the places inside a whole message."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from knowledge.communes.cues import cue_before
from knowledge.communes.model import Cue, Mention
from knowledge.communes.names import OTHER, SHORTEST_TYPO, LocalNames, Named, NameIndex, Spellings
from knowledge.communes.search import rank
from knowledge.communes.text import Token, tokens
from knowledge.communes.typos import read_through

LONGEST = 10_000
"""Characters read."""
MOST_TYPOS = 40
"""Unknown words looked at through a typo, a message: it bounds the time of a long one."""
INSIDE_NAME = re.compile(r"[ \t\u00a0'’.-]{1,3}|\s?/\s?")
"""What may stand between two words of one name."""
SENTENCE_END = frozenset(".!?;:\n")
POSTAL_CODE = re.compile(
    r"(?<![\d.,/+-])(?<!\d )\d{2} ?\d{3}(?![\d.,/-]?\d| ?\d|\s?(?:€|%|eur|habitant|km|ko|mo|go|kg|pas\b|fois))"
)
SHORT_NAME = 4
"""Letters up to which a name may be something else (a typing slip, an abbreviation)."""
KNOWN_ANYWHERE = 20_000
BASQUE_ENDINGS = ("tik", "ra", "ko", "an", "en", "n")
"""Basque says "in, from, to, of" at the end of the name."""
PLACE_CUES = frozenset({Cue.RESIDENCE, Cue.LOCATIVE})


class Found(NamedTuple):
    """A name read at some words: their number, what it may mean, whether it is spelt right, where it starts."""

    words: int
    named: Sequence[Named]
    exact: bool
    start: int


class Scanner:
    """One pass over one message."""

    def __init__(self, index: NameIndex, text: str, territoire: frozenset[str]) -> None:
        self.index, self.text, self.territoire = index, text, territoire
        self.local: LocalNames = index.local(territoire)
        self.words = list(tokens(text))
        self.shouted = text.isupper()
        self.typos_left = MOST_TYPOS

    def run(self) -> Iterator[Mention]:
        """Yield the mentions in order."""
        i = 0
        while i < len(self.words):
            found = self.name_at(i)
            mention = self.judge(i, found) if found else None
            if mention:
                yield mention
            i += found.words if found and mention else 1

    def name_at(self, i: int) -> Found | None:
        """Return the longest name that begins at word `i`: local, glued to its "d'", elsewhere, misspelt."""
        token = self.words[i]
        for named, longest in ((self.local.named, self.local.longest), (None, self.index.longest)):
            for n in range(min(longest.get(token.word, 0), len(self.words) - i), 0, -1):
                key = self.key(i, n)
                meanings = (named.get(key, ()) if named is not None else self.index.exact(key)) if key else ()
                if meanings:
                    return Found(n, meanings, True, token.start)
        return self.glued(token) or self.declined(i) or self.misspelt(i)

    def key(self, i: int, n: int) -> str:
        """Return the folded name made of `n` words from `i`, or "" when they are not one name."""
        part = self.words[i : i + n]
        for a, b in zip(part, part[1:], strict=False):
            if not INSIDE_NAME.fullmatch(self.text, a.end, b.start):
                return ""
        return " ".join(token.word for token in part)

    def glued(self, token: Token) -> Found | None:
        """Return a name written together with its "d'": "danglet"."""
        rest = token.word[1:]
        if token.word[0] == "d" and rest[:1] in "aeiouyh" and len(rest) > SHORT_NAME and self.plain(token.word):
            named = self.local.named.get(rest)
            return Found(1, named, True, token.start + 1) if named else None
        return None

    def declined(self, i: int) -> Found | None:
        """Return a name with a Basque ending: "Baionan", "Donibane Lohizunen"."""
        for n in (2, 1):
            key = self.key(i, n) if i + n <= len(self.words) else ""
            for ending in BASQUE_ENDINGS:
                stem = key.removesuffix(ending)
                if stem != key and len(stem) >= SHORTEST_TYPO and stem in self.local.named and self.plain(key):
                    return Found(n, self.local.named[stem], True, self.words[i].start)
        return None

    def misspelt(self, i: int) -> Found | None:
        """Return a local name read through a typo: one unknown word, or up to five after "saint"."""
        token = self.words[i]
        if token.word in ("saint", "sainte"):
            return self.best_typo(i, range(min(5, len(self.words) - i), 1, -1), self.local.saints)
        if len(token.word) >= SHORTEST_TYPO and token.word.isalpha() and self.plain(token.word):
            return self.best_typo(i, range(1, 2), self.local.words)
        return None

    def best_typo(self, i: int, lengths: range, spellings: Spellings) -> Found | None:
        """Return the best reading of `n` words from `i`, for each `n` of `lengths`."""
        best: tuple[float, Found] | None = None
        for n in lengths:
            key = self.key(i, n)
            if not key or self.typos_left <= 0:
                continue
            self.typos_left -= 1
            for name, quality in read_through(key, spellings, limit=2):
                named = [Named(c, q * quality) for c, q in self.local.named[name]]
                if best is None or quality > best[0]:
                    best = quality, Found(n, named, False, self.words[i].start)
                elif quality == best[0]:
                    best = quality, best[1]._replace(named=[*best[1].named, *named])
        return best[1] if best else None

    def plain(self, word: str) -> bool:
        """Return whether the word means nothing else in French."""
        return word not in self.index.ordinary

    def judge(self, i: int, found: Found) -> Mention | None:
        """Return the mention with how sure it is to be a place, or None when it most likely is none."""
        cue = Cue.ORIGIN if found.start > self.words[i].start else cue_before(self.words, self.text, i)
        score = self.certainty(i, found, cue)
        if score <= 0:
            return None
        match = rank(found.named, self.territoire, 5)
        start, end = found.start, self.words[i + found.words - 1].end
        return Mention(start, end, self.text[start:end], match.candidates, match.ambiguous, score, cue, found.exact)

    def certainty(self, i: int, found: Found, cue: Cue) -> float:
        """Return how sure these words are a place, from 0 (no) to 1."""
        placed = cue in PLACE_CUES
        capital = self.is_capital(i)
        single = found.words == 1
        word = self.words[i].word
        if not found.exact:
            return 0.8 if placed else 0.7 if capital or not single or len(word) > 5 else 0.0
        inside = any(n.commune.departement in self.territoire for n in found.named)
        if not inside:
            return self.certainty_elsewhere(i, found, cue, capital)
        if single and not self.plain(word):
            return 0.8 if capital and cue is not Cue.NONE else 0.7 if cue is Cue.RESIDENCE or self.is_alone(i) else 0.0
        if single and len(word) <= SHORT_NAME and cue is Cue.NONE and not capital and not self.is_alone(i):
            return 0.55
        return 0.98 if placed else 0.9

    def certainty_elsewhere(self, i: int, found: Found, cue: Cue, capital: bool) -> float:
        """Return the same for a name of another part of the country: exact, after a cue, and not a French word."""
        word = self.words[i].word
        if found.words == 1 and (len(word) < SHORT_NAME or not self.plain(word)) and not self.is_alone(i):
            return 0.0
        if all(n.quality < OTHER - 0.01 for n in found.named) or cue in (Cue.NONE, Cue.PERSON):
            return 0.7 if self.is_alone(i) and capital else 0.0
        population = max(n.commune.population or 0 for n in found.named)
        if cue is Cue.RESIDENCE or population >= KNOWN_ANYWHERE:
            return 0.9
        return 0.6 if capital and cue is Cue.LOCATIVE else 0.0

    def is_capital(self, i: int) -> bool:
        """Return whether the word has a capital that neither the sentence nor a shouted message gives it."""
        token = self.words[i]
        if self.shouted or not token.raw[0].isupper() or i == 0:
            return False
        between = self.text[self.words[i - 1].end : token.start]
        return not SENTENCE_END & set(between)

    def is_alone(self, i: int) -> bool:
        """Return whether the words stand by themselves: the whole message, or between punctuation."""
        before = self.text[self.words[i - 1].end : self.words[i].start] if i else "."
        after = self.text[self.words[i].end : self.words[i + 1].start] if i + 1 < len(self.words) else "."
        return bool(re.search(r"[^\w\s'’-]|\n", before) and re.search(r"[^\w\s'’-]|\n", after))


def scan(index: NameIndex, text: str, *, territoire: frozenset[str]) -> tuple[Mention, ...]:
    """Return the places of the message (see `Gazetteer.mentions`)."""
    return tuple(Scanner(index, text[:LONGEST], territoire).run())
