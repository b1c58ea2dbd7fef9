"""Texts that Telegram takes: 4096 UTF-16 units a message, its HTML once read.

https://core.telegram.org/bots/api#sendmessage. A longer text is several messages from the start: each is sent, and
tried again, on its own.
"""

from collections.abc import Sequence

from bot.channels.plain import Plain

MAX_TEXT = 4096
"""UTF-16 units of one text."""

BREAKS = ("\n\n", "\n", " ")


class Telegram(Plain):
    """The text goes out as it is, in as few messages as it takes; Telegram shows the choices."""

    def join(self, texts: Sequence[str], titles: Sequence[str]) -> list[str]:
        """Return the messages of a turn: its texts as paragraphs."""
        return [part for text in super().join(texts, titles) for part in split(text, MAX_TEXT)]

    def add(self, text: str, lines: Sequence[str]) -> list[str]:
        """Return the text with the whole line as its last paragraph, or the line on its own where it does not hold."""
        whole = super().add(text, lines)
        return whole if units(whole[0]) <= MAX_TEXT else [text, *split(lines[0], MAX_TEXT)]


def split(text: str, limit: int = MAX_TEXT) -> list[str]:
    """Cut a text where a paragraph, a line or a word ends, into texts of `limit` UTF-16 units at most; one at least."""
    found = []
    while len(head := _head(text, limit)) < len(text):
        ends = (head.rfind(mark) for mark in BREAKS)
        end = next((at for at in ends if at >= len(head) // 2), 0) or len(head)
        found.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [one for one in (*found, text) if one.strip()] or [""]


def units(text: str) -> int:
    """Return the length as Telegram counts it, in UTF-16 units: most emoji are two."""
    return len(text) + sum(c > "\uffff" for c in text)


def _head(text: str, limit: int) -> str:
    """Return the longest beginning of `limit` UTF-16 units; `limit` is 2 at least."""
    head = text[:limit]
    while (over := units(head) - limit) > 0:
        head = head[: -((over + 1) // 2)]
    return head
