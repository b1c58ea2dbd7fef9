"""How sure some words of a message are a place: many names of communes are also French words."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from knowledge.communes.model import Cue
from knowledge.communes.names import ARTICLES, OTHER, POPULOUS, Named

SHORT_WORD = 4
"""Letters up to which a name may be a slip or an abbreviation."""
LONG_WORD = 7
"""Letters from which a misspelt name is believed without anything around it."""
KNOWN_ANYWHERE = 20_000
"""Inhabitants from which a town of another part of the country needs no more than "de" before it."""
KNOWN_NEARBY = 1_500
KNOWN_NEAR_BY_NAME = 15_000
"""Inhabitants from which a town of the next département needs nothing around its short name: "dax"."""
PLACED = frozenset({Cue.RESIDENCE, Cue.LOCATIVE})


class Reading(NamedTuple):
    """Some words of a message, read as a place, and what stands around them."""

    key: Sequence[str]
    named: Sequence[Named]
    cue: Cue
    capital: bool
    alone: bool
    exact: bool
    with_code: bool
    beside: Collection[str] = ()
    """The départements that touch the territory."""

    @property
    def population(self) -> int:
        """The inhabitants of the largest commune that the words may name."""
        return max(n.commune.population or 0 for n in self.named)


def certainty(reading: Reading, territoire: Collection[str], ordinary: Collection[str]) -> float:
    """Return how sure these words are a place, from 0 (no) to 1."""
    core = [word for word in reading.key if word not in ARTICLES]
    word = core[0] if len(core) == 1 else None
    inside = any(n.commune.departement in territoire for n in reading.named)
    if reading.with_code:
        return of_postal_code(reading, inside)
    if not reading.exact:
        return of_misspelt(reading, word)
    if not inside and any(n.commune.departement in reading.beside for n in reading.named):
        return of_neighbour(reading, word, ordinary)
    if not inside:
        return of_elsewhere(reading, word, ordinary)
    if word and word in ordinary and reading.population < POPULOUS:
        return of_ordinary_word(reading)
    if reading.cue in PLACED:
        return 0.98
    evidence = reading.capital or reading.alone or reading.cue is not Cue.NONE
    return 0.9 if evidence or not word or (len(word) > SHORT_WORD and word not in ordinary) else 0.4


def of_ordinary_word(reading: Reading) -> float:
    """A village named as a French word ("Sus", "Came") needs a capital, or to stand alone."""
    if reading.capital and reading.cue is not Cue.NONE:
        return 0.8
    return 0.6 if reading.capital or reading.alone else 0.0


def of_neighbour(reading: Reading, word: str | None, ordinary: Collection[str]) -> float:
    """A name of the next département is believed as one of the territory, French words and short names less."""
    if word and word in ordinary:
        known = reading.capital or (reading.cue in PLACED and len(word) > SHORT_WORD)
        return 0.8 if known and reading.population >= POPULOUS else 0.0
    if reading.cue in PLACED:
        return 0.9
    if word and len(word) <= SHORT_WORD:
        return (
            0.8 if reading.population >= KNOWN_NEAR_BY_NAME or (reading.capital and reading.cue is Cue.ORIGIN) else 0.0
        )
    return 0.85 if reading.capital or reading.alone or reading.population >= KNOWN_NEARBY else 0.0


def of_postal_code(reading: Reading, inside: bool) -> float:
    """A code with its name is sure; alone, five digits may be anything."""
    if any(not word.isdecimal() for word in reading.key):
        return 0.98
    if inside:
        return 0.9
    return 0.7 if reading.cue in PLACED or reading.alone else 0.0


def of_misspelt(reading: Reading, word: str | None) -> float:
    """A misspelt name is believed after a cue, with a capital, or when it is long."""
    if reading.cue in PLACED:
        return 0.8
    return 0.7 if word is None or reading.capital or reading.alone or len(word) >= LONG_WORD else 0.0


def of_elsewhere(reading: Reading, word: str | None, ordinary: Collection[str]) -> float:
    """A name of another part of the country is believed after a cue, when it is no French word."""
    if max(n.quality for n in reading.named) < OTHER - 0.01:
        return 0.0
    if word and word in ordinary and not (reading.capital and reading.cue in PLACED):
        return 0.0
    if word and len(word) < SHORT_WORD and not (reading.population >= KNOWN_ANYWHERE and _is_set_apart(reading)):
        return 0.0
    if reading.cue in (Cue.NONE, Cue.PERSON, Cue.STREET):
        return 0.7 if reading.alone and reading.population >= POPULOUS else 0.0
    if reading.cue is Cue.RESIDENCE or reading.population >= KNOWN_ANYWHERE:
        return 0.9
    return 0.6 if reading.cue is Cue.LOCATIVE and (reading.capital or reading.population >= KNOWN_NEARBY) else 0.0


def _is_set_apart(reading: Reading) -> bool:
    """Whether three letters are written as a place is: "à Dax", or alone."""
    return reading.cue in PLACED or reading.alone
