"""`Agenda`: the training slots, and which three suit a request."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from knowledge.communes import Gazetteer
from knowledge.creneaux import Creneau
from knowledge.demande import CreneauPropose
from knowledge.lieu_table import LieuTable
from knowledge.lieux import Lieu
from knowledge.positions import Position, distances_km, locate, unit_vectors
from knowledge.raisons import say, say_day, say_distance, say_hour

AT_MOST = 3
OPEN_TO_ALL_KM = 14.0
"""A slot that names no need stands behind one that names it, by as much as a week's wait."""
KM_PER_DAY = 2.0
"""A slot one day sooner is worth 2 km: a week's wait weighs as much as 14 km."""

Rows = np.ndarray[tuple[int], np.dtype[np.int64]]
Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Agenda:
    """The slots by start. A slot without coordinates is where its lieu is, or its commune."""

    def __init__(self, creneaux: Sequence[Creneau], lieux: Sequence[Lieu], communes: Gazetteer) -> None:
        table = LieuTable.of(lieux)
        rows = {key: row for row, key in enumerate(table.column("id"))}
        complete = [_complete(c, table[rows[c.lieu_id]] if c.lieu_id in rows else None) for c in creneaux]
        self.creneaux = tuple(sorted(complete, key=lambda creneau: (creneau.start, creneau.id)))
        self.positions = [_position(creneau, communes) for creneau in self.creneaux]
        self._starts = np.array([creneau.start.timestamp() for creneau in self.creneaux])
        degrees = [position.point or (np.nan, np.nan) for position in self.positions]
        self._points = unit_vectors(*np.array(degrees, dtype=np.float64).reshape(-1, 2).T)
        self._free = np.array([creneau.places_restantes != 0 for creneau in self.creneaux], dtype=np.bool_)
        self._open_to_all = np.array([not creneau.needs for creneau in self.creneaux], dtype=np.float64)
        self._serving: dict[str | None, Flags] = {}

    def choose(
        self,
        need: str | None,
        now: datetime,
        origin: tuple[float, float] | None,
        radii: Sequence[float],
        insee: str | None,
        *,
        exclude: Collection[str] = (),
    ) -> tuple[CreneauPropose, ...]:
        """Return at most three slots for the need, of the smallest circle that has any, nearest and soonest first.

        Never one that has begun, is full, or whose id is to be excluded. One whose place is not known counts as on the
        edge of the circle. Without `origin` the soonest come first.
        """
        rows = np.flatnonzero(self._serves(need) & (self._starts > now.timestamp()))
        if exclude:
            rows = np.array([row for row in rows if self.creneaux[row].id not in exclude], dtype=np.intp)
        if not rows.size:
            return ()
        km = distances_km(origin, self._points[rows]) if origin else np.zeros(len(rows))
        days = (self._starts[rows] - now.timestamp()) / 86400
        for radius in radii:
            cost = np.where(np.isnan(km), radius, km) + KM_PER_DAY * days + OPEN_TO_ALL_KM * self._open_to_all[rows]
            order = np.argsort(cost, kind="stable")
            chosen = order[~(km[order] > radius)][:AT_MOST]
            if chosen.size:
                return tuple(self._proposal(rows[i], km[i] if origin else np.nan, insee) for i in chosen)
        return ()

    def _serves(self, need: str | None) -> Flags:
        """Return which slots serve the need and are not full, as far as they say."""
        if need not in self._serving:
            serving = [need is None or not c.needs or need in c.needs for c in self.creneaux]
            self._serving[need] = np.array(serving, dtype=np.bool_) & self._free
        return self._serving[need]

    def _proposal(self, row: int, km: float, insee: str | None) -> CreneauPropose:
        creneau, position = self.creneaux[row], self.positions[row]
        here = insee is not None and position.insee == insee
        distance = None if np.isnan(km) else float(km)
        reasons = tuple(_reasons(creneau, distance, here=here))
        return CreneauPropose(creneau=creneau, distance_km=distance, reasons=reasons)


ADDRESS = ("adresse", "code_postal", "commune", "code_insee", "latitude", "longitude")


def _complete(creneau: Creneau, lieu: Lieu | None) -> Creneau:
    """Return the slot with the name, the address and the telephone of its lieu where it has none of its own."""
    if lieu is None:
        return creneau
    own_address = any(getattr(creneau, name) is not None for name in ADDRESS)
    address = {} if own_address else {name: getattr(lieu, name) for name in ADDRESS}
    return replace(creneau, lieu=creneau.lieu or lieu.nom, telephone=creneau.telephone or lieu.telephone, **address)


def _position(creneau: Creneau, communes: Gazetteer) -> Position:
    address = {name: getattr(creneau, name) for name in ADDRESS}
    address |= {name: address[name] or "" for name in ("code_postal", "commune")}
    return locate(Lieu(id=creneau.id, nom=creneau.titre, **address), communes)


def _reasons(creneau: Creneau, km: float | None, *, here: bool) -> Iterator[str]:
    yield f"{say_day(creneau.start)} à {say_hour(creneau.start)}"
    if km is not None:
        yield say_distance(km, creneau.commune if here else None)
    if creneau.places_restantes is None:
        yield say("creneaux", "places_inconnues")
    elif creneau.places_restantes == 1:
        yield say("creneaux", "une_place")
    else:
        yield say("creneaux", "places", places=creneau.places_restantes)
    if creneau.niveau:
        yield say("creneaux", "niveau", niveau=creneau.niveau)
