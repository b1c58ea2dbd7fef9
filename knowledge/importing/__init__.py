"""Reading files into the base: `import_files`."""

from knowledge.importing.command import import_files
from knowledge.importing.formats import FORMATS
from knowledge.importing.report import Avertissement, ImportImpossible, Refus, Report

KINDS = tuple(FORMATS)
"""What may be imported: "lieux", "creneaux", "communes"."""

__all__ = ["FORMATS", "KINDS", "Avertissement", "ImportImpossible", "Refus", "Report", "import_files"]
