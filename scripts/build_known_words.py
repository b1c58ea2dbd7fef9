"""Write bot/understanding/data/known_words.txt: common words of five languages, never "corrected" into another word.

    pip install pyspellchecker==0.9.1
    python scripts/build_known_words.py

The frequencies are pyspellchecker's (MIT), counted in OpenSubtitles. Words are folded (no accents, lower case).
"""

import re
from pathlib import Path

from spellchecker import SpellChecker

from bot.understanding.folding import fold

TARGET = Path("bot/understanding/data/known_words.txt")
MIN_COUNT = {"fr": 100, "en": 8000, "es": 8000, "pt": 8000, "eu": 1000}
"""French thoroughly; of the others the words that a message in that language cannot do without."""

MIN_LETTERS = 4
"""Shorter words are never corrected, so need not be known."""


def main() -> None:
    """Write the table, one word a line, sorted."""
    words = {
        fold(word)
        for language, least in MIN_COUNT.items()
        for word, count in SpellChecker(language=language).word_frequency.items()
        if count >= least and re.fullmatch(r"[^\W\d_]+", word)
    }
    kept = sorted(word for word in words if len(word) >= MIN_LETTERS and word.isascii())
    TARGET.write_text("\n".join(kept) + "\n", encoding="ascii")
    print(f"{len(kept)} mots dans {TARGET}")


if __name__ == "__main__":
    main()
