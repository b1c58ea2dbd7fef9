"""Opening a file that somebody hands over: what it really is, how it is encoded, and its records one by one."""

import codecs
import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, TextIO

from knowledge.fautes import reason
from knowledge.importing.report import ImportImpossible, Notes
from knowledge.standard import fold

MAX_JSON_BYTES = 200_000_000
"""A JSON file is read whole; the national one has some 40 MB. Beyond, CSV is asked for: it is read row by row."""

MAX_LINE = 1_000_000
"""Characters of a line of CSV: a longer one would fill the memory for nothing."""
MISPLACED_QUOTE = "un guillemet est mal placé : dans un texte entre guillemets, doublez-le"

_HEAD_BYTES = 4096
_SIGNATURES = {
    b"PK\x03\x04": "un classeur (xlsx, ods) ou un fichier compressé (zip)",
    b"\xd0\xcf\x11\xe0": "un ancien classeur Excel (xls)",
    b"\x1f\x8b": "un fichier compressé (gz)",
    b"%PDF": "un document PDF",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
    b"<": "une page web ou un fichier XML",
}
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was looked into: `nature` is "csv", "json" or "ics"."""

    path: Path
    nature: str
    encoding: str

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True)
class Record:
    """One row: `ligne` where it starts (in JSON, its rank), `cells` the non-blank cells by column."""

    ligne: int
    cells: Mapping[str, str]


def open_source(path: Path, notes: Notes) -> Source:
    """Look into a file. Raises `ImportImpossible` when it is absent, empty or of no kind that is read."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        encoding = _encoding(path, head, notes) if head.strip() else ""
    except OSError as error:
        why = "n'existe pas" if isinstance(error, FileNotFoundError) else f"ne peut pas être lu ({reason(error)})"
        raise ImportImpossible(f"Le fichier {path} {why}.") from error
    if not encoding:
        raise ImportImpossible(f"Le fichier {path.name} est vide.")
    text = head.decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        return Source(path, "json", encoding)
    return Source(path, "ics" if text.upper().startswith("BEGIN:VCALENDAR") else "csv", encoding)


def _encoding(path: Path, head: bytes, notes: Notes) -> str:
    for signature, nature in _SIGNATURES.items():
        if head.lstrip().startswith(signature):
            raise ImportImpossible(
                f"Le fichier {path.name} est {nature}. On attend du texte : CSV, JSON ou iCal. "
                "Depuis un tableur : « Enregistrer sous », format CSV UTF-8."
            )
    for bom, encoding in _BOMS.items():
        if head.startswith(bom):
            return encoding
    if b"\0" in head:
        return _utf_16(path, head)
    if _is_utf8(path):
        return "utf-8"
    notes.warn(0, "", "", "fichier lu en Windows-1252, car il n'est pas en UTF-8 : vérifiez les accents")
    return "cp1252"


def _utf_16(path: Path, head: bytes) -> str:
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if zeros.count(0) > len(zeros) * 0.9:
            return encoding
    raise ImportImpossible(f"Le fichier {path.name} n'est pas un fichier de texte. On attend CSV, JSON ou iCal.")


def _is_utf8(path: Path) -> bool:
    """Read the file once, a block at a time: the first accent may stand at its end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def read_records(source: Source, notes: Notes) -> tuple[list[str], Iterator[Record]]:
    """Return the columns of a CSV or JSON source, names tidied, and its records, to be read once.

    Raises `ImportImpossible`, also while the records are read.
    """
    if source.nature == "json":
        records = _json_records(source)
        notes.columns = list(dict.fromkeys(column for record in records for column in record.cells))
        return list(notes.columns), iter(records)
    rows = _csv_rows(source, notes)
    ligne, header = next(rows, (1, []))
    columns = [column_name(cell) for cell in header]
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        raise ImportImpossible(f"{source.name}, ligne {ligne} : la colonne « {twice[0]} » y est deux fois.")
    notes.columns = columns
    return columns, _csv_records(columns, rows, notes)


def column_name(text: str) -> str:
    """Return a column name tidied: "Code postal" → "code_postal"."""
    return fold(text).replace(" ", "_")


class _Lines:
    """The lines of a file without their null characters; `last` is the one just given."""

    def __init__(self, source: Source, file: TextIO) -> None:
        self._source = source
        self._file = file
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(MAX_LINE):
            if len(line) == MAX_LINE:
                raise ImportImpossible(f"{self._source.name} : une ligne n'en finit pas, ce n'est pas un CSV.")
            self.last = line.replace("\0", "")
            yield self.last


def _csv_rows(source: Source, notes: Notes) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line where it starts; a row that cannot be cut into cells is refused."""
    with source.path.open(encoding=source.encoding, errors="replace", newline="") as file:
        delimiter = _delimiter(file.readline(MAX_LINE))
        file.seek(0)
        lines = _Lines(source, file)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        row: list[str] | None = []
        while row is not None:
            ligne = reader.line_num + 1
            try:
                row = next(reader, None)
            except csv.Error as error:
                if "expected after" not in str(error):
                    raise ImportImpossible(
                        f"{source.name}, ligne {ligne} : un guillemet ouvert n'est jamais fermé, "
                        "la suite ne peut pas être lue."
                    ) from error
                notes.refuse(ligne, "", lines.last.strip(), MISPLACED_QUOTE)
            else:
                if row and any(cell.strip() for cell in row):
                    yield ligne, row


def _delimiter(header: str) -> str:
    return max(",;\t|", key=header.count)


def _csv_records(columns: list[str], rows: Iterator[tuple[int, list[str]]], notes: Notes) -> Iterator[Record]:
    for ligne, row in rows:
        if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
            said = f"{len(row)} cellules pour {len(columns)} colonnes : un séparateur de trop ?"
            notes.refuse(ligne, "", ",".join(row), said)
            continue
        if len(row) < len(columns):
            notes.warn(ligne, "", "", "ligne plus courte que l'en-tête : la fin est prise comme vide")
        cells = zip_longest(columns, row, fillvalue="")
        yield Record(ligne, {column: cell for column, cell in cells if column and cell and not cell.isspace()})


def _json_records(source: Source) -> list[Record]:
    if source.path.stat().st_size > MAX_JSON_BYTES:
        raise ImportImpossible(f"Le fichier {source.name} est trop gros pour du JSON. Donnez-le en CSV.")
    try:
        content = json.loads(source.path.read_text(encoding=source.encoding, errors="replace"))
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) - 1 or "Unterminated" in error.msg
        reason = "le fichier s'arrête au milieu" if cut else "ce n'est pas du JSON valable"
        raise ImportImpossible(f"{source.name}, ligne {error.lineno} : {reason}. Rien n'est importé.") from error
    except RecursionError as error:
        raise ImportImpossible(f"{source.name} : trop de crochets imbriqués.") from error
    return [Record(rank, _flat(item)) for rank, item in enumerate(_json_items(source, content), 1)]


def _json_items(source: Source, content: Any) -> list[dict[str, Any]]:
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list)]
        content = lists[0] if len(lists) == 1 else content
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise ImportImpossible(f'{source.name} : on attend une liste d\'objets, [{{"id": …}}, …].')
    return content


def _flat(item: Mapping[str, Any]) -> dict[str, str]:
    """Return a JSON object as cells. The national API nests the address: its parts become cells of their own."""
    cells = {column_name(name): _cell(value) for name, value in item.items() if not isinstance(value, dict)}
    address = item.get("adresse")
    if isinstance(address, dict):
        voie = (_cell(address.get(part)) for part in ("numero_voie", "repetition", "nom_voie"))
        parts = {name: _cell(value) for name, value in address.items()}
        kept = {name: parts.get(name, "") for name in ("commune", "code_postal", "code_insee", "complement_adresse")}
        cells = {**kept, **cells, "adresse": " ".join(filter(None, voie))}
    return {column: cell for column, cell in cells.items() if cell and not cell.isspace()}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "|".join(filter(None, map(_cell, value)))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode(errors="ignore").decode()  # JSON may hold half a character, which no base takes
