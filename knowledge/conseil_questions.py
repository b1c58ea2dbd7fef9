"""Which question is worth asking a helper: one whose answer can change the posture or what is said of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Any

from knowledge.conseil import facts_of
from knowledge.demande import Demande
from knowledge.echelle import VALUES
from knowledge.snapshot import Knowledge

ASKED = ("disponibilite", "autonomy", "urgency", "habilitation", "confidential")
"""In this order: what decides most comes first. The need and the commune are heard, not asked."""


def question_conseil(demande: Demande, asked: Sequence[str], now: datetime, knowledge: Knowledge) -> str | None:
    """Return the slot to ask about, None when no answer would change the advice, whatever the others are."""
    demande = replace(demande, pour_autrui=True)
    open_ones = [name for name in ASKED if name not in asked and _unknown(demande, name)]
    return next((name for name in open_ones if _matters(name, open_ones, demande, now, knowledge)), None)


def _unknown(demande: Demande, name: str) -> bool:
    return getattr(demande, name) is None and not (name == "urgency" and demande.deadline is not None)


def _matters(name: str, open_ones: Sequence[str], demande: Demande, now: datetime, knowledge: Knowledge) -> bool:
    """Tell whether two answers to one question lead to two rows, for some answers to the others."""
    return any(
        len({_rows(replace(completed, **{name: value}), now, knowledge) for value in _answers(name)}) > 1
        for completed in _completions(demande, [other for other in open_ones if other != name])
    )


def _completions(demande: Demande, names: Sequence[str]) -> Iterator[Demande]:
    for values in product(*((None, *_answers(name)) for name in names)):
        known: Mapping[str, Any] = dict(zip(names, values, strict=True))
        yield replace(demande, **known)


def _answers(name: str) -> Sequence[Any]:
    return tuple(VALUES[name].values())


def _rows(demande: Demande, now: datetime, knowledge: Knowledge) -> tuple[str, str]:
    decision, _ = facts_of(demande, now, knowledge)
    return decision.row, decision.learn_row
