"""Places in the national standard, v0.1.1 and v1, CSV or JSON, and mixtures of both."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from knowledge.horaires import HorairesIllisibles, parse_horaires
from knowledge.importing.context import Context
from knowledge.importing.files import Source, read_records
from knowledge.importing.report import ImportImpossible, Notes
from knowledge.importing.rows import LigneRefusee, Row, read_rows
from knowledge.importing.values import (
    Read,
    read_courriel,
    read_date,
    read_number,
    read_telephone,
    read_url,
    split,
)
from knowledge.lieux import LIEU_COLUMNS, STANDARD_COLUMNS, Lieu, Provenance
from knowledge.standard import current_columns, is_closed, is_legacy, read_cell

V1_ONLY = frozenset(STANDARD_COLUMNS) & {
    "courriels", "itinerance", "publics_specifiquement_adresses", "prise_en_charge_specifique", "frais_a_charge",
    "dispositif_programmes_nationaux", "formations_labels", "autres_formations_labels", "modalites_acces",
    "fiche_acces_libre",
}  # fmt: skip

_TEXTS = (
    "pivot", "adresse", "complement_adresse", "presentation_resume", "presentation_detail", "source",
    "structure_parente", "horaires_brut",
)  # fmt: skip
_SITES = re.compile(r"[|\n]|[;,]\s*(?=https?:|www\.)|\s+/\s+|\s+(?=https?:)")


def read(source: Source, notes: Notes, context: Context) -> Iterator[Lieu]:
    """Yield the places of a file; refused rows and doubts go to the notes. Raises `ImportImpossible`."""
    columns, records = read_records(source, notes)
    _check_columns(source, columns, notes)
    return read_rows(records, notes, _LieuReader(source, columns, context).read)


def _check_columns(source: Source, columns: Sequence[str], notes: Notes) -> None:
    missing = [name for name in ("id", "nom") if name not in columns]
    if "commune" not in columns and "code_postal" not in columns:
        missing.append("commune ou code_postal")
    if missing:
        raise ImportImpossible(
            f"{source.name} : il manque {', '.join(missing)}. On attend les colonnes du standard national "
            f"(id, nom, commune, code_postal, adresse…). Colonnes trouvées : {', '.join(columns[:12]) or 'aucune'}."
        )
    for column in columns:
        if column not in LIEU_COLUMNS and not (is_legacy(column) and current_columns(column)):
            notes.warn(1, column, "", "colonne inconnue du standard : son contenu n'est pas importé")


class _LieuReader:
    """Reads the rows of one file."""

    def __init__(self, source: Source, columns: Sequence[str], context: Context) -> None:
        self._name = source.name
        self._closed = [column for column in columns if is_closed(column)]
        self._format = "v1" if not any(map(is_legacy, columns)) else "mixte" if V1_ONLY & {*columns} else "v0"
        self._today = context.now.date()
        self._adresses = context.adresses

    def read(self, row: Row) -> Lieu:
        """Return the place of a row. Raises `LigneRefusee`."""
        code_postal = self._adresses.code_postal(row)
        lieu = Lieu(
            id=row.required("id", "l'identifiant manque"),
            nom=row.required("nom", "le nom manque"),
            commune=row.text("commune") or "",
            code_postal=code_postal,
            code_insee=self._adresses.code_insee(row, code_postal),
            latitude=row.read("latitude", read_number),
            longitude=row.read("longitude", read_number),
            telephone=row.read("telephone", partial(read_telephone, code_postal=code_postal)),
            courriels=_all(row, ("courriels", "courriel"), split, read_courriel),
            site_web=_all(row, ("site_web",), _SITES.split, read_url),
            horaires=row.read("horaires", _read_horaires),
            date_maj=row.read("date_maj", partial(read_date, today=self._today)),
            fiche_acces_libre=row.read("fiche_acces_libre", read_url) or row.read("accessibilite", read_url),
            prise_rdv=row.read("prise_rdv", read_url),
            provenance=Provenance(self._name, row.ligne, self._format),
            **self._texts_and_lists(row),
        )
        self._check(row, lieu)
        return lieu

    def _texts_and_lists(self, row: Row) -> dict[str, Any]:
        return {name: row.text(name) for name in _TEXTS} | self._lists(row)

    def _lists(self, row: Row) -> dict[str, tuple[str, ...]]:
        lists: dict[str, tuple[str, ...]] = {}
        for column in self._closed:
            for target, values in _read_list(row, column).items():
                lists[target] = lists.get(target, ()) + values
        free = _all(row, ("autres_formations_labels", "labels_autres"), split, lambda piece: (piece, None))
        lists["autres_formations_labels"] = free + lists.get("autres_formations_labels", ())
        return {column: tuple(dict.fromkeys(values)) for column, values in lists.items()}

    def _check(self, row: Row, lieu: Lieu) -> None:
        if not lieu.commune and not lieu.code_postal:
            raise LigneRefusee("commune", "", "ni commune ni code postal : le lieu ne peut pas être situé")
        if {"Gratuit", "Payant"} <= {*lieu.frais_a_charge}:
            row.warn("frais_a_charge", "à la fois gratuit et payant : les deux sont gardés", "Gratuit|Payant")
        self._adresses.check_coordinates(row, lieu)


def _read_list(row: Row, column: str) -> dict[str, tuple[str, ...]]:
    cell = row.text(column)
    if cell is None:
        return {}
    reading = read_cell(column, cell)
    for value in reading.unknown:
        kept = "gardée comme texte libre" if reading.sheltered else "laissée de côté"
        row.warn(column, f"valeur hors des listes du standard : {kept}", value)
    for value in reading.dropped:
        row.warn(column, "valeur sans équivalent dans le standard actuel : laissée de côté", value)
    return dict(reading.values)


def _all(
    row: Row, columns: Sequence[str], cut: Callable[[str], list[str]], reader: Callable[[str], Read[str]]
) -> tuple[str, ...]:
    found = [value for column in columns for value in row.read_all(column, cut, reader)]
    return tuple(dict.fromkeys(found))


def _read_horaires(text: str) -> Read[str]:
    """Hours are kept as published, so that nothing is lost; unreadable ones are never computed with."""
    try:
        parse_horaires(text)
    except HorairesIllisibles:
        return text, "horaires illisibles : gardés tels quels, et dits « à vérifier »"
    return text, None
