"""A long message and its parts, as Gammu SMSD wants them written and gives them: text, and header in hexadecimal."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.channels.sms.text import GSM7_EXTENSION, LIMITS, Coding, Encoded

CONCATENATION = {0x00: 3, 0x08: 4}
"""Elements of a user data header that link parts (3GPP TS 23.040, 9.2.3.24): reference on 8 or 16 bits, and length."""


class Link(NamedTuple):
    """Which message a part belongs to, and its place there (from 1)."""

    reference: int
    total: int
    place: int


ALONE = Link(0, 1, 1)


@dataclass(frozen=True, slots=True)
class Part:
    """A row of the inbox. `received`: the column `ReceivingDateTime`, a local time (a text on SQLite)."""

    id: int
    sender: str
    text: str
    received: datetime | str
    link: Link


def read_link(udh: str | None) -> Link:
    """Return what a user data header says of the parts; `ALONE` when it says nothing, or nonsense."""
    try:
        octets = bytes.fromhex(udh or "")
    except ValueError:
        return ALONE
    at = 1
    while at + 1 < len(octets):
        kind, length = octets[at], octets[at + 1]
        data = octets[at + 2 : at + 2 + length]
        if CONCATENATION.get(kind) == length == len(data):
            link = Link(int.from_bytes(data[:-2]), data[-2], data[-1])
            return link if 1 <= link.place <= link.total else ALONE
        at += 2 + length
    return ALONE


def join(parts: Iterable[Part]) -> list[list[Part]]:
    """Return the messages that the parts make, in order; those of a message are sorted by place, some may miss.

    A place that is already taken begins another message: references come back after 256 messages.
    """
    messages: list[dict[int, Part]] = []
    opened: dict[tuple[str, int, int], dict[int, Part]] = {}
    for part in parts:
        mark = (part.sender, part.link.reference, part.link.total)
        if part.link.total == 1 or part.link.place in opened.get(mark, {part.link.place}):
            opened[mark] = {}
            messages.append(opened[mark])
        opened[mark][part.link.place] = part
    return [[message[place] for place in sorted(message)] for message in messages]


def is_whole(message: Sequence[Part]) -> bool:
    """Say whether every part is there."""
    return len(message) == message[0].link.total


def cut(encoded: Encoded, key: str) -> list[tuple[str, str | None]]:
    """Return the parts of a message to send: text and header (None when it is the only one).

    The reference is drawn from `key`, so that two messages to one person are told apart.
    """
    if encoded.segments <= 1:
        return [(encoded.text, None)]
    texts = _fill(encoded.text, encoded.coding)
    reference = hashlib.sha256(key.encode()).digest()[0]
    return [(text, f"050003{reference:02X}{len(texts):02X}{place:02X}") for place, text in enumerate(texts, start=1)]


def _fill(text: str, coding: Coding) -> list[str]:
    """Cut so that no pair (escape and character, surrogates) is parted; each part is as full as it can be."""
    room, texts, filled = LIMITS[coding][1], [""], 0
    for char in text:
        pair = char in GSM7_EXTENSION if coding is Coding.GSM7 else char > "\uffff"
        if filled + 1 + pair > room:
            texts.append("")
            filled = 0
        texts[-1] += char
        filled += 1 + pair
    return texts
