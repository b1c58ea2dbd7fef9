"""The page in a real browser: with and without JavaScript, by keyboard, and under the eyes of axe."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from bot.app import App
from bot.delivery.envelope import Source
from bot.delivery.envoi import Envoi
from bot.messages import SMS
from bot.store.secrecy import Secrecy
from bot.web.application import create_web
from tests.web.chromium import DESK, PHONE, Opened, assert_accessible, launching, open_page, serving
from tests.web.conftest import CAF

pytestmark = pytest.mark.xdist_group("chromium")


@pytest.fixture(scope="module")
def home(program: App) -> Iterator[str]:
    """Serve the page on a free port; return its address."""
    envoi = Envoi(program.database, Secrecy("c" * 32), Source("android", SMS), program.clock)
    with serving(
        create_web(program.reception, program.knowledge, program.settings, program.clock, envoi=envoi)
    ) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launching() as browser:
        yield browser


class Watched(Opened):
    """A conversation in the browser."""

    def say(self, text: str) -> None:
        self.page.fill("#texte", text)
        self.press("#redaction button")

    def press(self, selector: str) -> None:
        """Press a button that sends a form, and wait for the answer."""
        if self.script:
            self.page.click(selector)
            self.page.wait_for_selector("body:not([data-attente])")
        else:
            with self.page.expect_navigation():
                self.page.click(selector)

    def names(self) -> list[str]:
        """Return the titles of the cards of the last answer."""
        return self.page.locator("#reponse .carte h4").all_inner_texts()

    def understood(self) -> list[str]:
        return self.page.locator(".compris > ul > li > p > strong").all_inner_texts()


def watch(
    chromium: Browser, home: str, *, script: bool = True, size: tuple[int, int] = DESK, scheme: str = "light"
) -> Watched:
    """Open the first page in a browser of its own."""
    opened = open_page(chromium, home, script=script, size=size, scheme=scheme)
    watched = Watched(opened.page, opened.script, opened.faults, opened.requests)
    watched.page.goto(home)
    return watched


def converse(watched: Watched) -> list[list[str]]:
    """Play a whole conversation; return what was on the screen at each step."""
    seen = []
    watched.say("j'ai besoin d'aide pour la caf")
    seen.append(watched.page.locator("#reponse > p").all_inner_texts())
    watched.say("à mauléon, c'est urgent")
    seen += [watched.names(), watched.understood()]
    watched.press('#reponse button:has-text("Autre lieu")')
    seen.append(watched.names())
    watched.page.locator("summary").nth(1).click()
    watched.page.fill("#changer-commune", "orthez")
    watched.press('button:has-text("Changer la commune")')
    seen += [watched.names(), watched.understood()]
    watched.press('button:has-text("Recommencer")')
    seen.append(watched.page.locator("#reponse > p").all_inner_texts())
    return seen


def test_with_and_without_javascript_all_is_the_same(chromium: Browser, home: str) -> None:
    enhanced, plain = watch(chromium, home), watch(chromium, home, script=False)
    seen = converse(enhanced)
    assert seen == converse(plain)
    assert len(seen) == 7
    assert all(seen), seen
    assert seen[1] != seen[3]
    assert len(enhanced.page.locator("#journal .dit").all()) == 5, "the whole conversation stays on the page"
    assert enhanced.page.url == home
    assert enhanced.faults == plain.faults == []


@pytest.mark.parametrize("script", [True, False])
def test_erasing(chromium: Browser, home: str, script: bool) -> None:
    watched = watch(chromium, home, script=script)
    watched.say(CAF)
    watched.page.click('button:has-text("Effacer ma conversation")')
    watched.page.wait_for_url("**/efface")
    assert not watched.page.context.cookies()
    watched.page.click('a:has-text("Commencer une nouvelle conversation")')
    assert not watched.understood()
    assert watched.faults == []


def test_by_keyboard_alone(chromium: Browser, home: str) -> None:
    watched = watch(chromium, home)
    page, focused = watched.page, "document.activeElement.textContent.trim() || document.activeElement.id"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Aller au contenu"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0, "seen once it has the focus"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "texte"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.type("caf à pau")
    page.keyboard.press("Enter")
    page.wait_for_selector("#reponse .choix")
    assert page.evaluate("document.activeElement.id") == "texte", "who writes goes on writing"
    page.keyboard.press("Shift+Tab")
    label = page.evaluate(focused)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "label => document.querySelector('.dit:nth-last-of-type(2)')?.innerText.includes(label)", arg=label
    )
    page.wait_for_function("document.activeElement.id === 'reponse'")
    assert page.evaluate("document.querySelectorAll('#journal .choix').length") <= 1, "old choices are gone"
    assert watched.faults == []


def test_without_a_connection_nothing_is_lost(chromium: Browser, home: str) -> None:
    watched = watch(chromium, home)
    watched.page.context.set_offline(True)
    watched.page.fill("#texte", CAF)
    watched.page.click("#redaction button")
    watched.page.wait_for_selector("#alerte .erreur")
    assert "La connexion est coupée" in watched.page.inner_text("#alerte")
    assert watched.page.input_value("#texte") == CAF
    watched.page.context.set_offline(False)
    watched.press("#redaction button")
    assert watched.names()
    assert not watched.page.inner_text("#alerte")


def test_an_empty_message_is_told_in_place(chromium: Browser, home: str) -> None:
    watched = watch(chromium, home)
    watched.say("  ")
    assert "Votre message est vide" in watched.page.inner_text("#alerte")
    watched.say("caf")
    assert not watched.page.inner_text("#alerte")


def test_an_answer_is_text_never_markup(chromium: Browser, home: str) -> None:
    watched = watch(chromium, home)
    watched.say("<img src=x onerror=alert(1)>")
    assert watched.page.inner_text(".dit p") == "<img src=x onerror=alert(1)>"
    assert not watched.page.query_selector("img")
    assert watched.faults == []


def screens(watched: Watched, home: str) -> Iterator[str]:
    """Go through each kind of page; the name of the one on the screen."""
    page = watched.page
    yield "accueil"
    watched.say("caf pau")
    yield "question"
    for summary in page.locator("summary").all():
        summary.click()
    yield "compris"
    watched.say(CAF)
    yield "resultat"
    watched.say("je veux apprendre l'ordinateur à pau, pas pressé")
    yield "ateliers"
    watched.say("mon mari me frappe")
    yield "danger"
    watched.say("a" * 2001)
    yield "refus"
    page.goto(f"{home}nulle-part")
    yield "erreur"
    page.goto(f"{home}a-propos")
    yield "a-propos"
    page.goto(f"{home}efface")
    yield "efface"
    page.goto(f"{home}conseil")
    yield "conseil"
    page.fill("#commune", "nulle-part-sur-mer")
    page.click('button:has-text("Voir le conseil")')
    yield "conseil-commune-inconnue"
    page.goto(f"{home}conseil")
    ask_for_advice(page)
    yield "conseil-donne"
    page.click('a:has-text("dix phrases")')
    yield "charte"
    page.goto(f"{home}lieu/demo-mauleon-france-services/fiche?besoin=caf&depuis=64430&envoye=oui")
    yield "fiche"
    page.check("#accord")
    page.fill("#numero", "05 36 49 00 01")
    page.click(".donner .principal")
    yield "fiche-refus"


def ask_for_advice(page: Page) -> None:
    """Fill the form of the advice, and send it."""
    page.check('input[name="disponibilite"][value="5_minutes"]')
    page.check('input[name="autonomy"][value="none"]')
    page.check('input[name="confidential"][value="oui"]')
    page.select_option("#need", "caf")
    page.fill("#commune", "mauléon")
    page.click('button:has-text("Voir le conseil")')


@pytest.mark.parametrize("script", [True, False])
def test_a_helper_is_advised_below_the_form(chromium: Browser, home: str, script: bool) -> None:
    watched = watch(chromium, home, script=script)
    page = watched.page
    page.click("text=quelle aide donner")
    ask_for_advice(page)
    assert page.inner_text("#titre-conseil") == "Maintenant : faire faire"
    assert page.locator("form.conseil ~ #reponse").count() == 1
    assert page.is_checked('input[value="5_minutes"]'), "what was answered stays in the form"
    assert "mot de passe" in page.inner_text("#reponse")
    assert len(watched.names()) == 3
    page.click('a:has-text("dix phrases")')
    assert page.locator("main ol li").count() == 10
    assert watched.faults == []


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone-dark", "desk-light"])
def test_axe_finds_nothing(chromium: Browser, home: str, size: tuple[int, int], scheme: str) -> None:
    watched = watch(chromium, home, size=size, scheme=scheme)
    assert assert_accessible(watched.page, (f"{name}-{scheme}" for name in screens(watched, home))) == 16
