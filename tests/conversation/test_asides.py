"""What is no step of the dialogue: reminders, codes, old buttons, things that are no text, machines."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.app import App
from bot.conversation.positions import Positions, standing_at
from bot.conversation.reception import Reception
from bot.conversation.turn import Outcome
from bot.engine.tracker import Tracker
from bot.messages import EDITED, ELSEWHERE, REMINDER, SMS, TELEGRAM, WEB, MessageIn
from bot.store.conversations import Store
from tests.conversation.conftest import NOW, Talk

ANSWERED = ("caf à Orthez", "1")
"""Messages after which a lieu has been named."""

AUTOMATIC = (
    "Réponse automatique : je suis absente jusqu'au 3 décembre.",
    "Je conduis actuellement, je vous rappelle plus tard",
    "AUTO REPLY out of office",
)


def play(program: App, tracker: Tracker | None, **fields: Any) -> Outcome:
    message = MessageIn(**{"channel": SMS, "conversation": "anna", "text": "", "received_at": NOW, **fields})
    return asyncio.run(program.conversation.turn(tracker, message))


def text(outcome: Outcome) -> str:
    return "\n".join(answer.text for answer in outcome.messages)


@pytest.fixture
def answered(program: App) -> Tracker:
    """A conversation by SMS that waits with a lieu on the screen."""
    talk = Talk(program.conversation)
    talk.say_all(*ANSWERED)
    assert talk.tracker
    assert talk.tracker.pending == "suite"
    return talk.tracker


def test_a_reminder_comes_before_the_lieu_opens_in_ordinary_hours(program: App, answered: Tracker) -> None:
    evening = NOW.replace(hour=19)
    promised = play(program, answered, text="rappel", received_at=evening)
    assert promised.remind_at is not None
    moment = datetime.fromtimestamp(promised.remind_at, NOW.tzinfo)
    assert evening < moment < evening + timedelta(days=3)
    assert moment.hour in range(8, 20)
    assert "je vous écrirai" in text(promised)
    assert promised.tracker
    assert promised.tracker.pending == "suite"


def test_what_is_reminded_is_the_answer_as_it_is_then(program: App, answered: Tracker) -> None:
    later = NOW + timedelta(days=1)
    reminded = play(program, answered, media=REMINDER, received_at=later)
    assert text(reminded).startswith("Voici le rappel que vous avez demandé. CAF")
    again = play(program, answered, text="répétez", received_at=later)
    assert text(again) in text(reminded)


def test_nobody_is_reminded_who_stopped_or_went_on(program: App, answered: Tracker) -> None:
    stopped = play(program, answered, text="STOP")
    assert stopped.stopped
    silent = play(program, stopped.tracker, media=REMINDER)
    assert not silent.messages
    assert silent.stopped
    assert not play(program, play(program, answered, text="menu").tracker, media=REMINDER).messages
    assert play(program, answered, text="menu").remind_at == 0


def test_no_reminder_is_promised_that_cannot_be_kept(program: App, answered: Tracker) -> None:
    for refused in (
        play(program, None, text="rappel"),
        play(program, replace(answered, channel=WEB), channel=WEB, text="rappel", received_at=NOW.replace(hour=19)),
    ):
        assert refused.remind_at is None
        assert text(refused).startswith("Je ne peux pas faire de rappel ici")


@pytest.mark.parametrize("written", AUTOMATIC)
def test_a_machine_gets_no_answer(program: App, answered: Tracker, written: str) -> None:
    outcome = play(program, answered, text=written)
    assert outcome.tracker
    assert replace(outcome, tracker=outcome.tracker.counted_on(answered)) == Outcome(answered, ())


@pytest.mark.parametrize(
    "written",
    [
        "j'ai reçu un message automatique de la caf, je suis à pau",
        "j'ai un sms qui dit de ne pas répondre à ce message. c'est une arnaque ?",
        "Je suis au volant, j'ai envie de me jeter contre un arbre",
        "Réponse automatique : au secours, mon mari me frappe",
    ],
)
def test_a_person_who_quotes_a_machine_is_answered(program: App, answered: Tracker, written: str) -> None:
    assert text(play(program, answered, text=written))


@pytest.mark.parametrize("seconds", [20, 60, 900])
@pytest.mark.parametrize(
    "written", ["Absent, à bientôt. Paul", "Occupé. Je rappelle", "oui", "Hors du bureau cette semaine"]
)
def test_who_says_always_the_same_thing_is_left_without_an_answer(program: App, written: str, seconds: int) -> None:
    tracker, answers = None, []
    for number in range(30):
        outcome = play(program, tracker, text=written, received_at=NOW + timedelta(seconds=seconds * number))
        tracker = outcome.tracker
        answers.append(bool(outcome.messages))
    assert answers == [True] * 3 + [False] * 27
    assert text(play(program, tracker, text="caf à Orthez", received_at=NOW))
    assert text(play(program, tracker, text=written, received_at=NOW + timedelta(days=1)))


def test_what_a_machine_has_repeated_opens_nothing_after_stop(program: App) -> None:
    tracker = None
    for said in ("Absent, à bientôt. Paul", "Absent, à bientôt. Paul", "STOP"):
        tracker = play(program, tracker, text=said).tracker
    silent = play(program, tracker, text="Absent, à bientôt. Paul")
    assert (silent.messages, silent.stopped) == ((), True)
    assert text(play(program, silent.tracker, text="caf à Orthez"))


def test_a_danger_is_always_answered(program: App) -> None:
    tracker, said = None, []
    for _ in range(8):
        outcome = play(program, tracker, text="je veux mourir")
        tracker = outcome.tracker
        said.append("3114" in text(outcome))
    assert all(said)


def test_what_is_no_text_is_answered_kindly_and_changes_nothing(program: App, answered: Tracker) -> None:
    photo = play(program, answered, media="photo")
    assert "Je ne lis que les messages écrits." in text(photo)
    assert photo.tracker
    assert (photo.tracker.slots, photo.tracker.pending) == (answered.slots, answered.pending)
    assert "Je ne réponds pas dans un groupe" in text(play(program, None, media="groupe", channel=TELEGRAM))
    assert "CAF" in text(play(program, None, media="photo", text="caf à Orthez, à ma place", channel=TELEGRAM))


def test_a_position_far_from_any_commune_has_the_question_asked_again(program: App) -> None:
    asked = play(program, None, text="caf", channel=TELEGRAM)
    again = play(program, asked.tracker, media=ELSEWHERE, channel=TELEGRAM)
    assert text(again).startswith("Je ne reconnais pas de commune à cette position.")
    assert "commune" in text(asked)
    assert [one.asks for one in again.messages] == ["insee"]
    first = play(program, None, media=ELSEWHERE, channel=TELEGRAM)
    assert text(first).startswith("Je ne reconnais pas de commune à cette position.")
    assert first.messages


def test_a_changed_message_is_answered_but_ends_no_silence(program: App) -> None:
    asked = play(program, None, text="caf", channel=TELEGRAM)
    told = play(program, asked.tracker, media=EDITED, channel=TELEGRAM)
    assert text(told) == "Vous avez changé un message. Écrivez plutôt un nouveau message."
    assert told.tracker
    assert asked.tracker
    assert told.tracker.slots == asked.tracker.slots
    stopped = play(program, asked.tracker, text="stop", channel=TELEGRAM)
    silent = play(program, stopped.tracker, media=EDITED, channel=TELEGRAM)
    assert (silent.messages, silent.stopped) == ((), True)


def test_a_button_counts_for_its_own_turn_only(program: App) -> None:
    asked = play(program, None, text="caf à Orthez", channel=TELEGRAM)
    button = f"{asked.messages[-1].turn}:1"
    answered = play(program, asked.tracker, pressed=button, channel=TELEGRAM)
    assert answered.tracker
    assert answered.tracker.pending == "suite"
    old = play(program, answered.tracker, pressed=button, channel=TELEGRAM)
    assert text(old).startswith("Ce bouton est d'une question d'avant.")
    for wrong in ("", "1", ":", "x:y", f"{answered.messages[-1].turn}:99", f"{answered.messages[-1].turn}:0"):
        assert "question d'avant" in text(play(program, answered.tracker, pressed=wrong, channel=TELEGRAM))


@pytest.mark.parametrize("start", ["/start c64430", "start c64430", "/START C64430"])
def test_a_poster_says_where_the_person_is(program: App, start: str) -> None:
    opened = play(program, None, text=start, channel=TELEGRAM)
    assert opened.tracker
    assert opened.tracker.slots["insee"] == "64430"
    assert "De quoi avez-vous besoin" in text(opened)
    assert "commune" not in text(play(program, opened.tracker, text="caf", channel=TELEGRAM))


def test_the_same_sms_is_not_said_four_times(program: App) -> None:
    tracker, said = None, []
    for _ in range(6):
        outcome = play(program, tracker, text="CONTACT")
        tracker = outcome.tracker
        said.append(text(outcome))
    assert all(said[1:3])
    assert said[4:] == ["", ""]


def test_a_conversation_goes_to_another_channel_and_back_with_a_code_used_once(program: App, database: Engine) -> None:
    reception = Reception(program.conversation, Store(database))

    def say(channel: str, written: str, now: datetime = NOW) -> str:
        message = MessageIn(channel=channel, conversation=f"anna {channel}", text=written, received_at=now)
        return "\n".join(answer.text for answer in asyncio.run(reception.receive(message)).messages)

    say(WEB, "caf à Orthez")
    code = say(WEB, "code").split("Votre code : ")[1][:6]
    assert "Ce code n'est pas connu" in say(SMS, f"code {code}", NOW + timedelta(minutes=31))
    there = say(SMS, f"Code {code[:3].lower()} {code[3:]}.")
    assert there.startswith("On continue ici. Quelle aide voulez-vous ?")
    assert "Ce code n'est pas connu" in say(TELEGRAM, f"CODE {code}")
    assert "CAF" in say(SMS, "1")
    back = say(SMS, "code").split("Votre code : ")[1][:6]
    assert back != code
    assert "On continue ici." in say(WEB, f"CODE {back}")


@pytest.mark.parametrize("written", ["code postal", "code secret", "CODE 64300", "mon code 1234", "code ABC2345"])
def test_other_codes_are_none_of_ours(program: App, database: Engine, written: str) -> None:
    message = MessageIn(channel=SMS, conversation="anna", text=written, received_at=NOW)
    reply = asyncio.run(Reception(program.conversation, Store(database)).receive(message))
    assert "Ce code n'est pas connu" not in "\n".join(answer.text for answer in reply.messages)


@pytest.mark.parametrize("start", ["/start c99999", "/start c2A999"])
def test_a_poster_of_a_commune_that_is_no_more_asks_for_the_commune(program: App, start: str) -> None:
    opened = play(program, None, text=start, channel=TELEGRAM)
    assert opened.tracker
    assert "insee" not in opened.tracker.slots
    assert "Dans quelle commune" in text(play(program, opened.tracker, text="caf urgent", channel=TELEGRAM))


def test_a_button_of_an_erased_conversation_does_nothing_in_the_next_one(program: App) -> None:
    first = play(program, None, text="caf à Pau", channel=TELEGRAM)
    assert first.messages[-1].choices
    pressed = f"{first.messages[-1].turn}:1"
    for seconds in range(1, 4):
        later = NOW + timedelta(seconds=seconds)
        new = play(program, None, text="imprimer à Orthez", channel=TELEGRAM, received_at=later)
        again = play(program, new.tracker, pressed=pressed, channel=TELEGRAM, received_at=later)
        assert text(again).startswith("Ce bouton est d'une question d'avant.")


@pytest.mark.parametrize("word", ["STOP", "EFFACER"])
def test_who_leaves_is_asked_nothing_more(program: App, word: str) -> None:
    asked = play(program, None, text="caf, à ma place", channel=TELEGRAM)
    assert asked.messages[-1].asks == "insee"
    assert play(program, asked.tracker, text=word, channel=TELEGRAM).messages[-1].asks is None


def test_an_album_is_answered_once(program: App, answered: Tracker) -> None:
    tracker, said = replace(answered, channel=TELEGRAM), []
    for number in range(10):
        at = NOW + timedelta(seconds=number / 10)
        outcome = play(program, tracker, media="photo", channel=TELEGRAM, received_at=at)
        assert outcome.tracker
        tracker = outcome.tracker
        said.append(bool(outcome.messages))
    assert said == [True] + [False] * 9
    assert text(play(program, tracker, media="photo", channel=TELEGRAM, received_at=NOW + timedelta(minutes=1)))


def test_a_position_serves_the_distances_and_is_not_stored(program: App) -> None:
    asked = play(program, None, text="caf, à ma place", channel=TELEGRAM)
    assert asked.tracker
    assert asked.tracker.pending == "insee"
    placed = play(program, asked.tracker, latitude=43.4884, longitude=-0.7703, channel=TELEGRAM)
    assert placed.tracker
    assert placed.tracker.slots["insee"] == "64430"
    assert "43.4" not in placed.tracker.to_json()
    assert placed.messages[-1].card
    kilometres = placed.messages[-1].card["lieux"][0]["distance_km"]
    near = (43.60, -0.90, "64430")
    elsewhere = play(program, placed.tracker, text="autre lieu", near=near, channel=TELEGRAM)
    assert elsewhere.tracker
    assert "43.6" not in elsewhere.tracker.to_json()
    assert elsewhere.messages[-1].card
    assert elsewhere.messages[-1].card["lieux"][0]["distance_km"] > 5 > kilometres


def test_a_position_is_remembered_for_an_hour_in_the_commune_where_it_was_shared() -> None:
    positions = Positions()
    here = (43.5, -0.8, "64430")
    positions.keep("anna", here, 0.0)
    assert positions.near("anna", 3600.0) == here
    assert positions.near("anna", 3601.0) is None
    assert positions.near("bertrand", 1.0) is None
    for insee, stands in (("64430", True), ("64445", False), (None, False)):
        tracker = Tracker(conversation="anna", channel=SMS, slots={"insee": insee} if insee else {})
        assert ("latitude" in standing_at(tracker, here).slots) is stands


@pytest.mark.parametrize(
    "fields", [{"text": "STOP"}, {"text": AUTOMATIC[0]}, {"media": REMINDER}, {"media": "photo"}], ids=str
)
def test_no_turn_stores_the_position_that_it_was_given(program: App, answered: Tracker, fields: dict[str, Any]) -> None:
    for before in (answered, play(program, answered, text="STOP").tracker):
        after = play(program, before, near=(43.6, -0.9, "64430"), **fields).tracker
        assert after
        assert "43.6" not in after.to_json()
