"""A table of communes, CSV or JSON: the columns of shared exports (`insee`, `nom`, `codes_postaux`…) or of our own."""

from collections.abc import Iterator

from knowledge.communes import Commune
from knowledge.importing.adresses import CODE_POSTAL, INSEE
from knowledge.importing.context import Context
from knowledge.importing.files import Source, read_records
from knowledge.importing.report import ImportImpossible, Notes
from knowledge.importing.rows import LigneRefusee, Row, read_rows
from knowledge.importing.values import read_integer, read_number, split


def read(source: Source, notes: Notes, _context: Context) -> Iterator[Commune]:
    """Yield the communes of a table."""
    columns, records = read_records(source, notes)
    missing = [name for name in ("insee", "nom", "codes_postaux") if name not in columns]
    if missing:
        raise ImportImpossible(
            f"{source.name} : il manque {', '.join(missing)}. On attend insee, nom, codes_postaux, et si possible "
            "departement, epci, population, latitude, longitude, bourg_latitude, bourg_longitude, noms."
        )
    return read_rows(records, notes, _commune)


def _commune(row: Row) -> Commune:
    insee = row.required("insee", "le code INSEE manque")
    if not INSEE.fullmatch(insee):
        raise LigneRefusee("insee", insee, "ce n'est pas un code INSEE (cinq caractères)")
    latitude, longitude = _point(row)
    if latitude is None:
        row.warn("latitude", "coordonnées manquantes : les distances ne seront pas calculées", "")
    return Commune(
        insee=insee,
        nom=row.required("nom", "le nom manque"),
        codes_postaux=tuple(row.read_all("codes_postaux", split, _code_postal)),
        departement=row.text("departement") or (insee[:3] if insee.startswith(("97", "98")) else insee[:2]),
        epci=row.text("epci"),
        population=row.read("population", read_integer),
        latitude=latitude,
        longitude=longitude,
        approximate=row.text("approximate") in ("1", "true", "oui"),
        noms=tuple(row.read_all("noms", split, lambda piece: (piece, None))),
    )


def _point(row: Row) -> tuple[float | None, float | None]:
    """Return the point of the town centre where there is one, else that of the territory; both numbers or none."""
    for prefix in ("bourg_", ""):
        latitude = row.read(f"{prefix}latitude", read_number)
        longitude = row.read(f"{prefix}longitude", read_number)
        if latitude is not None and longitude is not None:
            return latitude, longitude
    return None, None


def _code_postal(text: str) -> tuple[str | None, str | None]:
    return (text, None) if CODE_POSTAL.fullmatch(text) else (None, "ce n'est pas un code postal : laissé de côté")
