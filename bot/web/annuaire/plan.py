"""The map of the lieux found: a drawing over points of communes, made here and without an outside server.

Positions are those of Web Mercator in units of a square of `SIDE`, from its upper left corner.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.annuaire.consultation import Resultat, Sorte
from knowledge.communes import Commune, Gazetteer
from knowledge.positions import locate

SIDE = 400.0
EARTH_KM = 40_075.0
"""The length of the equator: the width of the world."""
SMALLEST_KM = 6.0
"""The smallest width of a map: below, there is no commune to recognise where one is."""
MARGIN = 1.45
"""How much wider the map is than what it must hold."""
RADIUS = 15.0
"""Of the disc of a lieu, whose number must be read and pressed."""
MOST_LABELS = 14
MOST_POINTS = 150
LETTER, LINE, DESCENT, GAP = 7.2, 16.0, 4.0, 7.0
"""What a letter, a line and what hangs below it take in a label, and the space between a point and its label."""
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Lengths of the scale, in km."""


@dataclass(frozen=True, slots=True)
class View:
    """The part of the world that is shown: its upper left corner and its width, the world being 1 wide."""

    left: float
    top: float
    width: float

    def point(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return where a position is drawn."""
        x, y = mercator(latitude, longitude)
        return (x - self.left) / self.width * SIDE, (y - self.top) / self.width * SIDE

    def corner(self, x: float, y: float) -> tuple[float, float]:
        """Return the latitude and the longitude of a point of the drawing."""
        north = math.pi * (1 - 2 * (self.top + y / SIDE * self.width))
        return math.degrees(math.atan(math.sinh(north))), (self.left + x / SIDE * self.width) * 360 - 180


@dataclass(frozen=True, slots=True)
class Mark:
    """A lieu: its number in the list, where its disc is drawn and where it really is.

    `approximate`: only its commune is known.
    """

    number: int
    nom: str
    approximate: bool
    x: float
    y: float
    real_x: float
    real_y: float

    @property
    def moved(self) -> bool:
        """Whether the disc had to make room for another one."""
        return math.hypot(self.x - self.real_x, self.y - self.real_y) > RADIUS / 2


@dataclass(frozen=True, slots=True)
class Label:
    """Where a name is written; `x` is its `anchor` ("start", "middle", "end"), `y` the line under its letters."""

    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Town:
    """A commune: a point, and its name where there is room for it."""

    nom: str
    x: float
    y: float
    label: Label | None
    asked: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The map of one page of lieux. `scale_km` is drawn `scale` long. `unplaced`: lieux whose position is not known."""

    view: View
    marks: tuple[Mark, ...]
    towns: tuple[Town, ...]
    scale_km: int
    scale: float
    unplaced: int


def plan_of(resultat: Resultat, communes: Gazetteer, first: int = 1) -> Plan | None:
    """Draw a page of lieux, the first of which has the number `first`; None when no position is known."""
    located = [(number, one.lieu.nom, locate(one.lieu, communes)) for number, one in enumerate(resultat.lieux, first)]
    placed = [(number, nom, at.approximate, at.point) for number, nom, at in located if at.point]
    if not placed:
        return None
    asked = [found for insee in resultat.consultation.valeurs(Sorte.COMMUNE) if (found := communes.by_insee(insee))]
    view = view_of([*(point for *_, point in placed), *_positions(asked)])
    real = [view.point(*point) for *_, point in placed]
    discs = zip(placed, spread(real), real, strict=True)
    marks = tuple(Mark(number, nom, approximate, *disc, *at) for (number, nom, approximate, _), disc, at in discs)
    km = _width_km(view)
    scale_km = max((step for step in STEPS if step <= km / 3), default=1)
    towns = tuple(_towns(view, communes, asked, marks))
    return Plan(view, marks, towns, scale_km, scale_km / km * SIDE, len(resultat.lieux) - len(placed))


def mercator(latitude: float, longitude: float) -> tuple[float, float]:
    """Return a position in the world of Web Mercator, 1 wide and 1 high."""
    bounded = math.radians(max(-85.0, min(85.0, latitude)))
    return (longitude + 180) / 360, (1 - math.asinh(math.tan(bounded)) / math.pi) / 2


def view_of(positions: Sequence[tuple[float, float]]) -> View:
    """Return the square that holds some positions (latitude, longitude) and some of what is around them."""
    points = [mercator(latitude, longitude) for latitude, longitude in positions]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    smallest = SMALLEST_KM / (EARTH_KM * math.cos(math.radians(positions[0][0])))
    width = max(max(xs) - min(xs), max(ys) - min(ys), smallest / MARGIN) * MARGIN
    return View((min(xs) + max(xs) - width) / 2, (min(ys) + max(ys) - width) / 2, width)


def spread(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the points moved apart, so that no disc hides another one, and none leaves the drawing."""
    moved = [list(point) for point in points]
    for _ in range(60):
        for one in range(len(moved)):
            for other in range(one):
                _part(moved[other], moved[one], angle=one)
        for point in moved:
            point[:] = (min(max(value, RADIUS), SIDE - RADIUS) for value in point)
    return [(x, y) for x, y in moved]


def _part(a: list[float], b: list[float], angle: int) -> None:
    """Push two discs half way apart each, if they overlap; two at one point go where `angle` (radians) says."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    distance = math.hypot(dx, dy)
    if distance >= 2 * RADIUS:
        return
    if distance < 1e-6:
        dx, dy, distance = math.cos(angle), math.sin(angle), 1.0
        push = RADIUS
    else:
        push = (2 * RADIUS - distance) / 2
    for point, sign in ((a, -1), (b, 1)):
        point[0] += sign * push * dx / distance
        point[1] += sign * push * dy / distance


def _positions(communes: Iterable[Commune]) -> list[tuple[float, float]]:
    return [(one.latitude, one.longitude) for one in communes if one.latitude is not None and one.longitude is not None]


def _width_km(view: View) -> float:
    latitude, _ = view.corner(0, SIDE / 2)
    return view.width * EARTH_KM * math.cos(math.radians(latitude))


Box = tuple[float, float, float, float]


def _towns(view: View, communes: Gazetteer, asked: Sequence[Commune], marks: Sequence[Mark]) -> Iterator[Town]:
    """Yield the communes of the map, those asked for first, then the most populous: names never cover one another."""
    north, west = view.corner(0, 0)
    south, east = view.corner(SIDE, SIDE)
    taken: list[Box] = [(one.x - RADIUS, one.y - RADIUS, one.x + RADIUS, one.y + RADIUS) for one in marks]
    labels = 0
    for commune in dict.fromkeys([*asked, *communes.within_box(south, west, north, east, MOST_POINTS)]):
        for latitude, longitude in _positions([commune]):
            x, y = view.point(latitude, longitude)
            label = _label(x, y, commune.nom, taken) if labels < MOST_LABELS else None
            labels += label is not None
            yield Town(commune.nom, x, y, label, commune in asked)


def _label(x: float, y: float, nom: str, taken: list[Box]) -> Label | None:
    """Return where there is room for the name of a point, beside it or farther off, and take that room."""
    width = len(nom) * LETTER
    for gap in (GAP, GAP + RADIUS):
        for anchor, dx, dy in (("start", gap, 0.0), ("end", -gap, 0.0), ("middle", 0.0, -gap), ("middle", 0.0, gap)):
            left = x + dx - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
            top = y + dy - (LINE / 2 if not dy else LINE if dy < 0 else 0.0)
            box = (left, top, left + width, top + LINE)
            inside = left >= 0 and top >= 0 and box[2] <= SIDE and box[3] <= SIDE
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                return Label(x + dx, top + LINE - DESCENT, anchor)
    return None


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
