"""Where a lieu is: its own coordinates, or those of its commune when they are missing or cannot be right."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

import numpy as np

from knowledge.communes import Gazetteer
from knowledge.communes.table import Row
from knowledge.lieu_table import LieuTable
from knowledge.lieux import Lieu

EARTH_KM = 6371.0088
TOO_FAR_KM = 30.0
"""Coordinates farther than this from the commune of the address are not believed (a Martinique row placed in Nice)."""

SURELY_NEAR_DEGREES = 0.15
"""Two points this near in latitude and in longitude are 24 km apart at most, wherever they are."""

Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]
Point = tuple[float, float]
Points = np.ndarray[tuple[int, int], np.dtype[np.float64]]


class Position(NamedTuple):
    """Degrees and the INSEE code of the commune, as far as they are known; whether the point is only the commune's."""

    point: Point | None
    insee: str | None
    approximate: bool


def unit_vectors(latitudes: Numbers, longitudes: Numbers) -> Points:
    """Return points of the unit sphere, one a row, from degrees."""
    phi, theta = np.radians(latitudes), np.radians(longitudes)
    return np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=1)


def distances_km(origin: Point, points: Points) -> Numbers:
    """Return great-circle distances in km from one point in degrees to unit vectors; nan where one is nan."""
    phi, theta = radians(origin[0]), radians(origin[1])
    chords = points - (cos(phi) * cos(theta), cos(phi) * sin(theta), sin(phi))
    halves = np.sqrt(np.einsum("ij,ij->i", chords, chords)) / 2
    km: Numbers = 2 * EARTH_KM * np.arcsin(np.minimum(1.0, halves))
    return km


def distance_km(one: Point, other: Point) -> float:
    """Return the great-circle distance in km between two points in degrees (haversine)."""
    phi, other_phi = radians(one[0]), radians(other[0])
    chord = sin((other_phi - phi) / 2) ** 2
    chord += cos(phi) * cos(other_phi) * sin(radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def locate(lieu: Lieu, communes: Gazetteer) -> Position:
    """Return where a lieu is, as far as its coordinates and its commune tell."""
    return locate_all(LieuTable.of([lieu]), communes)[0]


def locate_all(lieux: LieuTable, communes: Gazetteer) -> list[Position]:
    """Return where each lieu is."""
    insees = lieux.column("code_insee")
    rows = communes.of_addresses(lieux.column("commune"), lieux.column("code_postal"), insees)
    return list(map(_position, rows, insees, lieux.column("latitude"), lieux.column("longitude")))


def _position(commune: Row | None, insee: str | None, latitude: float | None, longitude: float | None) -> Position:
    if commune:
        insee = commune.insee
    if latitude is None or longitude is None:
        return Position(commune.point if commune else None, insee, True)
    point, center = (latitude, longitude), None
    if commune and not commune.approximate:
        center = commune.point
    if center and is_far(center, point):
        return Position(center, insee, True)
    return Position(point, insee, False)


def is_far(one: Point, other: Point) -> bool:
    """Tell whether two points are more than `TOO_FAR_KM` apart; most of those of a base are so near that it shows."""
    shows = abs(one[0] - other[0]) < SURELY_NEAR_DEGREES and abs(one[1] - other[1]) < SURELY_NEAR_DEGREES
    return not shows and distance_km(one, other) > TOO_FAR_KM
