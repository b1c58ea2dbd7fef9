"""`Knowledge`: all that is known, in memory, built once and read by every conversation."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Engine

from knowledge.agenda import Agenda
from knowledge.base import read_communes, read_creneaux, read_lieu_table, read_version
from knowledge.communes import Gazetteer, load_gazetteer, with_known_names
from knowledge.creneaux import Creneau
from knowledge.demonstration import demonstration
from knowledge.echelle import Echelle, load_echelle
from knowledge.index import Index
from knowledge.lieu_table import LieuTable
from knowledge.lieux import DEMONSTRATION, Lieu
from knowledge.lignes import Lignes, load_lignes
from knowledge.needs import Need, load_needs
from knowledge.preuves import load_preuves

T = TypeVar("T", Lieu, Creneau)


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """A snapshot. `demonstration`: some rows are fictional, and every channel must say so.

    `version` is that of the base it was read from (`read_version`; 0 when it was built from lists).
    """

    communes: Gazetteer
    needs: dict[str, Need]
    echelle: Echelle
    lignes: Lignes
    index: Index
    agenda: Agenda
    demonstration: bool
    version: int


def build_knowledge(
    lieux: Sequence[Lieu],
    creneaux: Sequence[Creneau] = (),
    communes: Gazetteer | None = None,
    *,
    version: int = 0,
) -> Knowledge:
    """Return the knowledge of these rows; without `communes`, with the gazetteer of the package."""
    communes = communes or load_gazetteer()
    table = LieuTable.of(lieux)
    return Knowledge(
        communes=communes,
        needs=load_needs(),
        echelle=load_echelle(),
        lignes=load_lignes(),
        index=Index(table, communes, load_preuves()),
        agenda=Agenda(creneaux, table, communes),
        demonstration=_is_demonstration(table, creneaux),
        version=version,
    )


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Python looks for cycles again and again while many objects are made: a tenth of the time, and there are none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_no_search_for_cycles()
def load_knowledge(engine: Engine, now: datetime) -> Knowledge:
    """Read the knowledge of a base. Raises `BaseIndisponible`.

    The demonstration rows of the base take the dates that they have at `now`, so that they never expire.
    """
    version = read_version(engine)
    lieux, creneaux = read_lieu_table(engine), read_creneaux(engine)
    if _is_demonstration(lieux, creneaux):
        fresh_lieux, fresh_creneaux = demonstration(now)
        lieux = LieuTable.of(_refreshed(lieux, fresh_lieux))
        creneaux = _refreshed(creneaux, fresh_creneaux)
    imported = read_communes(engine)
    communes = Gazetteer(with_known_names(imported)) if imported else None
    return build_knowledge(lieux, creneaux, communes, version=version)


def _is_demonstration(lieux: LieuTable, creneaux: Sequence[Creneau]) -> bool:
    return DEMONSTRATION in lieux.column("source") or any(creneau.source == DEMONSTRATION for creneau in creneaux)


def _refreshed(stored: Sequence[T], fresh: list[T]) -> list[T]:
    """Return the stored rows, the fictional ones replaced by those of today with the same id."""
    by_id = {row.id: row for row in fresh}
    return [by_id.get(row.id, row) if row.source == DEMONSTRATION else row for row in stored]
