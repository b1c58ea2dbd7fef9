"""Where a lieu is: its own coordinates, or those of its commune when they are missing or cannot be right."""

from dataclasses import dataclass

import numpy as np

from knowledge.communes import Commune, Gazetteer
from knowledge.communes.text import fold
from knowledge.lieux import Lieu

EARTH_KM = 6371.0088
TOO_FAR_KM = 30.0
"""Coordinates farther than this from the commune of the address are not believed (a Martinique row placed in Nice)."""

Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees, the INSEE code of the commune where known, and whether the point is only the commune's."""

    latitude: float
    longitude: float
    insee: str | None
    approximate: bool


def distance_km(latitude: float, longitude: float, latitudes: Numbers, longitudes: Numbers) -> Numbers:
    """Return great-circle distances in km from one point to many (haversine; degrees in)."""
    phi, phis = np.radians(latitude), np.radians(latitudes)
    half_phi = np.sin((phis - phi) / 2)
    half_theta = np.sin(np.radians(longitudes - longitude) / 2)
    chord = half_phi * half_phi + np.cos(phi) * np.cos(phis) * half_theta * half_theta
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))


def locate(lieu: Lieu, communes: Gazetteer) -> Position | None:
    """Return where a lieu is, or None when neither its coordinates nor its commune tell."""
    commune = commune_of(lieu, communes)
    insee = commune.insee if commune else lieu.code_insee
    center = _center(commune)
    if lieu.latitude is None or lieu.longitude is None:
        return center and Position(*center, insee, approximate=True)
    if center and _km(center, (lieu.latitude, lieu.longitude)) > TOO_FAR_KM:
        return Position(*center, insee, approximate=True)
    return Position(lieu.latitude, lieu.longitude, insee, approximate=False)


def commune_of(lieu: Lieu, communes: Gazetteer) -> Commune | None:
    """Return the commune of an address: of that name at that postal code, else by INSEE code, else the only one."""
    shared = communes.by_postal_code(lieu.code_postal)
    named = fold(lieu.commune)
    for commune in shared:
        if fold(commune.nom) == named:
            return commune
    by_code = communes.by_insee(lieu.code_insee) if lieu.code_insee else None
    return by_code or (shared[0] if len(shared) == 1 else None)


def _center(commune: Commune | None) -> tuple[float, float] | None:
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    return commune.latitude, commune.longitude


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(distance_km(*one, np.array([other[0]]), np.array([other[1]]))[0])
