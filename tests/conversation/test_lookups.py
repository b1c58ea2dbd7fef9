"""A contact looked up at any time: the conversation under way does not move, and no word of the query is kept."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.app import App
from bot.channels.sms.text import segments
from bot.conversation.lookups import KEPT, NEXT
from bot.engine.tracker import Tracker
from bot.messages import SMS, TELEGRAM, TERMINAL, WEB, MessageIn
from tests.conversation.conftest import NOW, Talk

WAYS = {
    "nothing yet": (),
    "the need is asked": ("bonjour",),
    "the commune is asked": ("caf",),
    "a kind of help is asked": ("caf à pau",),
    "answered": ("caf à Orthez", "1"),
    "another lieu": ("caf à Orthez", "1", "suite"),
    "stopped": ("caf", "stop"),
}
"""Messages that lead to some place of the dialogue."""

LOOKED_UP = ("contact caf mauleon", "contact zgluborf", "c'est qui le 0536490001", "contact fablab biarritz")


def said_to(slots: Mapping[str, Any]) -> dict[str, Any]:
    """Return the slots of the dialogue."""
    return {name: value for name, value in slots.items() if name not in (*KEPT, "arrete")}


@pytest.mark.parametrize("query", LOOKED_UP)
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("channel", [SMS, TELEGRAM, WEB, TERMINAL])
def test_the_conversation_stays_where_it_is(program: App, channel: str, way: tuple[str, ...], query: str) -> None:
    talk = Talk(program.conversation, channel)
    if way:
        talk.say_all(*way)
    before = talk.tracker or program.conversation.begin(message(channel))
    assert talk.say(query)
    after = talk.tracker
    assert after
    assert said_to(after.slots) == said_to(before.slots)
    assert (after.pending, after.stack, after.history) == (before.pending, before.stack, before.history)


def message(channel: str) -> MessageIn:
    return MessageIn(channel=channel, conversation="anna", text="", received_at=NOW)


@pytest.mark.parametrize("way", [name for name in WAYS if name not in ("nothing yet", "stopped")])
def test_what_comes_next_is_what_would_have_come_without(program: App, way: str) -> None:
    """Words are understood as before, whatever was looked up in between."""
    plain, disturbed = Talk(program.conversation, TERMINAL), Talk(program.conversation, TERMINAL)
    plain.say_all(*WAYS[way])
    disturbed.say_all(*WAYS[way], "contact caf mauleon", "contact zgluborf", "contact caf pau", "suite")
    assert disturbed.say("impôts à Bayonne") == plain.say("impôts à Bayonne")
    assert disturbed.state == plain.state


def test_the_numbers_of_a_question_stay_when_a_look_up_offers_none(talk: Talk) -> None:
    talk.say("caf à pau")
    talk.say("contact fablab biarritz")
    assert not talk.said[-1].choices
    assert "CAF : on le fait à votre place" in talk.say("1")


def test_the_numbers_of_a_look_up_go_with_it(talk: Talk) -> None:
    talk.say("contact caf mauleon")
    assert talk.said[-1].choices
    talk.say("contact fablab biarritz")
    assert talk.tracker
    assert talk.tracker.choices == ()


def test_the_last_lieu_is_said_to_be_the_last(program: App) -> None:
    talk = Talk(program.conversation, SMS)
    talk.say("contact lsf bayonne samedi")
    seen = 1
    while talk.said[-1].choices:
        assert [choice.label for choice in talk.said[-1].choices] == ["Lieu suivant"]
        talk.say("1")
        seen += 1
    assert 2 <= seen <= 10
    assert [talk.say("suite")[:26] for _ in range(2)] == ["Il n'y a pas d'autre lieu "] * 2
    assert "Quelle aide voulez-vous ?" in talk.say("impôts à pau")


def test_no_word_of_a_query_is_kept(program: App) -> None:
    talk = Talk(program.conversation, SMS)
    for query in ("contact Quidambanque fictif Orthez", "contact 06 39 98 77 55", "contact Zélie Quirouëdec caf pau"):
        answer = talk.say(query)
        assert answer
        assert talk.tracker
        held = (talk.tracker.to_json() + answer).lower()
        assert not [word for word in ("quidambanque", "zélie", "quirou", "998", "77 55") if word in held]


def test_a_danger_comes_first(talk: Talk) -> None:
    assert "17" in talk.say("contact mon mari me frappe")
    assert talk.tracker
    assert "annuaire" not in talk.tracker.slots


def test_a_secret_in_a_query_is_warned_of(talk: Talk) -> None:
    answer = talk.say("contact caf pau mon mot de passe est Zebre12!")
    assert answer.startswith("N'écrivez jamais")
    assert "Pau" in answer
    assert "Zebre12" not in answer


def test_who_stopped_and_looks_up_is_answered_again(program: App) -> None:
    talk = Talk(program.conversation)
    talk.say_all("caf", "stop")
    outcome = asyncio.run(program.conversation.turn(talk.tracker, replace(message(SMS), text="contact caf pau")))
    assert outcome.messages
    assert not outcome.stopped


def test_the_demonstration_is_announced_when_the_dialogue_begins(program: App) -> None:
    talk = Talk(program.conversation)
    assert "Démo, lieu inventé" in talk.say("contact caf pau")
    assert talk.say("caf à pau").startswith("DÉMO")
    assert "DÉMO" not in talk.say("1")


def test_a_button_of_a_look_up_that_is_over_says_so(program: App) -> None:
    """Its payload may come without its list: nothing breaks, and the dialogue takes nothing from it."""
    talk = Talk(program.conversation, WEB)
    talk.say("caf")
    outcome = asyncio.run(program.conversation.turn(talk.tracker, replace(message(WEB), payload=NEXT)))
    assert outcome.tracker
    assert "suite" not in outcome.tracker.slots
    assert "Il n'y a pas d'autre lieu" in outcome.messages[-1].text


BAD = {
    "long": "contact " + "a" * 10_000,
    "words": "contact " + "caf pau " * 1250,
    "emoji": "contact \U0001f600\U0001f3e0 caf \U0001f4f1",
    "arabic": "contact مكتبة باو",
    "wildcards": "contact %%%___***??? [a-z]+ ' OR 1=1 --",
    "surrogate": "contact \ud800 caf",
    "nothing there": "contact caf trifouillis-les-oies",
    "three towns": "contact caf pau bayonne orthez",
    "contrary": "contact gratuit payant caf pau lundi mardi",
    "nul": "contact \x00\x00 caf",
}


@pytest.mark.parametrize("channel", [SMS, TELEGRAM])
@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_any_query_is_answered(program: App, channel: str, text: str) -> None:
    talk = Talk(program.conversation, channel)
    assert talk.say(text).strip()
    assert channel != SMS or [segments(one.text) <= 2 for one in talk.said] == [True]


def test_a_tracker_of_another_base_is_no_trouble(program: App) -> None:
    """The lieux that were found may be gone since."""
    talk = Talk(program.conversation)
    talk.say("contact caf pau")
    assert talk.tracker
    gone = {"annuaire": ["gone"], "annuaire_criteres": ["besoin:zzz", "commune:99999", "moment:x", "y"]}
    other = replace(talk.tracker, slots={**talk.tracker.slots, **gone})
    outcome = asyncio.run(
        program.conversation.turn(Tracker.from_json(other.to_json()), replace(message(SMS), text="1"))
    )
    assert "Il n'y a pas d'autre lieu" in outcome.messages[-1].text
