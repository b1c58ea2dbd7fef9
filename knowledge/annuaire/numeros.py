"""Telephone numbers, backwards: whose is "05 59…", begun, whole or only its end."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.lieux import Lieu

FRENCH_DIGITS = 10
ALIKE_DIGITS = 6
"""Digits that must be the same from the start where no number is the one typed."""
NUMBER = re.compile(r"(?!(?:\d{1,2}/){2}\d{2,4}(?!\d|/\d))(?<![\w])\+?\d(?:[\s.,/()\u00a0_-]{0,2}\d){3,19}(?![^\W_])")

Rows = NDArray[np.int64]


def national(text: str) -> str:
    """Return the digits of a number as they are dialled in France: "+33 (0)5 59…" → "0559…"."""
    digits = re.sub(r"[^\d+]", "", text)
    if digits.startswith(("+33", "0033")):
        return "0" + digits.removeprefix("+33").removeprefix("0033").removeprefix("0")
    if len(digits) == FRENCH_DIGITS + 1 and digits.startswith("33"):
        return "0" + digits[2:]
    return digits.removeprefix("+")


class Numeros:
    """The numbers of all lieux in one text, a line each: a number is looked for in it at the speed of memory."""

    def __init__(self, lieux: Sequence[Lieu]) -> None:
        known = sorted((national(lieu.telephone), row) for row, lieu in enumerate(lieux) if lieu.telephone)
        self._rows = [row for _, row in known]
        self._text = "\n" + "\n".join(number for number, _ in known) + "\n"
        self._starts = np.array([match.end() for match in re.finditer(r"\n(?=.)", self._text)], dtype=np.int64)

    def having(self, digits: str) -> Rows:
        """Return the rows whose number is these digits, else begins with them, else has them inside."""
        for wanted in (f"\n{digits}\n", f"\n{digits}", digits):
            if rows := self._find(wanted):
                return np.array(rows, dtype=np.int64)
        return np.empty(0, dtype=np.int64)

    def beginning_like(self, digits: str) -> tuple[str, Rows]:
        """Return the longest start of these digits that some number has, and the rows; "" when none is so near."""
        for length in range(len(digits) - 1, ALIKE_DIGITS - 1, -1):
            if rows := self._find(f"\n{digits[:length]}"):
                return digits[:length], np.array(rows, dtype=np.int64)
        return "", np.empty(0, dtype=np.int64)

    def _find(self, wanted: str) -> list[int]:
        found: dict[int, None] = {}
        place = self._text.find(wanted)
        while place >= 0:
            line = int(np.searchsorted(self._starts, place + (wanted[0] == "\n"), side="right")) - 1
            found[self._rows[line]] = None
            place = self._text.find(wanted, place + 1)
        return list(found)
