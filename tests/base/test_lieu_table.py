"""`LieuTable`: cells that become a `Lieu` only when somebody asks for it."""

import json
from datetime import date
from typing import Any

from knowledge.lieu_table import LieuTable
from knowledge.lieux import Lieu

NAMES = ("Mairie", "Médiathèque", "CCAS")
LIEUX = [
    Lieu(id=nom, nom=nom, commune="Pau", code_postal="64000", services=(nom,), date_maj=date(2026, 1, 1))
    for nom in NAMES
]


def table(asked: list[str]) -> LieuTable:
    """Return `LIEUX` with services that are read from JSON, and a note of each cell that was."""

    def read(cell: str) -> tuple[str, ...]:
        asked.append(cell)
        return tuple(json.loads(cell))

    cells: dict[str, list[Any]] = {name: LieuTable.of(LIEUX).column(name) for name in Lieu.__slots__}
    return LieuTable(cells | {"services": [json.dumps(lieu.services) for lieu in LIEUX]}, {"services": read})


def test_a_lieu_is_made_when_asked_for_and_once() -> None:
    asked: list[str] = []
    lieux = table(asked)
    assert (len(lieux), asked) == (3, [])
    assert lieux[1] == LIEUX[1]
    assert lieux[1] is lieux[1]
    assert len(asked) == 1
    assert list(lieux) == LIEUX
    assert lieux[1:] == LIEUX[1:]


def test_chosen_lieux_keep_their_order_and_their_objects() -> None:
    lieux = table([])
    some = lieux.chosen([2, 0, 1]).chosen([0, 2])
    assert [lieu.nom for lieu in some] == ["CCAS", "Médiathèque"]
    assert some[0] is lieux[2]
    assert some.column("services") == [("CCAS",), ("Médiathèque",)]
    assert list(lieux.chosen([])) == []


def test_a_table_of_lieux_holds_them() -> None:
    lieux = LieuTable.of(LIEUX)
    assert lieux[2] is LIEUX[2]
    assert LieuTable.of(lieux) is lieux
    assert list(LieuTable.of([])) == []
