"""What the gazetteer says of an address: lost zeros, codes of another département, coordinates far away."""

import re

from knowledge.communes import Commune, Gazetteer
from knowledge.communes.text import fold
from knowledge.importing.rows import Row
from knowledge.lieux import Lieu
from knowledge.positions import TOO_FAR_KM, distance_km

INSEE = re.compile(r"(?:[013-9]\d|2[AB1-9])\d{3}")
"""Pattern of `code_insee` in the national schema."""
CODE_POSTAL = re.compile(r"\d{5}")

FRENCH_LATITUDES, FRENCH_LONGITUDES = (41.0, 51.5), (-5.5, 10.0)
"""Degrees, mainland and Corsica: what swapped coordinates look like."""


class Adresses:
    """Checks against a gazetteer. Nothing is corrected but a lost zero that another cell of the row confirms."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def code_postal(self, row: Row) -> str:
        """Return the postal code of a row, "" when blank."""
        code = (row.text("code_postal") or "").replace(" ", "")
        if not code:
            return ""
        if CODE_POSTAL.fullmatch(code):
            if not self._gazetteer.by_postal_code(code):
                row.warn("code_postal", "code postal inconnu, peut-être un Cedex")
            return code
        padded = code.zfill(5)
        if re.fullmatch(r"\d{4}", code) and self._confirms(row, padded):
            row.warn("code_postal", f"zéro initial perdu : lu {padded}, comme le dit la commune")
            return padded
        row.warn("code_postal", "ce n'est pas un code postal : gardé tel quel")
        return code

    def _confirms(self, row: Row, code_postal: str) -> bool:
        """Tell whether the commune or the INSEE code of the row has this postal code."""
        named, insee = fold(row.text("commune") or ""), (row.text("code_insee") or "").zfill(5)
        communes = self._gazetteer.by_postal_code(code_postal)
        return any(insee == commune.insee or named == fold(commune.nom) for commune in communes)

    def code_insee(self, row: Row, code_postal: str) -> str | None:
        """Return the INSEE code of a row, or None when it cannot be one."""
        code = row.text("code_insee")
        if code is None:
            return None
        if re.fullmatch(r"\d{4}", code) and code_postal.startswith("0"):
            row.warn("code_insee", f"zéro initial perdu : lu 0{code}, comme le dit le code postal")
            code = f"0{code}"
        if not INSEE.fullmatch(code):
            row.warn("code_insee", "ce n'est pas un code INSEE : laissé de côté")
            return None
        if code_postal and self._elsewhere(code, code_postal):
            row.warn("code_insee", "ce code INSEE est d'un autre département que le code postal")
        return code

    def _elsewhere(self, code_insee: str, code_postal: str) -> bool:
        commune = self._gazetteer.by_insee(code_insee)
        if commune is None or code_postal in commune.codes_postaux:
            return False
        return commune.departement != _departement(code_postal)

    def check_coordinates(self, row: Row, lieu: Lieu) -> None:
        """Say what is doubtful in the coordinates of a place; they are kept as they are."""
        if lieu.latitude is None or lieu.longitude is None:
            row.warn("latitude", "coordonnées manquantes : le lieu sera placé au centre de sa commune", "")
            return
        shown = f"{lieu.latitude}, {lieu.longitude}"
        if _within(lieu.longitude, FRENCH_LATITUDES) and _within(lieu.latitude, FRENCH_LONGITUDES):
            row.warn("latitude", "latitude et longitude semblent inversées", shown)
        elif not (_within(lieu.latitude, (-90.0, 90.0)) and _within(lieu.longitude, (-180.0, 180.0))):
            row.warn("latitude", "coordonnées impossibles", shown)
        elif self._far(lieu, lieu.latitude, lieu.longitude):
            row.warn("latitude", f"coordonnées à plus de {TOO_FAR_KM:.0f} km de la commune de l'adresse", shown)

    def _far(self, lieu: Lieu, latitude: float, longitude: float) -> bool:
        commune = self._gazetteer.of_address(lieu.commune, lieu.code_postal, lieu.code_insee)
        by_code = self._gazetteer.by_insee(commune.insee) if commune else None
        communes = [by_code] if by_code else self._gazetteer.by_postal_code(lieu.code_postal)
        distances = [distance_km((latitude, longitude), center) for center in filter(None, map(_center, communes))]
        return bool(distances) and min(distances) > TOO_FAR_KM


def _center(commune: Commune) -> tuple[float, float] | None:
    """Return the point of a commune; an approximate one proves nothing against the coordinates of a place."""
    if commune.approximate or commune.latitude is None or commune.longitude is None:
        return None
    return commune.latitude, commune.longitude


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _departement(code_postal: str) -> str:
    """Return the département of a postal code; Corsica has two under 20."""
    if code_postal.startswith("20"):
        return "2A" if code_postal < "20200" else "2B"
    return code_postal[:3] if code_postal.startswith(("97", "98")) else code_postal[:2]
