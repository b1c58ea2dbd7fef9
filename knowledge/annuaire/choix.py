"""Which lieux answer a question, best first, and what was given up to find any.

A lieu that says yes to all that is asked comes before one that does not say; one that says no is left out. Then those
of the commune asked for, then the nearer and the surer. Circles grow until one holds a lieu that says yes to all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Self

import numpy as np
from numpy.typing import NDArray

from knowledge.annuaire.filtres import NON, OUI
from knowledge.annuaire.fonds import Fonds
from knowledge.annuaire.lecture import NAMING
from knowledge.annuaire.question import Question
from knowledge.champ import COMMUNE_KM
from knowledge.raisons import say
from knowledge.ranking import near_numbers
from knowledge.recherche import RADIUS_KM, WIDER

NAMED = 0.6
"""Likeness from which a lieu may be the one that is named."""
AS_NAMED = 0.2
"""Lieux whose likeness is this much lower than the best one's are not shown beside it."""
WHOLE_NAME, SAME_NAME = 0.8, 0.93
"""Likeness from which words that all have another meaning are taken for a name too: nearby, and anywhere."""
PARTLY = 0.9
"""Weight of the likeness of the words of the name and the commune alone, beside that of all the words."""
LIKENESS_STEP = 0.04
"""Names as alike as this are equal: what else is asked, and the distance, decide."""
WORTH = np.array([0.0, 0.3, 1.0])
"""What a lieu that says no, does not say, says yes counts."""

CALLED, SAID, ALIKE, HERE = 600.0, 50.0, 4.0, 1.0
"""So far apart that each decides alone before the next, the last three together; quality is from 0 to 1."""
DISTANCE, BESOIN, HORAIRES, FRAICHEUR = 0.5, 0.3, 0.1, 0.1

Rows = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
States = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Champ:
    """Lieux to choose among, one number a row.

    `km` is nan where it is unknown. `called`: how surely it is the one that is named, before all else that is asked;
    `alike`: how much its name looks like the words, after all else.
    """

    rows: Rows
    km: Numbers
    called: Numbers
    alike: Numbers

    def kept(self, flags: Flags) -> "Champ":
        """Return only some of them."""
        return Champ(self.rows[flags], self.km[flags], self.called[flags], self.alike[flags])


@dataclass(frozen=True, slots=True)
class Choix:
    """The lieux found, in no order, with the score that orders them."""

    champ: Champ
    scores: Numbers
    elargi: tuple[str, ...] = ()

    @classmethod
    def of(cls, question: Question, champ: Champ, fonds: Fonds, elargi: tuple[str, ...] = ()) -> Self:
        """Return lieux with their scores."""
        return cls(champ, _scores(question, champ, fonds), elargi)


NOBODY = Champ(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), np.empty(0))
NOTHING = Choix(NOBODY, np.empty(0), (say("annuaire_elargi", "vide"),))


def choose(question: Question, words: Sequence[Sequence[str]], fonds: Fonds) -> Choix:
    """Return the lieux found; `words` are the ways to read a name in the query, the last one all its words."""
    if question.telephone:
        return _by_number(question, question.telephone.valeur, fonds)
    elargi: tuple[str, ...] = ()
    if question.nom:
        named = _named(question, words, fonds)
        if len(named.rows):
            return _sorted_out(question, fonds, named)
        elargi = (say("annuaire_elargi", "nom", nom=question.nom.libelle),)
        if not (question.mesures or question.commune):
            return Choix(named, np.empty(0), elargi)
    choix = _first_good(question, fonds, _circles(question, _called(question, words[-1], fonds), fonds))
    return replace(choix, elargi=(*elargi, *choix.elargi))


def _by_number(question: Question, digits: str, fonds: Fonds) -> Choix:
    rows, elargi = fonds.numeros.having(digits), [*_national(digits, fonds)]
    if not rows.size:
        begun, rows = fonds.numeros.beginning_like(digits)
        if not elargi:
            elargi = [say("annuaire_elargi", "numero" if begun else "numero_inconnu", debut=begun)]
    choix = _sorted_out(question, fonds, _champ(question, rows, fonds))
    return replace(choix, elargi=(*elargi, *choix.elargi))


def _national(digits: str, fonds: Fonds) -> list[str]:
    lignes = fonds.knowledge.lignes.lignes.values()
    return [
        say("annuaire_elargi", "ligne", numero=ligne.telephone, nom=ligne.nom)
        for ligne in lignes
        if ligne.telephone.replace(" ", "") == digits
    ][:1]


def _named(question: Question, words: Sequence[Sequence[str]], fonds: Fonds) -> Champ:
    """Return the lieux that the words name: those about as alike as the best."""
    alike = [fonds.noms.alike(one) for one in words if one]
    rows = np.unique(np.concatenate([one.rows for one in alike])) if alike else np.empty(0, dtype=np.int64)
    scores = np.zeros(len(rows))
    for one in alike:
        places = np.searchsorted(rows, one.rows)
        weight = 1.0 if one is alike[-1] else PARTLY
        scores[places] = np.maximum(scores[places], weight * one.scores)
    near = scores >= max(NAMED, scores.max(initial=0.0) - AS_NAMED)
    champ = _champ(question, rows[near], fonds)
    return replace(champ, called=np.round(scores[near] / LIKENESS_STEP) * LIKENESS_STEP, alike=scores[near])


def _called(question: Question, words: Sequence[str], fonds: Fonds) -> Champ:
    """Return the lieux whose name has all the words, though each of them means something else too.

    They must have what is asked beside a name (a day, no fee); outside of a commune that is named without any doubt,
    the name must be the very same.
    """
    found = fonds.noms.alike(words if len(words) > 1 else ())
    champ = _champ(question, found.rows, fonds)
    here = fonds.index.communes[found.rows] == _home(question, fonds)
    least = np.where(here, WHOLE_NAME, SAME_NAME) if question.is_placed else WHOLE_NAME
    kept = found.whole & (found.scores >= least)
    for critere, mesure in question.mesures:
        if critere.sorte not in NAMING or not critere.mots:
            kept &= fonds.states(mesure, champ.rows) == OUI
    return Champ(champ.rows[kept], champ.km[kept], np.ones(np.count_nonzero(kept)), found.scores[kept])


def _champ(question: Question, rows: Rows, fonds: Fonds) -> Champ:
    km = fonds.index.distances(*question.origin, rows) if question.origin else np.full(len(rows), np.nan)
    return Champ(rows, km, np.zeros(len(rows)), np.zeros(len(rows)))


def _circles(question: Question, called: Champ, fonds: Fonds) -> Iterator[tuple[float, Champ]]:
    """Yield growing circles with the lieux that are called so, the last one without a bound."""
    radii = [RADIUS_KM * factor for factor in WIDER] if question.center else []
    for radius in (*radii, inf):
        rows = _circle(question, radius, fonds)
        champ = _champ(question, _union(rows, called.rows), fonds)
        places = np.searchsorted(champ.rows, called.rows)
        champ.called[places], champ.alike[places] = called.called, called.alike
        yield radius, champ


def _circle(question: Question, radius: float, fonds: Fonds) -> Rows:
    """Return the rows of a circle with all those of the commune; all there are where nothing bounds it."""
    index, home = fonds.index, _home(question, fonds)
    at_home = np.empty(0, dtype=np.int64) if home is None else index.of_commune(home)
    if question.center is None:
        return at_home if question.commune else fonds.everywhere
    if radius == inf:
        return fonds.everywhere
    return _union(np.sort(index.within(*question.center, radius)[0]), at_home)


def _union(rows: Rows, others: Rows) -> Rows:
    """Return rows (sorted) with others, sorted, once each: ten times as fast as numpy's own."""
    new = others[~np.isin(others, rows, assume_unique=True)] if others.size else others
    return np.sort(np.concatenate([rows, new])) if new.size else rows


def _home(question: Question, fonds: Fonds) -> int | None:
    return fonds.index.commune_number(question.commune.insee) if question.commune else None


def _first_good(question: Question, fonds: Fonds, circles: Iterable[tuple[float, Champ]]) -> Choix:
    """Return the first circle where what was typed is had, and the chosen filters are passed.

    Else the first with any lieu that passes the filters; else with any that does not say no; else with any.
    """
    fallbacks: list[Champ] = [NOBODY] * 3
    for radius, champ in circles:
        if radius == inf and any(one.rows.size for one in fallbacks):
            break
        said, named = _said(question, champ.rows, fonds), champ.called > 0.0
        kept = said.kept() | named
        if kept.any() and (said.typed() | named).any():
            elargi = _say_wider(radius) if question.center and radius > RADIUS_KM else ()
            choix = Choix.of(question, champ.kept(kept), fonds)
            return replace(choix, elargi=(*elargi, *_say_missing(question, choix, radius, fonds)))
        tries = (kept, said.kept(lenient=True), np.ones(len(champ.rows), dtype=bool))
        fallbacks = [one if one.rows.size else champ.kept(flags) for one, flags in zip(fallbacks, tries, strict=True)]
    choix = Choix.of(question, next((one for one in fallbacks if one.rows.size), NOBODY), fonds)
    widest = RADIUS_KM * WIDER[-1] if question.center else inf
    return replace(choix, elargi=_say_missing(question, choix, widest, fonds))


def _say_wider(radius: float) -> tuple[str, ...]:
    if radius == inf:
        return (say("annuaire_elargi", "partout", rayon=round(RADIUS_KM * WIDER[-1])),)
    return (say("annuaire_elargi", "rayon", avant=round(RADIUS_KM), apres=round(radius)),)


def _say_missing(question: Question, choix: Choix, radius: float, fonds: Fonds) -> tuple[str, ...]:
    """Say what the first lieu does not have of what was asked."""
    if not choix.scores.size:
        return ()
    best = choix.champ.rows[[int(np.argmax(choix.scores))]]
    lacking = ", ".join(critere.libelle for critere, mesure in question.mesures if fonds.states(mesure, best)[0] != OUI)
    if not lacking or choix.champ.called.any():
        return ()
    if radius == inf:
        return (say("annuaire_elargi", "incomplet_partout", criteres=lacking),)
    return (say("annuaire_elargi", "incomplet", rayon=round(radius), criteres=lacking),)


@dataclass(frozen=True, slots=True)
class Dit:
    """What rows say of what is asked: one line a criterion; `strict` tells which are chosen filters."""

    states: States
    strict: Flags

    def typed(self) -> Flags:
        """Tell which say yes to all that was typed."""
        flags: Flags = (self.states[~self.strict] == OUI).all(axis=0)
        return flags

    def kept(self, *, lenient: bool = False) -> Flags:
        """Tell which say no to nothing, and yes to the chosen filters unless it is too much to ask."""
        flags: Flags = (self.states != NON).all(axis=0)
        if not lenient:
            flags &= self.chosen()
        return flags

    def chosen(self) -> Flags:
        """Tell which say yes to the chosen filters."""
        flags: Flags = (self.states[self.strict] == OUI).all(axis=0)
        return flags


def _said(question: Question, rows: Rows, fonds: Fonds) -> Dit:
    states = np.empty((len(question.mesures), len(rows)), dtype=np.int8)
    for line, (_, mesure) in enumerate(question.mesures):
        states[line] = fonds.states(mesure, rows)
    return Dit(states, np.array([not critere.mots for critere, _ in question.mesures], dtype=bool))


def _scores(question: Question, champ: Champ, fonds: Fonds) -> Numbers:
    """Return the number, from 0 to 1, that puts the best first."""
    index, home = fonds.index, _home(question, fonds)
    here = index.communes[champ.rows] == home if home is not None else np.zeros(len(champ.rows), dtype=bool)
    states = _said(question, champ.rows, fonds).states
    worth = WORTH[states - NON].mean(axis=0) if len(states) else np.ones(len(champ.rows))
    km = np.where(here, np.minimum(champ.km, COMMUNE_KM), champ.km)
    near = np.zeros(len(km)) if question.origin is None else np.nan_to_num(near_numbers(km))
    fresh = fonds.freshness(question.now.date())[champ.rows]
    hours = index.horaires_numbers[champ.rows] > 0
    quality = DISTANCE * near + BESOIN * fonds.besoin(question.need, champ.rows) + HORAIRES * hours + FRAICHEUR * fresh
    total = CALLED * champ.called + SAID * worth + ALIKE * champ.alike + HERE * here + quality
    scores: Numbers = total / (CALLED + SAID + ALIKE + HERE + 1.0)
    return scores


def _sorted_out(question: Question, fonds: Fonds, champ: Champ) -> Choix:
    """Return lieux that were found by a name or a number, ordered by what else is asked; chosen filters hold."""
    chosen = _said(question, champ.rows, fonds).chosen()
    if chosen.any():
        return Choix.of(question, champ.kept(chosen), fonds)
    choix = Choix.of(question, champ, fonds)
    return replace(choix, elargi=_say_missing(question, choix, inf, fonds))
