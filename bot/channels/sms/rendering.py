"""A message as one SMS: the text, then its numbered choices, within two segments."""

from bisect import bisect_left
from collections.abc import Sequence

from bot.channels.sms.text import encode_choice, shorten

MAX_SEGMENTS = 2
"""Segments of one message: a longer one is cut, and costs the person's patience and the operator's money."""


class Sms:
    """Folding, counting and cutting are those of `bot.channels.sms.text`."""

    def cost(self, text: str, titles: Sequence[str]) -> int:
        """Return how many segments the whole takes before any cutting."""
        return encode_choice(_whole(text, titles)).segments

    def fits(self, text: str, titles: Sequence[str]) -> bool:
        """Say whether the whole goes in two segments."""
        return self.cost(text, titles) <= MAX_SEGMENTS

    def render(self, text: str, titles: Sequence[str]) -> str:
        """Return the SMS, the text shortened where there is no other way; choices are never cut."""
        if self.fits(text, titles):
            return encode_choice(_whole(text, titles)).text
        longest = bisect_left(range(len(text)), x=True, key=lambda length: not self.fits(_cut(text, length), titles))
        return shorten(encode_choice(_whole(_cut(text, longest - 1), titles)).text, MAX_SEGMENTS)

    def join(self, texts: Sequence[str], titles: Sequence[str]) -> list[str]:
        """Return as few SMS as possible, in order."""
        messages: list[str] = []
        for number, text in enumerate(texts, start=1):
            choices = titles if number == len(texts) else ()
            if messages and self.fits(f"{messages[-1]} {text}", choices):
                messages[-1] += f" {text}"
            else:
                messages.append(text)
        return messages

    def add(self, text: str, lines: Sequence[str]) -> list[str]:
        """Return the whole line in the same SMS if it fits there, else in a second one, as long as fits."""
        if self.fits(f"{text}\n{lines[0]}", ()):
            return [self.render(f"{text}\n{lines[0]}", ())]
        return [text, self.render(next((line for line in lines if self.fits(line, ())), lines[-1]), ())]


def _cut(text: str, length: int) -> str:
    """Return the beginning of the text, cut between two words."""
    return text[: max(length, 0)].rpartition(" ")[0] + "..."


def _whole(text: str, titles: Sequence[str]) -> str:
    return "\n".join([text.strip(), *(f"{number} {title}" for number, title in enumerate(titles, start=1))]).strip()
