"""A place or a national line as a contact of an address book. vCard 3.0, RFC 2426: every telephone reads it."""

from collections.abc import Mapping
from typing import Any


def vcard(who: Mapping[str, Any], note: str | None, *, most: int | None = None) -> str | None:
    """Return the card with all that fits in `most` bytes: the note goes first, then the rest but name and number.

    `who` has `nom` and `telephone` (None: no number), and may have `adresse`, `commune`, `code_postal`, `latitude`,
    `longitude`, `site`. None when not even the name fits.
    """
    name, number = escaped(who["nom"]), who["telephone"]
    call = [f"TEL;TYPE=WORK,VOICE:{number}"] if number else []
    head = ["BEGIN:VCARD", "VERSION:3.0", f"N:{name};;;;", f"FN:{name}", *call]
    where, kept = _where(who), [f"NOTE:{escaped(note)}"] if note else []
    cards = ("\r\n".join([*head, *more, "END:VCARD", ""]) for more in ([*where, *kept], where, []))
    return next((card for card in cards if most is None or len(card.encode()) <= most), None)


def _where(who: Mapping[str, Any]) -> list[str]:
    street, town, code = address = [escaped(who.get(key)) for key in ("adresse", "commune", "code_postal")]
    found = [f"ADR;TYPE=WORK:;;{street};{town};;{code};"] if any(address) else []
    if who.get("latitude") is not None and who.get("longitude") is not None:
        found.append(f"GEO:{who['latitude']};{who['longitude']}")
    return [*found, f"URL:{escaped(who['site'])}"] if who.get("site") else found


def escaped(value: str | None) -> str:
    """Return a value as RFC 2426 writes it: a blank in place of a new line."""
    text = " ".join((value or "").split())
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
