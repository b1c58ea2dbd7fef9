"""The card on the page: what it shows, its files, and the SMS that goes to a telephone once its person agrees."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from bot.app import App
from bot.store.tables import metadata
from bot.web.application import create_web
from tests.delivery.phones import Phones
from tests.delivery.station import until
from tests.web.conftest import CAF, Answered, Browser, Open
from tests.web.serving import ANDROID, build_app, build_hooks, fast_clock, point_at

LIEU = "/lieu/demo-mauleon-france-services"
ASKED = "?besoin=caf&posture=faire_a_la_place&depuis=64430"
NUMBER, WRITTEN = "+33639980001", "06 39 98 00 01"
QUEUED = "Le SMS est dans la file d'envoi."


@pytest.fixture
def texting(program: App, tmp_path: Path, open_browser: Open) -> Browser:
    """A page that can send SMS, over a base of its own."""
    app = build_app(tmp_path, program.clock, **ANDROID)
    return open_browser({"envoi": app.envoi()})


def submit(browser: Browser, **fields: str) -> Answered:
    page = browser.get(f"{LIEU}/fiche{ASKED}")
    sent = {"jeton": page.hidden("jeton"), "envoi": page.hidden("envoi"), "besoin": "caf", **fields}
    return browser.post(f"{LIEU}/sms", **sent)


def test_the_answer_leads_to_the_card_of_each_place(browser: Browser) -> None:
    page = browser.say(CAF)
    assert page.raw.count("/fiche?posture=aider_a_faire&amp;besoin=caf&amp;depuis=64371") == 3
    card = browser.get(page.raw.split('href="/lieu/', 1)[1].split('"', 1)[0].replace("&amp;", "&").join(["/lieu/", ""]))
    assert card.status == 200
    assert "« Bonjour, je viens pour une démarche avec la CAF." in card.text


def test_the_card_says_all_and_offers_its_files(browser: Browser) -> None:
    page = browser.get(f"{LIEU}/fiche{ASKED}")
    for words in (
        "<h1>France services fictif de Mauléon</h1>",
        "Démonstration : lieu inventé.",
        "Lundi à jeudi",
        "À 31 km à vol d'oiseau depuis Orthez.",
        "Apportez votre numéro d'allocataire",
        "Je voudrais que quelqu'un s'en occupe pour moi.",
    ):
        assert words in page.text
    assert page.raw.count("<svg") == 2
    assert "<form" not in page.raw, "no gateway sends SMS"
    for extension, kind in (("pdf", "application/pdf"), ("png", "image/png"), ("vcf", "text/vcard; charset=utf-8")):
        link = f"{LIEU}/fiche.{extension}{ASKED}"
        assert link.replace("&", "&amp;") in page.raw
        status, headers = head(browser, link)
        assert (status, headers["Content-Type"]) == (200, kind)
        assert f'filename="fiche-france-services-fictif-de-mauleon.{extension}"' in headers["Content-Disposition"]


def head(browser: Browser, path: str) -> tuple[int, dict[str, str]]:
    answered = browser.ask("HEAD", path)
    return answered.status, answered.headers


@pytest.mark.parametrize("asked", ["?besoin=x&posture=y&depuis=z", "?besoin=&posture=", "", "?depuis=99999&a=b"])
def test_what_is_not_ours_in_the_address_is_left_out(browser: Browser, asked: str) -> None:
    page = browser.get(f"{LIEU}/fiche{asked}")
    assert page.status == 200
    assert "Bonjour, j'ai une démarche à faire sur internet." in page.text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/lieu/nulle-part/fiche", "Ce lieu n'est plus dans la base."),
        ("/lieu/nulle-part/fiche.pdf", "Ce lieu n'est plus dans la base."),
        ("/creneau/nulle-part.ics", "Cet atelier n'est plus dans la base."),
        (f"{LIEU}/fiche.exe", "Cette page n'existe pas."),
        (f"{LIEU}/fiche.sms", "Cette page n'existe pas."),
        ("/lieu/%2F..%2F/fiche", "Ce lieu n'est plus dans la base."),
    ],
)
def test_what_does_not_exist_is_told(browser: Browser, path: str, said: str) -> None:
    answered = browser.get(path)
    assert answered.status == 404
    assert said in answered.text


def test_a_slot_goes_into_a_calendar(browser: Browser) -> None:
    answered = browser.get("/creneau/demo-creneau-messagerie-mauleon.ics")
    assert answered.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answered.raw.startswith("BEGIN:VCALENDAR\r\n")
    assert "UID:demo-creneau-messagerie-mauleon@aiguilleur" in answered.raw


def test_files_cannot_be_asked_for_without_end(browser: Browser) -> None:
    statuses = [head(browser, f"{LIEU}/fiche.vcf")[0] for _ in range(31)]
    assert statuses == [200] * 30 + [429]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"numero": WRITTEN}, "Cochez la case"),
        ({"numero": WRITTEN, "accord": "non"}, "Cochez la case"),
        ({"numero": "", "accord": "oui"}, "Écrivez un numéro de portable français"),
        ({"numero": "05 36 49 00 01", "accord": "oui"}, "Écrivez un numéro de portable français"),
        ({"numero": "+32 470 12 34 56", "accord": "oui"}, "Écrivez un numéro de portable français"),
        ({"numero": "36 " * 4000, "accord": "oui"}, "Écrivez un numéro de portable français"),
        ({"accord": "oui"}, "Écrivez un numéro de portable français"),
    ],
)
def test_what_is_lacking_is_told_and_the_number_is_not_written_back(
    texting: Browser, fields: dict[str, str], said: str
) -> None:
    answered = submit(texting, **fields)
    assert answered.status == 422
    assert said in answered.text
    assert answered.raw.count('aria-invalid="true"') == 1
    assert "value=" not in answered.raw.split('<input id="numero"', 1)[1].split(">", 1)[0]


def test_the_form_is_as_safe_as_the_others(texting: Browser, open_browser: Open) -> None:
    assert texting.post(f"{LIEU}/sms", numero=WRITTEN, accord="oui").status == 403
    assert texting.post(f"{LIEU}/sms", jeton="0" * 64, numero=WRITTEN, accord="oui").status == 403
    other = open_browser()
    assert other.post(f"{LIEU}/sms", jeton=other.token(), numero=WRITTEN, accord="oui").status == 404, "no gateway"


def test_sms_are_counted_for_each_number_and_in_all(
    program: App, tmp_path: Path, open_browser: Open, texting: Browser
) -> None:
    sent = [submit(texting, numero=WRITTEN, accord="oui").status for _ in range(4)]
    assert sent == [303, 303, 303, 429]
    assert submit(texting, numero="06 39 98 00 02", accord="oui").status == 303
    app = build_app(tmp_path / "autre", program.clock, **ANDROID)
    few = open_browser({"envoi": app.envoi()}, fiches_sms_par_heure=2)
    numbers = [f"06 39 98 00 0{number}" for number in range(3)]
    answers = [submit(few, numero=number, accord="oui") for number in numbers]
    assert [each.status for each in answers] == [303, 303, 429]
    assert "Trop de SMS ont été demandés. Attendez 30 minutes" in answers[-1].text
    none = open_browser({"envoi": app.envoi()}, fiches_sms_par_heure=0)
    assert "<form" not in none.get(f"{LIEU}/fiche").raw


def test_an_sms_reaches_the_telephone_unless_its_person_said_stop(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Page, outbox, sender and gateway, over real HTTP on both sides."""
    caplog.set_level(logging.DEBUG)
    clock = fast_clock()
    with Phones(clock=lambda: clock().timestamp()).open() as phones:
        app = build_app(tmp_path, clock, **ANDROID, android_url=phones.url)
        asyncio.run(_send_stop_and_send_again(app, phones))
    first, *_, confirmed = phones.received[NUMBER]
    assert first.startswith("DÉMO, lieu inventé. CAF : France services fictif de Mauléon, 1 rue de l'Exemple")
    assert "STOP" in first
    assert confirmed.lower().count("france services") == 0, "nothing after the STOP but its confirmation"
    with app.database.connect() as connection:
        rows = [str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    assert len(rows) >= 3
    assert not [row for row in rows if "639980001" in row or "6 39 98 00 01" in row]
    assert "639980001" not in caplog.text.replace(" ", "")


async def _send_stop_and_send_again(app: App, phones: Phones) -> None:
    hooks = build_hooks(app)
    site = create_web(app.reception, app.knowledge, app.settings, app.clock, hooks=hooks, envoi=app.envoi())
    async with TestClient(TestServer(site)) as client:
        point_at(phones, client.port or 0, hooks)
        told = await _ask_sms(client)
        await until(lambda: len(phones.received[NUMBER]) == 1)
        await asyncio.wrap_future(phones.send([("stop-1", NUMBER, "STOP")]))
        await until(lambda: len(phones.received[NUMBER]) == 2)
        assert await _ask_sms(client) == told, "nobody can tell that this person said STOP"
        await asyncio.wrap_future(phones.send([("autre-1", "+33639980002", "bonjour")]))
        await until(lambda: bool(phones.received["+33639980002"]))
    assert len(phones.received[NUMBER]) == 2


async def _ask_sms(client: TestClient[Any, Any]) -> str:
    """Fill the form as a browser does; return what the page then says of it."""
    page = Answered(200, {}, await (await client.get(f"{LIEU}/fiche{ASKED}")).text())
    fields = {"jeton": page.hidden("jeton"), "envoi": page.hidden("envoi"), "besoin": "caf", "accord": "oui"}
    async with client.post(f"{LIEU}/sms", data={**fields, "numero": WRITTEN}) as answered:
        assert "639" not in str(answered.url)
        text = await answered.text()
    assert QUEUED in text
    return text.split('id="envoye"', 1)[1].split("</div>", 1)[0]
