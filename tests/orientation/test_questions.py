"""A question is asked only if its answer can change the answer given."""

from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Any

import pytest

from knowledge.demande import Demande, Orientation
from knowledge.labels import Posture, Urgency
from knowledge.orientation import orienter
from knowledge.questions import VALUES, commune_utile, prochaine_question, question_utile
from knowledge.snapshot import Knowledge
from tests.orientation.cases import MAULEON, NOW, base, lieu


def what_is_done(orientation: Orientation) -> tuple[object, ...]:
    return (
        orientation.posture,
        [one.lieu.id for one in orientation.lieux][:1],
        [one.creneau.id for one in orientation.creneaux][:1],
        orientation.fallback,
    )


@pytest.mark.parametrize(
    ("need", "insee", "slot"),
    list(product(["caf", "smartphone", "materiel-solidaire"], [MAULEON, "64445", "29019"], VALUES)),
)
def test_useful_means_that_some_answer_changes_what_is_done(
    need: str, insee: str, slot: str, demo: Knowledge, now: datetime
) -> None:
    demande = Demande(need=need, insee=insee)
    given = what_is_done(orienter(demande, now, demo))
    others = [what_is_done(orienter(replace(demande, **{slot: value}), now, demo)) for value in VALUES[slot]]
    assert question_utile(demande, slot, now, demo) is any(other != given for other in others)


def test_the_order_and_the_end(demo: Knowledge, now: datetime) -> None:
    demande = Demande()
    asked: list[str] = []
    known: dict[str, Any] = {"need": "caf", "insee": MAULEON}
    while slot := prochaine_question(demande, asked, now, demo):
        asked.append(slot)
        if slot in known:
            demande = replace(demande, **{slot: known[slot]})
    assert asked == ["need", "insee", "posture"]


@pytest.mark.parametrize(
    ("demande", "slot"),
    [
        (Demande(need="caf"), "insee"),
        (Demande(need="caf", latitude=43.2, longitude=-0.9), "posture"),
        (Demande(need="caf", insee=MAULEON, urgency=Urgency.TODAY), None),
        (Demande(need="caf", insee=MAULEON, deadline=NOW.date()), None),
        (Demande(need="caf", insee=MAULEON, urgency=Urgency.LATER), "posture"),
        (Demande(need="caf", insee=MAULEON, urgency=Urgency.TODAY, posture=Posture.FAIRE_FAIRE), None),
    ],
)
def test_next_question(demande: Demande, slot: str | None, demo: Knowledge, now: datetime) -> None:
    assert prochaine_question(demande, (), now, demo) == slot


def test_a_name_shared_by_communes_is_asked_only_where_it_matters(now: datetime) -> None:
    communes = [commune for insee in (MAULEON, "29019") if (commune := base().communes.by_insee(insee))]
    assert len(communes) == 2
    assert commune_utile(communes, Demande(need="caf"), now, base(lieu("a")))
    assert not commune_utile(communes, Demande(need="caf"), now, base())


def test_what_is_known_is_not_asked(demo: Knowledge, now: datetime) -> None:
    assert not question_utile(Demande(need="caf"), "need", now, demo)
    assert not question_utile(Demande(confidential=False), "confidential", now, demo)


def test_where_nothing_is_known_the_place_changes_nothing(now: datetime) -> None:
    assert not question_utile(Demande(need="caf"), "insee", now, base())
    assert question_utile(Demande(need="caf"), "insee", now, base(lieu("a")))


def test_an_unknown_slot_is_a_mistake(demo: Knowledge, now: datetime) -> None:
    with pytest.raises(KeyError):
        question_utile(Demande(), "telephone", now, demo)
