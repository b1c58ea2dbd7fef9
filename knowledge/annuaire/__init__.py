"""The look-up of a helper: a line of words → the lieux, best first, and what was understood of the words.

`annuaire_of(knowledge)` gives the `Annuaire` that reads (`lire`: words → `Consultation`) and looks up (`chercher`:
`Consultation` → `Resultat`); `consultation.py` has the shapes.
"""

from knowledge.annuaire.annuaire import Annuaire, annuaire_of
from knowledge.annuaire.consultation import Consultation, Critere, Facette, Resultat, Sorte

__all__ = ["Annuaire", "Consultation", "Critere", "Facette", "Resultat", "Sorte", "annuaire_of"]
