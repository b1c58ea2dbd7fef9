"""`orienter`: from a request to an answer — the kind of help, at most three lieux and three slots, and why."""

from datetime import datetime

from knowledge.autrui import is_for_another, orientation_of_another
from knowledge.demande import CreneauPropose, Demande, Orientation
from knowledge.echelle import Decision, Situation
from knowledge.horaires import in_paris
from knowledge.labels import Posture, Urgency
from knowledge.ladder import Climb, Rung, climb, say_relaxed
from knowledge.needs import Need
from knowledge.propositions import propose
from knowledge.ranking import delai
from knowledge.recherche import Recherche
from knowledge.snapshot import Knowledge


def orienter(demande: Demande, now: datetime, knowledge: Knowledge) -> Orientation:
    """Answer a request. `now` is aware. Never empty: where no lieu can help in time there is a national line."""
    recherche, decision = prepare(demande, now, knowledge)
    reached = climb(recherche)
    learn_now = decision.posture is Posture.APPRENDRE_A_FAIRE
    slots = _creneaux(recherche, knowledge) if learn_now or decision.learn_next else ()
    helper = is_for_another(demande)
    orientation = Orientation(
        posture=decision.posture,
        posture_reason=decision.reason_aidant if helper else decision.reason,
        posture_court=decision.reason_aidant_court if helper else decision.reason_court,
        lieux=tuple(propose(recherche, candidat, knowledge.communes) for candidat in reached.found),
        creneaux=slots if learn_now else (),
        learn_next=decision.learn_next,
        learn_reason=decision.learn_reason_aidant if helper else decision.learn_reason,
        learn_creneaux=slots if decision.learn_next else (),
        relaxed=say_relaxed(recherche, reached),
        fallback=None if can_help(reached) else knowledge.lignes.for_need(recherche.need),
    )
    return orientation_of_another(orientation) if helper else orientation


def first_proposals(recherche: Recherche, decision: Decision, knowledge: Knowledge) -> tuple[object, ...]:
    """Return what `orienter` would put first, as something to compare: the help, the lieu, the slot, the line."""
    reached = climb(recherche, at_most=1)
    learn_now = decision.posture is Posture.APPRENDRE_A_FAIRE
    slots = _creneaux(recherche, knowledge)[:1] if learn_now else ()
    return (
        decision.posture,
        [candidat.row for candidat in reached.found],
        [propose.creneau.id for propose in slots],
        None if can_help(reached) else knowledge.lignes.for_need(recherche.need),
    )


def prepare(demande: Demande, now: datetime, knowledge: Knowledge) -> tuple[Recherche, Decision]:
    """Return what to look for, and what the scale says of the request."""
    now = in_paris(now)
    time_left = delai(demande, now)
    need = knowledge.needs.get(demande.need or "")
    decision = decide(demande, time_left.urgency, need, knowledge)
    recherche = Recherche(
        demande=demande,
        now=now,
        delai=time_left,
        need=need,
        posture=decision.posture,
        commune=knowledge.communes.by_insee(demande.insee) if demande.insee else None,
        index=knowledge.index,
    )
    return recherche, decision


def can_help(reached: Climb) -> bool:
    """Tell whether the first lieu can help with the need in time: else a national line is named too."""
    return bool(reached.found) and reached.found[0].criteres.a_temps and Rung.BESOIN not in reached.lacks


def decide(demande: Demande, urgency: Urgency | None, need: Need | None, knowledge: Knowledge) -> Decision:
    """Return what the support scale says; `urgency` counts the deadline too (`ranking.delai`)."""
    return knowledge.echelle.decide(
        Situation(
            posture=demande.posture,
            urgency=urgency,
            autonomy=demande.autonomy,
            famille=need.famille if need else None,
            recurrent=need.recurrent if need else None,
            confidential=demande.confidential,
            disponibilite=demande.disponibilite,
            habilitation=demande.habilitation,
        )
    )


def _creneaux(recherche: Recherche, knowledge: Knowledge) -> tuple[CreneauPropose, ...]:
    """Return the slots to learn with; none for a matter that must stay private, for they are collective."""
    if recherche.demande.confidential:
        return ()
    insee = recherche.commune.insee if recherche.commune else None
    asked = recherche.demande
    return knowledge.agenda.choose(
        asked.need, recherche.now, recherche.origin, recherche.radii, insee, exclude=asked.exclude
    )
