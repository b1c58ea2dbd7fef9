"""Evidence (knowledge/data/preuves.yml): which facts of a place say that it serves a need or a posture, and how strongly.

None always means "nothing said", never "no": a row of the national data that names no procedure proves nothing.
"""

from dataclasses import dataclass

from knowledge.labels import Posture
from knowledge.lieux import Lieu
from knowledge.needs import Need


@dataclass(frozen=True, slots=True)
class Preuve:
    """One piece of evidence: its weight in 0..1 and the French reason that says what it rests on."""

    weight: float
    phrase: str


Signes = tuple[object, ...]
"""What was recognised in a place: opaque and hashable; many places share the same."""


class Preuves:
    """The table of evidence, ready to read places.

    A caller with many places keeps `signes(lieu)` and asks `need(signes, need)`: answers are cached by signs.
    """

    def signes(self, lieu: Lieu) -> Signes:
        """Recognise the signs of a place: labels, kind, services, words of its name and of its presentation."""
        raise NotImplementedError

    def need(self, signes: Signes, need: Need) -> Preuve | None:
        raise NotImplementedError

    def posture(self, signes: Signes, posture: Posture) -> Preuve | None:
        raise NotImplementedError

    def confidential(self, signes: Signes) -> Preuve | None:
        raise NotImplementedError

    def need_evidence(self, lieu: Lieu, need: Need) -> Preuve | None:
        """Return the strongest evidence that the place serves the need."""
        return self.need(self.signes(lieu), need)

    def posture_evidence(self, lieu: Lieu, posture: Posture) -> Preuve | None:
        """Return the strongest evidence that the place gives this kind of help."""
        return self.posture(self.signes(lieu), posture)

    def confidential_evidence(self, lieu: Lieu) -> Preuve | None:
        """Return the strongest evidence that the place keeps a secret (professional secrecy, habilitation)."""
        return self.confidential(self.signes(lieu))


def load_preuves() -> Preuves:
    """Read preuves.yml."""
    return Preuves()


def receives_public(lieu: Lieu) -> bool:
    """Return False when the publisher says that the place receives nobody; True when it does not say so."""
    return True
