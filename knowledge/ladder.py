"""The ladder, when nothing suits as asked: each rung gives up one thing, and says so.

First a wider circle; then a later day, an appointment, a lieu that states other kinds of help, for a private matter one
that nothing binds to secrecy, and last one that does not say that it helps with this need. Below the ladder is the
national line (`orientation.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from knowledge.champ import look_around, survey
from knowledge.raisons import say, say_day
from knowledge.ranking import UNKNOWN_NEED
from knowledge.recherche import Recherche
from knowledge.search import Candidat, best

AT_MOST = 3
"""Lieux in an answer."""


class Rung(IntEnum):
    """What is given up, least bitter first. `NONE`: nothing."""

    NONE = 0
    JOUR = 1
    ACCES = 2
    POSTURE = 3
    SECRET = 4
    BESOIN = 5


@dataclass(frozen=True, slots=True)
class Climb:
    """Where the ladder was left: the lieux, best first, the circle they are in, what the first one lacks."""

    found: list[Candidat]
    radius_km: float
    lacks: tuple[Rung, ...]


def climb(recherche: Recherche, at_most: int = AT_MOST) -> Climb:
    """Return the lieux of the highest rung that has any, in its smallest circle."""
    radii = recherche.radii
    champ = survey(recherche, look_around(recherche, radii[0]))
    tries = []
    for radius in radii:
        if radius > champ.terrain.radius_km:
            champ = survey(recherche, look_around(recherche, radii[-1]))
        if found := best(recherche, champ, champ.terrain.circle(radius, serving=True), at_most):
            tries.append(Climb(found, radius, tuple(_lacks(recherche, found[0]))))
            if not tries[-1].lacks:
                return tries[-1]
    if tries:
        return min(tries, key=lambda one: max(one.lacks))
    for radius in radii:
        if found := best(recherche, champ, champ.terrain.circle(radius, serving=False), at_most):
            return Climb(found, radius, tuple(_lacks(recherche, found[0])))
    return Climb([], radii[-1], ())


def _lacks(recherche: Recherche, candidat: Candidat) -> Iterator[Rung]:
    """Yield the rungs that one must go down to for this lieu."""
    if not candidat.criteres.a_temps:
        by_appointment = recherche.delai.presse and recherche.index.by_appointment[candidat.row]
        yield Rung.ACCES if by_appointment else Rung.JOUR
    if candidat.criteres.posture == 0.0:
        yield Rung.POSTURE
    if recherche.demande.confidential and not candidat.criteres.secret:
        yield Rung.SECRET
    if candidat.criteres.besoin <= UNKNOWN_NEED:
        yield Rung.BESOIN


def say_relaxed(recherche: Recherche, reached: Climb) -> tuple[str, ...]:
    """Return what was given up, a French sentence each."""
    return tuple(_sentences(recherche, reached))


def _sentences(recherche: Recherche, reached: Climb) -> Iterator[str]:
    asked, radius = recherche.radii[0], reached.radius_km
    if recherche.origin is None:
        commune = recherche.commune
        yield say("elargi", "sans_position", commune=commune.nom) if commune else say("elargi", "sans_commune")
    elif not reached.found:
        yield say("elargi", "aucun", rayon=f"{radius:g}")
    elif radius > asked:
        yield say("elargi", "rayon", avant=f"{asked:g}", apres=f"{radius:g}")
    for rung in reached.lacks:
        if rung is Rung.JOUR and recherche.delai.limite:
            yield say("elargi", "jour", rayon=f"{radius:g}", limite=say_day(recherche.delai.limite))
        elif rung is Rung.ACCES:
            yield say("elargi", "acces")
        elif rung is Rung.POSTURE and not any(one.criteres.posture for one in reached.found):
            yield say("elargi", "posture", posture=say("postures", recherche.posture))
        elif rung is Rung.SECRET:
            yield say("elargi", "secret", rayon=f"{recherche.radii[-1]:g}")
        elif rung is Rung.BESOIN:
            yield say("elargi", "besoin")
