"""STOP, RETOUR, MENU, EFFACER and the digressions, at every point of a conversation."""

import pytest

from bot.app import App
from bot.messages import SMS, TELEGRAM, TERMINAL, WEB
from tests.conversation.conftest import Talk

SCRIPTS = {
    "question by question": ("bonjour", "caf", "Orthez", "1"),
    "all at once": ("plus de droits caf je suis à mauléon c'est urgent", "autre lieu"),
    "by numbers": ("bonjour", "3", "Pau", "5"),
    "a correction": ("caf à Pau", "non, à Orthez", "2", "en fait les impôts"),
    "not known": ("impôts", "jsp", "jsp", "jsp"),
    "an ambiguous commune": ("carte grise", "saint jean", "1"),
}
POINTS = [(name, point) for name, script in SCRIPTS.items() for point in range(1, len(script) + 1)]
AFTER_AN_ANSWER = "Que voulez-vous faire maintenant ?"
DIGRESSIONS = ("AIDE", "CONTACT", "bonjour", "c'est gratuit ?")


def test_there_are_enough_points() -> None:
    assert len(POINTS) >= 18


def after(program: App, point: tuple[str, int], channel: str = TERMINAL) -> Talk:
    name, turns = point
    talk = Talk(program.conversation, channel)
    talk.say_all(*SCRIPTS[name][:turns])
    return talk


@pytest.mark.parametrize("point", POINTS, ids=str)
def test_retour_undoes_exactly_one_answer(program: App, point: tuple[str, int]) -> None:
    name, turns = point
    talk = after(program, (name, 1))
    states, answers = [talk.state], [talk.said]
    for text in SCRIPTS[name][1:turns]:
        talk.say(text)
        states.append(talk.state)
        answers.append(talk.said)
    for earlier in reversed(states[:-1]):
        assert talk.say("RETOUR")
        assert talk.state == earlier
    assert len(states) == turns
    assert "Il n'y a pas de question avant celle-ci." in talk.say("RETOUR")
    assert talk.state == states[0]
    for text, expected in zip(SCRIPTS[name][1:turns], answers[1:], strict=True):
        talk.say(text)
        assert talk.said == expected


@pytest.mark.parametrize("word", DIGRESSIONS)
@pytest.mark.parametrize("point", POINTS, ids=str)
def test_a_digression_comes_back(program: App, point: tuple[str, int], word: str) -> None:
    talk = after(program, point)
    state, said = talk.state, talk.said[-1]
    answer = talk.say(word)
    assert talk.state == state
    assert talk.said[-1].choices == said.choices
    assert answer.split("\n\n")[-1] in (said.text.split("\n\n")[-1], AFTER_AN_ANSWER)


@pytest.mark.parametrize("point", POINTS, ids=str)
def test_menu_begins_again_with_the_commune_only(program: App, point: tuple[str, int]) -> None:
    talk = after(program, point)
    assert talk.tracker
    insee = talk.tracker.slots.get("insee")
    assert talk.say("MENU").startswith("On recommence.")
    assert talk.tracker.pending == "need"
    assert talk.tracker.slots.get("insee") == insee
    assert talk.tracker.slots.get("need") is None
    assert "Il n'y a pas de question avant celle-ci." in talk.say("RETOUR")


@pytest.mark.parametrize("channel", [SMS, WEB, TERMINAL])
@pytest.mark.parametrize("point", POINTS, ids=str)
def test_stop_is_said_once_then_silent_until_another_message(
    program: App, point: tuple[str, int], channel: str
) -> None:
    talk = after(program, point, channel)
    assert talk.say("STOP") == "C'est arrêté. Je ne vous écrirai plus. Pour recommencer, écrivez-moi."
    assert not talk.said[-1].choices
    assert talk.say_all("stop", "ARRÊT") == ""
    assert talk.tracker
    assert {name for name, value in talk.tracker.slots.items() if value not in ([], None)} == {"arrete"}
    assert not talk.tracker.history
    assert talk.say("caf à Orthez").startswith("Quelle aide ")
    assert "arrete" not in talk.tracker.slots
    assert talk.say("STOP").startswith("C'est arrêté.")


def test_stop_as_the_first_word_is_confirmed(talk: Talk) -> None:
    assert talk.say("STOP").startswith("C'est arrêté.")
    assert talk.say("STOP") == ""


@pytest.mark.parametrize("point", POINTS, ids=str)
def test_nothing_is_left_after_effacer(program: App, point: tuple[str, int]) -> None:
    talk = after(program, point)
    assert talk.say("EFFACER") == "C'est effacé. Il ne reste rien de cette conversation."
    assert talk.tracker is None
    new = Talk(program.conversation, TERMINAL)
    assert talk.say("caf") == new.say("caf")
    assert talk.tracker == new.tracker


@pytest.mark.parametrize("said", ["je veux mourir", "mon mari me frappe", "mon père ne respire plus"])
@pytest.mark.parametrize("then", ["ok", "non", "merci", "?", "jsp", "je peux pas parler", "je suis à pau"])
def test_after_a_danger_its_number_is_said_until_a_need_is(program: App, said: str, then: str) -> None:
    talk = Talk(program.conversation, SMS)
    alarm = talk.say(said)
    assert "114" in alarm
    again = talk.say(then)
    assert again
    assert alarm.startswith(again)
    assert not talk.said[-1].choices
    assert "114" not in talk.say("caf à Orthez, à ma place")
    assert "114" not in talk.say("merci")


def test_retour_says_the_place_before_again(program: App) -> None:
    talk = Talk(program.conversation, SMS)
    first = talk.say("plus de droits caf je suis à mauléon c'est urgent")
    assert talk.say("autre lieu") != first
    assert first.endswith(talk.say("RETOUR").split("\n", 1)[1])


def test_each_slot_to_learn_is_said_once_with_a_number_to_call(program: App) -> None:
    talk = Talk(program.conversation, SMS)
    said = [talk.say_all("apprendre internet, mauléon", "3"), *(talk.say("autre lieu") for _ in range(4))]
    assert len(set(said)) == len(said)
    assert all("05 36 49 " in each or "06 39 98 " in each for each in said), said
    assert "Médiathèque" in said[0]
    assert "vendredi 4 décembre à 13 h 30" in Talk(program.conversation, SMS).say_all(
        "apprendre internet, mauléon", "3", "rappel"
    )


def test_a_place_is_named_even_where_no_distance_is_known(program: App) -> None:
    said = Talk(program.conversation, TELEGRAM).say_all("caf urgent", "je sais pas")
    assert said.count("\n• ") == said.count("Téléphone : ") > 0
