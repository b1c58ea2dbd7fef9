"""Words that a person may write alone at any time (flows/mots.yml): STOP, AIDE, RETOUR…"""

import unicodedata
from collections.abc import Mapping
from importlib.resources import files

from rapidfuzz.distance import OSA
from ruamel.yaml import YAML

MAX_WORDS = 6
MIN_LENGTH_FOR_A_TYPO = 4


class Keywords:
    """Whole messages that are commands or courtesies."""

    def __init__(self, words: Mapping[str, list[str]]) -> None:
        self._intents = {plain(word): intent for intent, phrases in words.items() for word in phrases}

    def intent(self, text: str) -> str | None:
        """Return the intent of a message that is nothing but such a word, with at most one typo; else None."""
        said = plain(text)
        if said in self._intents:
            return self._intents[said]
        if " " in said or len(said) < MIN_LENGTH_FOR_A_TYPO:
            return None
        near = [intent for word, intent in self._intents.items() if " " not in word and _one_typo(said, word)]
        return near[0] if len(set(near)) == 1 else None


def load_keywords() -> Keywords:
    """Read flows/mots.yml."""
    text = files("flows").joinpath("mots.yml").read_text(encoding="utf-8")
    return Keywords(YAML(typ="safe").load(text)["mots"])


def plain(text: str) -> str:
    """Return the text in lower case without accents, punctuation or repeated blanks; signs alone ("?") stay."""
    letters = unicodedata.normalize("NFKD", text[: MAX_WORDS * 20].lower())
    kept = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return " ".join(kept.split()) or text.strip()


def _one_typo(said: str, word: str) -> bool:
    return len(word) >= MIN_LENGTH_FOR_A_TYPO and bool(OSA.distance(said, word, score_cutoff=1) <= 1)
