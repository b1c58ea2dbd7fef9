"""The longest values of a base: what a sentence must have room for, whatever place or slot is proposed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine, select

from knowledge.creneaux import Creneau
from knowledge.demonstration import demonstration
from knowledge.horaires import paris
from knowledge.lieux import Lieu
from knowledge.tables import creneau as creneaux_table
from knowledge.tables import lieu as lieux_table
from knowledge.telephones import telephone

Width = Callable[[str], int]
"""How much room a text takes on a channel."""

LONG_HOURS = "Sep 14-22 00:00-24:00; Sep 23 00:00-10:30,13:30-17:30"
AT_LENGTH = datetime(2026, 9, 14, 12, tzinfo=paris())
"""Hours, and an instant: no sentence about other hours is longer than the one about these at that instant."""

LIEU_TEXTS = ("nom", "adresse", "commune", "telephone")
CRENEAU_TEXTS = ("titre", "lieu", "commune", "inscription", "telephone")


@dataclass(frozen=True, slots=True)
class Longest:
    """A place and a training slot that nobody has: each of their texts is the longest of the base."""

    lieu: Lieu
    creneau: Creneau


def read_longest(engine: Engine, width: Width) -> Longest:
    """Read the longest values of a base; those of the demonstration while the base is empty."""
    with engine.connect() as connection:
        lieux = connection.execute(select(*(lieux_table.c[name] for name in LIEU_TEXTS))).all()
        creneaux = connection.execute(select(*(creneaux_table.c[name] for name in CRENEAU_TEXTS))).all()
    if not lieux and not creneaux:
        return longest_of(*demonstration(AT_LENGTH), width)
    return Longest(_lieu(lieux, width), _creneau(creneaux, width))


def longest_of(lieux: Iterable[Lieu], creneaux: Iterable[Creneau], width: Width) -> Longest:
    """Return the longest values of these rows."""
    return Longest(
        _lieu([[getattr(lieu, name) for name in LIEU_TEXTS] for lieu in lieux], width),
        _creneau([[getattr(creneau, name) for name in CRENEAU_TEXTS] for creneau in creneaux], width),
    )


def _lieu(rows: Sequence[Sequence[Any]], width: Width) -> Lieu:
    return Lieu(id="", code_postal="", horaires=LONG_HOURS, **_widest(LIEU_TEXTS, rows, width))


def _creneau(rows: Sequence[Sequence[Any]], width: Width) -> Creneau:
    return Creneau(id="", start=AT_LENGTH.replace(day=23, hour=13, minute=30), **_widest(CRENEAU_TEXTS, rows, width))


def _widest(names: Sequence[str], rows: Sequence[Sequence[Any]], width: Width) -> dict[str, Any]:
    """Return, by column, the value that takes the most room; "" where the base has none."""
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return {
        name: max({text for text in column if text}, key=partial(_room, name, width), default="")
        for name, column in zip(names, columns, strict=True)
    }


def _room(name: str, width: Width, text: str) -> tuple[int, str]:
    return width(telephone(text) if name == "telephone" else text), text
