"""An update of the Bot API as what a person said. Source: https://core.telegram.org/bots/api#update."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, MessageEntity, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.gateway import Inbound
from bot.channels.telegram.inline import Asked, read_inline

ALLOWED = ("message", "callback_query", "my_chat_member", "inline_query")
"""The kinds of update that we ask for; the others are ignored if they come all the same."""

GROUP = "groupe"
MEDIA: Mapping[str, str] = {
    "animation": "video",
    "audio": "audio",
    "contact": "fiche",
    "dice": "autocollant",
    "document": "document",
    "game": "autre",
    "invoice": "autre",
    "paid_media": "photo",
    "photo": "photo",
    "poll": "sondage",
    "sticker": "autocollant",
    "story": "autre",
    "video": "video",
    "video_note": "video",
    "voice": "vocal",
}
"""What a message may hold in place of a text; an animation is a document too, and comes first."""

GONE = frozenset({ChatMemberStatus.BANNED, ChatMemberStatus.LEFT})
BOT_SUFFIX = re.compile(r"(/\w+)@\w+")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one update told. `press`: the id of a pressed button, to be answered whatever comes of it.

    `inline`: what is looked up in another chat; nothing of it is kept.
    """

    message: Inbound | None = None
    stopped: str | None = None
    press: str | None = None
    inline: Asked | None = None


def read_update(raw: Mapping[str, Any], username: str) -> Told:
    """Return what an update tells the bot `username`; one that cannot be read tells nothing, and is logged.

    Never raises: an update that the library does not know yet must not hold up those that follow.
    """
    press = _press(raw)
    if inline := read_inline(raw):
        return Told(inline=inline)
    try:
        update = Update.de_json(dict(raw))
        return Told(message=_message(update, username.casefold()), stopped=_stopped(update), press=press)
    except Exception as error:  # noqa: BLE001
        logger.warning("telegram: update not read (%s)", type(error).__name__)
        return Told(press=press)


def _press(raw: Mapping[str, Any]) -> str | None:
    query = raw.get("callback_query")
    found = query.get("id") if isinstance(query, Mapping) else None
    return found if isinstance(found, str) else None


def _message(update: Update, username: str) -> Inbound | None:
    if update.message:
        return _said(update.message, str(update.update_id), username)
    if update.callback_query:
        return _pressed(update.callback_query, str(update.update_id))
    if update.my_chat_member:
        return _added(update.my_chat_member, str(update.update_id))
    return None


def _said(message: Message, external_id: str, username: str) -> Inbound | None:
    if message.from_user and message.from_user.is_bot:
        return None
    address, sent_at = str(message.chat.id), message.date
    if message.chat.type != ChatType.PRIVATE:
        named = _names(message, username)
        return Inbound(address=address, external_id=external_id, sent_at=sent_at, media=GROUP) if named else None
    text, media = _text(message), _media(message)
    place = message.location
    if not (text or media or place):
        return None  # a message of the service: pinned, joined, renamed...
    return Inbound(
        address=address,
        text=text,
        external_id=external_id,
        sent_at=sent_at,
        media=media,
        latitude=float(place.latitude) if place else None,
        longitude=float(place.longitude) if place else None,
    )


def _text(message: Message) -> str:
    """Return the text or the caption, a command without the name of the bot: "/aide@Bot" is "/aide"."""
    text = str(message.text or message.caption or "")
    command = BOT_SUFFIX.match(text)
    return command[1] + text[command.end() :] if command else text


def _media(message: Message) -> str | None:
    return next((word for name, word in MEDIA.items() if getattr(message, name)), None)


def _names(message: Message, username: str) -> bool:
    """Tell whether a message of a group mentions the bot or commands it: only then is it for us."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.BOT_COMMAND]
    found: dict[MessageEntity, str] = {}
    if message.text:
        found = message.parse_entities(kinds)
    elif message.caption:
        found = message.parse_caption_entities(kinds)
    spoken_to = (piece.casefold().partition("@") for piece in found.values())
    return any(bot == username if not before else bot in ("", username) for before, _, bot in spoken_to)


def _pressed(query: CallbackQuery, external_id: str) -> Inbound | None:
    """Return the press of a button; the message that bears it may be too old to be shown to us."""
    chat = query.message.chat if query.message else None
    if not isinstance(query.data, str) or not query.data or (chat and chat.type != ChatType.PRIVATE):
        return None
    return Inbound(address=str(chat.id if chat else query.from_user.id), external_id=external_id, pressed=query.data)


def _added(change: ChatMemberUpdated, external_id: str) -> Inbound | None:
    """Return that the bot was put in a group, so that it says once that it does not talk there."""
    came = change.old_chat_member.status in GONE and change.new_chat_member.status not in GONE
    if not came or change.chat.type == ChatType.PRIVATE:
        return None
    return Inbound(address=str(change.chat.id), external_id=external_id, sent_at=change.date, media=GROUP)


def _stopped(update: Update) -> str | None:
    """Return the chat that shut the bot out: a person who blocks it, a group that removes it."""
    change = update.my_chat_member
    return str(change.chat.id) if change and change.new_chat_member.status in GONE else None
