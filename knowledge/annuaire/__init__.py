"""The look-up of a helper: a line of words → the lieux, best first, and what was understood of the words.

`reading` (words → `Consultation`) and `lookup` (`Consultation` → `Resultat`) are what callers use; `consultation.py` has
the shapes.
"""

from knowledge.annuaire.former import find, find_by_name

__all__ = ["find", "find_by_name"]
