"""Every fault is a French page, and loses nothing."""

import asyncio
from typing import Any

import pytest

from bot.conversation.reception import Reply
from bot.messages import MessageIn
from bot.store.turns import ConversationDepassee
from tests.web.conftest import CAF, Browser, Open

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CASES: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", "/nulle-part", {}, 404, "Page introuvable"),
    ("GET", "/static/nulle-part.css", {}, 404, "Page introuvable"),
    ("GET", "/message", {}, 405, "ne s'ouvre pas directement"),
    ("PUT", "/", {}, 405, "ne s'ouvre pas directement"),
    ("POST", "/message", {"data": b"x" * 70_000, "headers": FORM}, 413, "trop long"),
    ("POST", "/message", {"json": {"texte": CAF}}, 415, "format"),
    ("POST", "/message", {"data": b"texte=\xff\xfe", "headers": FORM}, 400, "lire"),
    (
        "POST",
        "/message",
        {"data": b"a=1", "headers": {"Content-Type": FORM["Content-Type"] + "; charset=klingon"}},
        400,
        "lire",
    ),
    ("POST", "/message", {"data": {"texte": CAF}}, 403, "envoyez-le de nouveau"),
]


@pytest.mark.parametrize(("method", "path", "options", "status", "sentence"), CASES)
def test_faults_are_french_pages(
    browser: Browser, method: str, path: str, options: dict[str, Any], status: int, sentence: str
) -> None:
    answered = browser.ask(method, path, **options)
    assert answered.status == status
    assert '<html lang="fr">' in answered.raw
    assert sentence in answered.text
    assert 'role="alert"' in answered.raw
    assert "Démonstration." in answered.text


def test_a_wrong_method_says_which_are_right(browser: Browser) -> None:
    assert browser.get("/message").headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("said", "status", "sentence"),
    [
        ("", 422, "Écrivez quelques mots"),
        (" \n\t ", 422, "Écrivez quelques mots"),
        ("\x00\x07\x1b", 422, "Écrivez quelques mots"),
        ("a" * 2001, 413, "2001 lettres"),
        ("é" * 10_000, 413, "10000 lettres"),
    ],
)
def test_a_text_that_cannot_be_read_is_given_back(browser: Browser, said: str, status: int, sentence: str) -> None:
    answered = browser.say(said)
    assert answered.status == status
    assert sentence in answered.text
    assert 'aria-invalid="true"' in answered.raw
    assert said.strip(" \n\t\x00\x07\x1b") in answered.text


@pytest.mark.parametrize("said", ["a" * 2000, "😀" * 500, "\u202eabc", "a\r\nb", "…", "?"])
def test_odd_texts_are_read(browser: Browser, said: str) -> None:
    assert browser.say(said).status == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"commande": "stop"},
        {"need": "caf, exclus=null)"},
        {"urgency": "hier"},
        {"posture": "faire"},
        {"choix": "99"},
        {"commune": ""},
    ],
)
def test_fields_that_no_page_has_are_refused(browser: Browser, fields: dict[str, str]) -> None:
    page = browser.say("caf pau")
    answered = browser.submit(**fields, tour=page.hidden("tour"))
    assert answered.status in (400, 422)
    assert "hier" not in answered.text


def test_a_damaged_base_keeps_the_message(open_browser: Open, broken_base: dict[str, object]) -> None:
    browser = open_browser(broken_base)
    token = browser.token()
    answered = browser.post(jeton=token, envoi="1", texte=CAF)
    assert answered.status == 503
    assert answered.headers["Retry-After"] == "30"
    assert CAF in answered.text
    assert answered.hidden("envoi") == "1", "sent again, it is the same message"
    assert 'href="tel:3939"' in answered.raw
    assert "broken.db" not in answered.text


def test_a_damaged_base_keeps_the_choice(open_browser: Open, broken_base: dict[str, object]) -> None:
    browser = open_browser(broken_base)
    answered = browser.post(jeton=browser.token(), envoi="1", need="caf")
    assert answered.status == 503
    assert "Réessayer" in answered.text
    assert answered.hidden("need") == "caf"


def test_health_says_whether_the_base_answers(
    browser: Browser, open_browser: Open, broken_base: dict[str, Any]
) -> None:
    assert (browser.get("/health").status, browser.get("/health").raw) == (200, '{"etat": "ok"}')
    assert open_browser(broken_base).get("/health").status == 503


class Failing:
    """A reception that fails in ways that the real one cannot be made to."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def current(self, channel: str, conversation: str) -> Reply:
        return Reply((), {})

    async def receive(self, message: MessageIn) -> Reply:
        await asyncio.sleep(0)
        raise self._error


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError(CAF), 500), (ConversationDepassee(), 503), (KeyError("x"), 500)]
)
def test_unforeseen_faults_keep_the_message(
    open_browser: Open, caplog: pytest.LogCaptureFixture, error: Exception, status: int
) -> None:
    browser = open_browser({"reception": Failing(error)})
    answered = browser.post(jeton=browser.token(), envoi="1", texte=CAF)
    assert answered.status == status
    assert CAF in answered.text
    assert CAF not in caplog.text
    assert "Traceback" not in answered.text + caplog.text
