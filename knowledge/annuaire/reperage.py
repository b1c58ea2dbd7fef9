"""Which words of a query say what: phrases, communes, numbers; the others are left over."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from knowledge.annuaire.consultation import Sorte
from knowledge.annuaire.noms import Noms
from knowledge.annuaire.numeros import NUMBER, national
from knowledge.annuaire.phrases import Lexique, Trouvaille
from knowledge.annuaire.villes import LARGE_TOWN, Ville, Villes
from knowledge.annuaire.vocabulaire import HEURE, LIENS, PETIT, Vocabulaire
from knowledge.communes.text import Token, tokens

LONGEST, MOST_WORDS = 400, 40
"""Characters and words that are read; nobody types so many in ten seconds."""
MOST_LOOKS = 8
"""Groups of words that are looked at through typing errors as a commune: it bounds the time of a long query."""
MISSPELT_WORDS = 4
"""Words of the longest misspelt name of a commune."""
LINKS = LIENS | {"sur", "sous", "en", "et", "les", "lez"}
LONGEST_CUE = 3
POSTAL_DIGITS = 5
FEWEST_DIGITS = 4
CLEAR_DIGITS = 6
"""Digits from which a number is a telephone's; fewer must begin with 0, or stand beside a word that asks for one."""
HOUR = re.compile(r"(\d{1,2})h(\d{2})?")
WHO = frozenset({"qui", "numero", "num", "tel", "telephone", "appel", "appele", "appelle"})


class Morceau(NamedTuple):
    """Some words (their numbers in the query) and what they say: a kind and a code."""

    words: tuple[int, ...]
    sorte: str
    valeur: str
    ville: Ville | None = None

    @property
    def is_code(self) -> bool:
        """Tell whether the words are a postal code: what they say is then no INSEE code."""
        return self.ville is not None and self.ville.commune.insee != self.valeur


@dataclass(frozen=True, slots=True)
class Outils:
    """What a query is read with."""

    vocabulaire: Vocabulaire
    lexique: Lexique
    villes: Villes
    noms: Noms


def cut(texte: str) -> tuple[str, bool]:
    """Return a query as far as it is read, and whether anything is left out."""
    words = list(tokens(texte[:LONGEST]))
    if len(texte) <= LONGEST and len(words) <= MOST_WORDS:
        return texte, False
    if len(texte) > LONGEST and words and words[-1].end == LONGEST:
        words.pop()  # it is cut in the middle
    return texte[: words[:MOST_WORDS][-1].end if words else LONGEST], True


@dataclass(slots=True)
class Reperage:
    """The words of a text that was cut, what was found in them, and the numbers of those left over."""

    outils: Outils
    texte: str
    words: list[Token] = field(default_factory=list)
    morceaux: list[Morceau] = field(default_factory=list)
    restes: list[int] = field(default_factory=list)
    _looks: int = 0

    def run(self) -> "Reperage":
        """Read the words."""
        self.words = list(tokens(self.texte))
        taken = self._numbers()
        self._scan(taken)
        self._misspelt_towns()
        return self

    def _numbers(self) -> set[int]:
        """Find postal codes and telephone numbers; return the words that they take."""
        taken: set[int] = set()
        for found in NUMBER.finditer(self.texte):
            inside = [i for i, token in enumerate(self.words) if found.start() <= token.start < found.end()]
            for group in self._groups(inside):
                taken.update(group)
        return taken

    def _groups(self, inside: Sequence[int]) -> Iterator[list[int]]:
        """Yield the words of digits that are a postal code or a number, and keep what they say."""
        rest: list[int] = []
        for i in inside:
            if self._postal_code(i):
                yield [i]
            else:
                rest.append(i)
        digits = national("".join(self.words[i].raw for i in rest))
        if self._is_telephone(digits):
            self.morceaux.append(Morceau(tuple(rest), Sorte.TELEPHONE, digits))
            yield rest

    def _postal_code(self, i: int) -> bool:
        raw = self.words[i].raw
        if len(raw) != POSTAL_DIGITS or self._asks_who():
            return False
        commune = self.outils.villes.by_code(raw)
        if commune:
            self.morceaux.append(Morceau((i,), Sorte.COMMUNE, raw, Ville(1, commune, sure=True)))
        return commune is not None

    def _is_telephone(self, digits: str) -> bool:
        if len(digits) < FEWEST_DIGITS or not digits.isdecimal():
            return False
        return len(digits) >= CLEAR_DIGITS or digits[0] == "0" or self._asks_who() or len(self.words) == 1

    def _asks_who(self) -> bool:
        return any(token.word in WHO for token in self.words)

    def _scan(self, taken: set[int]) -> None:
        i = 0
        while i < len(self.words):
            found = None if i in taken else self._at(i, taken)
            if found:
                self.morceaux.append(found)
                i = found.words[-1] + 1
            else:
                if i not in taken:
                    self.restes.append(i)
                i += 1

    def _at(self, i: int, taken: set[int]) -> Morceau | None:
        """Return the longest phrase or commune at a word; of two as long, the phrase."""
        outils, free = self.outils, self._free_from(i, taken)
        hour = self._hour(i)
        if hour:
            return hour
        phrase = outils.lexique.at(free, 0, outils.noms.knows)
        ville = outils.villes.at(free, 0)
        cue = self._cue(i)
        if ville and not self._is_town(ville, phrase, free):
            ville = None
        if ville:
            sure = ville.sure or (bool(cue) and len(free[0].word) > 1)
            words = (*cue, *range(i, i + ville.words))
            self.restes = [rest for rest in self.restes if rest not in cue]
            return Morceau(words, Sorte.COMMUNE, ville.commune.insee, ville._replace(sure=sure))
        if phrase:
            return Morceau(tuple(range(i, i + phrase.words)), *phrase.sens)
        word = self.words[i].word
        return Morceau((i,), PETIT, "") if word in outils.vocabulaire.petits else None

    def _free_from(self, i: int, taken: set[int]) -> list[Token]:
        last = next((j for j in range(i, len(self.words)) if j in taken), len(self.words))
        return self.words[i:last]

    def _is_town(self, ville: Ville, phrase: Trouvaille | None, free: Sequence[Token]) -> bool:
        if phrase and phrase.words >= ville.words and (phrase.exact or not ville.sure):
            return False
        small = self.outils.vocabulaire.petits | self.outils.vocabulaire.vagues
        return ville.words > 1 or free[0].word not in small

    def _cue(self, i: int) -> tuple[int, ...]:
        """Return the words before a commune that only announce it: "près de", "à"."""
        for n in range(min(LONGEST_CUE, i), 0, -1):
            before = " ".join(token.word for token in self.words[i - n : i])
            if before in self.outils.vocabulaire.devant:
                return tuple(range(i - n, i))
        return ()

    def _hour(self, i: int) -> Morceau | None:
        """Return an hour of the day: "14h", "14h30", "14 h 30"."""
        for n in (3, 2, 1):
            written = "".join(token.word for token in self.words[i : i + n])
            found = HOUR.fullmatch(written) if len(self.words) >= i + n else None
            if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
                return Morceau(tuple(range(i, i + n)), HEURE, f"{int(found[1]):02}h{found[2] or '00'}")
        return None

    def _misspelt_towns(self) -> None:
        """Find the communes among the words left over, those beside a shorter name too: "saint vincent de tirosse"."""
        self._looks = MOST_LOOKS
        named = {i for one in self.morceaux if one.sorte == Sorte.COMMUNE and not one.is_code for i in one.words}
        may_be = {*self.restes, *named, *(i for i in range(len(self.words)) if self.words[i].word in LINKS)}
        i = 0
        while i < len(self.words):
            found = self._misspelt_town(i, may_be) if i in may_be else None
            if found:
                self.morceaux = [one for one in self.morceaux if not set(one.words) & set(found.words)] + [found]
                self.restes = [rest for rest in self.restes if rest not in found.words]
            i = found.words[-1] + 1 if found else i + 1

    def _misspelt_town(self, i: int, may_be: Collection[int]) -> Morceau | None:
        """Return the commune whose misspelt name begins at a word: the likeliest."""
        best: Ville | None = None
        for n in range(1, min(MISSPELT_WORDS, len(self.words) - i) + 1):
            span = range(i, i + n)
            if span[-1] not in may_be:
                break
            if self._looks > 0 and self.words[span[-1]].word not in LINKS and self._is_odd(span):
                self._looks -= 1
                ville = self.outils.villes.near(self.words[i : i + n])
                if ville and (best is None or ville.score >= best.score) and self._is_meant(ville, span):
                    best = ville
        if best is None:
            return None
        return Morceau((*self._cue(i), *range(i, i + best.words)), Sorte.COMMUNE, best.commune.insee, best)

    def _is_odd(self, span: Sequence[int]) -> bool:
        """Tell whether some word of a span is left over and in few names: it may be misspelt."""
        odd = [self.words[i].word for i in span if i in self.restes and not self.words[i].word.isdecimal()]
        return any(not self.outils.noms.is_common(word) for word in odd)

    def _is_meant(self, ville: Ville, span: Sequence[int]) -> bool:
        """Tell whether a town is meant rather than a name that some lieu has as it is."""
        known = all(self.outils.noms.knows(self.words[i].word) for i in span)
        return not known or (ville.commune.population or 0) >= LARGE_TOWN
