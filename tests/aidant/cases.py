"""What the tests of the advice share: the instant, and every situation of a helper."""

from collections.abc import Iterator
from datetime import datetime
from itertools import product

from knowledge.demande import Demande
from knowledge.echelle import VALUES
from tests.test_conversations import NOW, PARIS

AT = datetime.fromisoformat(NOW).replace(tzinfo=PARIS)
ASKED = ("posture", "urgency", "autonomy", "confidential", "disponibilite", "habilitation")
NEEDS = (None, "caf", "retraite", "ordinateur", "imprimer-scanner", "reparation")
"""One of each family, recurrent and not."""


def demandes() -> Iterator[Demande]:
    """Yield a request for every combination of what a helper may say."""
    choices = [(None, *VALUES[name].values()) for name in ASKED]
    for need, *values in product(NEEDS, *choices):
        yield Demande(need=need, **dict(zip(ASKED, values, strict=True)))
