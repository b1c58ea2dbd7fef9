"""What a format may ask for while it reads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import TypeAlias

from knowledge.communes import Gazetteer
from knowledge.importing.adresses import Adresses
from knowledge.importing.files import Source
from knowledge.importing.report import Notes
from knowledge.needs import load_needs
from knowledge.tables import Item


@cache
def need_ids() -> frozenset[str]:
    """Return the ids of the needs, which slots may name."""
    return frozenset(load_needs())


@dataclass
class Context:
    """The command's instant (aware, Europe/Paris) and gazetteer; `series` collects the calendar events met."""

    now: datetime
    load_gazetteer: Callable[[], Gazetteer]
    series: set[str] = field(default_factory=set)

    @cached_property
    def adresses(self) -> Adresses:
        """The checks of addresses; the gazetteer is loaded at first use."""
        return Adresses(self.load_gazetteer())


ReadFile: TypeAlias = Callable[[Source, Notes, Context], Iterator[Item]]
"""Yields the items of a file; doubts and refused rows go to the notes. Raises `ImportImpossible`."""
