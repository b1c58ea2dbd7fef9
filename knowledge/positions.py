"""Where a lieu is: its own coordinates, or those of its commune when they are missing or cannot be right."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

import numpy as np

from knowledge.communes import Commune, Gazetteer
from knowledge.lieux import Lieu

EARTH_KM = 6371.0088
TOO_FAR_KM = 30.0
"""Coordinates farther than this from the commune of the address are not believed (a Martinique row placed in Nice)."""

Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]
Point = tuple[float, float]
Points = np.ndarray[tuple[int, int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Position:
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
    commune = commune_of(lieu, communes)
    insee = commune.insee if commune else lieu.code_insee
    center = _center(commune)
    if lieu.latitude is None or lieu.longitude is None:
        return Position(center, insee, approximate=True)
    certain = center if commune and not commune.approximate else None
    if certain and distance_km(certain, (lieu.latitude, lieu.longitude)) > TOO_FAR_KM:
        return Position(center, insee, approximate=True)
    return Position((lieu.latitude, lieu.longitude), insee, approximate=False)


def commune_of(lieu: Lieu, communes: Gazetteer) -> Commune | None:
    """Return the commune of an address: of that name at that postal code, else by INSEE code, else the only one."""
    by_code = communes.by_insee(lieu.code_insee) if lieu.code_insee else None
    if by_code and by_code.nom == lieu.commune and lieu.code_postal in by_code.codes_postaux:
        return by_code
    return communes.named(lieu.commune, lieu.code_postal) or by_code or communes.of_postal_code(lieu.code_postal)


def _center(commune: Commune | None) -> Point | None:
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    return commune.latitude, commune.longitude
