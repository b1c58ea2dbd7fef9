"""Cookies, tokens, headers: what protects a visitor from other sites and from other visitors."""

import logging
import re
from hashlib import sha256

import pytest
from sqlalchemy import text

from bot.app import App
from tests.web.conftest import CAF, Browser, Open

PAGES = [
    ("GET", "/"),
    ("GET", "/a-propos"),
    ("GET", "/efface"),
    ("GET", "/annuaire"),
    ("GET", "/annuaire?q=caf+orthez"),
    ("GET", "/nulle-part"),
    ("GET", "/message"),
    ("POST", "/message"),
]
FILES = [f"/static/{name}" for name in ("style.css", "page.js", "icone.svg", "annuaire.css", "annuaire.js")]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@pytest.mark.parametrize(("method", "path"), [*PAGES, ("GET", "/health"), *(("GET", file) for file in FILES)])
def test_every_answer_has_the_headers(browser: Browser, method: str, path: str) -> None:
    headers = browser.ask(method, path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == ("no-cache" if path in FILES else "no-store")
    assert "aiohttp" not in headers["Server"]


@pytest.mark.parametrize(("method", "path"), PAGES)
def test_pages_hold_nothing_inline_and_nothing_from_elsewhere(browser: Browser, method: str, path: str) -> None:
    page = browser.ask(method, path).raw
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick" not in page
    ours = re.findall(r'<script src="/static/(?:page|annuaire)\.js" defer></script>', page)
    assert page.count("<script") == len(ours)
    assert 'src="http' not in page
    assert '<link rel="stylesheet" href="/static/style.css">' in page


def test_the_cookie_is_opaque_and_closed(browser: Browser) -> None:
    cookie = browser.get().headers["Set-Cookie"]
    value = cookie.split("=", 1)[1].split(";")[0]
    assert len(value) == 43
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=86400"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_bound_to_the_host(open_browser: Open) -> None:
    cookie = open_browser(https=True).get().headers["Set-Cookie"]
    assert cookie.startswith("__Host-visiteur=")
    assert "Secure" in cookie.split("; ")


def test_the_cookie_is_never_stored(browser: Browser, program: App) -> None:
    browser.say(CAF)
    secret = next(cookie.value for cookie in browser.cookies if cookie.key == "visiteur")
    with program.database.connect() as connection:
        rows = [
            str(tuple(row))
            for table in ("conversation", "inbox", "outbox")
            for row in connection.execute(text(f"SELECT * FROM {table}"))
        ]
    assert len(rows) >= 3
    assert not [row for row in rows if secret in row or sha256(secret.encode()).hexdigest() in row]
    assert not [row for row in rows if CAF in row], "what the person writes is not kept"


@pytest.mark.parametrize("value", ["", "x", "a" * 42, "a" * 44, "é" * 43, "../../etc/passwd" + "a" * 27])
def test_a_cookie_that_is_not_ours_is_replaced(browser: Browser, value: str) -> None:
    answered = browser.ask("GET", "/", headers={"Cookie": f"visiteur={value}"})
    assert answered.status == 200
    assert "visiteur=" in answered.headers["Set-Cookie"]


def test_every_form_has_its_token(browser: Browser) -> None:
    for page in (browser.get(), browser.say(CAF), browser.say("")):
        forms = page.raw.count("<form ")
        assert forms == page.raw.count('method="post"') > 0
        assert forms == page.raw.count(f'name="jeton" value="{page.hidden("jeton")}"')
        assert forms == page.raw.count('name="envoi" value="')


@pytest.mark.parametrize("token", ["", "0" * 64, "é", "other"])
@pytest.mark.parametrize("path", ["/message", "/effacer"])
def test_a_form_without_its_token_is_refused(open_browser: Open, token: str, path: str) -> None:
    browser, other = open_browser(), open_browser()
    browser.get()
    sent = other.token() if token == "other" else token
    answered = browser.post(path, jeton=sent, texte=CAF)
    assert answered.status == 403
    if path == "/message":
        assert CAF in answered.text, "the message is given back"


def test_a_refused_form_can_be_sent_again(browser: Browser) -> None:
    refused = browser.post(texte=CAF)
    assert refused.status == 403
    assert browser.post(jeton=refused.hidden("jeton"), envoi="1", texte=CAF).status == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        ({"Origin": "null"}, 303),
        ({"Origin": "https://example.org"}, 403),
        ({"Origin": "http://mairie.example", "Host": "mairie.example"}, 303),
        ({"Origin": "https://mairie.example", "Host": "mairie.example"}, 303),
        ({"Origin": "https://mairie.example.org", "Host": "mairie.example"}, 403),
        ({}, 303),
    ],
)
def test_forms_of_other_sites_are_refused(browser: Browser, headers: dict[str, str], status: int) -> None:
    cookie = browser.get().headers["Set-Cookie"].split(";")[0]
    token = browser.token()
    browser.cookies.clear()
    form = {"jeton": token, "texte": "bonjour"}
    answered = browser.ask("POST", "/message", data=form, headers={"Cookie": cookie, **headers})
    assert answered.status == status
    assert "bonjour" not in answered.text


def test_another_visitor_cannot_replay_a_message(open_browser: Open) -> None:
    """The answers to a message are found by its id: a stolen id must give nothing."""
    one, other = open_browser(), open_browser()
    one.post(jeton=one.token(), envoi="same", texte=CAF)
    other.post(jeton=other.token(), envoi="same", texte=CAF)
    other.post(jeton=other.token(), envoi="second", texte="effacer")
    assert "Mauléon-Licharre" in one.get().text


@pytest.mark.parametrize(
    "said", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "'; DROP TABLE lieu;--"]
)
def test_what_is_written_is_never_markup(browser: Browser, said: str) -> None:
    page = browser.say(said)
    assert page.status == 200
    assert said in page.text
    assert "<script>alert" not in page.raw
    assert "<img" not in page.raw


@pytest.mark.parametrize("name", ["style.css", "../forms.py", "..%2fforms.py", "%2e%2e/forms.py", ""])
def test_static_files_only(browser: Browser, name: str) -> None:
    answered = browser.get(f"/static/{name}")
    assert answered.status == (200 if name == "style.css" else 404)


def test_nothing_personal_is_logged(
    browser: Browser, open_browser: Open, broken_base: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser.say(CAF)
    browser.post(texte=CAF)
    open_browser(broken_base).post(texte=CAF)
    secret = next(cookie.value for cookie in browser.cookies if cookie.key == "visiteur")
    assert "mauléon" not in caplog.text.lower()
    assert "127.0.0.1" not in caplog.text.replace("sqlite", "")
    assert secret not in caplog.text
