"""The card as a picture, to send in a chat: the pages of the PDF, one under the other."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.fiche.canvas import HEIGHT, WIDTH, Pen
from bot.fiche.content import Fiche
from bot.fiche.layout import draw_card
from bot.printing.codes import bars
from bot.printing.typography import BOLD, POINT_MM, REGULAR, font_file

SCALE = 8
"""Pixels of a millimetre: 1 184 across, what a telephone shows and an A5 sheet prints well."""

BLACK, WHITE = 0, 255
GREYS = [level // 17 * 17 for level in range(256)]
"""Sixteen are enough for letters, and make a file that a slow line carries."""
LINE_MM = 0.35


class PngCanvas:
    """Pictures, one a page."""

    def __init__(self) -> None:
        self.pages: list[Image.Image] = []
        self._draw = ImageDraw.Draw(Image.new("L", (1, 1)))

    def page(self) -> None:
        self.pages.append(Image.new("L", (_px(WIDTH), _px(HEIGHT)), WHITE))
        self._draw = ImageDraw.Draw(self.pages[-1])

    def write(self, left: float, base: float, text: str, pen: Pen) -> None:
        font, colour = _font(pen.points, bold=pen.bold), WHITE if pen.white else BLACK
        self._draw.text((left * SCALE, base * SCALE), text, fill=colour, font=font, anchor="ls")

    def frame(self, left: float, top: float, width: float, height: float, *, filled: bool) -> None:
        box = (_px(left), _px(top), _px(left + width), _px(top + height))
        self._draw.rounded_rectangle(
            box, _px(2), fill=BLACK if filled else None, outline=BLACK, width=max(1, _px(LINE_MM))
        )

    def rule(self, left: float, top: float, width: float) -> None:
        self._draw.line((_px(left), _px(top), _px(left + width), _px(top)), fill=BLACK, width=max(1, _px(LINE_MM)))

    def code(self, left: float, top: float, side: float, content: str) -> None:
        """Draw a code of whole pixels: a little smaller than `side`, in its middle."""
        count, black = bars(content)
        module = _px(side) // count
        x, y = (_px(at) + (_px(side) - module * count) // 2 for at in (left, top))
        for bar in black:
            at, over = x + bar.column * module, y + bar.row * module
            self._draw.rectangle((at, over, at + bar.length * module - 1, over + module - 1), fill=BLACK)

    def link(self, left: float, top: float, width: float, height: float, address: str) -> None:
        """Do nothing: a picture cannot be pressed."""


def to_png(fiche: Fiche) -> bytes:
    """Return the picture, 1 184 pixels wide and 1 680 high a page."""
    canvas = PngCanvas()
    draw_card(fiche, canvas)
    whole = Image.new("L", (_px(WIDTH), _px(HEIGHT) * len(canvas.pages)), WHITE)
    for number, page in enumerate(canvas.pages):
        whole.paste(page, (0, number * _px(HEIGHT)))
    file = BytesIO()
    whole.point(GREYS).save(file, "PNG")
    return file.getvalue()


def _px(millimetres: float) -> int:
    return round(millimetres * SCALE)


@cache
def _font(points: float, *, bold: bool) -> ImageFont.FreeTypeFont:
    with font_file(BOLD if bold else REGULAR) as path:
        return ImageFont.truetype(str(path), points * POINT_MM * SCALE, layout_engine=ImageFont.Layout.BASIC)
