"""One import command against the base: all or nothing, repeatable, the freshest row wins, fiction stays apart."""

import csv
import resource
import sqlite3
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.base import BaseIndisponible, migrate, open_base, read_creneaux, read_lieux, read_version, write_items
from knowledge.demonstration import demonstration
from knowledge.exporting import ExportImpossible, export_file
from knowledge.importing import ImportImpossible, import_files
from knowledge.importing.formats import FORMATS
from tests.importing.conftest import NOW, ImportText

HEADER = "id,nom,commune,code_postal,latitude,longitude,date_maj\n"


def row(key: str, nom: str = "Médiathèque", day: str = "2024-01-01") -> str:
    return f"{key},{nom},Orthez,64300,43.488,-0.772,{day}\n"


def test_added_updated_unchanged(base: Engine, import_text: ImportText) -> None:
    first = import_text(HEADER + row("1") + row("2") + row("3"))
    assert (first.read, first.added, read_version(base)) == (3, 3, 1)
    second = import_text(HEADER + row("1") + row("2", "Mairie") + row("4"))
    assert (second.added, second.updated, second.unchanged, read_version(base)) == (1, 1, 1, 2)
    assert [(lieu.id, lieu.nom) for lieu in read_lieux(base)] == [
        ("1", "Médiathèque"), ("2", "Mairie"), ("3", "Médiathèque"), ("4", "Médiathèque"),
    ]  # fmt: skip


def test_the_freshest_of_a_command_wins_and_the_last_of_equals(base: Engine, import_text: ImportText) -> None:
    report = import_text(
        HEADER + row("1", "Neuf", "2024-02-01") + row("1", "Vieux", "2023-01-01") + row("1", "Sans date", "")
        + row("2", "Premier") + row("2", "Dernier")
    )  # fmt: skip
    assert [lieu.nom for lieu in read_lieux(base)] == ["Neuf", "Dernier"]
    assert (report.read, report.added, report.duplicates) == (5, 2, 3)
    assert "id « 1, Vieux » : même identifiant que « Neuf », gardé à sa place" in "\n".join(report.lines())


@pytest.mark.parametrize("day", ["2023-12-31", ""])
def test_a_row_older_than_the_base_does_not_overwrite_it(base: Engine, import_text: ImportText, day: str) -> None:
    import_text(HEADER + row("1", "Neuf"))
    report = import_text(HEADER + row("1", "Vieux", day))
    assert (report.outdated, report.updated, read_lieux(base)[0].nom) == (1, 0, "Neuf")
    assert "plus ancien que la base, qui garde « Neuf »" in [warning.message for warning in report.warnings]


def test_several_files_make_one_command(base: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + row("1", day="2024-02-01"))
    (tmp_path / "b.csv").write_text(HEADER + row("1") + row("2"))
    report = import_files(base, "lieux", [tmp_path / "a.csv", tmp_path / "b.csv"], now=NOW)
    assert (report.fichiers, report.read, report.added, report.duplicates) == (["a.csv", "b.csv"], 3, 2, 1)
    assert read_lieux(base)[0].provenance.fichier == "a.csv"


def test_a_faulty_file_leaves_the_base_as_it_was(base: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + "".join(row(str(key)) for key in range(700)) + ",x,,,,,\n")
    (tmp_path / "b.csv").write_text("PK\x03\x04")
    with pytest.raises(ImportImpossible, match=r"b\.csv est un classeur"):
        import_files(base, "lieux", [tmp_path / "a.csv", tmp_path / "b.csv"], now=NOW)
    assert (read_lieux(base), read_version(base)) == ([], 0)
    assert sorted(path.name for path in tmp_path.glob("*.csv*")) == ["a.csv", "b.csv"]
    assert import_files(base, "lieux", [tmp_path / "a.csv"], now=NOW).added == 700, "and the next import works"


def test_a_crash_in_the_middle_leaves_the_base_as_it_was(
    base: Engine, import_text: ImportText, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_text(HEADER + row("1"))

    def crash(*_: object) -> Iterator[None]:
        yield from ()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setitem(FORMATS["lieux"].readers, "csv", crash)
        with pytest.raises(KeyboardInterrupt):
            import_text(HEADER + row("2"))
    assert [lieu.id for lieu in read_lieux(base)] == ["1"]
    assert import_text(HEADER + row("2")).added == 1


def test_a_trial_writes_nothing(base: Engine, import_text: ImportText, tmp_path: Path) -> None:
    import_text(HEADER + row("1"))
    report = import_text(HEADER + row("1", "Mairie") + row("2") + ",x,y,64300,,,\n", dry_run=True)
    assert (report.added, report.updated, report.refused) == (1, 1, 1)
    assert (read_lieux(base)[0].nom, read_version(base)) == ("Médiathèque", 1)
    assert not list(tmp_path.glob("*.refus.*"))
    assert list(report.lines())[-1] == "Essai seulement : la base n'a pas changé."


def test_two_imports_at_once(base: Engine, import_text: ImportText) -> None:
    holder = sqlite3.connect(str(base.url.database), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(BaseIndisponible, match="est occupée par un autre programme"):
        import_text(HEADER + row("1"))
    holder.execute("ROLLBACK")
    holder.close()
    assert import_text(HEADER + row("1")).added == 1


def test_refused_rows_are_kept_mended_and_imported(base: Engine, import_text: ImportText, tmp_path: Path) -> None:
    report = import_text(HEADER + row("1") + "2,,Orthez,64300,43.488,-0.772,2024-01-01\n")
    refusals = tmp_path / "lieux.refus.csv"
    assert report.refusal_files == [str(refusals)]
    with refusals.open(encoding="utf-8", newline="") as file:
        (refused,) = csv.DictReader(file)
    assert list(refused) == [*HEADER.strip().split(","), "ligne", "colonne", "motif"]
    assert (refused["id"], refused["ligne"], refused["colonne"], refused["motif"]) == ("2", "3", "nom", "le nom manque")
    mended = refusals.read_text(encoding="utf-8").replace("2,,", "2,Mairie,")
    assert import_text(mended, name="lieux.refus.csv").added == 1
    assert [lieu.nom for lieu in read_lieux(base)] == ["Médiathèque", "Mairie"]


def test_the_refusals_of_each_file_are_kept_apart(base: Engine, tmp_path: Path) -> None:
    """The same file twice, and another of the same name but for its ending."""
    one, two = tmp_path / "lieux.csv", tmp_path / "lieux.txt"
    one.write_text(HEADER + row("1", ""))
    two.write_text(HEADER + row("2", "") + row("3"))
    report = import_files(base, "lieux", [one, one, two], now=NOW)
    assert (report.refused, report.added) == (3, 1)
    names = [Path(name).name for name in report.refusal_files]
    assert names == ["lieux.refus.csv", "lieux.refus-2.csv", "lieux.refus-3.csv"]
    assert [len((tmp_path / name).read_text().splitlines()) for name in names] == [2, 2, 2]
    assert not list(tmp_path.glob("*.partiel"))


def test_a_folder_that_cannot_be_written_stops_nothing(base: Engine, import_text: ImportText, tmp_path: Path) -> None:
    (tmp_path / "lieux.refus.csv.partiel").mkdir()
    report = import_text(HEADER + row("1") + ",x,Orthez,64300,,,\n")
    assert (report.added, report.refused, report.refusal_files) == (1, 1, [])
    assert "n'ont pas pu être écrites dans lieux.refus.csv" in report.warnings[-1].message


def test_real_places_put_an_end_to_the_demonstration(base: Engine, import_text: ImportText) -> None:
    lieux, creneaux = demonstration(NOW)
    write_items(base, [*lieux, *creneaux], now=NOW)
    report = import_text(HEADER + row("1"))
    assert report.demonstration == len(lieux) + len(creneaux)
    assert [lieu.id for lieu in read_lieux(base)] == ["1"]
    assert read_creneaux(base) == []
    assert "la démonstration est retirée" in "\n".join(report.lines())


def test_the_demonstration_never_joins_real_places(base: Engine, import_text: ImportText, tmp_path: Path) -> None:
    other = open_base(f"sqlite:///{tmp_path}/demo.db")
    migrate(other)
    lieux, creneaux = demonstration(NOW)
    write_items(other, [*lieux, *creneaux], now=NOW)
    export_file(other, "lieux", tmp_path / "demo.csv")
    assert import_files(other, "lieux", [tmp_path / "demo.csv"], now=NOW).unchanged == len(lieux)
    other.dispose()
    import_text(HEADER + row("1"))
    with pytest.raises(ImportImpossible, match="fictives"):
        import_files(base, "lieux", [tmp_path / "demo.csv"], now=NOW)
    assert [lieu.id for lieu in read_lieux(base)] == ["1"]


def test_postgresql_imports_the_same(postgres: str, base: Engine, tmp_path: Path) -> None:
    engine = open_base(postgres)
    migrate(engine)
    (tmp_path / "a.csv").write_text(
        HEADER + row("1") + row("2", "Œuvre") + row("2", "Vieux", "2020-01-01") + ",,,,,,x\n"
    )
    reports = [import_files(one, "lieux", [tmp_path / "a.csv"], now=NOW) for one in (base, engine, engine)]
    assert reports[0] == reports[1]
    assert (reports[2].unchanged, reports[2].added) == (2, 0)
    assert read_lieux(engine) == read_lieux(base)
    engine.dispose()


def test_a_large_file_is_read_in_flat_memory(base: Engine, tmp_path: Path) -> None:
    peaks = []
    for count in (1_000, 4_000):
        path = tmp_path / f"{count}.csv"
        filling = "x" * 2500
        lines = (f"{key + 10000},Nom {key} {filling},64300,43,0\n" for key in range(count))
        path.write_text("insee,nom,codes_postaux,latitude,longitude\n" + "".join(lines))
        tracemalloc.start()
        report = import_files(base, "communes", [path], now=NOW)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert report.read == count
    assert path.stat().st_size > 10_000_000
    assert peaks[1] < 1.2 * peaks[0] < 10_000_000


@pytest.mark.parametrize("kind", ["", "lieu", "places"])
def test_an_unknown_kind_says_what_is_expected(base: Engine, kind: str, tmp_path: Path) -> None:
    with pytest.raises(ImportImpossible, match="On attend : lieux, creneaux, communes"):
        import_files(base, kind, [tmp_path / "a.csv"], now=NOW)
    with pytest.raises(ExportImpossible, match="On attend : lieux, creneaux, communes"):
        export_file(base, kind, tmp_path / "a.csv")


def test_an_export_is_whole_or_absent(base: Engine, tmp_path: Path) -> None:
    with pytest.raises(ExportImpossible, match=r"\.csv ou en \.json"):
        export_file(base, "lieux", tmp_path / "lieux.xlsx")
    with pytest.raises(ExportImpossible, match="ne peut pas être écrit"):
        export_file(base, "lieux", tmp_path / "absent" / "lieux.csv")
    assert export_file(base, "lieux", tmp_path / "lieux.json") == 0
    assert (tmp_path / "lieux.json").read_text() == "[]\n"


def test_an_export_that_the_disk_refuses_leaves_the_former_one(base: Engine, tmp_path: Path) -> None:
    target = tmp_path / "lieux.csv"
    target.write_text("ancien")
    write_items(base, demonstration(NOW)[0], now=NOW)
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, former[1]))
    try:
        with pytest.raises(ExportImpossible, match="le fichier deviendrait trop gros"):
            export_file(base, "lieux", target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    assert target.read_text() == "ancien"
    assert not list(tmp_path.glob("*.partiel"))


def test_the_report_in_words_and_in_json(import_text: ImportText) -> None:
    report = import_text(HEADER + row("1") + row("1", "Autre", "2020-01-01") + ",x,Orthez,64300,,,\n")
    lines = list(report.lines())
    assert lines[0] == "lieux.csv : 3 lignes lues."
    assert lines[1] == "1 ajoutée, 0 mise à jour, 0 inchangée, 1 refusée."
    assert lines[2] == "1 ligne en double : la plus récente est gardée."
    assert lines[3] == "Refus : lieux.csv, ligne 4, id : l'identifiant manque"
    shape = report.to_json()
    assert (shape["read"], shape["refusals"][0]["motif"]) == (3, "l'identifiant manque")
    assert shape["warnings"][0]["fichier"] == "lieux.csv"
