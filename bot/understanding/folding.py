"""Words without accents and in lower case: how messages and patterns are compared."""

import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "`": "'", "´": "'", "ß": "ss", "ʼ": "'"})
"""One letter for two, and the many apostrophes of keyboards."""


def fold(text: str) -> str:
    """Return the text in lower case without accents: "Été à Pau" → "ete a pau"."""
    lower = text.lower().translate(LIGATURES)
    if lower.isascii():
        return lower
    decomposed = unicodedata.normalize("NFD", lower)
    return "".join(char for char in decomposed if not unicodedata.combining(char))
