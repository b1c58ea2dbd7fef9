"""What a helper looks up (`Consultation`) and what is found (`Resultat`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.annuaire.liste import Liste
from knowledge.communes.text import Token, tokens


class Sorte(StrEnum):
    """What a `Critere` is about; the name of its parameter in an address (`/annuaire?label=aidants-connect`)."""

    BESOIN = "besoin"
    SERVICE = "service"
    LABEL = "label"
    PUBLIC = "public"
    ACCES = "acces"
    FRAIS = "frais"
    MOMENT = "moment"
    COMMUNE = "commune"
    NOM = "nom"
    TELEPHONE = "telephone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Critere:
    """One thing asked for.

    `valeur` is a code ("caf", "aidants-connect", "64371", "jeudi-matin", "maintenant"; for `NOM`, the folded words; for
    `TELEPHONE`, the digits). `libelle` is French for a reader ("Aidants Connect", "jeudi matin"). `mots` are the words
    of the query that said it, as typed: the query less these words asks for the same less this; "" for a filter.
    """

    sorte: Sorte
    valeur: str
    libelle: str
    mots: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """A query as it was read.

    `incompris`: words that nothing was made of. `ecartes`: French sentences on what was dropped and why (three towns,
    filters that contradict one another, a text that is too long).
    """

    texte: str
    criteres: tuple[Critere, ...]
    incompris: tuple[str, ...] = ()
    ecartes: tuple[str, ...] = ()

    def sans(self, critere: Critere) -> str:
        """Return the query without the words of one criterion."""
        written, asked = list(tokens(self.texte)), [token.raw for token in tokens(critere.mots)]
        starts = range(len(written) - len(asked) + 1) if asked else range(0)
        whole = [first for first in starts if [token.raw for token in written[first : first + len(asked)]] == asked]
        gone = written[whole[0] : whole[0] + len(asked)] if whole else _first_of_each(written, asked)
        kept = self.texte
        for token in sorted(gone, key=lambda token: -token.start):
            kept = f"{kept[: token.start]} {kept[token.end :]}"
        return " ".join(kept.split())

    def valeurs(self, sorte: Sorte) -> tuple[str, ...]:
        """Return the codes of one kind."""
        return tuple(critere.valeur for critere in self.criteres if critere.sorte is sorte)


def _first_of_each(written: Sequence[Token], asked: Sequence[str]) -> list[Token]:
    """Return for each asked word the first of the written ones that is no other one's."""
    found: list[Token] = []
    for raw in asked:
        found += [token for token in written if token.raw == raw and token not in found][:1]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Facette:
    """A filter that could be added: how many of the lieux found would stay; `choisie` when it is already asked."""

    sorte: Sorte
    valeur: str
    libelle: str
    nombre: int
    choisie: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resultat:
    """One page of lieux, best first, with reasons and doubts; `total` counts all pages.

    `elargi`: French sentences on what was given up to find any (as in `Orientation.relaxed`).
    """

    consultation: Consultation
    lieux: Liste
    total: int
    facettes: tuple[Facette, ...] = ()
    elargi: tuple[str, ...] = ()
