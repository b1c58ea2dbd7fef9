"""The refused rows, written beside their file so that somebody can mend them and import them again."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from knowledge.fautes import reason

REFUSAL_COLUMNS = ("ligne", "colonne", "motif")


def refusal_files(sources: Iterable[Path]) -> "list[RefusalFile]":
    """Return where the refused rows of each file go: `<name>.refus.csv` beside it, numbered when it is taken."""
    met: Counter[Path] = Counter()
    found = []
    for source in sources:
        path = source.with_name(f"{source.stem}.refus.csv")
        met[path] += 1
        found.append(RefusalFile(path if met[path] == 1 else path.with_name(f"{source.stem}.refus-{met[path]}.csv")))
    return found


class RefusalFile:
    """The columns of a file, then `ligne`, `colonne`, `motif`. Made at the first refused row."""

    def __init__(self, path: Path) -> None:
        self.path = path
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
            self._fail(error)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None:
            return
        try:
            self._file.close()  # writes what still waits
            if not (error or self.fault):
                self._partial.replace(self.path)
                self.written = True
        except OSError as fault:
            self._fail(fault)
        if not self.written:
            self._partial.unlink(missing_ok=True)

    def _fail(self, error: OSError) -> None:
        self.fault = f"les lignes refusées n'ont pas pu être écrites dans {self.path.name} ({reason(error)})"
