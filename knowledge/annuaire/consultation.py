"""What a helper looks up (`Consultation`) and what is found (`Resultat`)."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge.demande import LieuPropose


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
        raise NotImplementedError

    def valeurs(self, sorte: Sorte) -> tuple[str, ...]:
        """Return the codes of one kind."""
        return tuple(critere.valeur for critere in self.criteres if critere.sorte is sorte)


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
    lieux: tuple[LieuPropose, ...]
    total: int
    facettes: tuple[Facette, ...] = ()
    elargi: tuple[str, ...] = ()
