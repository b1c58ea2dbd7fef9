"""The real (old) files of ../shared/data: how many rows each gives, and that nothing is lost on the way back."""

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.base import migrate, open_base, read_communes, read_lieux, read_version
from knowledge.exporting import export_file
from knowledge.importing import Report, import_files
from knowledge.lieux import STANDARD_COLUMNS, Lieu
from tests.importing.conftest import NOW

SharedData = Callable[[str], Path]
Bases = Callable[[str], tuple[Engine, Report, Path]]

COUNTS: dict[str, tuple[str, dict[str, int]]] = {
    "lieux-64-lafibre64-schema-v1.csv": ("lieux", {"read": 61, "added": 61}),
    "lieux-64-v0.csv": ("lieux", {"read": 70, "added": 48, "duplicates": 22}),
    # 7 294 distinct ids, one of which has neither commune nor postal code
    "lieux-mediation-numerique-v0.csv": ("lieux", {"read": 10793, "added": 7293, "duplicates": 3499, "refused": 1}),
    "schema-mediation-numerique-exemple-valide.csv": ("lieux", {"read": 1, "added": 1}),
    "communes-fr.csv": ("communes", {"read": 35014, "added": 35014}),
    "communes-64-40-65.csv": ("communes", {"read": 1341, "added": 1341}),
}
"""What the first import of each file counts; what is not named is zero."""

COUNTERS = ("read", "added", "updated", "unchanged", "duplicates", "outdated", "refused", "removed", "demonstration")


@pytest.fixture(scope="module")
def bases(
    tmp_path_factory: pytest.TempPathFactory, shared_data: SharedData
) -> Callable[[str], tuple[Engine, Report, Path]]:
    """Return, for a file, a base with it alone, the report of its import, and the copy that was imported."""
    done: dict[str, tuple[Engine, Report, Path]] = {}

    def of(name: str) -> tuple[Engine, Report, Path]:
        if name not in done:
            folder = tmp_path_factory.mktemp("real")
            copy = folder / name
            copy.symlink_to(shared_data(name))  # refused rows are written beside the link, not beside the real file
            engine = open_base(f"sqlite:///{folder}/base.db")
            migrate(engine)
            done[name] = engine, import_files(engine, COUNTS[name][0], [copy], now=NOW), copy
        return done[name]

    return of


def counters(report: Report) -> dict[str, int]:
    return {name: value for name in COUNTERS if (value := getattr(report, name))}


@pytest.mark.parametrize("name", COUNTS)
def test_counts(bases: Bases, name: str) -> None:
    assert counters(bases(name)[1]) == COUNTS[name][1]


@pytest.mark.parametrize("name", COUNTS)
def test_a_second_import_changes_nothing(bases: Bases, name: str) -> None:
    engine, first, copy = bases(name)
    version = read_version(engine)
    second = import_files(engine, first.kind, [copy], now=NOW)
    expected = {name: count for name, count in counters(first).items() if name != "added"}
    assert counters(second) == expected | {"unchanged": first.added}
    assert read_version(engine) == version


EXPORTS = [(name, ".csv") for name in COUNTS] + [(name, ".json") for name in COUNTS if "64" in name]


@pytest.mark.parametrize(("name", "suffix"), EXPORTS)
def test_an_exported_file_imported_again_changes_nothing(bases: Bases, name: str, suffix: str, tmp_path: Path) -> None:
    engine, first, _ = bases(name)
    exported = tmp_path / f"export{suffix}"
    assert export_file(engine, first.kind, exported) == first.added
    again = import_files(engine, first.kind, [exported], now=NOW)
    assert counters(again) == {"read": first.added, "unchanged": first.added}


def test_an_exported_file_fills_an_empty_base_with_the_same(bases: Bases, base: Engine, tmp_path: Path) -> None:
    engine = bases("lieux-64-lafibre64-schema-v1.csv")[0]
    export_file(engine, "lieux", tmp_path / "lieux.csv")
    import_files(base, "lieux", [tmp_path / "lieux.csv"], now=NOW)
    assert read_lieux(base) == read_lieux(engine)


def test_doing_it_in_someones_place_is_kept(bases: Bases) -> None:
    engine, _, copy = bases("lieux-mediation-numerique-v0.csv")
    with copy.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    published = {row["id"].strip() for row in rows if re.search("[AÀ] ma place", row["modalites_accompagnement"])}
    lieux = {lieu.id: lieu for lieu in read_lieux(engine)}
    kept = {key for key in published if "faire_a_la_place" in lieux[key].postures}
    assert (len(published), len(kept)) == (183, 181)
    assert published - kept == {"17", "40"}, "ids that several publishers gave to different places"
    assert all("Accompagnement individuel" in lieux[key].modalites_accompagnement for key in kept)


def test_what_is_not_understood_in_ten_thousand_rows_is_little_and_said(bases: Bases) -> None:
    _, report, _ = bases("lieux-mediation-numerique-v0.csv")
    said = Counter[str]()
    for warning in report.warnings:
        said[warning.message] += warning.fois
    unknown = [message for message in said if message.startswith("valeur hors des listes")]
    assert 0 < sum(said[message] for message in unknown) < 100
    assert said["date impossible, laissée de côté"] > 100
    assert said["coordonnées manquantes : le lieu sera placé au centre de sa commune"] == 465
    assert report.more_warnings == 0


def test_the_gazetteer_of_an_operator_is_more_precise(bases: Bases) -> None:
    communes = {commune.insee: commune for commune in read_communes(bases("communes-fr.csv")[0])}
    assert (communes["01004"].latitude, communes["01004"].longitude) == (45.95932, 5.3516), (
        "the town, not the territory"
    )
    assert (communes["64371"].nom, communes["64371"].codes_postaux) == ("Mauléon-Licharre", ("64130",))
    assert communes["97501"].departement == "975"


SCHEMA_FAULTS: dict[str, dict[str, int]] = {
    "schema-mediation-numerique-exemple-valide.csv": {},
    # no SIRET was collected; one number is 3949, which is dialled so and has no other form
    "lieux-64-lafibre64-schema-v1.csv": {"pivot": 61, "telephone": 1},
    "lieux-64-v0.csv": {},
    # no SIRET; 1969-12-31 and 1970-01-01 stand for an unknown date; v0 allowed presentations of 500 characters
    "lieux-mediation-numerique-v0.csv": {"pivot": 116, "date_maj": 169, "presentation_resume": 9},
}
"""Exported cells that the national schema refuses, by column, and why the publishers' files cannot do better."""


@pytest.mark.parametrize("name", SCHEMA_FAULTS)
def test_exported_places_against_the_national_schema(
    bases: Bases, shared_data: SharedData, name: str, tmp_path: Path
) -> None:
    fields = json.loads(shared_data("schema-mediation-numerique-v1.json").read_text(encoding="utf-8"))["fields"]
    export_file(bases(name)[0], "lieux", tmp_path / "lieux.csv")
    with (tmp_path / "lieux.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:32] == list(STANDARD_COLUMNS) == [field["name"] for field in fields]
    faults = Counter(field["name"] for row in rows for field in fields if not _valid(field, row[field["name"]]))
    assert dict(faults) == SCHEMA_FAULTS[name]


def _valid(field: dict[str, object], cell: str) -> bool:
    constraints = field["constraints"]
    assert isinstance(constraints, dict)
    if not cell:
        return not constraints.get("required")
    if field["name"] == "formations_labels":
        cell = cell.replace("Étapes numériques (La Poste)", "Étapes numériques(La Poste)")  # the schema's own misprint
    length = constraints.get("maxLength")
    return bool(re.search(constraints.get("pattern", ""), cell)) and (length is None or len(cell) <= length)


def test_no_lieu_is_without_what_finds_it(bases: Bases) -> None:
    lieux: list[Lieu] = read_lieux(bases("lieux-mediation-numerique-v0.csv")[0])
    assert all(lieu.id and lieu.nom and (lieu.commune or lieu.code_postal) for lieu in lieux)
    assert max(lieu.date_maj for lieu in lieux if lieu.date_maj) <= datetime.date(NOW)
