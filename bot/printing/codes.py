"""Square codes (QR, ISO/IEC 18004) as plain rectangles."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import segno

QUIET = 4
"""Modules left white around a code."""


class Bar(NamedTuple):
    """A black rectangle one module high: where it begins and how long it is, in modules."""

    column: int
    row: int
    length: int


def bars(content: str) -> tuple[int, Iterator[Bar]]:
    """Return the modules on a side and the black rectangles of a code that may lose a seventh of its surface."""
    rows = list(segno.make(content, error="m", micro=False).matrix_iter(border=QUIET))
    return len(rows), _bars(rows)


def _bars(rows: Sequence[Iterable[int]]) -> Iterator[Bar]:
    for number, row in enumerate(rows):
        column = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                yield Bar(column, number, length)
            column += length


def path(content: str) -> tuple[int, str]:
    """Return the modules on a side of a code and its black part as the path of an SVG."""
    count, black = bars(content)
    return count, "".join(f"M{bar.column} {bar.row}h{bar.length}v1h-{bar.length}z" for bar in black)
