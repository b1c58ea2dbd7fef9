"""From what people type to words that the lexicons know: folding, SMS spelling, glued words, typing mistakes.

`Reader.read` never raises and its cost is bounded: what stands beyond `MAX_CHARACTERS` is not read.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.understanding.folding import LIGATURES, fold
from bot.understanding.patterns import Token, Words, stem
from bot.understanding.spelling import Speller

MAX_CHARACTERS = 3000
"""Some 500 words: more than any message of a person, less than what would slow the others down."""

SIGNS = str.maketrans({"🆘": " sos ", "🚑": " ambulance ", "🚒": " pompiers "})
"""Pictures that call for help."""

_ONE_WORD = ((re.compile(r"aujourd.?\s?h?ui\b"), "aujourdhui"), (re.compile(r"week[ -]end"), "weekend"))
_REPEATED = re.compile(r"([a-zà-ÿ])\1{2,}")
_PIECE = re.compile(
    r"(?P<word>\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?(?![\d/])"
    r"|\d{1,2}\s?[h:]\s?\d{2}(?!\d)|\d{1,2}\s?h(?![a-z])|\d+(?:[.,]\d+)?\s?(?:€|%)|[a-zà-ÿ0-9ء-ي]+'?)"
    r"|(?P<sentence>[.!?\n…]+)|(?P<clause>[,;:()«»\"–—]| - )"
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message read: its words, and `plain`, the same words in one line with " , " and " . " where it pauses."""

    plain: str
    tokens: Words

    def without(self, hidden: Callable[[Token], bool]) -> "Message":
        """Return the message less some of its words and its pauses; offsets are still those of `plain` here."""
        kept = Words(token for token in self.tokens if not hidden(token))
        return Message(" ".join(token.text for token in kept), kept)


class Reader:
    """Reads messages with a table of SMS spellings and a speller that knows the words of the lexicons."""

    def __init__(self, spellings: Mapping[str, str], speller: Speller) -> None:
        self._spellings = spellings
        self._speller = speller

    def read(self, text: str) -> Message:
        """Return the words of a message."""
        composed = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])[:MAX_CHARACTERS]
        lower = unicodedata.normalize("NFC", composed.lower().translate(LIGATURES).translate(SIGNS))
        visible = lower if lower.isprintable() else "".join(filter(_is_visible, lower))
        for pattern, word in _ONE_WORD:
            visible = pattern.sub(word, visible)
        builder = _Builder()
        for piece in _PIECE.finditer(visible):
            if piece["word"]:
                for word in self._spell(piece["word"]):
                    builder.add(word)
            else:
                builder.pause(is_sentence=piece["sentence"] is not None)
        return builder.message()

    def _spell(self, word: str) -> list[str]:
        """Return one or several known words for a typed one."""
        if word[0].isdigit() and not word.isalnum():
            return [re.sub(r"\s", "", word)]
        if word[-1] == "'":  # an elision as it should be: "c'" is not the "c" of "c urgent"
            return [fold(word[:-1])]
        typed = self._spellings.get(word)
        if typed is not None:
            return typed.split()
        short = _REPEATED.sub(r"\1", word)
        folded = fold(short)
        respelt = self._spellings.get(folded)
        if respelt is not None and folded == short:
            return respelt.split()
        return self._speller.spell(folded)


def _is_visible(char: str) -> bool:
    return unicodedata.category(char) != "Cf"


class _Builder:
    """Collects the words of a message and their positions."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._tokens: list[Token] = []
        self._clause = 0
        self._sentence = 0

    def add(self, word: str) -> None:
        self._tokens.append(Token(word, stem(word), self._length, self._clause, self._sentence))
        self._append(word)

    def pause(self, *, is_sentence: bool) -> None:
        self._clause += 1
        self._sentence += is_sentence
        self._append("." if is_sentence else ",")

    def _append(self, part: str) -> None:
        self._parts.append(part)
        self._length += len(part) + 1

    def message(self) -> Message:
        return Message(" ".join(self._parts), Words(self._tokens))
