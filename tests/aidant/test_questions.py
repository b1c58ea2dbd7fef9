"""A helper is asked only what changes the advice, whatever they answer."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from knowledge.conseil import facts_of
from knowledge.conseil_questions import ASKED, question_conseil
from knowledge.demande import Demande
from knowledge.echelle import VALUES
from knowledge.labels import Autonomy, Disponibilite, Urgency
from knowledge.snapshot import Knowledge
from tests.aidant.cases import AT, NEEDS

Path = tuple[Demande, tuple[str, ...]]


def paths(demande: Demande, asked: tuple[str, ...], demo: Knowledge) -> Iterator[Path]:
    """Yield where every way of answering ends."""
    question = question_conseil(demande, asked, AT, demo)
    if question is None:
        yield demande, asked
        return
    for value in VALUES[question].values():
        yield from paths(replace(demande, **{question: value}), (*asked, question), demo)


def rows(demande: Demande, demo: Knowledge) -> tuple[str, str]:
    decision, _ = facts_of(demande, AT, demo)
    return decision.row, decision.learn_row


@pytest.mark.parametrize("need", NEEDS)
def test_what_is_not_asked_would_change_nothing(demo: Knowledge, need: str | None) -> None:
    ends = list(paths(Demande(need=need), (), demo))
    assert len(ends) >= 20
    for demande, asked in ends:
        for name in (name for name in ASKED if name not in asked):
            changed = {rows(replace(demande, **{name: value}), demo) for value in (None, *VALUES[name].values())}
            assert len(changed) == 1, (demande, name)


@pytest.mark.parametrize("need", NEEDS)
def test_every_question_could_change_the_advice(demo: Knowledge, need: str | None) -> None:
    after: dict[tuple[object, ...], dict[object, set[tuple[str, str]]]] = {}
    for demande, asked in paths(Demande(need=need), (), demo):
        for index, name in enumerate(asked):
            before = (name, *(getattr(demande, other) for other in asked[:index]))
            after.setdefault(before, {}).setdefault(getattr(demande, name), set()).add(rows(demande, demo))
    assert len(after) > 10
    for before, ends in after.items():
        assert len({frozenset(found) for found in ends.values()}) > 1, before


def test_what_is_known_or_was_asked_is_not_asked(demo: Knowledge) -> None:
    known = Demande(
        disponibilite=Disponibilite.TRENTE_MINUTES,
        autonomy=Autonomy.NONE,
        urgency=Urgency.TODAY,
        habilitation=True,
        confidential=False,
    )
    assert question_conseil(known, (), AT, demo) is None
    assert question_conseil(Demande(), ASKED, AT, demo) is None
    assert question_conseil(Demande(), (), AT, demo) == "disponibilite"
    assert question_conseil(Demande(), ("disponibilite",), AT, demo) == "autonomy"
    soon = replace(known, urgency=None, deadline=AT.date())
    assert question_conseil(soon, (), AT, demo) is None
