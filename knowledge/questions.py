"""Which question is worth asking: one whose answer can change the answer given."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from knowledge.autrui import is_for_another
from knowledge.communes import Commune
from knowledge.demande import Demande
from knowledge.labels import Autonomy, Posture, Urgency
from knowledge.needs import Famille
from knowledge.orientation import first_proposals, prepare
from knowledge.ranking import delai
from knowledge.snapshot import Knowledge

ASKED = ("need", "insee", "urgency", "posture")
"""In the order of asking: without a need and a commune no lieu can be chosen well. Autonomy is heard, not asked:
nobody likes to be asked whether they manage. Nor is privacy: who wants it says so."""
AT_MOST = 3

VALUES: dict[str, tuple[Any, ...]] = {
    "urgency": tuple(Urgency),
    "posture": tuple(Posture),
    "autonomy": tuple(Autonomy),
    "confidential": (True, False),
}


def prochaine_question(
    demande: Demande, asked: Collection[str], now: datetime, knowledge: Knowledge, barred: Collection[str] = ()
) -> str | None:
    """Return the slot to ask about, or None: nothing more would change the answer, or three were asked.

    Who needs a printer or a computer is not asked how they want to be helped with it. Nor is a helper asked about
    somebody else: they want the whole answer at once, and the advice is there to weigh the posture. Nor is anybody
    asked about the slots of `barred`.
    """
    if len(asked) >= AT_MOST:
        return None
    need = knowledge.needs.get(demande.need or "")
    equipment = need is not None and need.famille is Famille.EQUIPEMENT
    passed = {*asked, *barred, *(("posture",) if equipment or is_for_another(demande) else ())}
    return next((slot for slot in ASKED if slot not in passed and question_utile(demande, slot, now, knowledge)), None)


def question_utile(demande: Demande, slot: str, now: datetime, knowledge: Knowledge) -> bool:
    """Return whether some value of the slot would change the kind of help or what is proposed first.

    A slot that is already known is not worth a question. Nobody is asked how they want to be helped when it must be
    solved today: the answer comes first. Raises KeyError for a slot about which nothing is asked.
    """
    if slot not in (*ASKED, *VALUES):
        raise KeyError(slot)
    if getattr(demande, slot) is not None:
        return False
    if slot == "need":
        return True
    if slot == "insee":
        return demande.latitude is None and bool(len(knowledge.index) or knowledge.agenda.creneaux)
    if slot in ("posture", "autonomy") and delai(demande, now).presse:
        return False
    requests = [prepare(one, now, knowledge) for one in (demande, *_answers(demande, slot))]
    if len({decision.posture for _, decision in requests}) > 1:  # the scale alone tells, without looking for lieux
        return True
    return _differ(first_proposals(*request, knowledge) for request in requests)


def commune_utile(communes: Sequence[Commune], demande: Demande, now: datetime, knowledge: Knowledge) -> bool:
    """Return whether it matters which of these communes the person meant."""
    requests = (prepare(replace(demande, insee=commune.insee), now, knowledge) for commune in communes)
    return _differ(first_proposals(*request, knowledge) for request in requests)


def _differ(answers: Iterator[object]) -> bool:
    """Return whether two answers differ; the first that does ends the search."""
    first = next(answers)
    return any(other != first for other in answers)


def _answers(demande: Demande, slot: str) -> Iterator[Demande]:
    return (replace(demande, **{slot: value}) for value in VALUES[slot])
