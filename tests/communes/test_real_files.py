"""The spellings and the table of real files."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from knowledge.communes import Commune, Gazetteer, with_known_names


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_spellings_really_typed(gazetteer: Gazetteer, shared_data: Callable[[str], Path]) -> None:
    """Where the postal code is known, name and code give a commune of that code: alone, or among those offered."""
    known = [row for row in rows(shared_data("graphies-communes.csv")) if row["cp_connu"] == "oui"]
    assert len(known) == 589
    understood = offered = 0
    for row in known:
        match = gazetteer.find_commune(f"{row['commune_brute']} {row['code_postal']}")
        official = row["communes_officielles_du_cp"].split("|")
        understood += match.commune is not None and match.commune.nom in official
        offered += any(candidate.commune.nom in official for candidate in match.candidates)
    assert understood >= 440
    assert offered >= 560


def test_a_table_of_the_operator_replaces_ours(shared_data: Callable[[str], Path]) -> None:
    table = [as_commune(row) for row in rows(shared_data("communes-fr.csv"))]
    assert len(table) == 35_014
    gazetteer = Gazetteer(with_known_names(table))
    assert len(gazetteer) == 35_014
    assert gazetteer.find_commune("Donibane Lohizune").commune == gazetteer.by_insee("64483")
    assert gazetteer.nearest(42.9, -0.44).departement == "64"


def as_commune(row: dict[str, str]) -> Commune:
    return Commune(
        insee=row["insee"],
        nom=row["nom"],
        codes_postaux=tuple(row["codes_postaux"].split("|")) if row["codes_postaux"] else (),
        departement=row["departement"],
        epci=row["epci"] or None,
        population=int(row["population"]) if row["population"] else None,
        latitude=float(row["latitude"]) if row["latitude"] else None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
        approximate=False,
    )


def test_our_coordinates_are_those_of_the_commune(gazetteer: Gazetteer, shared_data: Callable[[str], Path]) -> None:
    """Of the communes with their own coordinates, 99 % are within 5 km (0.045° north-south) of the real centroid."""
    gaps = []
    for row in rows(shared_data("communes-fr.csv")):
        commune = gazetteer.by_insee(row["insee"])
        assert commune is not None
        if row["latitude"] and commune.latitude is not None and not commune.approximate:
            gaps.append(abs(commune.latitude - float(row["latitude"])))
    assert len(gaps) == 14_202
    assert sum(gap < 0.045 for gap in gaps) / len(gaps) >= 0.99
