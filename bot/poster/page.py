"""A poster as one A4 page in PDF, black on white: large letters and square codes made of plain rectangles."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from bot.poster.content import Poster, Way
from bot.printing.pdf import blank, draw_code
from bot.printing.typography import FAMILY, french

WIDTH, HEIGHT, MARGIN, GAP = 210, 297, 16, 8
INSIDE = WIDTH - 2 * MARGIN
LARGEST_CODE = 82
"""Millimetres."""


class Size(NamedTuple):
    """Points of a text and millimetres of its line."""

    points: float
    line: float


TITLE, LEAD, EXAMPLE = Size(40, 16), Size(20, 8.6), Size(34, 22)
NAME, PLACE, SMALL = Size(17, 7.2), Size(17, 6), Size(15, 6.6)


def draw(poster: Poster) -> bytes:
    """Return the poster as a PDF file of one page."""
    page = _blank(poster)
    _write(page, "Besoin d'aide sur internet\nou pour vos papiers ?", TITLE, bold=True, align=Align.C)
    page.ln(4)
    _write(page, f"On vous dit qui peut vous aider,\n{poster.ici} ou près de là.", LEAD, align=Align.C)
    if poster.lieu:
        place = f"Vous êtes ici : {poster.lieu}, {poster.ici}."
        _write(page, place, _fitted(page, place, PLACE, INSIDE - GAP), bold=True, align=Align.C)
    else:
        page.ln(PLACE.line)
    _write(
        page, f"1. Visez {'un' if poster.ways[1:] else 'le'} carré avec l'appareil photo du téléphone.", LEAD, bold=True
    )
    page.ln(2)
    _codes(page, poster.ways)
    if poster.adresse:
        page.ln(3)
        address = f"Sur internet : {poster.adresse}"
        _write(page, address, _fitted(page, address, NAME, INSIDE - GAP), bold=True, align=Align.C)
    page.ln(6)
    _write(page, "2. Écrivez votre besoin et votre commune. Exemple :", LEAD, bold=True)
    page.ln(3)
    _example(page, f"« {poster.exemple} »")
    page.ln(3)
    _write(page, "ou bien : imprimer, refaire mon permis, apprendre le téléphone…", SMALL, align=Align.C)
    _foot(page, poster.contact)
    return bytes(page.output())


def _blank(poster: Poster) -> FPDF:
    page = blank(f"Aide numérique {poster.ici}", "A4", MARGIN)
    page.add_page()
    return page


def _write(page: FPDF, text: str, size: Size, *, bold: bool = False, align: Align = Align.L, width: float = 0) -> None:
    """Write a paragraph under the last one, or as narrow as `width` from where the page stands."""
    page.set_font(FAMILY, "B" if bold else "", size.points)
    text = french(text)
    after = XPos.LEFT if width else XPos.LMARGIN
    page.multi_cell(width, size.line, text, align=align, new_x=after, new_y=YPos.NEXT)


def _codes(page: FPDF, ways: Sequence[Way]) -> None:
    """Draw the codes side by side, each with its name and what to know of it."""
    column = (INSIDE - GAP * (len(ways) - 1)) / len(ways)
    side, top = min(column, LARGEST_CODE), page.get_y()
    bottoms = []
    for number, way in enumerate(ways):
        left = MARGIN + number * (column + GAP)
        draw_code(page, way.code, left + (column - side) / 2, top, side)
        page.set_xy(left, top + side + 1)
        _write(
            page,
            way.titre,
            _fitted(page, way.titre, NAME, column - 2 * page.c_margin),
            bold=True,
            align=Align.C,
            width=column,
        )
        _write(page, way.consigne, SMALL, align=Align.C, width=column)
        bottoms.append(page.get_y())
    page.set_xy(MARGIN, max(bottoms))


def _example(page: FPDF, text: str) -> None:
    """Write the example in a frame, as large as one line allows."""
    size = _fitted(page, text, EXAMPLE, INSIDE - GAP)
    page.set_line_width(0.8)
    page.rect(MARGIN, page.get_y(), INSIDE, size.line, round_corners=True, corner_radius=5)
    _write(page, text, size, bold=True, align=Align.C)


def _fitted(page: FPDF, text: str, size: Size, width: float) -> Size:
    """Return the size, smaller where a line of the text would not hold in the width."""
    page.set_font(FAMILY, "B", size.points)
    widest = max(page.get_string_width(line) for line in text.split("\n"))
    return Size(size.points * min(1, width / widest), size.line)


def _foot(page: FPDF, contact: str) -> None:
    """Write at the bottom what it costs, what is never asked, and who answers."""
    who = f"Qui s'en occupe : {contact}" if contact else "Service à l'essai : pas encore de responsable déclaré."
    page.set_font(FAMILY, "", SMALL.points)
    lines = ceil(page.get_string_width(who) / (INSIDE - GAP))
    page.set_y(HEIGHT - MARGIN - LEAD.line - SMALL.line * (lines + 1) - 2)
    _write(page, "Gratuit. Sans compte. Sans mot de passe.", LEAD, bold=True, align=Align.C)
    page.ln(2)
    _write(page, "Un programme répond à toute heure. Il ne demande jamais d'argent.", SMALL, align=Align.C)
    _write(page, who, SMALL, align=Align.C)
