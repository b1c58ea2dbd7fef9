"""A message as Telegram shows it: text, buttons, the place on a map, its number as a contact card.

Limits: https://core.telegram.org/bots/api#sendmessage, 64 bytes a button; those of a text are minded before.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

from telegram import (
    Contact,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Location,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Venue,
)

from bot.channels.telegram.fiche import contact
from bot.messages import Choice, MessageOut

COMMUNE = "insee"
"""The slot of the commune: the question that a shared position answers."""

POSITION, PLACEHOLDER = "📍 Envoyer ma position", "Commune ou code postal"
ADDRESS = re.compile(r"[\d.]+|.*:.*")
"""An IP address in the place of a name."""

PRINTED = "📄 Fiche à imprimer ou à envoyer"

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What to send, in order: the HTML `text` with its `markup`, then the `extras`, each without a sound."""

    text: str
    markup: Markup
    extras: tuple[Venue | Contact, ...] = ()


def render(message: MessageOut, site: str = "") -> Rendered:
    """Return what carries the message; `site` is the public address of the page, which has a card of each place."""
    card = message.card or {}
    titles = [one["nom"] for one in card.get("lieux", ())] + [one["titre"] for one in card.get("creneaux", ())]
    extras = tuple(one for one in (venue(card), contact(card)) if one)
    return Rendered(text=html(message.text, titles), markup=markup(message, site), extras=extras)


def html(text: str, titles: Sequence[str] = ()) -> str:
    """Return the text in Telegram's HTML: escaped, and each line that begins with "• title" has its title in bold."""
    escaped = escape(text, quote=False)
    if not any(titles):
        return escaped
    longest_first = sorted({escape(one, quote=False) for one in titles if one}, key=len, reverse=True)
    pattern = rf"^• ({'|'.join(map(re.escape, longest_first))})(?!\w)"
    return re.sub(pattern, r"• <b>\1</b>", escaped, flags=re.MULTILINE)


def markup(message: MessageOut, site: str = "") -> Markup:
    """Return the buttons of the choices, or the button that shares a position, or what takes that one away."""
    if message.choices:
        links = _links(message.card or {}, site)
        return InlineKeyboardMarkup([[button] for button in (*_buttons(message.choices, message.turn), *links)])
    if message.asks == COMMUNE:
        share = KeyboardButton(POSITION, request_location=True)
        return ReplyKeyboardMarkup(
            [[share]], resize_keyboard=True, one_time_keyboard=True, input_field_placeholder=PLACEHOLDER
        )
    return ReplyKeyboardRemove()


def _buttons(choices: Sequence[Choice], turn: int) -> Iterator[InlineKeyboardButton]:
    """Yield a button a choice, with the number that may be typed and that the line in another language names."""
    for choice in choices:
        yield InlineKeyboardButton(f"{choice.key}. {choice.label}", callback_data=f"{turn}:{choice.key}")


def _links(card: Mapping[str, Any], site: str) -> Iterator[InlineKeyboardButton]:
    """Yield the button that opens the card of the first place, where the page is public."""
    first = next(iter(card.get("lieux", ())), None)
    if first and is_public(site):
        path = f"/lieu/{quote(first['id'], safe='')}/fiche?posture={card['posture']}"
        yield InlineKeyboardButton(PRINTED, url=site.rstrip("/") + path)


def is_public(site: str) -> bool:
    """Say whether a telephone can open an address: over HTTPS, by a name of the internet. Telegram refuses others."""
    try:
        parts = urlsplit(site)
        name = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == "https" and "." in name.strip(".") and not ADDRESS.fullmatch(name)


def venue(card: Mapping[str, Any]) -> Venue | None:
    """Return the first place of the card on a map, None when its position is not known."""
    first = next(iter(card.get("lieux", ())), None)
    if first is None or first["latitude"] is None or first["longitude"] is None:
        return None
    town = " ".join(filter(None, (first["code_postal"], first["commune"])))
    address = ", ".join(filter(None, (first["adresse"], town)))
    return Venue(Location(first["longitude"], first["latitude"]), first["nom"], address or first["nom"])
