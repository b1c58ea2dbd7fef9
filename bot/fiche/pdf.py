"""The card as a PDF file, A5, to print in black and white."""

from fpdf import FPDF

from bot.fiche.canvas import HEIGHT, WIDTH, Pen
from bot.fiche.content import Fiche
from bot.fiche.layout import draw_card
from bot.printing.pdf import blank, draw_code
from bot.printing.typography import FAMILY

LINE_MM = 0.35


class PdfCanvas:
    """Pages of a PDF document."""

    def __init__(self, document: FPDF) -> None:
        self._document = document
        document.set_line_width(LINE_MM)

    def page(self) -> None:
        self._document.add_page()

    def write(self, left: float, base: float, text: str, pen: Pen) -> None:
        self._document.set_font(FAMILY, "B" if pen.bold else "", pen.points)
        self._document.set_text_color(255 if pen.white else 0)
        self._document.text(left, base, text)

    def frame(self, left: float, top: float, width: float, height: float, *, filled: bool) -> None:
        self._document.rect(left, top, width, height, style="F" if filled else "D", round_corners=True, corner_radius=2)

    def rule(self, left: float, top: float, width: float) -> None:
        self._document.line(left, top, left + width, top)

    def code(self, left: float, top: float, side: float, content: str) -> None:
        draw_code(self._document, content, left, top, side)

    def link(self, left: float, top: float, width: float, height: float, address: str) -> None:
        self._document.link(left, top, width, height, address)


def to_pdf(fiche: Fiche) -> bytes:
    """Return the file; the same card at the same instant gives the same bytes."""
    document = blank(f"Fiche : {fiche.nom}", (WIDTH, HEIGHT), 0)
    document.set_creation_date(fiche.now)
    document.set_subject(f"{fiche.demarche or 'Aide numérique'}, {fiche.commune}")
    draw_card(fiche, PdfCanvas(document))
    return bytes(document.output())
