"""Reading a query: what its words say, become criteria; what cannot be asked together is dropped and said."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.annuaire.consultation import Consultation, Critere, Sorte
from knowledge.annuaire.reperage import Morceau, Outils, Reperage
from knowledge.annuaire.villes import Ville
from knowledge.annuaire.vocabulaire import FILTRES, HEURE, JOUR, OUVERT, PARTIE
from knowledge.communes import Commune
from knowledge.raisons import say

NAMING = frozenset({Sorte.LABEL, Sorte.SERVICE, Sorte.BESOIN, Sorte.COMMUNE})
"""Kinds whose words may be those of the name of a lieu too."""
MOST_NAMES = 8
"""Words of a name that are looked for among all names."""
SINGLE = frozenset({Sorte.MOMENT, Sorte.COMMUNE, Sorte.TELEPHONE})
"""Kinds of which one only can be asked."""
ORDER = {sorte: rank for rank, sorte in enumerate(Sorte)}

Libelle = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Lecture:
    """A query read.

    `contenu`: its folded words but the small ones and those that only filter. `propre`: those of the name and of the
    commune.
    """

    consultation: Consultation
    contenu: tuple[str, ...]
    propre: tuple[str, ...]


def lire(texte: str, filtres: Sequence[Critere], outils: Outils, libelle: Libelle) -> Lecture:
    """Read a text (`reperage.cut`) beside filters that were chosen; `libelle` says a code in French."""
    return _Lecture(Reperage(outils, texte).run(), filtres, libelle).run()


class _Lecture:
    def __init__(self, found: Reperage, filtres: Sequence[Critere], libelle: Libelle) -> None:
        self.found, self.filtres, self.libelle = found, filtres, libelle
        self.ecartes: list[str] = []
        self.incompris: list[int] = []
        self.propre: list[int] = []

    def run(self) -> Lecture:
        villes, weak = self._villes()
        criteres = self._without_contraries([*self.filtres, *self._plain(), *self._moments()])
        criteres += [*self._commune(villes), *self._nom(weak)]
        criteres.sort(key=lambda critere: ORDER[critere.sorte])
        consultation = Consultation(
            texte=self.found.texte,
            criteres=tuple(criteres),
            incompris=tuple(dict.fromkeys(self.found.words[i].raw for i in sorted(self.incompris))),
            ecartes=tuple(self.ecartes),
        )
        return Lecture(consultation, self._content(), tuple(self._word(i) for i in sorted(self.propre)))

    def _sorted(self) -> list[Morceau]:
        return sorted(self.found.morceaux, key=lambda one: one.words)

    def _word(self, i: int) -> str:
        return self.found.words[i].word

    def _raw(self, numbers: Sequence[int]) -> str:
        """Return words as they were typed, with what stands between those that follow one another."""
        words, text = self.found.words, self.found.texte
        numbers = sorted(numbers)
        parts = []
        for before, i in zip([None, *numbers], numbers, strict=False):
            if before is not None:
                parts.append(text[words[before].end : words[i].start] if i == before + 1 else " ")
            parts.append(words[i].raw)
        return "".join(parts)

    def _critere(self, sorte: Sorte, valeur: str, numbers: Sequence[int]) -> Critere:
        return Critere(sorte=sorte, valeur=valeur, libelle=self.libelle(sorte, valeur), mots=self._raw(numbers))

    def _plain(self) -> Iterator[Critere]:
        """Yield what phrases and numbers ask, once each whatever the times that it is said."""
        said: dict[tuple[Sorte, str], list[int]] = {}
        for words, kind, valeur, _ in self._sorted():
            if kind in {*FILTRES, Sorte.BESOIN, Sorte.TELEPHONE}:
                said.setdefault((Sorte(kind), valeur), []).extend(words)
        for (sorte, valeur), numbers in said.items():
            yield self._critere(sorte, valeur, numbers)

    def _moments(self) -> Iterator[Critere]:
        """Yield the moment: the first day, the first part or hour; a bare "ouvert" is now."""
        of = {kind: [one for one in self._sorted() if one.sorte == kind] for kind in (JOUR, PARTIE, HEURE)}
        opened = [i for one in self.found.morceaux if one.sorte == OUVERT for i in one.words]
        days, parts = of[JOUR], of[HEURE] + of[PARTIE]
        if days or parts:
            now = bool(days) and days[0].valeur == "maintenant"
            kept = [*days[:1], *([] if now else parts[:1])]
            code = "-".join(one.valeur for one in kept)
            same = [one for one in (*days, *parts) if one.valeur in {other.valeur for other in kept}]
            critere = self._critere(Sorte.MOMENT, code, [*opened, *(i for one in same for i in one.words)])
            self._say_other_moments(critere, [one for one in (*days, *parts) if one not in same])
            yield critere
        elif opened:
            yield self._critere(Sorte.MOMENT, "maintenant", opened)

    def _say_other_moments(self, kept: Critere, others: Sequence[Morceau]) -> None:
        if others:
            dropped = ", ".join(dict.fromkeys(self.libelle(Sorte.MOMENT, one.valeur) for one in others))
            self.ecartes.append(say("annuaire_ecartes", "moments", garde=kept.libelle, laisses=dropped))

    def _without_contraries(self, criteres: Sequence[Critere]) -> list[Critere]:
        """Return the criteria without those that contradict one before them; the chosen filters come first."""
        filtres = self.found.outils.vocabulaire.filtres
        kept: dict[tuple[Sorte, str], Critere] = {}
        for critere in criteres:
            key = critere.sorte, critere.valeur
            opposed = filtres[key].contraire if key in filtres else frozenset()
            against = [
                one
                for one in kept.values()
                if one.sorte is critere.sorte and (one.valeur in opposed or (one.sorte in SINGLE and key not in kept))
            ]
            if against:
                said = say("annuaire_ecartes", "contraire", laisse=critere.libelle, garde=against[0].libelle)
                self.ecartes.append(said)
            else:
                kept[key] = kept.get(key) or critere
        return list(kept.values())

    def _villes(self) -> tuple[list[Morceau], list[Morceau]]:
        """Return the communes, and the words that may as well be a surname or a French word."""
        found = [one for one in self._sorted() if one.sorte == Sorte.COMMUNE]
        sure = [one for one in found if one.ville and one.ville.sure]
        codes = {one.valeur for one in sure if one.is_code}
        sure = [one for one in found if one in sure or (one.ville and codes & _codes_of(one.ville))]
        weak = [one for one in found if one not in sure]
        return (sure, weak) if sure or self._names_left() else (weak, [])

    def _names_left(self) -> list[int]:
        vagues = self.found.outils.vocabulaire.vagues
        return [i for i in self.found.restes if self._word(i) not in vagues]

    def _commune(self, morceaux: Sequence[Morceau]) -> Iterator[Critere]:
        """Yield the first commune; a postal code says which of its name, or the other way round."""
        chosen = next((one for one in self.filtres if one.sorte is Sorte.COMMUNE), None)
        if not morceaux:
            return
        first = _agreed(morceaux)
        same = [one for one in morceaux if one.ville and _agrees(one, first)]
        self.propre += [i for one in morceaux if not one.is_code for i in one.words]
        kept = chosen or self._critere(Sorte.COMMUNE, first.insee, [i for one in same for i in one.words])
        if not chosen:
            yield kept
        others = [one for one in morceaux if chosen or one not in same]
        dropped = [one.ville.commune for one in others if one.ville and one.ville.commune.insee != kept.valeur]
        if dropped:
            names = ", ".join(dict.fromkeys(commune.nom for commune in dropped))
            self.ecartes.append(say("annuaire_ecartes", "communes", gardee=kept.libelle, laissees=names))
        elif (
            not chosen
            and not any(one.is_code for one in same)
            and any(one.ville.homonymes for one in same if one.ville)
        ):
            self.ecartes.append(say("annuaire_ecartes", "homonymes", nom=first.nom, departement=first.departement))

    def _nom(self, weak: Sequence[Morceau]) -> Iterator[Critere]:
        """Yield the name of a lieu: the words of nothing else that some name or address has."""
        noms = self.found.outils.noms
        left = sorted([*self._names_left(), *(i for one in weak for i in one.words)])
        named = [i for i in left[:MOST_NAMES] if noms.may_know(self._word(i))]
        if all(self._word(i).isdecimal() for i in named):
            named = []
        self.incompris += [i for i in left if i not in named]
        if named:
            vague = [i for i in self.found.restes if i not in left]
            self.propre += named + vague
            named = _with_neighbours(named, vague)
            valeur = " ".join(self._word(i) for i in named)
            mots = self._raw(named)
            yield Critere(sorte=Sorte.NOM, valeur=valeur, libelle=" ".join(mots.split()), mots=mots)

    def _content(self) -> tuple[str, ...]:
        kept = {i for one in self.found.morceaux if one.sorte in NAMING for i in one.words} | set(self.found.restes)
        petits = self.found.outils.vocabulaire.petits
        return tuple(word for i in sorted(kept) if (word := self._word(i)) not in petits)


def _with_neighbours(named: Sequence[int], vague: Sequence[int]) -> list[int]:
    """Return words with the vague ones that stand beside them: "tiers-lieu"."""
    kept = set(named)
    for i in (*vague, *reversed(vague)):
        if {i - 1, i + 1} & kept:
            kept.add(i)
    return sorted(kept)


def _agreed(morceaux: Sequence[Morceau]) -> Commune:
    """Return the first commune, rather one that is rightly spelt; of those of a name, the one of the postal code."""
    villes = [one.ville for one in morceaux if one.ville]
    codes = {one.valeur for one in morceaux if one.is_code}
    named = [one.ville for one in morceaux if one.ville and not one.is_code]
    for ville in named[:1]:
        for commune in (ville.commune, *ville.possibles):
            if codes.intersection(commune.codes_postaux):
                return commune
    return max(villes, key=lambda ville: ville.score).commune


def _codes_of(ville: Ville) -> set[str]:
    """Return the postal codes that a commune of this name may have."""
    return {code for commune in (ville.commune, *ville.possibles) for code in commune.codes_postaux}


def _agrees(one: Morceau, commune: Commune) -> bool:
    """Tell whether a commune or a postal code may be this commune."""
    ville = one.ville
    assert ville, "only communes are compared"
    return commune in (ville.commune, *ville.possibles) or one.valeur in commune.codes_postaux
