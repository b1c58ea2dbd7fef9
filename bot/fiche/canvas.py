"""What a card is drawn on: pages of A5 in black on white. Millimetres from the top left corner, points for letters."""

from typing import NamedTuple, Protocol

from bot.printing.typography import text_width

WIDTH, HEIGHT = 148.0, 210.0


class Pen(NamedTuple):
    """How letters are drawn: points, weight, white on black or black on white."""

    points: float
    bold: bool = False
    white: bool = False

    def width(self, text: str) -> float:
        """Return the width of a text in millimetres, the same in a PDF file and in a picture."""
        return text_width(text, self.points, bold=self.bold)


class Canvas(Protocol):
    """A PDF file or a picture."""

    def page(self) -> None:
        """Begin a page; the first one too."""

    def write(self, left: float, base: float, text: str, pen: Pen) -> None:
        """Write one line of text on its base line."""

    def frame(self, left: float, top: float, width: float, height: float, *, filled: bool) -> None:
        """Draw a rectangle, black inside if `filled`, else a line around it."""

    def rule(self, left: float, top: float, width: float) -> None:
        """Draw a thin horizontal line."""

    def code(self, left: float, top: float, side: float, content: str) -> None:
        """Draw a square code."""

    def link(self, left: float, top: float, width: float, height: float, address: str) -> None:
        """Let a rectangle be pressed, where the file allows it."""
