"""What is known of a commune, and what a search for one answers."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Commune:
    """A current commune or an arrondissement municipal (Paris, Lyon, Marseille).

    Coordinates are degrees; `approximate` says that they are those of its neighbours. `noms` are other names:
    Basque, Gascon, short or former ones, well-known districts.
    """

    insee: str
    nom: str
    codes_postaux: tuple[str, ...]
    departement: str
    epci: str | None
    population: int | None
    latitude: float | None
    longitude: float | None
    approximate: bool
    noms: tuple[str, ...] = ()

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude, when they are known."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A commune that a text may name; `score` from 0 to 1."""

    commune: Commune
    score: float


@dataclass(frozen=True, slots=True)
class CommuneMatch:
    """The communes that a text may name, best first. `ambiguous`: none of them may be taken without asking."""

    candidates: tuple[Candidate, ...] = ()
    ambiguous: bool = False

    @property
    def commune(self) -> Commune | None:
        """The commune, when there is no doubt about which."""
        return self.candidates[0].commune if self.candidates and not self.ambiguous else None


class Cue(StrEnum):
    """What the words before a place name say of it, strongest first."""

    RESIDENCE = "residence"
    """ "j'habite à", "je suis sur", "je vis à", "on loge à". """
    LOCATIVE = "locative"
    """ "à", "vers", "près de", "du côté de", "autour de". """
    ORIGIN = "origin"
    """ "de", "d'": also what follows a service ("la mairie de"). """
    NEGATED = "negated"
    """ "pas à", "ni à", "plus à", "j'ai quitté". """
    STREET = "street"
    """ "rue de", "avenue de", "route de": an address elsewhere. """
    PERSON = "person"
    """ "monsieur", "madame", "docteur": a surname. """
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place name inside a message: `message[start:end] == text`.

    `candidates`, `ambiguous`: as in `CommuneMatch`. `score` says how sure it is that these words are a place at all
    (0 to 1). `cue` is what precedes it. `exact` is False for a name read through a typo.
    """

    start: int
    end: int
    text: str
    candidates: tuple[Candidate, ...]
    ambiguous: bool
    score: float
    cue: Cue
    exact: bool

    @property
    def commune(self) -> Commune | None:
        """The commune, when there is no doubt about which."""
        return self.candidates[0].commune if self.candidates and not self.ambiguous else None
