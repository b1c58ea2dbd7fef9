"""Words without accents and in lower case: how messages and patterns are compared."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "`": "'", "´": "'", "ß": "ss", "ʼ": "'"})
"""One letter for two, and the many apostrophes of keyboards."""
ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
"""The combining marks of European languages: most of those that there are."""


def fold(text: str) -> str:
    """Return the text in lower case without accents: "Été à Pau" → "ete a pau"."""
    lower = text.lower().translate(LIGATURES)
    if lower.isascii():
        return lower
    decomposed = unicodedata.normalize("NFD", lower)
    plain = ACCENTS.sub("", decomposed)
    if plain.isascii():  # ten times faster than letter by letter
        return plain
    return "".join(char for char in decomposed if not unicodedata.combining(char))
