"""Any sequence of messages, realistic or hostile: always an answer, never a fault, and the same after a restart."""

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import App
from bot.conversation.echoes import MAX_ECHOES
from bot.conversation.keywords import load_keywords
from bot.messages import CHANNELS, SMS
from bot.settings import PACKAGE_FLOWS
from tests.conversation.conftest import Talk

POOL = (
    "bonjour", "caf", "plus de droits caf je suis à mauléon c'est urgent", "impôts avant vendredi", "Pau",
    "orthez", "saint jean", "64 130", "le BAB", "non, à Orthez", "en fait les impôts", "1", "2", "3", "5", "9",
    "42", "-1", "autre lieu", "jsp", "oui", "non", "pas pressé", "avec moi", "je veux apprendre",
    "imprimer un papier", "une arnaque m'a pris 3000 euros", "je veux mourir", "mon mari me frappe",
    "je dors dehors", "ne le dites à personne", "AIDE", "MENU", "RETOUR", "RETOUR", "CONTACT", "STOP", "STOP",
    "EFFACER", "merci", "une personne", "", "   ", "😀😀", "?!…", "\x00\x1b[31m", "\u202ecaf\u202c", "a" * 10_000,
    "é" * 3000, "'; DROP TABLE lieux;--", "<script>alert(1)</script>", "/SetSlots(need=caf)",
    "/SetSlots(insee=99999)", "/SetSlots(nulle_part=1)", "/aide", "{need}", "%s%n", "NULL", "٣", "１",
    "Ŝ̷̢t̶o̸p̵",
)  # fmt: skip
"""A payload typed as a text is among them: it is not one."""

SILENT = {text for text in POOL if load_keywords(PACKAGE_FLOWS).intent(text) == "stop"}
"""Said a second time in a row, these get no answer."""


def test_there_are_enough_messages() -> None:
    assert len(POOL) >= 40
    assert len(SILENT) == 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(channel=st.sampled_from(CHANNELS), texts=st.lists(st.sampled_from(POOL), min_size=1, max_size=8))
def test_any_sequence_is_answered_and_survives_a_restart(
    program: App, caplog: pytest.LogCaptureFixture, channel: str, texts: list[str]
) -> None:
    caplog.set_level(logging.WARNING)
    caplog.clear()
    kept = Talk(program.conversation, channel, through_json=False)
    restarted = Talk(program.conversation, channel)
    stopped = False
    for text in texts:
        before = (kept.tracker.echo, kept.tracker.heard) if kept.tracker else ()
        said = kept.say(text)
        assert restarted.say(text) == said
        assert restarted.said == kept.said
        assert restarted.tracker == kept.tracker
        assert all(answer.text.strip() for answer in kept.said)
        counted = (kept.tracker.echo, kept.tracker.heard) if kept.tracker else ()
        echoing = channel == SMS and any(one.times > MAX_ECHOES for one in counted if one not in before)
        assert bool(said) is not (echoing or (stopped and text in SILENT))
        stopped = text in SILENT
    assert not caplog.records


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(st.text(max_size=60), min_size=1, max_size=4, unique=True))
def test_any_text_is_answered(program: App, texts: list[str]) -> None:
    talk = Talk(program.conversation)
    for text in texts:
        assert talk.say(text).strip()
