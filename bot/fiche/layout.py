"""The card laid out: blocks one under the other, in the largest letters that hold on one page, else on two."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.fiche.canvas import HEIGHT, WIDTH, Canvas, Pen
from bot.fiche.content import Fiche
from bot.printing.typography import NO_BREAK, POINT_MM, drawable, french, lines

MARGIN = 8.0
INSIDE = WIDTH - 2 * MARGIN
BOTTOM = HEIGHT - MARGIN
LINE = 1.2
"""Height of a line, in heights of its letters."""
GAP, PADDING, CODE = 2.2, 1.8, 27.0
MOST_DAYS = 0.5
"""Part of the width that the days of the week may take, left of their hours."""

NAME, BODY, LABEL, SMALL = Pen(22, bold=True), Pen(15.5), Pen(12, bold=True), Pen(10.5)
STRONG = Pen(15.5, bold=True)

SIZES: tuple[tuple[float, float], ...] = (
    *((1, size / 100) for size in range(112, 76, -2)),
    *((2, size / 100) for size in range(100, 60, -8)),
    (float("inf"), 0.7),
)
"""Pages and size of the letters, tried in this order."""

FICTION = "DÉMONSTRATION : lieu inventé. N'y allez pas, n'appelez pas."
RANGE = f"{NO_BREAK}–{NO_BREAK}"
CALL, MAP = "pour appeler", "pour le plan"


@dataclass(frozen=True, slots=True)
class Row:
    """A strip of the page that is never cut: its height, and what draws it at a height of the page."""

    height: float
    draw: Callable[[float], None]


Block = Sequence[Row]
"""Rows that stay on one page as long as a page can hold them."""


def draw_card(fiche: Fiche, canvas: Canvas) -> None:
    """Draw a card."""
    for pages, size in SIZES:
        blocks = list(Composer(canvas, size).blocks(fiche))
        placed = list(_place(blocks))
        if placed[-1][0] < pages:
            break
    current = -1
    for number, top, row in placed:
        if number != current:
            canvas.page()
            current = number
        row.draw(top)


def _place(blocks: Sequence[Block]) -> Iterator[tuple[int, float, Row]]:
    """Yield the page, the top and each row."""
    page, top = 0, MARGIN
    for block in blocks:
        height = sum(row.height for row in block)
        if top + height > BOTTOM and top > MARGIN and height <= BOTTOM - MARGIN:
            page, top = page + 1, MARGIN
        for row in block:
            if top + row.height > BOTTOM and top > MARGIN:
                page, top = page + 1, MARGIN
            yield page, top, row
            top += row.height
        top += GAP


@dataclass(frozen=True)
class Composer:
    """Makes the blocks of a card with letters of a size (1: the largest)."""

    canvas: Canvas
    size: float

    def blocks(self, fiche: Fiche) -> Iterator[Block]:
        """Yield what a card says, in the order in which it is read."""
        if fiche.fictif:
            yield self._banner(FICTION)
        yield self._title(fiche)
        yield self._section("QUAND", [*self._text(fiche.quand, self._strong), *self._week(fiche)])
        yield self._section("OÙ", self._where(fiche))
        if fiche.apporter:
            yield self._section("À APPORTER", self._text(fiche.apporter, self._body))
        yield self._spoken(fiche.guichet)
        if fiche.doutes:
            doubts = [row for doubt in fiche.doutes for row in self._text(f"• {doubt}", self._body)]
            yield self._section("À VÉRIFIER AVANT DE VENIR", doubts)
        yield self._text(fiche.source, self._pen(SMALL))

    @cached_property
    def _body(self) -> Pen:
        return self._pen(BODY)

    @cached_property
    def _strong(self) -> Pen:
        return self._pen(STRONG)

    def _pen(self, pen: Pen) -> Pen:
        return pen._replace(points=pen.points * self.size)

    def _text(self, text: str, pen: Pen, left: float = MARGIN, width: float = INSIDE) -> list[Row]:
        """Return a row a line."""
        text = french(drawable(text))
        return [self._line(line, pen, left) for line in lines(text, width, pen.width)]

    def _line(self, text: str, pen: Pen, left: float) -> Row:
        height = pen.points * POINT_MM * LINE
        return Row(height, lambda top: self.canvas.write(left, top + 0.78 * height, text, pen))

    def _banner(self, text: str) -> Block:
        rows = self._text(text, self._pen(LABEL)._replace(white=True), MARGIN + PADDING, INSIDE - 2 * PADDING)
        return [self._framed(rows, filled=True)]

    def _framed(self, rows: Sequence[Row], *, filled: bool) -> Row:
        """Return rows in a frame, as one."""
        height = sum(row.height for row in rows) + 2 * PADDING

        def draw(top: float) -> None:
            self.canvas.frame(MARGIN, top, INSIDE, height, filled=filled)
            top += PADDING
            for row in rows:
                row.draw(top)
                top += row.height

        return Row(height, draw)

    def _title(self, fiche: Fiche) -> Block:
        def text(width: float) -> list[Row]:
            rows = self._text(f"Pour : {fiche.demarche}", self._body, width=width) if fiche.demarche else []
            if fiche.telephone:
                number = fiche.telephone.replace(" ", NO_BREAK)
                calls = [row for said in ("Téléphone :", number) for row in self._text(said, self._strong, width=width)]
                rows += [self._pressed(row, fiche.appel or "") for row in calls]
            return rows

        return [*self._text(fiche.nom, self._pen(NAME)), *self._with_code(text, CALL, fiche.appel)]

    def _pressed(self, row: Row, address: str) -> Row:
        def draw(top: float) -> None:
            row.draw(top)
            self.canvas.link(MARGIN, top, INSIDE, row.height, address)

        return replace(row, draw=draw)

    def _section(self, title: str, rows: Sequence[Row]) -> Block:
        label = self._line(title, self._pen(LABEL), MARGIN)

        def draw(top: float) -> None:
            self.canvas.rule(MARGIN, top, INSIDE)
            label.draw(top + 1)

        return [Row(label.height + 1, draw), *rows]

    def _week(self, fiche: Fiche) -> list[Row]:
        """Return the days on the left and their hours on the right."""
        if not fiche.semaine:
            return []
        rows = self._text(f"{fiche.periode} :", self._body)
        longest = max(self._body.width(days) for days, _ in fiche.semaine)
        side = min(longest + 2 * GAP, INSIDE * MOST_DAYS)
        for days, hours in fiche.semaine:
            left = self._text(days, self._body, width=side - GAP)
            right = self._text(hours.replace(" – ", RANGE), self._body, MARGIN + side, INSIDE - side)
            rows.append(_beside(left, right))
        return rows

    def _where(self, fiche: Fiche) -> list[Row]:
        notes = " ".join(filter(None, (f"{fiche.distance}." if fiche.distance else "", *fiche.acces)))

        def text(width: float) -> list[Row]:
            rows = [row for line in fiche.adresse for row in self._text(line, self._strong, width=width)]
            return [*rows, *(self._text(notes, self._body, width=width) if notes else [])]

        return self._with_code(text, MAP, fiche.carte)

    def _spoken(self, sentence: str) -> Block:
        """Return what to say on arriving, in a frame."""
        left, width = MARGIN + PADDING, INSIDE - 2 * PADDING
        title = self._line("À DIRE EN ARRIVANT", self._pen(LABEL), left)
        return [self._framed([title, *self._text(f"« {sentence} »", self._strong, left, width)], filled=False)]

    def _with_code(self, text: Callable[[float], list[Row]], name: str, code: str | None) -> list[Row]:
        """Return a text, made for a width, with a square code on its right; the text alone without a code."""
        if code is None:
            return text(INSIDE)
        pen = self._pen(SMALL)._replace(bold=True)
        left, caption = MARGIN + INSIDE - CODE, pen.points * POINT_MM * LINE

        def draw(top: float) -> None:
            self.canvas.code(left, top, CODE, code)
            self.canvas.link(left, top, CODE, CODE, code)
            at = left + (CODE - pen.width(name)) / 2
            self.canvas.write(at, top + CODE + 0.4 * caption, name, pen)

        return [_beside(text(INSIDE - CODE - GAP), [Row(CODE + caption, draw)])]


def _beside(left: Sequence[Row], right: Sequence[Row]) -> Row:
    """Return two columns as one row."""

    def draw(top: float) -> None:
        for column in (left, right):
            at = top
            for row in column:
                row.draw(at)
                at += row.height

    return Row(max(sum(row.height for row in column) for column in (left, right)), draw)
