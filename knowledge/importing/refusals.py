"""The refused rows, written beside their file so that somebody can mend them and import them again."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from knowledge.fautes import reason

REFUSAL_COLUMNS = ("ligne", "colonne", "motif")


class RefusalFile:
    """`<name>.refus.csv`: the columns of the file, then `ligne`, `colonne`, `motif`. Made at the first refused row."""

    def __init__(self, source: Path) -> None:
        self.path = source.with_name(f"{source.stem}.refus.csv")
        self.written = False
        self.fault: str | None = None
        self._file: TextIO | None = None
        self._partial = self.path.with_suffix(".csv.partiel")

    def __enter__(self) -> "RefusalFile":
        return self

    def write(self, source_columns: Sequence[str], cells: Mapping[str, str]) -> None:
        """Add a row. A folder that cannot be written is noted in `fault` and stops nothing."""
        columns = [*(name for name in source_columns if name and name not in REFUSAL_COLUMNS), *REFUSAL_COLUMNS]
        try:
            if self._file is None and not self.fault:
                self._file = self._partial.open("w", encoding="utf-8", errors="replace", newline="")
                csv.DictWriter(self._file, columns).writeheader()
            if self._file:
                csv.DictWriter(self._file, columns, extrasaction="ignore").writerow(cells)
        except OSError as error:
            self.fault = f"les lignes refusées n'ont pas pu être écrites dans {self.path.name} ({reason(error)})"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None:
            return
        self._file.close()
        if error:
            self._partial.unlink()
        else:
            self._partial.replace(self.path)
            self.written = True
