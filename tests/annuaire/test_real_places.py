"""The look-up over the real places: scores with floors, nothing shown twice."""

from benchmarks.lookups import NOW, make_lookups
from knowledge.annuaire import Annuaire
from knowledge.doublons import group_doublons
from knowledge.lieux import Lieu
from scripts.evaluate_lookup import measure


def test_the_right_place_is_first_and_in_three(real: Annuaire, real_lieux: list[Lieu]) -> None:
    lookups = make_lookups(real_lieux, share=0.6)  # the whole set: make evaluate
    assert len(lookups) >= 200
    assert len({lookup.kind for lookup in lookups}) == 6
    assert all(lookup.right for lookup in lookups)
    scores = measure(lookups, real)
    assert scores["ensemble"].shares()["first"] >= 0.95
    assert scores["ensemble"].shares()["three"] >= 0.99
    assert min(score.shares()["first"] for score in scores.values()) >= 0.9


def test_a_real_lieu_is_shown_once(real: Annuaire, real_lieux: list[Lieu]) -> None:
    group = {lieu.id: number for lieu, number in zip(real_lieux, group_doublons(real_lieux), strict=True)}
    assert len(set(group.values())) < len(real_lieux)
    found = real.chercher(real.lire("france services pau"), NOW, at_most=50)
    assert len(found.lieux) == 50
    assert len({group[one.lieu.id] for one in found.lieux}) == 50
