"""An update of the Bot API as what a person said. Source: https://core.telegram.org/bots/api#update."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, MessageEntity, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.gateway import Inbound
from bot.channels.telegram.inline import Asked, read_inline
from bot.channels.telegram.places import is_elsewhere
from bot.messages import EDITED, ELSEWHERE

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member", "inline_query")
"""The kinds of update that we ask for; the others are ignored if they come all the same."""

GROUP = "groupe"
MEDIA: Mapping[str, str] = {
    "animation": "video",
    "audio": "audio",
    "checklist": "liste",
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

PLAIN = ("message_id", "date", "chat", "from", "text", "caption", "location", "via_bot")
"""What is read of a message whose other parts the library cannot read."""

GONE = frozenset({ChatMemberStatus.BANNED, ChatMemberStatus.LEFT})
BOT_SUFFIX = re.compile(r"(/\w+)@\w+")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one update told. `blocked`: the chat that shut the bot out, a person's or a group.

    `press`: the id of a pressed button, to be answered whatever comes of it.
    `inline`: what is looked up in another chat; nothing of it is kept.
    """

    message: Inbound | None = None
    blocked: Inbound | None = None
    press: str | None = None
    inline: Asked | None = None


def read_update(raw: Mapping[str, Any], username: str) -> Told:
    """Return what an update tells the bot `username`; one that cannot be read whole is logged.

    Never raises: an update that the library does not know yet must not hold up those that follow. The words of a
    message are heard all the same, whatever else it holds.
    """
    press = _press(raw)
    if inline := read_inline(raw):
        return Told(inline=inline)
    for whole in (raw, _plain(raw)):
        try:
            update = Update.de_json(dict(whole))
            message = _message(update, raw, username.casefold())
            return Told(message=message, blocked=_blocked(update), press=press)
        except Exception as error:  # noqa: BLE001
            logger.warning("telegram : un message ne se lit pas (%s)", type(error).__name__)
    return Told(press=press)


def _plain(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the update with nothing but the words of its message, without anything when it has no message."""
    message = raw.get("message")
    kept = {name: message[name] for name in PLAIN if name in message} if isinstance(message, Mapping) else None
    return {"update_id": raw.get("update_id"), "message": kept}


def _press(raw: Mapping[str, Any]) -> str | None:
    query = raw.get("callback_query")
    found = query.get("id") if isinstance(query, Mapping) else None
    return found if isinstance(found, str) else None


def _message(update: Update, raw: Mapping[str, Any], username: str) -> Inbound | None:
    if update.message:
        return _said(update.message, raw["message"], str(update.update_id), username)
    if update.edited_message:
        return _changed(update.edited_message, str(update.update_id), username)
    if update.callback_query:
        return _pressed(update.callback_query, str(update.update_id))
    if update.my_chat_member:
        return _added(update.my_chat_member, str(update.update_id))
    return None


def _said(message: Message, raw: Mapping[str, Any], external_id: str, username: str) -> Inbound | None:
    if _is_machines(message, username):
        return None
    address, sent_at = str(message.chat.id), message.date
    if message.chat.type != ChatType.PRIVATE:
        named = _names(message, username)
        return Inbound(address=address, external_id=external_id, sent_at=sent_at, media=GROUP) if named else None
    text, media = _text(message), _media(raw)
    place = message.location
    if not (text or media or place):
        return None  # a message of the service: pinned, joined, renamed...
    if place and is_elsewhere(float(place.latitude), float(place.longitude)):
        place, media = None, ELSEWHERE
    return Inbound(
        address=address,
        text=text,
        external_id=external_id,
        sent_at=sent_at,
        media=media,
        latitude=float(place.latitude) if place else None,
        longitude=float(place.longitude) if place else None,
    )


def _is_machines(message: Message, username: str) -> bool:
    """Say whether nobody wrote this: another bot, or one of our own cards. An anonymous administrator is somebody."""
    written_by_bot = message.from_user and message.from_user.is_bot and not message.sender_chat
    return bool(written_by_bot) or _is_bot(message.via_bot, username)


def _is_bot(user: User | None, username: str) -> bool:
    name = user.username if user else None
    return bool(name) and str(name).casefold() == username


def _changed(message: Message, external_id: str, username: str) -> Inbound | None:
    """Return that a person changed their words. A position that moves on, or a change that nobody sees, is none."""
    words = (message.text or message.caption) and message.edit_date and not message.location
    if not words or message.chat.type != ChatType.PRIVATE or _is_machines(message, username):
        return None
    return Inbound(address=str(message.chat.id), external_id=external_id, sent_at=message.date, media=EDITED)


def _text(message: Message) -> str:
    """Return the text or the caption, a command without the name of the bot: "/aide@Bot" is "/aide"."""
    text = str(message.text or message.caption or "")
    command = BOT_SUFFIX.match(text)
    return command[1] + text[command.end() :] if command else text


def _media(raw: Mapping[str, Any]) -> str | None:
    return next((word for name, word in MEDIA.items() if raw.get(name)), None)


def _names(message: Message, username: str) -> bool:
    """Tell whether a message of a group mentions, commands or answers the bot: only then is it for us."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION, MessageEntity.BOT_COMMAND]
    found: dict[MessageEntity, str] = {}
    if message.text:
        found = message.parse_entities(kinds)
    elif message.caption:
        found = message.parse_caption_entities(kinds)
    answered = message.reply_to_message.from_user if message.reply_to_message else None
    if any(_is_bot(user, username) for user in (answered, *(entity.user for entity in found))):
        return True
    spoken_to = (piece.casefold().partition("@") for entity, piece in found.items() if not entity.user)
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


def _blocked(update: Update) -> Inbound | None:
    """Return the chat that shut the bot out: a person who blocks it, a group that removes it."""
    change = update.my_chat_member
    if change is None or change.new_chat_member.status not in GONE:
        return None
    return Inbound(address=str(change.chat.id), external_id=str(update.update_id), sent_at=change.date)
