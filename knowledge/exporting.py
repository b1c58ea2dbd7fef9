"""The base back as files: places in the national standard v1.0.2, then our own columns; slots; communes.

An import of an exported file changes nothing.
"""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from sqlalchemy import Engine

from knowledge.base import read_communes, read_creneaux, read_lieux
from knowledge.fautes import Faute, reason
from knowledge.importing.creneaux_table import COLUMNS as CRENEAU_COLUMNS
from knowledge.lieux import LIEU_COLUMNS, STANDARD_COLUMNS
from knowledge.tables import Item

_OURS = tuple(name for name in LIEU_COLUMNS if name not in STANDARD_COLUMNS)
_COMMUNE_COLUMNS = (
    "insee", "nom", "codes_postaux", "departement", "epci", "population", "latitude", "longitude", "approximate",
    "noms",
)  # fmt: skip


class Export(NamedTuple):
    """What is exported of a kind: its rows, and the field behind each column."""

    read: Callable[[Engine], Iterable[Item]]
    columns: Mapping[str, str]


EXPORTS: Mapping[str, Export] = {
    "lieux": Export(read_lieux, {name: name for name in (*STANDARD_COLUMNS, *_OURS)}),
    "creneaux": Export(read_creneaux, CRENEAU_COLUMNS),
    "communes": Export(read_communes, {name: name for name in _COMMUNE_COLUMNS}),
}


class ExportImpossible(Faute):
    """An export that cannot be done."""


def export_file(engine: Engine, kind: str, path: Path | str) -> int:
    """Write the rows of one kind to a .csv or .json file and return how many there are.

    The file is written whole or not at all. Raises `ExportImpossible` and `BaseIndisponible`.
    """
    target = Path(path)
    if kind not in EXPORTS:
        raise ExportImpossible(f"On ne sait pas exporter « {kind} ». On attend : {', '.join(EXPORTS)}.")
    writers = {".csv": _write_csv, ".json": _write_json}
    if target.suffix.lower() not in writers:
        raise ExportImpossible(f"{target.name} : donnez un nom de fichier en .csv ou en .json.")
    export = EXPORTS[kind]
    rows = [{column: getattr(item, name) for column, name in export.columns.items()} for item in export.read(engine)]
    partial = target.with_name(f"{target.name}.partiel")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            writers[target.suffix.lower()](file, list(export.columns), rows)
        partial.replace(target)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise ExportImpossible(f"{target} ne peut pas être écrit ({reason(error)}).") from error
    return len(rows)


def _write_csv(file: TextIO, columns: list[str], rows: list[dict[str, Any]]) -> None:
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row.values()] for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, tuple):
        return "|".join(value)
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def _write_json(file: TextIO, _columns: list[str], rows: list[dict[str, Any]]) -> None:
    json.dump(rows, file, ensure_ascii=False, indent=1, default=lambda value: value.isoformat())
    file.write("\n")
