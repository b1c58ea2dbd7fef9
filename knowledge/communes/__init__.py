"""The communes of France and the many ways in which people write their names.

`load_gazetteer()` reads the package's table; `Gazetteer(communes)` takes any other. `find_commune` reads an answer
that is only a place; `mentions` finds the places inside a message.
"""

from knowledge.communes.gazetteer import Gazetteer, load_gazetteer, with_known_names
from knowledge.communes.model import Candidate, Commune, CommuneMatch, Cue, Mention

__all__ = ["Candidate", "Commune", "CommuneMatch", "Cue", "Gazetteer", "Mention", "load_gazetteer", "with_known_names"]
