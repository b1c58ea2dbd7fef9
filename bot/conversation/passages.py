"""Codes that take a conversation from one channel to another: six signs, easy to type on any telephone."""

import re
from dataclasses import replace
from hashlib import sha256
from secrets import choice

from bot.messages import MessageIn
from bot.store.turns import HandedCode

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
DIGITS = "23456789"
"""Without those that are taken for one another: I, L, O, 0, 1."""

WORTH_S = 30 * 60.0
"""How long a code may be used."""

WRITTEN = re.compile(
    rf"\W*(?:(?:(?:voici|c'est|mon|le)\s+)*code\W*([{LETTERS}]{{3}})[ -]?([{DIGITS}]{{3}})"
    rf"|([{LETTERS}]{{3}})([{DIGITS}]{{3}}))"
    r"(?:\W+(?:svp|stp|merci|s['’ ]il vous pla[iî]t))?\W*",
    re.IGNORECASE,
)
"""A code after the word, politely or not; or alone, as it was given."""


def written_code(text: str) -> str | None:
    """Return the key of the code that a message is, None when it is none."""
    written = WRITTEN.fullmatch(text)
    return _key("".join(filter(None, written.groups()))) if written else None


def with_code(message: MessageIn, key: str | None, worth: str | None) -> MessageIn:
    """Return the message with a code to hand out; `key` says that it is a code itself, `worth` what for."""
    drawn = "".join(choice(signs) for signs in (LETTERS,) * 3 + (DIGITS,) * 3)
    return replace(message, code=drawn, carried=(worth or "") if key else None)


def handed_code(message: MessageIn, *, handed: bool) -> HandedCode | None:
    """Return the code that a turn handed out, to be kept with it."""
    if not handed or not message.code:
        return None
    return HandedCode(_key(message.code), message.received_at.timestamp() + WORTH_S)


def _key(code: str) -> str:
    return sha256(code.upper().encode()).hexdigest()
