"""The same answer said to a helper who asks for somebody else (knowledge/data/raisons.yml, `autrui`): no "vous"."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from knowledge.demande import Demande, LieuPropose, Orientation
from knowledge.yaml_files import read_data

QUOTED = "«"
"""What stands between « » is somebody else's sentence, and is not ours to change."""


def is_for_another(demande: Demande) -> bool:
    """Tell whether a helper asks for somebody else: said so, or by their own time or habilitation."""
    return bool(demande.pour_autrui or demande.disponibilite or demande.habilitation)


def said_of_another(sentence: str) -> str:
    """Return one of our sentences as it is said of a third person."""
    if QUOTED in sentence:
        return sentence
    pattern, table = _table()
    return pattern.sub(lambda found: table[found[0]], sentence)


def orientation_of_another(orientation: Orientation) -> Orientation:
    """Return the answer with its reasons and doubts said of a third person; the scale has sentences of its own."""
    return replace(
        orientation,
        lieux=tuple(_lieu(one) for one in orientation.lieux),
        relaxed=_all(orientation.relaxed),
    )


def _lieu(propose: LieuPropose) -> LieuPropose:
    return replace(propose, reasons=_all(propose.reasons), doubts=_all(propose.doubts))


def _all(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(said_of_another(sentence) for sentence in sentences)


@cache
def _table() -> tuple[re.Pattern[str], dict[str, str]]:
    table: dict[str, str] = read_data("raisons.yml")["autrui"]
    longest_first = sorted(table, key=len, reverse=True)
    return re.compile("|".join(rf"\b{re.escape(words)}" + r"(?!\w)" for words in longest_first)), table
