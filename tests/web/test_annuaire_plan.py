"""The map: where positions are drawn, that nothing covers anything, that no outside image is asked for unasked."""

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.annuaire.fond import host_of, source_of, tuiles_of
from bot.web.annuaire.plan import RADIUS, SIDE, STEPS, Mark, Plan, mercator, plan_of, spread, view_of
from knowledge.annuaire.consultation import Consultation, Critere, Resultat, Sorte
from knowledge.annuaire.liste import Liste
from knowledge.communes import load_gazetteer
from knowledge.demande import LieuPropose
from knowledge.lieux import Lieu
from knowledge.positions import distance_km

COMMUNES = load_gazetteer()
ORTHEZ, PAU, MAULEON = "64430", "64445", "64371"
MODEL = "https://carte.exemple/{z}/{x}/{y}.png"
degrees = st.tuples(st.floats(41, 51), st.floats(-5, 9))


def propose(insee: str, *, shift: float = 0.0, known: bool = True, number: int = 0) -> LieuPropose:
    """Return a lieu near the middle of a commune; its own position unknown if not `known`."""
    commune = COMMUNES.by_insee(insee)
    assert commune
    assert commune.latitude is not None
    assert commune.longitude is not None
    lieu = Lieu(
        id=f"{insee}-{number}",
        nom=f"Lieu {number}",
        commune=commune.nom,
        code_postal=commune.codes_postaux[0],
        latitude=commune.latitude + shift if known else None,
        longitude=commune.longitude if known else None,
    )
    return LieuPropose(
        lieu=lieu, commune=commune.nom, distance_km=None, open_now=None, next_opening=None, horaires_phrase=None,
        by_appointment=False, postures=(), reasons=(), doubts=(), score=0.5,
    )  # fmt: skip


def drawn(*lieux: LieuPropose, insee: str | None = None) -> Plan | None:
    asked = (Critere(sorte=Sorte.COMMUNE, valeur=insee, libelle="", mots=""),) if insee else ()
    consultation = Consultation(texte="", criteres=asked)
    return plan_of(Resultat(consultation=consultation, lieux=Liste.of(lieux), total=len(lieux)), COMMUNES, 11)


def plan(*lieux: LieuPropose, insee: str | None = None) -> Plan:
    found = drawn(*lieux, insee=insee)
    assert found
    return found


def test_the_world_is_a_square_around_greenwich() -> None:
    assert mercator(0, 0) == pytest.approx((0.5, 0.5))
    assert mercator(85.0511287798, -180)[0] == 0
    assert mercator(85, 180)[1] == pytest.approx(0, abs=0.002)


@given(st.lists(degrees, min_size=1, max_size=10))
def test_every_position_is_on_the_map_and_comes_back(positions: list[tuple[float, float]]) -> None:
    view = view_of(positions)
    for latitude, longitude in positions:
        x, y = view.point(latitude, longitude)
        assert 0 <= x <= SIDE
        assert 0 <= y <= SIDE
        assert view.corner(x, y) == pytest.approx((latitude, longitude))


def test_north_is_up_and_east_is_right() -> None:
    orthez, pau = plan(propose(ORTHEZ), propose(PAU)).marks
    assert orthez.real_y < pau.real_y
    assert orthez.real_x < pau.real_x


def test_numbers_are_those_of_the_list() -> None:
    lieux = [propose(ORTHEZ, number=1), propose(PAU, number=2)]
    assert [(mark.number, mark.nom) for mark in plan(*lieux).marks] == [(11, "Lieu 1"), (12, "Lieu 2")]


def test_a_lieu_whose_commune_alone_is_known_is_marked_so() -> None:
    known, unknown = plan(propose(ORTHEZ), propose(PAU, known=False)).marks
    assert (known.approximate, unknown.approximate) == (False, True)


def test_a_position_far_from_the_commune_is_not_believed() -> None:
    (mark,) = plan(propose(ORTHEZ, shift=5)).marks
    assert mark.approximate


@given(st.lists(st.tuples(st.floats(0, SIDE), st.floats(0, SIDE)), max_size=10))
def test_discs_are_moved_apart_and_stay_inside(points: list[tuple[float, float]]) -> None:
    moved = spread(points)
    assert len(moved) == len(points)
    assert all(RADIUS <= value <= SIDE - RADIUS for point in moved for value in point)
    assert all(math.dist(a, b) >= RADIUS for a, b in combinations(moved, 2)), "no number hides another one"


def test_what_is_not_crowded_does_not_move() -> None:
    points = [(100.0, 100.0), (200.0, 100.0), (100.0, 200.0)]
    assert spread(points) == points


def test_ten_lieux_of_one_address_can_all_be_pressed() -> None:
    found = plan(*(propose(ORTHEZ, number=number) for number in range(10)))
    gaps = [math.dist((a.x, a.y), (b.x, b.y)) for a, b in combinations(found.marks, 2)]
    assert len(gaps) == 45
    assert min(gaps) >= 1.9 * RADIUS
    assert any(mark.moved for mark in found.marks)


def test_names_of_communes_cover_neither_names_nor_lieux() -> None:
    found = plan(propose(ORTHEZ), propose(PAU), propose(MAULEON), insee=ORTHEZ)
    named = [town for town in found.towns if town.label]
    assert len(named) >= 8
    assert [town.nom for town in named if town.asked] == ["Orthez"]
    boxes = [_box(town.nom, town.label.x, town.label.y, town.label.anchor) for town in named if town.label]
    discs = [_disc(mark) for mark in found.marks]
    pairs = [*combinations(boxes, 2), *((box, disc) for box in boxes for disc in discs)]
    assert len(pairs) >= 28 + 24
    assert not [pair for pair in pairs if _overlap(*pair)]
    assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= SIDE and box[3] <= SIDE for box in boxes)


def test_towns_are_where_they_are() -> None:
    found = plan(propose(ORTHEZ), propose(MAULEON))
    (pau,) = [town for town in plan(propose(ORTHEZ), propose(PAU)).towns if town.nom == "Pau"]
    mark = plan(propose(ORTHEZ), propose(PAU)).marks[1]
    assert (pau.x, pau.y) == pytest.approx((mark.real_x, mark.real_y))
    assert len(found.towns) > 20


def test_the_scale_is_right() -> None:
    found = plan(propose(ORTHEZ), propose(PAU))
    a, b = found.marks
    (orthez, pau) = (COMMUNES.by_insee(insee) for insee in (ORTHEZ, PAU))
    assert orthez
    assert pau
    assert orthez.latitude is not None
    assert orthez.longitude is not None
    assert pau.latitude is not None
    assert pau.longitude is not None
    km = distance_km((orthez.latitude, orthez.longitude), (pau.latitude, pau.longitude))
    drawn_km = math.dist((a.real_x, a.real_y), (b.real_x, b.real_y)) * found.scale_km / found.scale
    assert drawn_km == pytest.approx(km, rel=0.02)
    assert found.scale_km in STEPS
    assert found.scale <= SIDE / 3


def test_without_a_position_there_is_no_map() -> None:
    nowhere = Lieu(id="x", nom="Nulle part", commune="Xyz", code_postal="99999")
    unknown = propose(PAU)
    lieu = LieuPropose(
        **{name: getattr(unknown, name) for name in unknown.__dataclass_fields__ if name != "lieu"}, lieu=nowhere
    )
    assert drawn(lieu) is None
    assert drawn() is None
    assert plan(propose(ORTHEZ), lieu).unplaced == 1


@given(st.lists(degrees, min_size=1, max_size=10))
def test_images_cover_the_map_and_touch_one_another(positions: list[tuple[float, float]]) -> None:
    tuiles = list(tuiles_of(view_of(positions), MODEL))
    assert 1 <= len(tuiles) <= 16
    assert min(tuile.x for tuile in tuiles) <= 1e-6
    assert min(tuile.y for tuile in tuiles) <= 1e-6
    assert max(tuile.x + tuile.side for tuile in tuiles) >= SIDE - 1e-6
    assert max(tuile.y + tuile.side for tuile in tuiles) >= SIDE - 1e-6
    assert len({tuile.address for tuile in tuiles}) == len(tuiles)


def test_the_image_is_that_of_the_place() -> None:
    """The arithmetic of the "Slippy map tilenames" page of the OpenStreetMap wiki, at the point of a known image."""
    view = view_of([(43.4886, -0.7694)])
    n = round(math.log2(SIDE / (view.width * 256)))
    x = int((-0.7694 + 180) / 360 * 2**n)
    y = int((1 - math.asinh(math.tan(math.radians(43.4886))) / math.pi) / 2 * 2**n)
    here = [tuile for tuile in tuiles_of(view, MODEL) if tuile.address == f"https://carte.exemple/{n}/{x}/{y}.png"]
    assert len(here) == 1
    assert here[0].x <= SIDE / 2 <= here[0].x + here[0].side
    assert here[0].y <= SIDE / 2 <= here[0].y + here[0].side


def test_the_browser_is_allowed_one_server() -> None:
    assert source_of("https://carte.exemple:8443/a/{z}/{x}/{y}?b=c") == "https://carte.exemple:8443"
    assert host_of("") == ""


Box = tuple[float, float, float, float]


def _box(nom: str, x: float, y: float, anchor: str) -> Box:
    """Return what a name takes at least: 6 units a letter, 10 high."""
    width = len(nom) * 6
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return left, y - 10, left + width, y


def _disc(mark: Mark) -> Box:
    return mark.x - RADIUS, mark.y - RADIUS, mark.x + RADIUS, mark.y + RADIUS


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
