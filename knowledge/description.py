"""One lieu as it is shown when it was not ranked among others: a card, a page of its own."""

from dataclasses import replace
from datetime import datetime
from math import isnan

import numpy as np

from knowledge.demande import Demande, LieuPropose
from knowledge.orientation import prepare
from knowledge.propositions import propose
from knowledge.raisons import say
from knowledge.ranking import Criteres
from knowledge.recherche import Recherche
from knowledge.search import NOBODY, Candidat
from knowledge.snapshot import Knowledge


def describe(lieu_id: str, demande: Demande, now: datetime, knowledge: Knowledge) -> LieuPropose | None:
    """Return a lieu with what can be said of it for a request; None when the base has none of that id.

    Its score means nothing: it was compared with no other. What the request does not say (a need, a kind of help)
    raises no doubt, nor does the time that it takes to get there: a card is read later.
    """
    row = knowledge.index.row_of.get(lieu_id)
    if row is None:
        return None
    recherche, decision = prepare(demande, now, knowledge)
    recherche = replace(recherche, posture=demande.posture or decision.posture)
    proposed = propose(recherche, _candidat(recherche, row), knowledge.communes)
    soon = say("doutes", "ferme_bientot")
    return replace(proposed, doubts=tuple(doubt for doubt in proposed.doubts if doubt != soon))


def _candidat(recherche: Recherche, row: int) -> Candidat:
    index, rows = recherche.index, np.array([row], dtype=np.int64)
    profiles = index.columns.profiles(rows)
    km = float(index.distances(*recherche.origin, rows)[0]) if recherche.origin else np.nan
    asked = recherche.demande.posture
    criteres = Criteres(
        a_temps=True,
        secret=True,
        besoin=float(index.columns.besoin(recherche.need, profiles)[0]),
        distance=0.0,
        ouverture=0.0,
        posture=float(index.columns.posture(asked, profiles)[0]) if asked else 1.0,
        accueil=0.0,
        fraicheur=0.0,
    )
    return Candidat(row, int(profiles[0]), None if isnan(km) else km, None, criteres, NOBODY)
