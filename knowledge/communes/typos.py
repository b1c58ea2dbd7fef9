"""Reading through typing errors."""

from collections.abc import Iterator

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from knowledge.communes.names import Spellings


def allowed_errors(length: int) -> int:
    """Return how many letters may be wrong in a name of this many letters (spaces not counted)."""
    if length < 4:
        return 0
    return 1 if length < 8 else 2 if length < 13 else 3


def read_through(word: str, spellings: Spellings, *, limit: int = 5) -> Iterator[tuple[str, float]]:
    """Yield the names that a misspelt one may be, with a quality from 0.75 to 0.95.

    Errors are letters left out, added, changed, or swapped with their neighbour (optimal string alignment).
    """
    compact = word.replace(" ", "")
    errors = allowed_errors(len(compact))
    if not errors:
        return
    for found, distance, i in extract(
        compact, spellings.compact, scorer=OSA.distance, score_cutoff=errors, limit=limit
    ):
        longest = max(len(compact), len(found))
        if distance <= allowed_errors(len(found)) and (longest > 5 or found[0] == compact[0]):
            yield spellings.keys[i], 0.95 - 0.5 * distance / longest
