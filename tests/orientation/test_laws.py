"""The laws of the ranking, on random places and requests."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.plain import Plain
from knowledge.demande import Demande, LieuPropose, Orientation
from knowledge.labels import Urgency
from knowledge.lieux import Lieu
from knowledge.orientation import decide, orienter
from knowledge.ranking import delai
from knowledge.semaines import read_horaires
from tests.orientation.cases import KM, LATITUDE, LONGITUDE, base, preuves
from tests.orientation.strategies import bases, demandes, instants, places

requests = instants.flatmap(lambda now: st.tuples(demandes(now), st.just(now)))
lieux = places("l5")


@settings(max_examples=100, deadline=None)
@given(rows=bases, request=requests)
def test_the_answer_is_that_of_the_plain_way(rows: tuple[Lieu, ...], request: tuple[Demande, datetime]) -> None:
    demande, now = request
    knowledge = base(*rows)
    need = knowledge.needs.get(demande.need or "")
    posture = decide(demande, delai(demande, now).urgency, need, knowledge).posture
    expected = Plain(rows, knowledge.communes, preuves()).best(demande, need, posture, now)
    found = orienter(demande, now, knowledge).lieux
    assert [one.lieu.id for one in found] == [key for key, _ in expected]
    assert [one.score for one in found] == pytest.approx([score for _, score in expected], abs=1e-8)


@settings(max_examples=100, deadline=None)
@given(rows=bases, request=requests)
def test_an_answer_is_never_empty_and_never_too_long(rows: tuple[Lieu, ...], request: tuple[Demande, datetime]) -> None:
    orientation = orienter(*request, base(*rows))
    assert orientation.lieux or orientation.fallback
    assert len(orientation.lieux) <= 3
    for one in orientation.lieux:
        assert 0 <= one.score <= 1
        assert one.lieu.id not in request[0].exclude
        assert all(sentence and sentence == sentence.strip() for sentence in (*one.reasons, *one.doubts))


def alone(lieu: Lieu, request: tuple[Demande, datetime]) -> LieuPropose:
    """Return the lieu as it is proposed when there is no other, to somebody whose place is known."""
    found = orienter(request[0], request[1], base(lieu)).lieux
    assume(found)
    return found[0]


def here(request: tuple[Demande, datetime]) -> tuple[Demande, datetime]:
    demande = replace(request[0], latitude=LATITUDE, longitude=LONGITUDE, exclude=frozenset(), radius_km=100.0)
    return demande, request[1]


@settings(max_examples=100, deadline=None)
@given(lieu=lieux, request=requests.map(here), near=st.floats(0, 25), farther=st.floats(0, 25))
def test_closer_is_never_worse(lieu: Lieu, request: tuple[Demande, datetime], near: float, farther: float) -> None:
    def at(km: float) -> LieuPropose:
        moved = replace(lieu, commune="", code_postal="", latitude=LATITUDE + km * KM, longitude=LONGITUDE)
        return alone(moved, request)

    assert at(near).score >= at(near + farther).score


@settings(max_examples=100, deadline=None)
@given(lieu=lieux, request=requests.map(here), opens=st.integers(8, 20), later=st.integers(8, 20))
def test_open_sooner_is_never_worse(lieu: Lieu, request: tuple[Demande, datetime], opens: int, later: int) -> None:
    soon, late = sorted((opens, later))
    request = request[0], request[1].replace(hour=0, minute=0, second=0, microsecond=0)
    scores = [alone(replace(lieu, horaires=f"Mo-Su,PH {hour:02}:00-21:00"), request).score for hour in (soon, late)]
    assert scores[0] >= scores[1]


@settings(max_examples=60, deadline=None)
@given(lieu=lieux, request=requests.map(here), day=st.dates(date(1990, 1, 1)), other=st.dates())
def test_fresher_is_never_worse(lieu: Lieu, request: tuple[Demande, datetime], day: date, other: date) -> None:
    older, newer = sorted((day, other))
    fresh = alone(replace(lieu, date_maj=newer), request).score
    assert fresh >= alone(replace(lieu, date_maj=older), request).score
    assert fresh >= alone(replace(lieu, date_maj=None), request).score


LOSSES: dict[str, dict[str, Any]] = {
    "services": {"services": ()},
    "programmes": {"dispositif_programmes_nationaux": ()},
    "typologie": {"typologie": ()},
    "date": {"date_maj": None},
    "telephone": {"telephone": None},
    "position": {"latitude": None, "longitude": None, "commune": "Nulle part", "code_postal": "99999"},
}


@pytest.mark.parametrize("loss", LOSSES)
@settings(max_examples=40, deadline=None)
@given(lieu=lieux, request=requests)
def test_knowing_less_never_raises(loss: str, lieu: Lieu, request: tuple[Demande, datetime]) -> None:
    """But for a lieu that says what it does, and not this: nothing said is better than other things said."""
    known = alone(lieu, request)
    assume(not any(doubt.startswith("aide à confirmer") for doubt in known.doubts))
    unknown = orienter(*request, base(replace(lieu, **LOSSES[loss]))).lieux
    assert not unknown or unknown[0].score <= known.score


@settings(max_examples=100, deadline=None)
@given(lieu=lieux, request=requests.map(here))
def test_unknown_hours_are_worse_than_open_and_better_than_too_late(
    lieu: Lieu, request: tuple[Demande, datetime]
) -> None:
    always, unknown, never = (
        alone(replace(lieu, horaires=hours), request).score for hours in ("24/7", None, "Mo-Su off")
    )
    assert always >= unknown >= never


@settings(max_examples=100, deadline=None)
@given(rows=bases, request=requests.map(here))
def test_deadline_first(rows: tuple[Lieu, ...], request: tuple[Demande, datetime]) -> None:
    limit = delai(*request).limite
    if limit is None:
        return
    answer: Orientation = orienter(*request, base(*rows))

    def is_late(one: LieuPropose) -> bool:
        if one.by_appointment and delai(*request).presse:
            return True
        horaires = read_horaires(one.lieu.horaires)
        if horaires is None:
            return not delai(*request).ouvrable
        opening = horaires.next_opening(request[1] + timedelta(hours=(one.distance_km or 0) / 40))
        return opening is None or opening.start > limit

    late = [is_late(one) for one in answer.lieux]
    assert late == sorted(late)


@settings(max_examples=100, deadline=None)
@given(rows=bases, request=requests.map(here))
def test_an_urgent_answer_has_no_appointment_before_an_open_door(
    rows: tuple[Lieu, ...], request: tuple[Demande, datetime]
) -> None:
    demande = replace(request[0], urgency=Urgency.TODAY)
    found = orienter(demande, request[1], base(*rows)).lieux
    if found and found[0].by_appointment:
        assert not any(one.open_now and not one.by_appointment for one in found)


@settings(max_examples=100, deadline=None)
@given(rows=bases, request=requests.map(here))
def test_a_secret_is_told_first_to_who_keeps_it(rows: tuple[Lieu, ...], request: tuple[Demande, datetime]) -> None:
    demande = replace(request[0], confidential=True, urgency=None, deadline=None)
    answer = orienter(demande, request[1], base(*rows))
    keeps = ["discrétion à demander, rien ne la garantit" not in one.doubts for one in answer.lieux]
    assert keeps == sorted(keeps, reverse=True)
    assert not answer.creneaux
    assert not answer.learn_creneaux
