"""Words without accents and in lower case: how messages and patterns are compared."""

from bot.letters import without_marks

LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "`": "'", "´": "'", "ß": "ss", "ʼ": "'", "ى": "ي", "ة": "ه"}
)
"""One letter for two, the many apostrophes of keyboards, the Arabic letters that are written for one another."""


def fold(text: str) -> str:
    """Return the text in lower case without accents: "Été à Pau" → "ete a pau"."""
    return without_marks(text.lower().translate(LIGATURES))
