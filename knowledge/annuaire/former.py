"""A helper's quick look-up: words, a commune, a service or a phone number → the best places.

The first version ranks by the name of the place, then by the orientation of the need in the commune.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from rapidfuzz import fuzz, process, utils

from knowledge.demande import Demande
from knowledge.lieux import Lieu
from knowledge.orientation import orienter
from knowledge.snapshot import Knowledge

NAMED = 80
"""Similarity (0 to 100) from which the words are taken for the name of a place."""
MAX_LIEUX = 5
SHORTEST_NUMBER = 6


def find(words: str, demande: Demande, now: datetime, knowledge: Knowledge) -> list[Lieu]:
    """Return at most five places, best first; `demande` is what was understood of the words."""
    lieux = knowledge.index.lieux
    called = _by_number(words, lieux)
    if called:
        return called[:MAX_LIEUX]
    found = find_by_name(words, lieux)
    if demande.need or demande.insee:
        oriented = [propose.lieu for propose in orienter(demande, now, knowledge).lieux]
        found = [*oriented, *found] if demande.need else [*found, *oriented]
    return list({lieu.id: lieu for lieu in found}.values())[:MAX_LIEUX]


def _by_number(words: str, lieux: Sequence[Lieu]) -> list[Lieu]:
    """Return the places that bear the number, read from its end: "0559…" and "+33559…" are the same."""
    digits = re.sub(r"\D", "", words).removeprefix("33").removeprefix("0")
    if len(digits) < SHORTEST_NUMBER:
        return []
    return [lieu for lieu in lieux if re.sub(r"\D", "", lieu.telephone or "").removeprefix("33").startswith(digits)]


def find_by_name(words: str, lieux: Sequence[Lieu]) -> list[Lieu]:
    """Return the places that the words name, best first."""
    names = [f"{lieu.nom} {lieu.commune}" for lieu in lieux]
    found = process.extract(
        words, names, scorer=fuzz.token_set_ratio, processor=utils.default_process, limit=MAX_LIEUX, score_cutoff=NAMED
    )
    return [lieux[index] for _, _, index in found]
