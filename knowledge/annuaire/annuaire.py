"""`Annuaire`: reads queries and answers them over one snapshot of the knowledge."""

from collections.abc import Sequence
from datetime import datetime

from knowledge.annuaire.consultation import Consultation, Critere, Resultat
from knowledge.snapshot import Knowledge


class Annuaire:
    """The look-up over one `Knowledge`; built at its first use, kept as long as it (`annuaire_of`)."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def lire(self, texte: str, filtres: Sequence[tuple[str, str]] = ()) -> Consultation:
        """Read a query: any text at all, of any length, and filters as (kind, code); unknown ones are said dropped."""
        raise NotImplementedError

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
        """Return the lieux from the `skip`th best on. `origin`: where distances are counted from, if not the commune."""
        raise NotImplementedError

    def critere(self, sorte: str, valeur: str) -> Critere | None:
        """Return a filter by its code, None for one that does not exist."""
        raise NotImplementedError


def annuaire_of(knowledge: Knowledge) -> Annuaire:
    """Return the look-up of a snapshot."""
    raise NotImplementedError
