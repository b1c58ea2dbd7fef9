"""Images of an outside map server under our drawing, for who has chosen one (`AIGUILLEUR_TUILES`)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.web.annuaire.plan import SIDE, View

TILE = 256
"""Pixels of an image."""
DEEPEST = 18


@dataclass(frozen=True, slots=True)
class Tuile:
    """An image, and where it is drawn."""

    address: str
    x: float
    y: float
    side: float


def tuiles_of(view: View, model: str) -> Iterator[Tuile]:
    """Yield the images that cover a map; `model` is an address with {z}, {x} and {y}."""
    z = max(0, min(DEEPEST, round(math.log2(SIDE / (view.width * TILE)))))
    count = 2**z
    side = SIDE / (view.width * count)
    columns = range(math.floor(view.left * count), math.floor((view.left + view.width) * count) + 1)
    rows = range(math.floor(view.top * count), math.floor((view.top + view.width) * count) + 1)
    for y in (row for row in rows if 0 <= row < count):
        for x in columns:
            address = model.replace("{z}", str(z)).replace("{x}", str(x % count)).replace("{y}", str(y))
            yield Tuile(address, (x - view.left * count) * side, (y - view.top * count) * side, side)


def host_of(model: str) -> str:
    """Return the name of the server, "" for no model."""
    return urlsplit(model).netloc


def source_of(model: str) -> str:
    """Return what the browser is allowed: the server of the images, and nothing else of it."""
    parts = urlsplit(model)
    return f"{parts.scheme}://{parts.netloc}"
