"""The contact card of a place or of a national line: one touch calls it, two keep it. vCard 3.0, RFC 2426."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from telegram import Contact

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
    return Contact(who["telephone"], who["nom"][:MAX_NAME], vcard=vcard(who, note))


def hours(lieu: Mapping[str, Any]) -> str | None:
    """Return when to go, with its date: a card is kept, so that "today" would be false tomorrow."""
    opening = lieu["next_opening"]
    start = datetime.fromisoformat(opening["start"]) if opening else None
    end = datetime.fromisoformat(opening["end"]) if opening and opening["end"] else None
    said = f"Ouvert {say_day(start)}, {_span(start, end)}." if start else None
    return " ".join(filter(None, (said, "Sur rendez-vous." if lieu["by_appointment"] else None))) or None


def vcard(who: Mapping[str, Any], note: str | None) -> str | None:
    """Return the card with all that fits: the note goes first, then the address; None when not even the name fits."""
    name = _escaped(who["nom"])
    head = ("BEGIN:VCARD", "VERSION:3.0", f"N:{name};;;;", f"FN:{name}", f"TEL;TYPE=WORK,VOICE:{who['telephone']}")
    address = [_escaped(who.get(key)) for key in ("adresse", "commune", "code_postal")]
    street, town, code = address
    where = [f"ADR;TYPE=WORK:;;{street};{town};;{code};"] if any(address) else []
    kept = [f"NOTE:{_escaped(note)}"] if note else []
    cards = ("\r\n".join([*head, *more, "END:VCARD", ""]) for more in ([*where, *kept], where, []))
    return next((card for card in cards if len(card.encode()) <= MAX_BYTES), None)


def _span(start: datetime, end: datetime | None) -> str:
    if end is None or end.date() != start.date():
        return f"à partir de {say_hour(start)}"
    return f"de {say_hour(start)} à {say_hour(end)}"


def _escaped(value: str | None) -> str:
    """Return a value as RFC 2426 writes it: a blank in place of a new line."""
    text = " ".join((value or "").split())
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
