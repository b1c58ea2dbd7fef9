"""Small bases to orient on: around Mauléon-Licharre (INSEE 64371), on Monday 23 November 2026 at 10:00."""

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from knowledge.agenda import Agenda
from knowledge.creneaux import Creneau
from knowledge.demande import Demande, Orientation
from knowledge.horaires import paris
from knowledge.index import Index
from knowledge.lieux import Lieu
from knowledge.orientation import orienter
from knowledge.preuves import Preuves, load_preuves
from knowledge.snapshot import Knowledge, build_knowledge

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=paris())
MAULEON = "64371"
LATITUDE, LONGITUDE = 43.2239, -0.8894
KM = 1 / 111.195
"""Degrees of latitude in a km."""
OPEN = "Mo-Su 08:00-20:00"
DEMARCHES = "Aide aux démarches administratives"


def lieu(key: str, km: float = 1.0, **fields: Any) -> Lieu:
    """Return a place `km` to the north of Mauléon that helps with procedures every day.

    Beyond 25 km it is in no commune: the index would not believe that it is in Mauléon.
    """
    known: dict[str, Any] = {
        "nom": f"Lieu {key}",
        "commune": "Mauléon-Licharre",
        "code_postal": "64130",
        "latitude": LATITUDE + km * KM,
        "longitude": LONGITUDE,
        "horaires": OPEN,
        "services": (DEMARCHES,),
        "modalites_accompagnement": ("Accompagnement individuel",),
        "telephone": f"+3353649{sum(map(ord, key)) % 10_000:04}",
        "date_maj": date(2026, 11, 1),
    }
    if km > 25:
        known |= {"commune": "", "code_postal": ""}
    return Lieu(id=key, **known | fields)


def creneau(key: str, start: datetime, **fields: Any) -> Creneau:
    """Return a session at Mauléon, free seats not said."""
    known: dict[str, Any] = {"titre": f"Atelier {key}", "latitude": LATITUDE, "longitude": LONGITUDE}
    return Creneau(id=key, start=start, **known | fields)


@cache
def empty() -> Knowledge:
    return build_knowledge([])


@cache
def preuves() -> Preuves:
    return load_preuves()


def base(*rows: Lieu | Creneau) -> Knowledge:
    """Return the knowledge of these rows; the rest (communes, needs, scale) is read once for all tests."""
    lieux = [row for row in rows if isinstance(row, Lieu)]
    creneaux = [row for row in rows if isinstance(row, Creneau)]
    communes = empty().communes
    return replace(empty(), index=Index(lieux, communes, preuves()), agenda=Agenda(creneaux, lieux, communes))


def answer(*rows: Lieu | Creneau, now: datetime = NOW, **asked: Any) -> Orientation:
    """Return the answer on a base of these rows, for somebody of Mauléon who needs help with the CAF."""
    known: dict[str, Any] = {"need": "caf", "latitude": LATITUDE, "longitude": LONGITUDE}
    return orienter(Demande(**known | asked), now, base(*rows))


def ids(orientation: Orientation) -> list[str]:
    return [one.lieu.id for one in orientation.lieux]
