"""`orienter`: from a request to an answer — the kind of help, at most three lieux and three slots, and why.

The ladder, when nothing suits as asked: a wider circle, then a later day, an appointment, another kind of help, a lieu
that does not say that it gives this help, and last the national line. Each step that was taken is said in `relaxed`.
"""

from collections.abc import Iterator
from datetime import datetime

from knowledge.communes import Commune
from knowledge.demande import CreneauPropose, Demande, Orientation
from knowledge.echelle import Decision, Situation
from knowledge.horaires import in_paris
from knowledge.labels import Posture
from knowledge.propositions import propose
from knowledge.raisons import say, say_day
from knowledge.ranking import UNKNOWN_NEED, delai
from knowledge.search import Candidat, Recherche, best
from knowledge.snapshot import Knowledge

RADIUS_KM = 20.0
"""Where the person says nothing: about half an hour by road, the promise made for France Services."""
WIDER = (1, 2, 3)
"""The circles of the ladder, in radii."""

RAYON, JOUR, ACCES, POSTURE, BESOIN = range(1, 6)
"""The rungs, least bitter first."""


def orienter(demande: Demande, now: datetime, knowledge: Knowledge) -> Orientation:
    """Answer a request. `now` is aware. Never empty: without any lieu there is a national line."""
    now = in_paris(now)
    need = knowledge.needs.get(demande.need or "")
    decision = decide(demande, now, knowledge)
    recherche = Recherche(
        demande=demande,
        now=now,
        delai=delai(demande, now),
        need=need,
        posture=decision.posture,
        origin=_origin(demande, knowledge),
        commune=_commune(demande, knowledge),
        index=knowledge.index,
    )
    radius, found = _climb(recherche)
    steps = _steps(recherche, radius, found)
    in_time = bool(found) and found[0].criteres.a_temps and BESOIN not in steps
    learn_now = decision.posture is Posture.APPRENDRE_A_FAIRE
    slots = _creneaux(recherche, knowledge) if learn_now or decision.learn_next else ()
    return Orientation(
        posture=decision.posture,
        posture_reason=decision.reason,
        posture_court=decision.reason_court,
        lieux=tuple(propose(recherche, candidat) for candidat in found),
        creneaux=slots if learn_now else (),
        learn_next=decision.learn_next,
        learn_reason=decision.learn_reason,
        learn_creneaux=slots if decision.learn_next else (),
        relaxed=tuple(steps.values()),
        fallback=None if in_time else knowledge.lignes.for_need(need),
    )


def decide(demande: Demande, now: datetime, knowledge: Knowledge) -> Decision:
    """Return what the support scale says; a near deadline is as urgent as saying so."""
    need = knowledge.needs.get(demande.need or "")
    return knowledge.echelle.decide(
        Situation(
            posture=demande.posture,
            urgency=delai(demande, now).urgency,
            autonomy=demande.autonomy,
            famille=need.famille if need else None,
            recurrent=need.recurrent if need else None,
            confidential=demande.confidential,
            disponibilite=demande.disponibilite,
        )
    )


def _commune(demande: Demande, knowledge: Knowledge) -> Commune | None:
    return knowledge.communes.by_insee(demande.insee) if demande.insee else None


def _origin(demande: Demande, knowledge: Knowledge) -> tuple[float, float] | None:
    if demande.latitude is not None and demande.longitude is not None:
        return demande.latitude, demande.longitude
    commune = _commune(demande, knowledge)
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    return commune.latitude, commune.longitude


def _climb(recherche: Recherche) -> tuple[float, list[Candidat]]:
    """Return the lieux of the lowest rung that has any, and the radius in which they were found."""
    tries = []
    for radius in _radii(recherche):
        found = best(recherche, radius)
        if found:
            rung = max(_lacks(recherche, found[0]), default=0)
            if not rung:
                return radius, found
            tries.append((rung, radius, found))
    if tries:
        _, radius, found = min(tries, key=lambda one: one[:2])
        return radius, found
    return _without_evidence(recherche)


def _without_evidence(recherche: Recherche) -> tuple[float, list[Candidat]]:
    radius = 0.0
    for radius in _radii(recherche):
        if found := best(recherche, radius, without_evidence=True):
            return radius, found
    return radius, []


def _radii(recherche: Recherche) -> list[float]:
    radius = recherche.demande.radius_km or RADIUS_KM
    return [radius * factor for factor in WIDER] if recherche.origin else [radius]


def _lacks(recherche: Recherche, candidat: Candidat) -> Iterator[int]:
    """Yield the rungs that one must go down to for this lieu."""
    if not candidat.criteres.a_temps:
        by_appointment = recherche.delai.presse and recherche.index.by_appointment[candidat.row]
        yield ACCES if by_appointment else JOUR
    if candidat.criteres.posture == 0.0:
        yield POSTURE
    if candidat.criteres.besoin <= UNKNOWN_NEED:
        yield BESOIN


def _steps(recherche: Recherche, radius: float, found: list[Candidat]) -> dict[int, str]:
    """Return what was relaxed, a sentence each, by rung."""
    asked = _radii(recherche)[0]
    if not found:
        return {RAYON: say("elargi", "aucun", apres=round(radius))}
    steps = {}
    if recherche.origin is None:
        steps[RAYON] = say("elargi", "sans_commune")
    elif radius > asked:
        steps[RAYON] = say("elargi", "rayon", avant=round(asked), apres=round(radius))
    for rung in _lacks(recherche, found[0]):
        if rung == JOUR and recherche.delai.limite:
            steps[JOUR] = say("elargi", "jour", rayon=round(radius), limite=say_day(recherche.delai.limite))
        elif rung == ACCES:
            steps[ACCES] = say("elargi", "acces")
        elif rung == POSTURE and not any(one.criteres.posture for one in found):
            steps[POSTURE] = say("elargi", "posture", posture=say("postures", recherche.posture))
        elif rung == BESOIN:
            steps[BESOIN] = say("elargi", "besoin")
    return steps


def _creneaux(recherche: Recherche, knowledge: Knowledge) -> tuple[CreneauPropose, ...]:
    """Return the slots of the smallest circle that has any; none for a matter that must stay private."""
    demande = recherche.demande
    if demande.confidential:
        return ()
    for radius in _radii(recherche):
        found = knowledge.agenda.choose(demande.need, recherche.now, recherche.origin, radius, demande.insee)
        if found:
            return found
    return ()
