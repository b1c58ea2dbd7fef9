"""The real (old) places of `../shared/data`, as `Lieu`: national standard v0, France services, public libraries.

A small reader of its own: it keeps what can be ranked and leaves the rest. The real one is `knowledge/importing`.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.lieux import LIEU_COLUMNS, Lieu
from knowledge.standard import current_columns, is_closed, read_cell

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
V0, FRANCE_SERVICES, LIBRARIES = (
    "lieux-mediation-numerique-v0.csv",
    "france-services-2022-12.csv",
    "bibliotheques-publiques-fr.csv",
)
TEXTS = ("adresse", "telephone", "horaires", "presentation_resume", "presentation_detail", "source", "code_insee")
DAYS = {"lundi": "Mo", "mardi": "Tu", "mercredi": "We", "jeudi": "Th", "vendredi": "Fr", "samedi": "Sa"}
RANGE = re.compile(r"(\d{2}:\d{2}) - (\d{2}:\d{2})")


def read_places(data: Path = DATA) -> list[Lieu]:
    """Return some 25 000 places, one an id. Raises FileNotFoundError where the files are absent."""
    rows = (*_v0(data / V0), *_france_services(data / FRANCE_SERVICES), *_libraries(data / LIBRARIES))
    return list({lieu.id: lieu for lieu in rows}.values())


def multiply(lieux: list[Lieu], times: int) -> list[Lieu]:
    """Return `times` as many places: copies moved by some 2 km at random, under other ids, names and numbers."""
    random = np.random.default_rng(1)
    moves = random.normal(0, 0.02, (times, len(lieux), 2))
    return [
        lieu if not copy else _moved(lieu, copy, *moves[copy, number])
        for copy in range(times)
        for number, lieu in enumerate(lieux)
    ]


def _moved(lieu: Lieu, copy: int, north: float, east: float) -> Lieu:
    return replace(
        lieu,
        id=f"{lieu.id}-{copy}",
        nom=f"{lieu.nom} {copy}",
        adresse=None,
        telephone=None,
        latitude=None if lieu.latitude is None else lieu.latitude + north,
        longitude=None if lieu.longitude is None else lieu.longitude + east,
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _v0(path: Path) -> Iterator[Lieu]:
    for row in _rows(path):
        if row["commune"] or row["code_postal"]:
            yield Lieu(
                id=row["id"],
                nom=row["nom"],
                commune=row["commune"],
                code_postal=row["code_postal"],
                latitude=_degrees(row["latitude"]),
                longitude=_degrees(row["longitude"]),
                date_maj=_day(row["date_maj"]),
                **_texts(row),
                **_lists(row),
            )


def _texts(row: dict[str, str]) -> dict[str, Any]:
    return {name: row[name] or None for name in TEXTS}


def _lists(row: dict[str, str]) -> dict[str, Any]:
    lists: dict[str, tuple[str, ...]] = {}
    for column in filter(is_closed, row):
        for target, values in read_cell(column, row[column]).values.items():
            if target in LIEU_COLUMNS and target in {*current_columns(column), "postures"}:
                lists[target] = tuple(dict.fromkeys((*lists.get(target, ()), *values)))
    return lists


def _france_services(path: Path) -> Iterator[Lieu]:
    """Yield the places without their telephones: a part of that column is shifted by four rows."""
    for row in _rows(path):
        yield Lieu(
            id=f"france-services-{row['id_fs']}",
            nom=row["lib_fs"],
            commune=row["lib_com"],
            code_postal=row["code_postal"],
            code_insee=row["insee_com"] or None,
            adresse=row["adresse"] or None,
            latitude=_degrees(row["latitude"]),
            longitude=_degrees(row["longitude"]),
            horaires=_week(row),
            source="france-services",
            date_maj=date(2022, 12, 1),
            dispositif_programmes_nationaux=("France Services",),
        )


def _libraries(path: Path) -> Iterator[Lieu]:
    for row in _rows(path):
        yield Lieu(
            id=f"bibliotheque-{row['code_bib']}",
            nom=row["nom"],
            commune=row["commune"],
            code_postal=row["code_postal"],
            code_insee=row["insee"] or None,
            adresse=None if row["adresse"].startswith("NC") else row["adresse"] or None,
            latitude=_degrees(row["latitude"]),
            longitude=_degrees(row["longitude"]),
            typologie=("BIB",),
            source="bibliotheques-publiques",
            date_maj=date(2020, 1, 1),
        )


def _week(row: dict[str, str]) -> str | None:
    days = {day: RANGE.findall(row[f"h_{name}"]) for name, day in DAYS.items()}
    rules = [f"{day} {','.join(f'{a}-{b}' for a, b in ranges)}" for day, ranges in days.items() if ranges]
    return "; ".join(rules) or None


def _degrees(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
