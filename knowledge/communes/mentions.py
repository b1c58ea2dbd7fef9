"""Finding the places inside a whole message."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from knowledge.communes.certainty import PLACED, Reading, certainty
from knowledge.communes.cues import SENTENCE_END, cue_before, is_foreign
from knowledge.communes.model import Cue, Mention
from knowledge.communes.names import SAINTS, SHORTEST_TYPO, LocalNames, Named, NameIndex
from knowledge.communes.search import LONGEST_NAME, rank
from knowledge.communes.text import tokens

LONGEST = 10_000
"""Characters read."""
MOST_TYPOS = 40
"""Unknown words looked at through a typo, a message: it bounds the time of a long one."""
INSIDE_NAME = re.compile(r"[ \t\u00a0'’.-]{1,3}|\s?/\s?")
"""What may stand between two words of one name."""
BESIDE_CODE = re.compile(r"[ \t\u00a0,(-]{1,3}")
"""What may stand between a name and its postal code."""
POSTAL_CODE = re.compile(
    r"(?!33 ?700\b)\d{2} ?\d{3}(?![\d.,/-]?\d| ?\d|\s?(?:€|%|eur|habitant|km\b|ko\b|mo\b|go\b|kg\b|fois\b))",
    re.IGNORECASE,
)
IN_NUMBER = re.compile(r"[\d.,/+-] ?$")
"""Before a postal code: it is the middle of a phone number or of an amount."""
BASQUE_ENDINGS = ("tik", "ra", "ko", "an", "en", "n")
"""Basque says "in, from, to, of" at the end of the name."""


class Found(NamedTuple):
    """A name read at some words: which words, what it may mean, how it was read, the offset where it starts."""

    first: int
    words: int
    named: Sequence[Named]
    start: int
    exact: bool = True
    with_code: bool = False


class Scanner:
    """One pass over one message."""

    def __init__(self, index: NameIndex, text: str, territoire: frozenset[str]) -> None:
        self.index, self.text, self.territoire = index, text, territoire
        self.local: LocalNames = index.local(territoire)
        self.next_to: frozenset[str] = index.beside(territoire)
        self.neighbours = index.named_in(self.next_to)
        self.words = list(tokens(text))
        self.foreign = is_foreign(self.words)
        self.shouted = text.isupper()
        self.typos_left = MOST_TYPOS

    def run(self) -> Iterator[Mention]:
        """Yield the mentions in order."""
        i = 0
        while i < len(self.words):
            found = self.code_at(i) if self.words[i].raw.isdecimal() else self.name_at(i)
            mention = self.judge(found) if found else None
            if found and mention:
                yield mention
                i = found.first + found.words
            else:
                i += 1

    def name_at(self, i: int) -> Found | None:
        """Return the longest name that begins at word `i`: local, elsewhere, glued to its "d'", declined, misspelt."""
        token = self.words[i]
        if token.word in self.local.firsts:
            declined = self.declined(i, 2)
            if declined:
                return declined
        for n in range(min(self.index.longest(token.word), len(self.words) - i), 0, -1):
            key = self.key(i, n)
            if named := self.local.named.get(key):
                return self.with_next_code(self.whole(Found(i, n, named, token.start)))
            if named := self.neighbours.get(key):
                return self.with_next_code(Found(i, n, named, token.start))
            if key in self.index:
                return self.with_next_code(Found(i, n, self.index.exact(key), token.start))
        return self.glued(i) or self.declined(i, 1) or self.misspelt(i)

    def whole(self, found: Found) -> Found:
        """Return the longer misspelt name that a name of several communes is the start of: "saint pee sur nivele"."""
        saint = self.words[found.first].word in SAINTS
        longer = self.misspelt_saint(found.first) if saint and len(found.named) > 1 else None
        return longer if longer and longer.words > found.words else found

    def key(self, i: int, n: int) -> str:
        """Return the folded name made of `n` words from `i`, or "" when they are not one name."""
        part = self.words[i : i + n]
        for a, b in pairwise(part):
            if not INSIDE_NAME.fullmatch(self.text, a.end, b.start):
                return ""
        return " ".join([token.word for token in part])

    def with_next_code(self, found: Found) -> Found:
        """Return the name with the postal code that follows it ("Tarnos (40220)"), when they agree."""
        after = found.first + found.words
        if self.beside(after):
            words, code = self.postal_code(after)
            named = [n for n in found.named if code in n.commune.codes_postaux]
            if named:
                return found._replace(words=found.words + words, named=named, with_code=True)
        return found

    def code_at(self, i: int) -> Found | None:
        """Return the place of a postal code, with its name when that comes after it: "64130 Mauléon"."""
        words, code = self.postal_code(i)
        pool = self.index.by_postal_code(code)
        if not pool:
            return None
        after = i + words
        for n in range(min(LONGEST_NAME, len(self.words) - after), 0, -1):
            key = self.key(after, n) if self.beside(after) else ""
            meanings = self.local.named.get(key) or self.index.exact(key)
            named = [m for m in meanings if m.commune in pool]
            if named:
                return Found(i, words + n, named, self.words[i].start, with_code=True)
        return Found(i, words, [Named(c, 0.9) for c in pool], self.words[i].start, with_code=True)

    def postal_code(self, i: int) -> tuple[int, str]:
        """Return how many words the postal code at word `i` takes, and its digits; (0, "") when there is none."""
        start = self.words[i].start
        found = POSTAL_CODE.match(self.text, start)
        if not found or IN_NUMBER.search(self.text[max(0, start - 2) : start]):
            return 0, ""
        return (2 if " " in found.group() else 1), found.group().replace(" ", "")

    def beside(self, i: int) -> bool:
        """Return whether word `i` comes right after the word before it."""
        return i < len(self.words) and bool(
            BESIDE_CODE.fullmatch(self.text, self.words[i - 1].end, self.words[i].start)
        )

    def glued(self, i: int) -> Found | None:
        """Return a name written together with its "d'": "danglet"."""
        token = self.words[i]
        rest = token.word[1:]
        if token.word[0] == "d" and rest[:1] in tuple("aeiouyh") and len(rest) >= SHORTEST_TYPO:
            named = self.local.named.get(rest)
            if named and token.word not in self.index.ordinary:
                return Found(i, 1, named, token.start + 1)
        return None

    def declined(self, i: int, n: int) -> Found | None:
        """Return a name of `n` words with a Basque ending: "Baionan", "Donibane Lohizunen"."""
        if i + n > len(self.words) or not self.words[i + n - 1].word.endswith(BASQUE_ENDINGS):
            return None
        key = self.key(i, n)
        for ending in BASQUE_ENDINGS:
            stem = key.removesuffix(ending)
            if stem != key and len(stem) >= SHORTEST_TYPO and stem in self.local.named:
                return Found(i, n, self.local.named[stem], self.words[i].start)
        return None

    def misspelt(self, i: int) -> Found | None:
        """Return a local name read through a typo: one unknown word, or up to four after "saint"."""
        token = self.words[i]
        if token.word in SAINTS:
            return self.misspelt_saint(i)
        if len(token.word) < SHORTEST_TYPO or not token.word.isalpha() or token.word in self.index.ordinary:
            return None
        named = self.local.misspelt(token.word, self.local.words) if self.spend() else []
        if not named and cue_before(self.words, self.text, i) in PLACED:
            named = self.local.sounding_like(token.word)
        return Found(i, 1, named, token.start, exact=False) if named else None

    def misspelt_saint(self, i: int) -> Found | None:
        """Return the best reading of one to four words after "saint"."""
        saint = self.words[i].word
        best: Found | None = None
        for n in range(min(4, len(self.words) - i - 1), 0, -1):
            key = self.key(i, n + 1)
            rest = key.removeprefix(f"{saint} ")
            if not key or key in self.local.named or not self.spend():
                continue
            named = self.local.misspelt(rest, self.local.saints[saint], after=f"{saint} ")
            if named and (best is None or named[0].quality > best.named[0].quality):
                best = Found(i, n + 1, named, self.words[i].start, exact=False)
        return best

    def spend(self) -> bool:
        """Return whether one more look through typos is allowed."""
        self.typos_left -= 1
        return self.typos_left >= 0

    def judge(self, found: Found) -> Mention | None:
        """Return the mention with how sure it is to be a place, or None when it most likely is none."""
        first, last = self.words[found.first], self.words[found.first + found.words - 1]
        glued = found.start > first.start
        reading = Reading(
            key=[t.word for t in self.words[found.first : found.first + found.words]],
            named=found.named,
            cue=Cue.ORIGIN if glued else cue_before(self.words, self.text, found.first),
            capital=self.is_capital(found.first),
            alone=self.is_alone(found.first, found.first + found.words),
            exact=found.exact,
            with_code=found.with_code,
            beside=self.next_to,
        )
        if self.foreign and first.raw.islower() and reading.cue not in PLACED and not reading.alone:
            return None
        score = certainty(reading, self.territoire, self.index.ordinary)
        if not score:
            return None
        match = rank(found.named, self.territoire, 5)
        text = self.text[found.start : last.end]
        return Mention(found.start, last.end, text, match.candidates, match.ambiguous, score, reading.cue, found.exact)

    def is_capital(self, i: int) -> bool:
        """Return whether the word has a capital that neither the sentence nor a shouted message gives it."""
        token = self.words[i]
        if self.shouted or not token.raw[0].isupper() or i == 0:
            return False
        return not SENTENCE_END & set(self.text[self.words[i - 1].end : token.start])

    def is_alone(self, first: int, after: int) -> bool:
        """Return whether the words stand by themselves: the whole message, or between punctuation."""
        before = self.text[self.words[first - 1].end : self.words[first].start] if first else "."
        behind = self.text[self.words[after - 1].end : self.words[after].start] if after < len(self.words) else "."
        return bool(re.search(r"[^\w\s'’-]|\n", before) and re.search(r"[^\w\s'’-]|\n", behind))


def scan(index: NameIndex, text: str, *, territoire: frozenset[str]) -> tuple[Mention, ...]:
    """Return the places of the message (see `Gazetteer.mentions`)."""
    return tuple(Scanner(index, text[:LONGEST], territoire).run())
