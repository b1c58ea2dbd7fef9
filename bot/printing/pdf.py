"""PDF pages in black on white: a title, the language, our letters, square codes."""

from fpdf import FPDF
from fpdf.prefs import ViewerPreferences

from bot.printing.codes import bars
from bot.printing.typography import BOLD, FAMILY, REGULAR, font_file

OVERLAP = 0.02
"""Millimetres by which the rectangles of a code overlap, so that no white line shows between them."""


def blank(title: str, size: str | tuple[float, float], margin: float) -> FPDF:
    """Return a document without any page; `size` is "A4", or a width and a height in millimetres, as `margin` is."""
    document = FPDF(format=size)
    document.set_title(title)
    document.set_lang("fr-FR")
    document.viewer_preferences = ViewerPreferences(display_doc_title=True)
    document.set_margin(margin)
    document.set_auto_page_break(auto=False)
    for style, weight in (("", REGULAR), ("B", BOLD)):
        with font_file(weight) as path:
            document.add_font(FAMILY, style, path)
    return document


def draw_code(page: FPDF, content: str, left: float, top: float, side: float) -> None:
    """Draw a square code; all in millimetres."""
    count, black = bars(content)
    module = side / count
    for bar in black:
        place = left + bar.column * module, top + bar.row * module
        page.rect(*place, bar.length * module + OVERLAP, module + OVERLAP, style="F")
