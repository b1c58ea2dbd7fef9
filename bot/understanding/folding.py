"""Words without accents and in lower case: how messages and patterns are compared."""

from bot.letters import without_marks

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "`": "'", "´": "'", "ß": "ss", "ʼ": "'"})
"""One letter for two, and the many apostrophes of keyboards."""


def fold(text: str) -> str:
    """Return the text in lower case without accents: "Été à Pau" → "ete a pau"."""
    return without_marks(text.lower().translate(LIGATURES))
