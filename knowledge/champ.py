"""The lieux around a person, in columns: `Terrain`, then `Champ` with the best score that its hours could give each."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from knowledge.ranking import (
    APPOINTMENT,
    HALF_WAIT_HOURS,
    UNKNOWN_OPENING,
    fresh_numbers,
    near_numbers,
    scores,
)
from knowledge.recherche import Recherche

COMMUNE_KM = 3.0
"""When only the commune is known, a lieu of that commune counts as at most this far: the person may be next to it."""
MOST_KEPT = 4
"""Terrains: a turn looks at one or two, and one of the whole base is large."""
MOST_SURROUNDINGS = 64
"""Communes whose surroundings are kept, a few hundred kilobytes each."""

Rows = np.ndarray[tuple[int], np.dtype[np.int64]]
Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What of a `Terrain` stays the same all day long, whoever asks."""

    rows: Rows
    km: Numbers
    home: Flags
    distance: Numbers
    profiles: Rows
    horaires: Rows
    fraicheur: Numbers


@dataclass(frozen=True, slots=True)
class Terrain:
    """What stays the same however urgent and private the matter is, whatever the kind of help.

    One number a lieu in each column; `km` is nan where the distance is unknown, `waits` bounds the hours until it
    opens, `unknown` tells that its hours are missing or cannot be read. `home`: in the person's own commune, when it
    is all that is known of where they are; such a lieu is in every circle. The last ones are those of `Criteres`.
    """

    radius_km: float
    rows: Rows
    profiles: Rows
    km: Numbers
    home: Flags
    waits: Numbers
    unknown: Flags
    by_appointment: Flags
    distance: Numbers
    besoin: Numbers
    accueil: Numbers
    fraicheur: Numbers

    def circle(self, radius_km: float, *, serving: bool) -> Rows:
        """Return the ranks in these columns of the lieux of a circle: those that serve the need, or the others."""
        wanted = self.besoin > 0.0 if serving else self.besoin == 0.0
        if radius_km < self.radius_km:
            wanted &= (self.km <= radius_km) | self.home
        return np.flatnonzero(wanted)


@dataclass(frozen=True, slots=True)
class Champ:
    """A terrain seen by one request: `posture` and `secret` are those of `Criteres`, `ceilings` bounds the score."""

    terrain: Terrain
    posture: Numbers
    secret: Numbers
    ceilings: Numbers


def look_around(recherche: Recherche, radius_km: float) -> Terrain:
    """Return all lieux of a circle but the refused ones; those of the base when nothing says where the person is.

    The last ones are kept: the questions that a turn weighs and the answer that it gives look at the same place.
    """
    asked, kept = (recherche.where, radius_km), recherche.index.terrains
    terrain = kept.get(asked)
    if terrain is None:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        terrain = kept[asked] = _look(recherche, radius_km)
    return terrain


def _look(recherche: Recherche, radius_km: float) -> Terrain:
    demande, index = recherche.demande, recherche.index
    around = _without_refused(recherche, _surroundings(recherche, radius_km))
    return Terrain(
        radius_km=radius_km,
        rows=around.rows,
        profiles=around.profiles,
        km=around.km,
        home=around.home,
        waits=index.semaines.waits(around.horaires, recherche.now),
        unknown=index.semaines.unknown(around.horaires),
        by_appointment=index.by_appointment[around.rows],
        distance=around.distance,
        besoin=index.columns.besoin(recherche.need, around.profiles),
        accueil=index.welcomes(around.rows, (demande.publics, demande.prise_en_charge)),
        fraicheur=around.fraicheur,
    )


def _surroundings(recherche: Recherche, radius_km: float) -> Surroundings:
    """Return what is around; around a commune, it is kept for the next person who is there, until tomorrow."""
    if recherche.home is None:
        return _measure(recherche, radius_km)
    asked, kept = (recherche.home, radius_km, recherche.now.date()), recherche.index.surroundings
    around = kept.get(asked)
    if around is None:
        if len(kept) >= MOST_SURROUNDINGS:
            kept.clear()
        around = kept[asked] = _measure(recherche, radius_km)
    return around


def _measure(recherche: Recherche, radius_km: float) -> Surroundings:
    index = recherche.index
    rows, km = _around(recherche, radius_km)
    home = np.zeros(len(rows), dtype=np.bool_)
    distance = np.zeros(len(rows))
    if recherche.home is not None:
        home = index.communes[rows] == recherche.home
    if recherche.origin:
        distance = near_numbers(np.where(home, np.minimum(km, COMMUNE_KM), km))
    return Surroundings(
        rows=rows,
        km=km,
        home=home,
        distance=distance,
        profiles=index.columns.profiles(rows),
        horaires=index.horaires_numbers[rows],
        fraicheur=fresh_numbers(index.updated[rows], recherche.now.date()),
    )


def _without_refused(recherche: Recherche, around: Surroundings) -> Surroundings:
    """Return the surroundings less the lieux that the person does not want to be told again."""
    index = recherche.index
    refused = [index.same_lieu(index.row_of[key]) for key in recherche.demande.exclude if key in index.row_of]
    if not refused:
        return around
    kept = ~np.isin(around.rows, np.concatenate(refused))
    return Surroundings(*(getattr(around, column)[kept] for column in Surroundings.__slots__))


def survey(recherche: Recherche, terrain: Terrain) -> Champ:
    """Return what a terrain can give to a request."""
    columns, rows = recherche.index.columns, terrain.rows
    posture = columns.posture(recherche.posture, terrain.profiles)
    secret = columns.secret(terrain.profiles) if recherche.demande.confidential else np.ones(len(rows))
    a_temps, ouverture = _hopes(recherche, terrain)
    ceilings = scores(
        a_temps=a_temps,
        secret=secret,
        besoin=terrain.besoin,
        distance=terrain.distance,
        ouverture=ouverture,
        posture=posture,
        accueil=terrain.accueil,
        fraicheur=terrain.fraicheur,
    )
    return Champ(terrain, posture, secret, ceilings)


def _around(recherche: Recherche, radius_km: float) -> tuple[Rows, Numbers]:
    """Return the rows within the radius, with all those of the person's own commune however large it is."""
    index, origin = recherche.index, recherche.origin
    if origin is None:
        rows = _somewhere(recherche)
        km = np.full(len(rows), np.nan)
    else:
        rows, km = index.within(*origin, radius_km)
        if recherche.home is not None:
            rows, km = _with_home(recherche, radius_km, rows, km, recherche.home)
    return rows, km


def _with_home(recherche: Recherche, radius_km: float, rows: Rows, km: Numbers, number: int) -> tuple[Rows, Numbers]:
    """Return a circle with the rows of a commune that lie beyond it."""
    index, home = recherche.index, recherche.index.of_commune(number)
    if np.count_nonzero(index.communes[rows] == number) == len(home) or recherche.origin is None:
        return rows, km
    home_km = index.distances(*recherche.origin, home)
    beyond = home_km > radius_km
    return np.concatenate([rows, home[beyond]]), np.concatenate([km, home_km[beyond]])


def _somewhere(recherche: Recherche) -> Rows:
    """Return the rows of a commune that has no coordinates, or all where not even the commune is known."""
    if recherche.commune is None:
        return np.arange(len(recherche.index), dtype=np.int64)
    return np.empty(0, dtype=np.int64) if recherche.home is None else recherche.index.of_commune(recherche.home)


def _hopes(recherche: Recherche, terrain: Terrain) -> tuple[Numbers, Numbers]:
    """Return upper bounds of `a_temps` and `ouverture`."""
    delai, waits = recherche.delai, terrain.waits
    ouverture = 1.0 / (1.0 + waits / HALF_WAIT_HOURS[delai.urgency])
    ouverture[terrain.unknown] = UNKNOWN_OPENING
    ouverture[terrain.by_appointment] *= APPOINTMENT
    a_temps = np.ones(len(waits))
    if delai.limite:
        a_temps[waits > (delai.limite - recherche.now) / timedelta(hours=1)] = 0.0
    if not delai.ouvrable:
        a_temps[terrain.unknown] = 0.0
    if delai.presse:
        a_temps[terrain.by_appointment] = 0.0
    return a_temps, ouverture
