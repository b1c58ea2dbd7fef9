"""Channels that show choices by themselves (buttons, a numbered list) and have no limit worth minding."""

from collections.abc import Sequence


class Plain:
    """The text goes out as it is."""

    def fits(self, text: str, titles: Sequence[str]) -> bool:  # noqa: ARG002
        """Everything fits."""
        return True

    def render(self, text: str, titles: Sequence[str]) -> str:  # noqa: ARG002
        """Return the text; the channel shows the choices."""
        return text

    def join(self, texts: Sequence[str], titles: Sequence[str]) -> list[str]:  # noqa: ARG002
        """Return one message: its texts as paragraphs."""
        return ["\n\n".join(texts)] if texts else []

    def add(self, text: str, lines: Sequence[str]) -> list[str]:
        """Return the text with the whole line as its last paragraph."""
        return [f"{text}\n\n{lines[0]}"]
