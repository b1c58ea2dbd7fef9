"""A look-up set: what a helper may type, and which real places are right, found by plain filters over the rows.

Nothing here reads a query or ranks a place: each look-up is made from the rows that it should find. The seed is fixed
and no row is written down: the same files give the same look-ups.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]  # stub: no ParserError

from knowledge.communes import Gazetteer, load_gazetteer
from knowledge.communes.text import fold
from knowledge.doublons import group_doublons
from knowledge.horaires import paris
from knowledge.lieux import Lieu

SEEDS = (64, 1, 2)
"""The first one was looked at while the look-up was written; the misses of the others were read once, near the end."""
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=paris())
"""A Monday without a public holiday that week."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
LITTLE = frozenset(["a", "au", "aux", "d", "de", "des", "du", "l", "la", "le", "les"])
NONSENSE = "00:00-00:00"
"""The France services file has it for "closed"; others would read a whole day."""
PARTS = {"matin": (6, 12), "après-midi": (14, 18), "": (0, 24)}
FRANCE_SERVICES, AIDANTS, CONSEILLER = "France Services", "Aidants Connect", "Conseillers numériques"
HANDLED = (
    "caf",
    "carsat",
    "ants",
    "cpam",
    "ameli",
    "pole emploi",
    "france travail",
    "impôts",
    "msa",
    "retraite",
    "rsa",
)
"""What every France Services helps with (its national charter), as helpers call it."""
LABELS = {
    AIDANTS: ("aidants connect", "aidant connect", "Aidants Connect"),
    FRANCE_SERVICES: ("france services", "france service", "FRANCE SERVICES", "msap"),
    CONSEILLER: ("conseiller numérique", "conseiller numerique", "cnfs", "conum"),
}


@dataclass(frozen=True)
class Lookup:
    """What is typed and the ids of the places that answer it."""

    kind: str
    query: str
    right: frozenset[str]


def make_lookups(
    lieux: Sequence[Lieu], communes: Gazetteer | None = None, *, seed: int = SEEDS[0], share: float = 1.0
) -> list[Lookup]:
    """Return the set over these places, or a share of it."""
    return list(_Maker(lieux, communes or load_gazetteer(), seed).run(share))


class _Maker:
    def __init__(self, lieux: Sequence[Lieu], communes: Gazetteer, seed: int) -> None:
        self.random = random.Random(seed)
        self.lieux = lieux
        self.communes = communes
        self.same: dict[int, set[str]] = defaultdict(set)
        self.group = group_doublons(lieux)
        for lieu, group in zip(lieux, self.group, strict=True):
            self.same[group].add(lieu.id)
        self.by_town: dict[str, list[Lieu]] = defaultdict(list)
        for lieu in lieux:
            self.by_town[self._insee(lieu)].append(lieu)
        self.group_of = {lieu.id: group for lieu, group in zip(lieux, self.group, strict=True)}

    def run(self, share: float) -> Iterator[Lookup]:
        for kind, number, make in (
            ("nom, deux fautes", 120, self._name),
            ("service et commune", 60, self._service),
            ("label et jour", 50, self._label_and_day),
            ("numéro", 40, self._number),
            ("abrégé d'aidant", 50, self._shorthand),
            ("label, commune avec une faute", 30, self._misspelt_town),
        ):
            yield from self._of(kind, round(number * share), make)

    def _of(self, kind: str, number: int, make: Callable[[Lieu], tuple[str, set[str]] | None]) -> Iterator[Lookup]:
        made = 0
        for lieu in self.random.sample(self.lieux, len(self.lieux)):
            found = make(lieu)
            if found and found[1]:
                yield Lookup(kind, found[0], self._with_doubles(found[1]))
                made += 1
            if made == number:
                return

    def _with_doubles(self, ids: set[str]) -> frozenset[str]:
        """Return the ids with those of the other rows of the same places: any of them stands for the place."""
        return frozenset(other for one in ids for other in self.same[self.group_of[one]])

    def _name(self, lieu: Lieu) -> tuple[str, set[str]] | None:
        """The name and the town, as remembered: two letters wrong, anywhere."""
        key = _core(lieu)
        text = f"{lieu.nom} {lieu.commune}".lower()
        for _ in range(2):
            text = self._typo(text)
        return text, {other.id for other in self.lieux if _core(other) == key}

    def _typo(self, text: str) -> str:
        places = [place for place in range(1, len(text) - 1) if text[place].isalpha() and text[place + 1].isalpha()]
        place, letter = self.random.choice(places), self.random.choice(LETTERS)
        before, after = text[:place], text[place + 1 :]
        return self.random.choice(
            (
                before + after,
                before + letter + after,
                before + letter + text[place:],
                before + text[place + 1] + text[place] + text[place + 2 :],
            )
        )

    def _town(self, lieu: Lieu) -> str | None:
        """Return a way to write the town of a place; with its postal code where the name is that of several."""
        named = self.communes.called(fold(lieu.commune))
        if not self._insee(lieu) or not any(lieu.code_postal in one.commune.codes_postaux for one in named):
            return None
        if len({one.commune.insee for one in named}) > 1:
            return f"{lieu.commune} {lieu.code_postal}"
        return (
            self.random.choice((lieu.commune.lower(), lieu.commune, f"à {lieu.commune}", lieu.code_postal))
            if (len(self.communes.by_postal_code(lieu.code_postal)) == 1)
            else self.random.choice((lieu.commune.lower(), fold(lieu.commune), f"près de {lieu.commune}"))
        )

    def _insee(self, lieu: Lieu) -> str:
        row = self.communes.of_address(lieu.commune, lieu.code_postal, lieu.code_insee)
        return row.insee if row else ""

    def _there(self, lieu: Lieu, holds: Callable[[Lieu], bool]) -> set[str]:
        return {other.id for other in self.by_town[self._insee(lieu)] if holds(other)}

    def _service(self, lieu: Lieu) -> tuple[str, set[str]] | None:
        if not _handles(lieu) or not (town := self._town(lieu)):
            return None
        return f"{self.random.choice(HANDLED)} {town}", self._there(lieu, _handles)

    def _label_and_day(self, lieu: Lieu) -> tuple[str, set[str]] | None:
        town, jour = self._town(lieu), self.random.choice(JOURS)
        part = self.random.choice(list(PARTS))
        right = self._there(lieu, lambda one: _has(one, FRANCE_SERVICES) and _is_open(one, jour, part))
        label = self.random.choice(LABELS[FRANCE_SERVICES])
        words = [label, f"{jour} {part}".strip(), town or ""]
        self.random.shuffle(words)
        return (" ".join(words), right) if town else None

    def _number(self, lieu: Lieu) -> tuple[str, set[str]] | None:
        if not lieu.telephone or not re.fullmatch(r"\+33\d{9}", lieu.telephone):
            return None
        digits = "0" + lieu.telephone[3:]
        pairs = [digits[place : place + 2] for place in range(0, 10, 2)]
        written = self.random.choice(
            (
                digits,
                " ".join(pairs),
                f"c'est qui le {'.'.join(pairs)} ?",
                f"+33 {digits[1]} {' '.join(pairs[1:])}",
                f"le numéro {' '.join(pairs[:4])}",
                digits[:8],
            )
        )
        typed = re.sub(r"\D", "", written).removeprefix("33").removeprefix("0")
        wanted = f"+33{typed}"
        return written, {other.id for other in self.lieux if (other.telephone or "").startswith(wanted)}

    def _shorthand(self, lieu: Lieu) -> tuple[str, set[str]] | None:
        """What a helper types in a hurry: "rdv caf orthez aidants connect jeudi"."""
        label = self.random.choice((AIDANTS, FRANCE_SERVICES, FRANCE_SERVICES))
        town, jour = self._town(lieu), self.random.choice(JOURS)
        if not _has(lieu, label) or not town:
            return None
        right = self._there(lieu, lambda one: _has(one, label))
        opened = self._there(lieu, lambda one: _has(one, label) and _is_open(one, jour, ""))
        words = ["rdv", self.random.choice(HANDLED), town, self.random.choice(LABELS[label])]
        if opened:
            words.append(jour)
        return " ".join(words), opened or right

    def _misspelt_town(self, lieu: Lieu) -> tuple[str, set[str]] | None:
        label = self.random.choice((AIDANTS, FRANCE_SERVICES, CONSEILLER))
        named = self.communes.called(fold(lieu.commune))
        population = max((one.commune.population or 0 for one in named), default=0)
        if not _has(lieu, label) or population < 5000 or len(fold(lieu.commune)) < 6:
            return None
        misspelt = self._typo(fold(lieu.commune))
        if self.communes.called(misspelt) or self._insee(lieu) not in {one.commune.insee for one in named}:
            return None
        words = [self.random.choice(LABELS[label]), misspelt]
        self.random.shuffle(words)
        return " ".join(words), self._there(lieu, lambda one: _has(one, label))


def _core(lieu: Lieu) -> tuple[str, str]:
    """Return the name and the town without the little words, which nobody remembers."""
    return " ".join(word for word in fold(lieu.nom).split() if word not in LITTLE), fold(lieu.commune)


def _has(lieu: Lieu, label: str) -> bool:
    return label in lieu.dispositif_programmes_nationaux


def _handles(lieu: Lieu) -> bool:
    """Tell whether a place helps with the procedures that every France Services helps with."""
    return _has(lieu, FRANCE_SERVICES) or "Aide aux démarches administratives" in lieu.services


def _is_open(lieu: Lieu, jour: str, part: str) -> bool:
    """Look at every quarter of an hour of the next such day, from now on."""
    if not lieu.horaires or not lieu.horaires.strip() or NONSENSE in lieu.horaires:
        return False
    try:
        hours = OpeningHours(lieu.horaires, timezone=paris(), country="FR")
    except ParserError:
        return False
    day = NOW.replace(hour=0) + timedelta(days=JOURS.index(jour))
    quarters = (day + timedelta(minutes=15 * quarter) for quarter in range(4 * PARTS[part][0], 4 * PARTS[part][1]))
    return any(hours.is_open(quarter) for quarter in quarters if quarter >= NOW)
