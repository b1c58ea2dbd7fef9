"""`Annuaire`: reads queries and answers them over one snapshot of the knowledge."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property, lru_cache
from math import isnan
from textwrap import shorten

import numpy as np

from knowledge.annuaire.choix import NOTHING, Choix, Numbers, Rows, choose
from knowledge.annuaire.consultation import Consultation, Critere, Resultat, Sorte
from knowledge.annuaire.facettes import count_facettes
from knowledge.annuaire.fiches import fiches
from knowledge.annuaire.fonds import Fonds
from knowledge.annuaire.lecture import Lecture, lire
from knowledge.annuaire.liste import Liste
from knowledge.annuaire.moments import say_moment, split
from knowledge.annuaire.numeros import national
from knowledge.annuaire.phrases import Lexique
from knowledge.annuaire.presentation import Found, present
from knowledge.annuaire.question import Question, ask
from knowledge.annuaire.reperage import FEWEST_DIGITS, LONGEST, MOST_WORDS, Outils, cut
from knowledge.annuaire.villes import Villes
from knowledge.annuaire.vocabulaire import FILTRES, load_vocabulaire
from knowledge.communes.gazetteer import DEFAULT_TERRITOIRE
from knowledge.communes.text import fold, fold_words
from knowledge.horaires import in_paris
from knowledge.lieux import Lieu
from knowledge.raisons import say
from knowledge.snapshot import Knowledge
from knowledge.telephones import telephone

MOST_READ = 512
"""Queries whose reading is kept: a search that is typed letter by letter comes back to what it asked."""
EVERYTHING = "zqxwv jeudi matin zqxwvcaf"
"""A query that needs every column: a name through errors, a misspelt town, a moment."""
SURELY_NAMED = 0.75
"""Likeness from which a text alone is the name of a lieu."""
MOST_DIGITS = 15
LONGEST_SAID = 40
"""Characters of an unknown filter that are said again."""


class Annuaire:
    """The look-up over one `Knowledge`; built at its first use, kept as long as it (`annuaire_of`)."""

    def __init__(self, knowledge: Knowledge, territoire: Collection[str] = DEFAULT_TERRITOIRE) -> None:
        """`territoire`: the départements whose communes are meant first."""
        self.knowledge = knowledge
        self._territoire = territoire
        self._vocabulaire = load_vocabulaire()
        self._fonds = Fonds(knowledge)
        self._lire = lru_cache(maxsize=MOST_READ)(self._read)

    def lire(self, texte: str, filtres: Sequence[tuple[str, str]] = ()) -> Consultation:
        """Read a query: any text at all, of any length, and filters as (kind, code); unknown ones are said dropped."""
        read, is_cut = cut(texte)
        consultation = self._lire(read, tuple(filtres)).consultation
        if not is_cut:
            return consultation
        too_long = say("annuaire_ecartes", "trop_long", mots=MOST_WORDS)
        return replace(consultation, ecartes=(too_long, *consultation.ecartes))

    def chercher(
        self,
        consultation: Consultation,
        now: datetime,
        *,
        at_most: int = 10,
        skip: int = 0,
        origin: tuple[float, float] | None = None,
        facettes: bool = False,
    ) -> Resultat:
        """Return the lieux from the `skip`th best on.

        `origin`: where distances are counted from (degrees), if not from the commune.
        """
        question = ask(consultation, in_paris(now), origin, self.knowledge, self._vocabulaire)
        choix = self._choose(question, consultation)
        rows = choix.champ.rows
        best = self._best(choix, skip + at_most)[skip:]
        return Resultat(
            consultation=consultation,
            lieux=present(question, best, self._fonds),
            total=self._fonds.count(rows),
            facettes=count_facettes(question, consultation, rows, self._fonds, self._vocabulaire) if facettes else (),
            elargi=choix.elargi,
        )

    def warm(self, now: datetime) -> None:
        """Build everything now, so that the first helper of a server waits no more than the next (a second for all)."""
        self.chercher(self.lire(EVERYTHING), now, facettes=True)
        self.chercher(self.lire("0000"), now)

    def forget_readings(self) -> None:
        """Read each query anew from now on: what is measured, or what must not stay in memory."""
        self._lire.cache_clear()

    def nommes(self, texte: str, *, at_most: int = 5) -> list[Lieu]:
        """Return the lieux that a text names for sure, best first: a name alone, nothing else is read in it."""
        alike = self._fonds.noms.alike(fold_words(texte[:LONGEST]))
        order = np.argsort(-alike.scores, kind="stable")
        rows = [int(alike.rows[place]) for place in order.tolist() if alike.scores[place] >= SURELY_NAMED]
        return [self.knowledge.index.lieux[row] for row in rows[:at_most]]

    def fiches(
        self, ids: Iterable[str], consultation: Consultation, now: datetime, origin: tuple[float, float] | None = None
    ) -> Liste:
        """Return lieux by their ids, in this order, as they are now; those that are no more are left out."""
        question = ask(consultation, in_paris(now), origin, self.knowledge, self._vocabulaire)
        return fiches(ids, question, self._fonds)

    def critere(self, sorte: str, valeur: str) -> Critere | None:
        """Return a filter by its code, None for one that does not exist."""
        kind = next((one for one in Sorte if one == sorte), None)
        code = self._code(kind, valeur) if kind else None
        return Critere(sorte=kind, valeur=code, libelle=self._libelle(kind, code)) if kind and code else None

    def _choose(self, question: Question, consultation: Consultation) -> Choix:
        if question.is_empty and (consultation.texte.strip() or consultation.ecartes):
            return NOTHING
        lecture = self._lire(consultation.texte, ())
        typed = question.nom.valeur.split() if question.nom and not question.nom.mots else []
        words = [[*typed, *lecture.contenu]]
        if question.nom:
            words.insert(0, [*typed, *lecture.propre])
        return choose(question, words, self._fonds)

    def _best(self, choix: Choix, at_most: int) -> list[Found]:
        """Return the best lieux, one a real lieu, best first; of equals, by id."""
        scores, champ = choix.scores, choix.champ
        ids, groups = self._fonds.index.id_ranks[champ.rows], self._fonds.groups[champ.rows]
        found: list[Found] = []
        seen: set[int] = set()
        size = 4 * at_most
        while True:
            top = np.arange(len(scores)) if size >= len(scores) else _highest(scores, size)
            order = top[np.lexsort((ids[top], -scores[top]))]
            for place in order.tolist():
                group = int(groups[place])
                if group not in seen and len(found) < at_most:
                    seen.add(group)
                    km = float(champ.km[place])
                    found.append((int(champ.rows[place]), None if isnan(km) else km, float(scores[place])))
            if len(found) >= at_most or size >= len(scores):
                return found
            found, seen, size = [], set(), 8 * size

    def _read(self, texte: str, filtres: tuple[tuple[str, str], ...]) -> Lecture:
        chosen = [(self.critere(sorte, valeur), valeur) for sorte, valeur in filtres]
        lecture = lire(texte, [critere for critere, _ in chosen if critere], self._outils, self._libelle)
        dropped = [valeur for critere, valeur in chosen if critere is None]
        said = (say("annuaire_ecartes", "filtre", filtre=shorten(valeur, LONGEST_SAID)) for valeur in dropped)
        consultation = lecture.consultation
        ecartes = [*said, *consultation.ecartes]
        if texte.strip() and not consultation.criteres:
            ecartes.append(say("annuaire_ecartes", "rien"))
        return replace(lecture, consultation=replace(consultation, ecartes=tuple(ecartes)))

    @cached_property
    def _outils(self) -> Outils:
        index = self.knowledge.index
        inhabited = {position.insee for position in index.positions if position.insee}
        villes = Villes(self.knowledge.communes, self._territoire, inhabited)
        return Outils(self._vocabulaire, Lexique(self._vocabulaire.phrases), villes, self._fonds.noms)

    def _code(self, sorte: Sorte, valeur: str) -> str | None:
        """Return a code as it is kept, None for one that does not exist."""
        if sorte in FILTRES:
            return valeur if (sorte, valeur) in self._vocabulaire.filtres else None
        if sorte is Sorte.BESOIN:
            return valeur if valeur in self.knowledge.needs else None
        if sorte is Sorte.COMMUNE:
            return valeur if self.knowledge.communes.by_insee(valeur) else None
        if sorte is Sorte.MOMENT:
            return valeur if split(valeur, self._vocabulaire) else None
        if sorte is Sorte.TELEPHONE:
            digits = national(valeur)
            return digits if digits.isdecimal() and FEWEST_DIGITS <= len(digits) <= MOST_DIGITS else None
        return fold(valeur[:LONGEST]) or None

    def _libelle(self, sorte: str, valeur: str) -> str:
        """Return a code as it is read."""
        if sorte in FILTRES:
            return self._vocabulaire.filtres[Sorte(sorte), valeur].libelle
        if sorte == Sorte.BESOIN:
            return self.knowledge.needs[valeur].label_court
        if sorte == Sorte.COMMUNE:
            commune = self.knowledge.communes.by_insee(valeur)
            return f"{commune.nom} ({commune.departement})" if commune else valeur
        if sorte == Sorte.MOMENT:
            return say_moment(valeur, self._vocabulaire)
        return telephone(valeur) if sorte == Sorte.TELEPHONE else valeur


def _highest(scores: Numbers, size: int) -> Rows:
    """Return the places of the highest scores, with all those that equal the last of them."""
    least = np.partition(scores, len(scores) - size)[len(scores) - size]
    return np.flatnonzero(scores >= least)


def annuaire_of(knowledge: Knowledge, territoire: Collection[str] = DEFAULT_TERRITOIRE) -> Annuaire:
    """Return the look-up of a snapshot, the same as long as it is in memory."""
    kept = knowledge.index.annuaires
    key = tuple(territoire)
    if key not in kept or kept[key].knowledge is not knowledge:
        kept[key] = Annuaire(knowledge, key)
    found: Annuaire = kept[key]
    return found
