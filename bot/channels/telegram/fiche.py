"""The contact card of a place or of a national line: one touch calls it, two keep it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from telegram import Contact

from bot.channels.vcard import vcard
from knowledge.raisons import say_day, say_hour

MAX_NAME = 64
"""Characters of a name that Telegram's applications show."""

MAX_BYTES = 2048
"""Of a vCard: https://core.telegram.org/bots/api#sendcontact."""


def contact(card: Mapping[str, Any]) -> Contact | None:
    """Return the number of the first place of the card, or of the line when there is no place; None without number."""
    lieu = next(iter(card.get("lieux", ())), None)
    who = lieu or card.get("fallback")
    if who is None or not who["telephone"]:
        return None
    note = hours(lieu) if lieu else who["horaires"]
    return Contact(who["telephone"], who["nom"][:MAX_NAME], vcard=vcard(who, note, most=MAX_BYTES))


def hours(lieu: Mapping[str, Any]) -> str | None:
    """Return when to go, with its date: a card is kept, so that "today" would be false tomorrow."""
    opening = lieu["next_opening"]
    start = datetime.fromisoformat(opening["start"]) if opening else None
    end = datetime.fromisoformat(opening["end"]) if opening and opening["end"] else None
    said = f"Ouvert {say_day(start)}, {_span(start, end)}." if start else None
    return " ".join(filter(None, (said, "Sur rendez-vous." if lieu["by_appointment"] else None))) or None


def _span(start: datetime, end: datetime | None) -> str:
    if end is None or end.date() != start.date():
        return f"à partir de {say_hour(start)}"
    return f"de {say_hour(start)} à {say_hour(end)}"
