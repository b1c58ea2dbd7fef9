"""The one thing that differs between channels before sending: how a text and its choices become one message."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.channels.plain import Plain
from bot.channels.sms.rendering import Sms
from bot.channels.telegram.text import Telegram
from bot.messages import SMS, TELEGRAM, TERMINAL, WEB


class Rendering(Protocol):
    """What the conversation asks of a channel."""

    def fits(self, text: str, titles: Sequence[str]) -> bool:
        """Say whether the text and its numbered choices go in one message."""

    def render(self, text: str, titles: Sequence[str]) -> str:
        """Return the text as the channel sends it."""

    def join(self, texts: Sequence[str], titles: Sequence[str]) -> list[str]:
        """Return the texts of one turn as the messages to send; the last one carries the choices."""

    def add(self, text: str, lines: Sequence[str]) -> list[str]:
        """Return the message with a line at its end; `lines` say it shorter and shorter. On its own if need be."""


def renderings() -> Mapping[str, Rendering]:
    """Return the rendering of each channel."""
    plain = Plain()
    return {TERMINAL: plain, WEB: plain, TELEGRAM: Telegram(), SMS: Sms()}
