"""Where a shared position is: in a commune, or elsewhere."""

from knowledge.communes import load_gazetteer
from knowledge.positions import distance_km

FAR_KM = 50.0
"""From the point of the nearest commune: those of Guyane are large, and people live across a border."""


def is_elsewhere(latitude: float, longitude: float) -> bool:
    """Say whether a position is far from any commune: abroad, at sea, or nowhere on earth."""
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return True
    nearest = load_gazetteer().nearest(latitude, longitude).point
    return nearest is None or distance_km((latitude, longitude), nearest) > FAR_KM
