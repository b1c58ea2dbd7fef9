"""Training slots as a table, CSV or JSON; docs/formats.md publishes its columns."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from knowledge.creneaux import Creneau
from knowledge.horaires import paris
from knowledge.importing.context import Context, need_ids
from knowledge.importing.files import Source, read_records
from knowledge.importing.report import ImportImpossible, Notes
from knowledge.importing.rows import LigneRefusee, Row, read_rows
from knowledge.importing.values import (
    EARLIEST_DATE,
    Read,
    read_courriel,
    read_integer,
    read_number,
    read_telephone,
    read_url,
    split,
)
from knowledge.lieux import Provenance
from knowledge.standard import read_cell

COLUMNS = {
    "id": "id", "titre": "titre", "debut": "start", "fin": "end", "besoins": "needs", "niveau": "niveau",
    "places_total": "places_total", "places_restantes": "places_restantes", "lieu_id": "lieu_id", "lieu": "lieu",
    "adresse": "adresse", "code_postal": "code_postal", "commune": "commune", "code_insee": "code_insee",
    "latitude": "latitude", "longitude": "longitude", "inscription": "inscription", "telephone": "telephone",
    "courriel": "courriel", "lien": "lien", "publics": "publics", "frais": "frais", "description": "description",
    "source": "source",
}  # fmt: skip
"""The published columns, in order, and the field of `Creneau` that each one fills."""

LATEST_YEAR = 2100
"""A slot of that year is a typing mistake."""

_TEXTS = ("niveau", "lieu_id", "lieu", "adresse", "commune", "inscription", "frais", "description", "source")


def read(source: Source, notes: Notes, context: Context) -> Iterator[Creneau]:
    """Yield the slots of a table."""
    columns, records = read_records(source, notes)
    missing = [name for name in ("id", "titre", "debut") if name not in columns]
    if missing:
        raise ImportImpossible(
            f"{source.name} : il manque {', '.join(missing)}. Un fichier de créneaux a au moins les colonnes "
            f"id, titre et debut (2026-11-24T14:00). Colonnes trouvées : {', '.join(columns[:12]) or 'aucune'}."
        )
    for column in columns:
        if column not in COLUMNS:
            notes.warn(1, column, "", "colonne inconnue : son contenu n'est pas importé")
    return read_rows(records, notes, partial(_creneau, name=source.name, needs=need_ids(), context=context))


def _creneau(row: Row, *, name: str, needs: frozenset[str], context: Context) -> Creneau:
    start, end = _times(row)
    code_postal = context.adresses.code_postal(row)
    return Creneau(
        id=row.required("id", "l'identifiant manque"),
        titre=row.required("titre", "le titre manque"),
        start=start,
        end=end,
        needs=tuple(row.read_all("besoins", split, partial(_need, known=needs))),
        places_total=row.read("places_total", read_integer),
        places_restantes=row.read("places_restantes", read_integer),
        code_postal=code_postal or None,
        code_insee=context.adresses.code_insee(row, code_postal),
        latitude=row.read("latitude", read_number),
        longitude=row.read("longitude", read_number),
        telephone=row.read("telephone", partial(read_telephone, code_postal=code_postal)),
        courriel=row.read("courriel", read_courriel),
        lien=row.read("lien", read_url),
        publics=_publics(row),
        provenance=Provenance(name, row.ligne, "creneaux"),
        **_texts(row),
    )


def _texts(row: Row) -> dict[str, Any]:
    return {column: row.text(column) for column in _TEXTS}


def _times(row: Row) -> tuple[datetime, datetime | None]:
    text = row.required("debut", "la date de début manque")
    start, remark = read_instant(text)
    if start is None:
        raise LigneRefusee("debut", text, remark or "")
    end = row.read("fin", read_instant)
    if end is not None and end <= start:
        row.warn("fin", "la fin est avant le début : laissée de côté")
        end = None
    return start, end


def read_instant(text: str) -> Read[datetime]:
    """Read an ISO instant; without an offset it is the time of Paris."""
    try:
        instant = datetime.fromisoformat(text.replace(" h ", ":").replace("h", ":"))
    except ValueError:
        return None, "date illisible : on attend 2026-11-24T14:00"
    if not EARLIEST_DATE.year <= instant.year < LATEST_YEAR:
        return None, "date impossible"
    return instant if instant.tzinfo else instant.replace(tzinfo=paris()), None


def _need(text: str, known: frozenset[str]) -> Read[str]:
    return (text, None) if text in known else (None, "besoin inconnu : laissé de côté")


def _publics(row: Row) -> tuple[str, ...]:
    cell = row.text("publics")
    reading = read_cell("publics_accueillis", cell) if cell else None
    for value in reading.unknown + reading.dropped if reading else ():
        row.warn("publics", "public hors du standard national : laissé de côté", value)
    return tuple(value for values in reading.values.values() for value in values) if reading else ()
