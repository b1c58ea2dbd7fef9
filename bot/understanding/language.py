"""In which language a message is written: its small words, its endings and its letters, counted."""

import re

from bot.understanding.folding import fold
from bot.understanding.lexicons import read_data, read_words

FRENCH, ARABIC = "fr", "ar"

ENOUGH = 2.0
"""What a language must gather at least: one foreign word, a greeting or a name, says nothing."""

ENOUGH_FRENCH = 3.0
"""What French must gather to be called so: "oui merci" is said by people who speak another language."""

ORDINARY = 0.25
"""What an ordinary French word says for French: many are names, or words of other languages too."""

ENDING = 0.5
SHORTEST_ENDED = 6
"""Letters of the shortest word whose ending is looked at."""

MIN_ARABIC = 4
ARABIC_SHARE = 0.3
"""Arabic letters, at least, and their part of all letters: "CAF" and "Pau" stay in Latin letters."""

MAX_CHARACTERS = 1000

_WORD = re.compile(r"[^\W\d_]+(?:'(?=[^\W\d_]))?")
_ARABIC = re.compile(r"[\u0621-\u064a\u0671-\u06d3]")
_LETTER = re.compile(r"[^\W\d_]")


class LanguageFinder:
    """Finds the language of a message; the words stand in `languages.yml`."""

    def __init__(self) -> None:
        data = read_data("languages.yml")
        french = frozenset(fold(data["languages"][FRENCH]["words"]).split())
        self._words = {
            code: frozenset(fold(told["words"]).split()) - (french if code != FRENCH else frozenset())
            for code, told in data["languages"].items()
        }
        self._endings = {
            code: tuple(told["endings"].split()) for code, told in data["languages"].items() if "endings" in told
        }
        self._signs = {code: re.compile(pattern) for code, pattern in data["signs"].items()}
        self._unanswered = frozenset(data["unanswered"])
        self._ordinary = read_words("known_words.txt")
        self._plain = self._ordinary.difference(*self._words.values())

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages, beside French, that people are answered in."""
        return tuple(code for code in self._words if code != FRENCH and code not in self._unanswered)

    def find(self, text: str) -> str | None:
        """Return the code of the language, "fr" when it is clearly French, None when nothing tells."""
        text = text[:MAX_CHARACTERS].lower().replace("’", "'")
        if _is_arabic(text):
            return ARABIC
        scores = self._scores(text)
        french = scores.pop(FRENCH)
        best = max(scores, key=scores.__getitem__)
        if scores[best] >= max(ENOUGH, french):
            return None if best in self._unanswered else best
        return FRENCH if french >= ENOUGH_FRENCH else None

    def _scores(self, text: str) -> dict[str, float]:
        words = [word.rstrip("'") for word in dict.fromkeys(_WORD.findall(fold(text)))]
        scores = {code: sum(word in known for word in words) + 0.0 for code, known in self._words.items()}
        scores[FRENCH] += ORDINARY * sum(word in self._plain for word in words)
        for code, endings in self._endings.items():
            scores[code] += ENDING * sum(
                len(word) >= SHORTEST_ENDED and word.endswith(endings) and word not in self._ordinary for word in words
            )
        for code, sign in self._signs.items():
            scores[code] += bool(len(words) > 1 and sign.search(text))
        return scores


def _is_arabic(text: str) -> bool:
    arabic = len(_ARABIC.findall(text))
    return arabic >= MIN_ARABIC and arabic >= ARABIC_SHARE * len(_LETTER.findall(text))
