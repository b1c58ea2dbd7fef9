"""A lieu found as it is shown: what `propositions.propose` says of it, and what it has of what was asked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from knowledge.annuaire.consultation import Critere
from knowledge.annuaire.filtres import INCONNU, OUI
from knowledge.annuaire.fonds import Fonds
from knowledge.annuaire.liste import Liste
from knowledge.annuaire.moments import Moment
from knowledge.annuaire.question import PRISE_EN_CHARGE, PUBLICS, Mesure, Question
from knowledge.annuaire.vocabulaire import Filtre
from knowledge.demande import LieuPropose
from knowledge.needs import Need
from knowledge.orientation import prepare
from knowledge.propositions import propose
from knowledge.raisons import say, say_hour
from knowledge.ranking import Criteres, freshness
from knowledge.search import Candidat, travel

Found = tuple[int, float | None, float]
"""A row, how far it is in km, its score."""


def present(question: Question, found: Sequence[Found], fonds: Fonds) -> Liste:
    """Return lieux with their reasons and doubts, in the same order."""
    recherche, _ = prepare(question.demande(), question.now, fonds.knowledge)
    rows = np.array([row for row, _, _ in found], dtype=np.int64)
    said = [(critere, mesure, fonds.states(mesure, rows).tolist()) for critere, mesure in question.mesures]
    besoin = fonds.besoin(question.need, rows).tolist()
    profiles = fonds.index.columns.profiles(rows).tolist()

    def compose(place: int) -> LieuPropose:
        candidat = _candidat(question, found[place], besoin[place], profiles[place], fonds)
        asked = [(critere, mesure, states[place]) for critere, mesure, states in said]
        return _with_asked(propose(recherche, candidat, fonds.knowledge.communes), found[place], asked, fonds)

    return Liste((fonds.index.lieux[row].id for row, _, _ in found), compose)


def _with_asked(
    shown: LieuPropose, found: Found, asked: Sequence[tuple[Critere, Mesure, int]], fonds: Fonds
) -> LieuPropose:
    """Return the lieu with what it has of what was asked (after the distance), and what it does not say."""
    row, _, score = found
    own = [text for critere, mesure, state in asked if state == OUI for text in _reasons(critere, mesure, row, fonds)]
    doubts = [text for critere, mesure, state in asked if state != OUI for text in _doubts(critere, mesure, state)]
    split = 1 if shown.distance_km is not None else 0
    return replace(
        shown,
        reasons=tuple(dict.fromkeys((*shown.reasons[:split], *own, *shown.reasons[split:]))),
        doubts=tuple(dict.fromkeys((*doubts, *shown.doubts))),
        score=score,
    )


def _candidat(question: Question, found: Found, besoin: float, profile: int, fonds: Fonds) -> Candidat:
    """Return the lieu as ranking sees it; what a helper did not ask (kind of help, deadline) raises no doubt."""
    row, km, score = found
    criteres = Criteres(
        a_temps=True,
        secret=True,
        besoin=besoin,
        distance=0.0,
        ouverture=0.0,
        posture=1.0,
        accueil=1.0,
        fraicheur=freshness(fonds.index.lieux[row].date_maj, question.now.date()),
    )
    horaires = fonds.index.horaires_of(row)
    opening = horaires.next_opening(question.now + travel(km)) if horaires else None
    return Candidat(row, profile, km, opening, criteres, (-score, row))


def _reasons(critere: Critere, mesure: Mesure, row: int, fonds: Fonds) -> Iterator[str]:
    """Yield what the lieu has; needs and publics are said by `propose`."""
    if isinstance(mesure, Moment):
        opening = fonds.ouvertures.opening(int(fonds.index.horaires_numbers[row]), mesure)
        if opening and critere.valeur != "maintenant":
            heures = f"{say_hour(opening.start)} à {say_hour(opening.end)}" if opening.end else say_hour(opening.start)
            yield say("annuaire_lieux", "ouvert", moment=critere.libelle, heures=heures)
    elif isinstance(mesure, Filtre) and not _is_said(mesure):
        yield critere.libelle


def _doubts(critere: Critere, mesure: Mesure, state: int) -> Iterator[str]:
    """Yield what the lieu does not say, or denies; unknown hours, needs and publics are said by `propose`."""
    if isinstance(mesure, Moment):
        if state != INCONNU:
            yield say("annuaire_lieux", "ferme", moment=critere.libelle.removeprefix("ouvert "))
    elif isinstance(mesure, Need):
        return
    elif state == INCONNU and not _is_said(mesure):
        yield say("annuaire_lieux", "inconnu", critere=critere.libelle)
    elif state != INCONNU:
        yield say("annuaire_lieux", "non", critere=critere.libelle)


def _is_said(filtre: Filtre) -> bool:
    """Tell whether the filter goes into the request, so that `propose` speaks of it."""
    return any(len(filtre.colonnes.get(column, ())) == 1 for column in (PUBLICS, PRISE_EN_CHARGE))
