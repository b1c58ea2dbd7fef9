"""What publishers wrote, as people read it."""

from typing import TypeVar

T = TypeVar("T", str, str | None)

SMALL = frozenset({"de", "des", "du", "la", "le", "les", "rue", "avenue", "place", "route", "bis", "et", "l'", "d'"})

COURT = 40
"""Characters of a name, or of what a publisher wrote, in the shortest SMS."""


def capital(text: T) -> T:
    """Return a sentence with a capital first letter."""
    return text[:1].upper() + text[1:] if text else text


def tidy_case(text: str | None) -> str | None:
    """Return an address written in capitals in a form that is easier to read; other texts as they are."""
    if not text or text != text.upper():
        return text
    return " ".join(word.lower() if word.lower() in SMALL else word.capitalize() for word in text.split())


def court(text: str | None) -> str | None:
    """Return the first words of a text, as many as the shortest SMS has room for; a link is whole or left out."""
    if not text or len(text) <= COURT:
        return text
    kept = text[: COURT + 1].rpartition(" ")[0].rstrip(" ,;:-–(")
    return None if "://" in text else kept or text[:COURT]
