"""A conversation on the page, without JavaScript."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.app import App
from bot.web.rendering import tel
from bot.web.visitors import Visitor
from knowledge.telephones import telephone
from tests.web.conftest import CAF, Answered, Browser, Open


def buttons(page: Answered) -> dict[str, str]:
    """Return the choices under the answer: label → key."""
    return {label: key for key, label in re.findall(r'name="choix" value="(\d+)">([^<]+)<', page.text)}


def choose(browser: Browser, page: Answered, label: str) -> Answered:
    return browser.submit(choix=buttons(page)[label], tour=page.hidden("tour"))


def understood(page: Answered) -> list[str]:
    return re.findall(r'<span class="nom">[^<]+</span> <strong>([^<]+)</strong>', page.text)


def shown(page: Answered) -> str:
    """Return what is on the screen, without the numbers that every page draws anew."""
    return re.sub(r'name="(jeton|envoi)" value="[^"]*"', "", page.text.split("<main")[1])


def test_a_line_in_another_language_says_so_to_screen_readers(browser: Browser) -> None:
    page = browser.say("laguntza behar dut nire osasun txartelarekin, Pauen bizi naiz")
    line = re.findall(r'<p class="langue" lang="(\w+)" dir="(\w+)">(.*?)</p>', page.raw)
    assert [(lang, direction) for lang, direction, _ in line] == [("eu", "ltr")]
    assert line[0][2].startswith("Frantsesez erantzuten dut.")
    assert page.raw.count("Frantsesez erantzuten dut.") == 1
    page = browser.say("أبحث عن سكن اجتماعي في بايون")
    assert '<p class="langue" lang="ar" dir="rtl">أجيب بالفرنسية.' in page.raw
    page = browser.say("mi marido me pega y no sé a quién llamar")
    warned = page.raw.partition('<div class="danger">')[2].partition("</div>")[0]
    assert '<p class="langue" lang="es" dir="ltr">En peligro ahora: llame al 17.' in warned
    page = browser.say("je voudrais de nouveau parler français avec vous")
    assert 'class="langue"' not in page.raw


def test_the_first_page_asks_for_the_need(browser: Browser) -> None:
    page = browser.get()
    assert page.status == 200
    assert "De quoi avez-vous besoin ?" in page.text
    assert not understood(page)
    assert "Effacer ma conversation" not in page.text


SHOWN = {
    "nom",
    "titre",
    "adresse",
    "commune",
    "horaires",
    "reasons",
    "doubts",
    "relaxed",
    "posture_reason",
    "inscription",
}
"""What a card holds that a person reads as it is."""


def words_of(card: Any, key: str = "") -> Iterator[str]:
    """Yield every text of a card that must be on the page."""
    if isinstance(card, dict):
        for name, value in card.items():
            yield from words_of(value, name)
    elif isinstance(card, list):
        for value in card:
            yield from words_of(value, key)
    elif key in SHOWN and isinstance(card, str):
        yield card
    elif key == "telephone" and isinstance(card, str):
        yield f'href="{tel(card)}"'
        yield telephone(card)


@pytest.mark.parametrize(
    ("said", "least"),
    [
        (CAF, 20),
        ("je veux apprendre l'ordinateur à Pau, je ne suis pas pressé", 20),
        ("imprimer à Mauléon aujourd'hui", 10),
        ("carte grise, j'habite à Brest, c'est pour aujourd'hui", 3),
    ],
)
def test_nothing_of_a_card_is_lost(browser: Browser, program: App, said: str, least: int) -> None:
    page = browser.say(said)
    secret = next(cookie.value for cookie in browser.cookies if cookie.key == "visiteur")
    card = program.reception.current("web", Visitor(secret, new=False).conversation).messages[-1].card
    assert card
    words = set(words_of(card))
    assert len(words) >= least
    text = re.sub(r"\s+", " ", page.text).lower()
    told_by_lines = {reason for creneau in card["creneaux"] for reason in creneau["reasons"]}
    assert not [one for one in words - told_by_lines if one.lower() not in text]


def test_a_message_gets_cards(browser: Browser) -> None:
    page = browser.say(CAF)
    text = re.sub(r"\s+", " ", page.text)
    assert "Appeler le 05 36 49 00 01" in text
    assert "Ouvert maintenant, jusqu'à 12 h 30" in text
    assert "openstreetmap.org/?mlat=43.2" in page.raw
    assert "Fiche mise à jour le 11 novembre 2026. Lieu inventé pour la démonstration." in text
    assert "Site officiel : caf.fr" in re.sub(r"<[^>]+>", "", text)
    assert f"<p>{CAF}</p>" in text
    assert "Le plus adapté :" not in text, "the card says it already"


def test_what_was_understood_is_shown(browser: Browser) -> None:
    assert understood(browser.say(CAF)) == [
        "la CAF (RSA, APL, prime d'activité, allocations familiales)",
        "Mauléon-Licharre",
        "aujourd'hui ou demain",
        "pas encore dit",
    ]


def test_choices_are_buttons(browser: Browser) -> None:
    question = browser.say("caf pau")
    label = next(iter(buttons(question)))
    answer = choose(browser, question, label)
    assert f"<p>{label}</p>" in answer.text
    assert understood(answer) != understood(question), "the choice was understood"


@pytest.mark.parametrize(
    ("field", "value", "line", "said"),
    [
        ("need", "impots", 0, "les impôts (déclaration, avis, taxes)"),
        ("commune", "orthez", 1, "Orthez"),
        ("commune", "64 000", 1, "Pau"),
        ("urgency", "later", 2, "pas pressé"),
        ("posture", "faire_a_la_place", 3, "quelqu'un le fait pour vous"),
    ],
)
def test_what_was_understood_can_be_changed(browser: Browser, field: str, value: str, line: int, said: str) -> None:
    browser.say(CAF)
    assert understood(browser.submit(**{field: value}))[line] == said


def test_a_need_can_be_pressed_first(browser: Browser) -> None:
    page = browser.submit(need="retraite")
    assert understood(page)[0].startswith("la retraite")
    assert "Dans quelle commune" in page.text


def test_an_ambiguous_commune_is_asked_again(browser: Browser) -> None:
    browser.say(CAF)
    page = browser.submit(commune="Saint-Jean")
    assert len(buttons(page)) > 1


def test_a_deadline_is_told_as_a_day(browser: Browser) -> None:
    assert understood(browser.say("impôts à Pau, avant vendredi"))[2] == "avant le vendredi 27 novembre"


def test_commands_have_buttons(browser: Browser) -> None:
    browser.say(CAF)
    page = browser.submit(commande="menu")
    assert "On recommence." in page.text
    assert understood(page)[1] == "Mauléon-Licharre", "the commune is kept"
    browser.say("retraite")
    assert "on revient à la question d'avant" in browser.submit(commande="retour").text


def test_a_danger_comes_first_and_apart(browser: Browser) -> None:
    page = browser.say("mon mari me frappe, je suis à Orthez")
    danger = page.text.split('<div class="danger">')[1].split("</div>")[0]
    assert "Appelez le 17." in danger
    assert 'href="tel:17"' in danger
    assert 'href="tel:3919"' in danger
    assert 'href="sms:114"' in danger, "the 114 is written to"
    assert "inventés" not in danger
    assert page.text.count("Appelez le 17.") == 1
    assert "Ces numéros-là sont vrais" in danger


def test_a_reload_sends_nothing_again(browser: Browser) -> None:
    first = browser.say("caf pau")
    assert shown(browser.get()) == shown(first)


def test_a_double_click_has_one_effect(browser: Browser) -> None:
    page = browser.say(CAF)
    form = {"jeton": page.hidden("jeton"), "envoi": page.hidden("envoi"), "tour": page.hidden("tour")}
    form["choix"] = buttons(page)["Autre lieu"]
    assert [browser.post(**form).status for _ in range(2)] == [303, 303]
    once = browser.get()
    assert shown(once) != shown(page)
    browser.post(**form)
    assert shown(browser.get()) == shown(once)


def test_an_old_button_does_not_act(browser: Browser) -> None:
    old = browser.say("caf pau")
    browser.say("finalement pour la retraite")
    before = shown(browser.get())
    answered = browser.post(jeton=old.hidden("jeton"), envoi="another-tab", tour=old.hidden("tour"), choix="1")
    assert answered.status == 303
    assert shown(browser.get()) == before


def test_the_same_form_with_other_words_is_another_message(browser: Browser) -> None:
    page = browser.say("caf")
    form = {"jeton": page.hidden("jeton"), "envoi": page.hidden("envoi")}
    browser.post(**form, texte="pau")
    browser.post(**form, texte="plutôt à orthez")
    assert understood(browser.get())[1] == "Orthez"


def test_each_visitor_has_their_own_conversation(open_browser: Open) -> None:
    one, other = open_browser(), open_browser()
    one.say(CAF)
    assert not understood(other.get())
    assert understood(one.get())


@pytest.mark.parametrize("way", ["button", "word"])
def test_erasing_leaves_nothing(browser: Browser, way: str) -> None:
    browser.say(CAF)
    cookies = {cookie.key: cookie.value for cookie in browser.cookies}
    assert set(cookies) == {"visiteur", "dit"}
    page = browser.submit("/effacer") if way == "button" else browser.say("EFFACER")
    assert "Il ne reste rien de votre conversation" in page.text
    assert not list(browser.cookies)
    browser.cookies.update_cookies(cookies)
    assert not understood(browser.get()), "the base has forgotten it too"


def test_an_old_answer_is_called_old(browser: Browser) -> None:
    assert "pas toute récente" not in browser.say(CAF).text
    browser.cookies.clear(lambda cookie: cookie.key == "dit")
    assert "pas toute récente" in browser.get().text


def test_stop_twice_still_shows_a_page(browser: Browser) -> None:
    browser.say("stop")
    assert "De quoi avez-vous besoin ?" in browser.say("stop").text
