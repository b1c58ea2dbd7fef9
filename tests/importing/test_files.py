"""What people hand over as a file: encodings, separators, and one clear sentence for each that cannot be read."""

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.importing.files import MAX_JSON_BYTES, Record, open_source, read_records
from knowledge.importing.report import ImportImpossible, Notes, Refus

Reading = tuple[list[str], list[Record], Notes]
ReadBytes = Callable[..., Reading]


@pytest.fixture
def read_bytes(tmp_path: Path) -> ReadBytes:
    """Return a function that reads the records of some bytes."""

    def read(content: bytes | str, name: str = "lieux.csv") -> Reading:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        notes = Notes(name)
        columns, records = read_records(open_source(path, notes), notes)
        return columns, list(records), notes

    return read


TEXT = "id,nom\n1,Médiathèque\n"
ENCODED = {
    "utf-8": TEXT.encode(),
    "utf-8 with a mark": codecs.BOM_UTF8 + TEXT.encode(),
    "utf-16": TEXT.encode("utf-16"),
    "utf-16 without a mark": TEXT.encode("utf-16-le"),
    "utf-16 the other way round": TEXT.encode("utf-16-be"),
    "windows-1252": TEXT.encode("cp1252"),
    "semicolons": TEXT.replace(",", ";").encode(),
    "tabs": TEXT.replace(",", "\t").encode(),
    "quotes": b'"id","nom"\n"1","M\xc3\xa9diath\xc3\xa8que"\n',
    "Windows line ends": TEXT.replace("\n", "\r\n").encode(),
    "no last line end": TEXT.strip().encode(),
    "blank lines and empty columns": b"id,nom,,\n\n,,,\n1,M\xc3\xa9diath\xc3\xa8que,,\n,,\n",
    "column names as people write them": "\ufeff Id ; NOM\n1;Médiathèque".encode(),
    "a JSON list": b'[{"id": 1, "nom": "M\\u00e9diath\\u00e8que"}]',
    "a JSON object with a list": b' {"lieux": [{"id": "1", "nom": "M\xc3\xa9diath\xc3\xa8que", "x": null}], "n": 1}',
    "a JSON object with data": b'\xef\xbb\xbf{"data": [{"id": "1", "nom": "M\xc3\xa9diath\xc3\xa8que", "y": " "}]}',
}


@pytest.mark.parametrize("name", ENCODED)
def test_read(read_bytes: ReadBytes, name: str) -> None:
    columns, records, notes = read_bytes(ENCODED[name])
    assert [name for name in columns if name] == ["id", "nom"]
    assert [dict(record.cells) for record in records] == [{"id": "1", "nom": "Médiathèque"}]
    assert notes.refused == 0


def test_windows_1252_is_said_even_when_the_accent_comes_late(read_bytes: ReadBytes) -> None:
    _, records, notes = read_bytes(b"id,nom\n" + b"1,x\n" * 2000 + b"2,\xe9t\xe9\n")
    assert records[-1].cells["nom"] == "été"
    assert _messages(notes) == ["fichier lu en Windows-1252, car il n'est pas en UTF-8 : vérifiez les accents"]


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "lieux.csv est vide"),
    "blank": (b" \n\n\t", "lieux.csv est vide"),
    "zip or xlsx": (
        b"PK\x03\x04\x14\x00",
        "est un classeur (xlsx, ods) ou un fichier compressé (zip). On",
    ),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1", "est un ancien classeur Excel (xls)"),
    "gzip": (b"\x1f\x8b\x08\x00", "est un fichier compressé (gz)"),
    "pdf": (b"%PDF-1.7\n", "est un document PDF"),
    "web page": (b"\n<!DOCTYPE html><html>", "est une page web ou un fichier XML"),
    "binary": (bytes(range(256)) * 9, "n'est pas un fichier de texte"),
    "column twice": (b"id,nom,Nom\n1,a,b\n", "ligne 1 : la colonne « nom » y est deux fois"),
    "open quote": (b'id,nom\n1,"a\n2,b\n3,c\n', "ligne 2 : un guillemet ouvert n'est jamais fermé"),
    "endless cell": (b'id,nom\n1,"' + b"x" * 200_000 + b'"\n', "ligne 2"),
    "endless line": (b"id,nom\n1," + b"x" * 1_100_000, "une ligne n'en finit pas"),
    "JSON cut in half": (b'[{"id": "1", "nom": "a"},\n {"id": "2", "no', "ligne 2 : le fichier s'arrête au milieu"),
    "JSON array not closed": (b'[{"id": "1"}, {"id": "2"}', "le fichier s'arrête au milieu"),
    "JSON fault": (b'[{"id": 1,\n "nom" "x"}, {}]', "ligne 2 : ce n'est pas du JSON valable"),
    "JSON of something else": (b'{"type": "FeatureCollection"}', "on attend une liste d'objets"),
    "JSON list of texts": (b'["a", "b"]', "on attend une liste d'objets"),
    "JSON pit": (b"[" * 100_000, "trop de crochets imbriqués"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable(read_bytes: ReadBytes, name: str) -> None:
    content, sentence = UNREADABLE[name]
    with pytest.raises(ImportImpossible) as caught:
        read_bytes(content)
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ImportImpossible, match=r"absent\.csv n'existe pas"):
        open_source(tmp_path / "absent.csv", Notes(""))
    with pytest.raises(ImportImpossible, match="ne peut pas être lu"):
        open_source(tmp_path, Notes(""))


def test_a_huge_json_is_asked_for_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "lieux.json"
    with path.open("wb") as file:
        file.write(b"[")
        file.truncate(MAX_JSON_BYTES + 1)
    notes = Notes("")
    source = open_source(path, notes)
    with pytest.raises(ImportImpossible, match="Donnez-le en CSV"):
        read_records(source, notes)


def test_a_row_with_a_cell_too_many_is_refused(read_bytes: ReadBytes) -> None:
    _, records, notes = read_bytes("id,nom\n1,a,b\n2,c,\n")
    assert [(record.ligne, record.cells["id"]) for record in records] == [(3, "2")]
    assert notes.refusals == [
        Refus("lieux.csv", 2, "", "1,a,b", "3 cellules pour 2 colonnes : un séparateur de trop ?")
    ]


def test_a_row_cut_short_is_said(read_bytes: ReadBytes) -> None:
    _, records, notes = read_bytes("id,nom,commune\n1,a\n")
    assert records[0].cells == {"id": "1", "nom": "a"}
    assert _messages(notes) == ["ligne plus courte que l'en-tête : la fin est prise comme vide"]


def test_a_misplaced_quote_refuses_its_row_only(read_bytes: ReadBytes) -> None:
    _, records, notes = read_bytes('id,nom\n1,"a" b\n2,c\n')
    assert [record.cells["id"] for record in records] == ["2"]
    (refus,) = notes.refusals
    assert (refus.ligne, refus.motif) == (2, "un guillemet est mal placé : dans un texte entre guillemets, doublez-le")
    assert refus.valeur == '1,"a" b'


def _messages(notes: Notes) -> list[str]:
    return [warning.message for warning in notes.warnings()]
