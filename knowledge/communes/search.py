"""Reading a text that is only a place."""

from knowledge.communes.model import Candidate, Commune, CommuneMatch
from knowledge.communes.names import NameIndex
from knowledge.communes.text import fold


def find(index: NameIndex, text: str, *, territoire: frozenset[str], limit: int) -> CommuneMatch:
    """Return the communes that the text may name (see `Gazetteer.find_commune`)."""
    found = index.exact(fold(text[:200]))
    return rank(((n.commune, n.quality) for n in found), territoire, limit)


def rank(found, territoire, limit):
    candidates = sorted(
        (Candidate(c, round(q * prior(c, territoire), 3)) for c, q in found),
        key=lambda x: (-x.score, -(x.commune.population or 0), x.commune.insee),
    )
    ambiguous = len(candidates) > 1 and candidates[0].commune.departement not in territoire
    return CommuneMatch(tuple(candidates[:limit]), ambiguous)


def prior(commune: Commune, territoire: frozenset[str]) -> float:
    return 1.0 if commune.departement in territoire else 0.8
