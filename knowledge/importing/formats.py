"""The registry: what may be imported, and how each nature of file is read."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Table

from knowledge.importing import communes_table, creneaux_ical, creneaux_table, lieux_standard
from knowledge.importing.context import ReadFile
from knowledge.importing.files import Source
from knowledge.importing.report import ImportImpossible
from knowledge.tables import commune, creneau, lieu


class Kind(NamedTuple):
    """A kind of row: its table, and the reader of each nature of file ("csv", "json", "ics")."""

    table: Table
    readers: Mapping[str, ReadFile]

    def reader(self, source: Source) -> ReadFile:
        """Return how to read a file. Raises `ImportImpossible` when this kind has no such files."""
        if source.nature not in self.readers:
            natures = ", ".join(self.readers)
            raise ImportImpossible(f"{source.name} est un fichier {source.nature}. On attend ici : {natures}.")
        return self.readers[source.nature]


FORMATS: Mapping[str, Kind] = {
    "lieux": Kind(lieu, {"csv": lieux_standard.read, "json": lieux_standard.read}),
    "creneaux": Kind(creneau, {"csv": creneaux_table.read, "json": creneaux_table.read, "ics": creneaux_ical.read}),
    "communes": Kind(commune, {"csv": communes_table.read, "json": communes_table.read}),
}
