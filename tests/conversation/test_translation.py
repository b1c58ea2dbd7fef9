"""The line in the person's language: whole, right, short enough for an SMS, and never an answer by itself."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from actions.budget_sms import COSTS_ABROAD
from bot.app import read_flows
from bot.channels.plain import Plain
from bot.channels.sms.rendering import Sms
from bot.channels.sms.text import Coding, coding, segments
from bot.commands.check import check_folder
from bot.conversation.translation import DANGER, SECRET, lines, questions
from bot.engine.languages import Language
from bot.engine.responses import Button, Utterance
from bot.engine.tracker import Tracker
from bot.messages import SMS, TERMINAL, MessageIn, MessageOut
from bot.settings import PACKAGE_FLOWS
from bot.understanding.language import LanguageFinder
from knowledge.lignes import load_lignes
from tests.test_conversations import conversation_at

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Paris"))
FLOWS, LIGNES = read_flows(), load_lignes()
LANGUAGES = list(FLOWS.languages.values())
CODES = [language.name for language in LANGUAGES]
SUITE = ("autre_lieu", "apprendre", "besoin_suivant", "autre_besoin")


def longest(language: Language, slot: str, count: int = 1) -> list[str]:
    labels = language.choix[slot]
    return sorted(labels, key=lambda value: len(labels[value]), reverse=True)[:count]


def buttons(slot: str, values: list[str]) -> tuple[Button, ...]:
    return tuple(Button(f"({value})", f"/SetSlots({slot}={value})") for value in values)


def longest_turns(language: Language) -> Iterator[Utterance]:
    """Yield each thing that may be said alone, with the longest choices that it may have."""
    for name in language.phrases:
        choices = FLOWS.responses[name].variations[0].buttons
        if name == "utter_ask_need_choix":
            choices = buttons("need", longest(language, "need", 3))
        elif name.startswith("utter_orientation") or name == "utter_et_maintenant":
            choices = buttons("suite", list(SUITE))
        custom = {"posture": longest(language, "posture")[0]}
        yield Utterance(response=name, text="…", choices=choices, custom=custom)
    for alert in LIGNES.by_danger.values():
        yield Utterance(response=DANGER, text=alert.sentence_sms)


def talk(channel: str, *messages: str) -> tuple[Tracker | None, list[MessageOut]]:
    """Say several things; return the tracker and the last answer."""
    tracker: Tracker | None = None
    said: list[MessageOut] = []
    for text in messages:
        message = MessageIn(channel=channel, conversation="essai", text=text, received_at=NOW)
        outcome = asyncio.run(conversation_at(NOW).turn(tracker, message))
        tracker, said = outcome.tracker, list(outcome.messages)
    return tracker, said


def language_of(tracker: Tracker | None) -> str | None:
    return tracker.slots.get("langue") if tracker else None


def test_the_five_languages_are_there() -> None:
    assert CODES == ["en", "es", "pt", "eu", "ar"]
    assert set(LanguageFinder().codes) == set(CODES) == set(FLOWS.slots["langue"].values)


@pytest.mark.parametrize("language", LANGUAGES, ids=CODES)
def test_what_is_asked_and_its_choices_hold_in_one_sms(language: Language) -> None:
    turns = list(longest_turns(language))
    assert len(turns) > 40
    need = longest(language, "need")[0]
    for one in turns:
        found = [line for line in lines(language, [one], {"need": need}, LIGNES) if Sms().fits(line, ())]
        assert found, one
        question = language.phrases.get(one.response or "", "").split("\n")[-1]
        assert question in found[0]
        assert all(f"{number} " in found[0] for number in range(1, len(one.choices) + 1))


@pytest.mark.parametrize("language", LANGUAGES, ids=CODES)
def test_a_question_alone_holds_in_what_it_counts_for(language: Language) -> None:
    turns = {turn.response: turn for turn in longest_turns(language) if questions(language, [turn])}
    for response in ("utter_ask_need", "utter_ask_need_choix", "utter_ask_urgency", "utter_ask_posture"):
        written = questions(language, [turns[response]])
        assert min(Sms().cost(line, ()) for line in written) <= COSTS_ABROAD[response], written
        assert language.phrases[response] in written[-1]
        assert all(f"{number} " in written[-1] for number in range(1, len(turns[response].choices) + 1))


def test_a_question_is_said_alone_by_sms_only_and_never_with_something_else() -> None:
    english = "my phone is broken or the internet is slow, I am in Pau"
    notice, question = "DEMO: the places are invented.", "What is it about? 1 "
    tracker, said = talk(SMS, english)
    assert [message.langue for message in said] == ["en"]
    assert said[0].text.startswith(f"{notice} {question}")
    assert len(said[0].choices) > 1
    assert tracker
    assert tracker.pending == said[0].asks == "need"
    towns = Utterance(
        response="utter_ask_insee_choix", text="?", choices=(Button("Pau (64)", "/SetSlots(insee=64445)"),)
    )
    other = Utterance(response="utter_pas_compris_1", text="?")
    need = Utterance(response="utter_ask_need_choix", text="?", choices=buttons("need", ["caf", "msa"]))
    language = FLOWS.languages["en"]
    assert questions(language, [need])
    assert questions(language, [towns]) == questions(language, [other, need]) == questions(language, [other]) == ()
    assert "Pour bien vous orienter" in talk(TERMINAL, english)[1][0].text


@pytest.mark.parametrize("language", LANGUAGES, ids=CODES)
def test_the_number_to_call_comes_first_and_is_never_left_out(language: Language) -> None:
    menu = FLOWS.responses["utter_ask_need"].variations[0].buttons
    for danger, alert in LIGNES.by_danger.items():
        said = [Utterance(response=DANGER, text=f"{alert.sentence} !"), Utterance(response="utter_ask_need", text="?")]
        said[1] = replace(said[1], choices=menu)
        written = lines(language, said, {}, LIGNES)
        assert all(line.startswith(language.dangers[danger]) for line in written)


@pytest.mark.parametrize("language", LANGUAGES, ids=CODES)
def test_the_choices_have_the_numbers_of_the_french_ones(language: Language) -> None:
    choices = (
        *buttons("urgency", ["today", "later"]),
        Button("Pau (64)", "/SetSlots(insee=64445)"),
        Button("?", "/x("),
    )
    line = lines(language, [Utterance(response="utter_ask_urgency", text="?", choices=choices)], {}, LIGNES)[0]
    labels = language.choix["urgency"]
    assert line.endswith(f"1 {labels['today']}; 2 {labels['later']}; 3 Pau (64); 4 ?.")
    assert line.startswith(language.avis)


def test_a_value_that_is_not_known_leaves_its_line_out() -> None:
    said = Utterance(response="utter_orientation", text="…", custom={"posture": "aider_a_faire"})
    line = lines(FLOWS.languages["en"], [said], {}, LIGNES)[0]
    assert "Your need" not in line
    assert "Help: Someone does it with me." in line


def test_the_line_is_the_last_paragraph_or_a_second_sms() -> None:
    arabic, short = "أجيب بالفرنسية.", "I answer in French."
    assert Plain().add("Oui.", [short, "x"]) == [f"Oui.\n\n{short}"]
    assert Sms().add("Oui.", [short]) == [f"Oui.\n{short}"]
    assert Sms().add("Où ? " * 50, [short * 4]) == ["Où ? " * 50, short * 4]
    assert Sms().add("Où ? " * 50, [arabic * 20, arabic]) == ["Où ? " * 50, arabic]
    assert segments(Sms().add("Où ? " * 50, [arabic * 20])[1]) == 2


def test_an_arabic_sms_stays_in_arabic_letters() -> None:
    tracker, said = talk(SMS, "السلام عليكم، أحتاج إلى مساعدة")
    assert language_of(tracker) == "ar"
    assert [(coding(message.text), message.langue) for message in said] == [(Coding.UCS2, "ar")]
    assert segments(said[0].text) == 2
    _, said = talk(SMS, "السلام عليكم، أحتاج إلى مساعدة", "CAF")
    assert [coding(message.text) for message in said] == [Coding.GSM7, Coding.UCS2]
    assert [message.langue for message in said] == [None, "ar"]
    assert all(segments(message.text) <= 2 for message in said)


def test_the_language_is_kept_until_a_french_sentence() -> None:
    english = "I need help with my pension, I live in Pau"
    for after in ("ok", "64000", "2", "menu", "retour", "aide", "Orthez"):
        assert language_of(talk(TERMINAL, english, after)[0]) == "en", after
    assert language_of(talk(TERMINAL, english, "necesito ayuda con mis papeles")[0]) == "es"
    tracker, said = talk(TERMINAL, english, "je voudrais plutôt continuer en français, merci")
    assert language_of(tracker) is None
    assert said[0].langue is None


def test_a_language_is_no_answer() -> None:
    tracker, _ = talk(TERMINAL, "they were sitting there with their dog")
    assert tracker
    assert not tracker.history
    tracker, said = talk(TERMINAL, "CAF", "they were sitting there with their dog")
    assert "Je ne trouve pas cette commune" in said[0].text
    assert tracker
    assert (tracker.misunderstood, language_of(tracker)) == (1, "en")


def test_a_secret_is_told_in_the_language() -> None:
    _, said = talk(SMS, "I need help with my Ameli account, my password is Pepper99")
    told = FLOWS.languages["en"].phrases[SECRET]
    assert told in " ".join(message.text for message in said)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("utter_ask_insee: Which", "utter_ask_inse: Which", "langue « en » : il manque « phrases.utter_ask_insee »"),
        ("        caf: CAF (ayudas)\n", "", "langue « es » : il manque « choix.need.caf »"),
        ("faire_faire: Dizem", "faire: Dizem", "langue « pt » : il manque « choix.posture.faire_faire »"),
        ("      homeless: \"Gaur", "      sdf: \"Gaur", "langue « eu » : il manque « dangers.homeless »"),
        ("    avis: أجيب بالفرنسية.\n", "", "« avis » est obligatoire"),
        ("Your need: {besoin}", "Your need: {need}", "valeur inconnue « need »"),
        ("        Help: {aide}.\n", "", "« phrases.utter_orientation » ne donne pas {aide}"),
        ("  pt:\n", "  po:\n", "langue « pt » : ses textes manquent"),
        ("call 119, free", "call 118, free", "« dangers.child » ne donne pas le numéro 119"),
    ],
)  # fmt: skip
def test_a_missing_text_is_said(tmp_path: Path, old: str, new: str, fault: str) -> None:
    folder = tmp_path / "flux"
    shutil.copytree(PACKAGE_FLOWS, folder)
    path = folder / "langues.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert [str(found) for found in check_folder(folder) if fault in str(found) and not found.avertissement]


def test_a_sentence_of_ones_own_needs_no_translation(tmp_path: Path) -> None:
    folder = tmp_path / "flux"
    shutil.copytree(PACKAGE_FLOWS, folder)
    path = folder / "orienter.textes.yml"
    path.write_text(
        path.read_text(encoding="utf-8") + "  utter_ask_carte:\n    - text: Une carte ?\n", encoding="utf-8"
    )
    found = [str(fault) for fault in check_folder(folder)]
    assert any("« utter_ask_carte » n'a de phrase dans aucune langue" in fault for fault in found)
