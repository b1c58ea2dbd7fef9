"""Each gateway asked something harmless: what is right, refused, away, and what the operator reads."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.app import App
from bot.channels.http import Http, SmsCodec, over_http
from bot.channels.sms.android import Android
from bot.channels.sms.jasmin import Jasmin
from bot.channels.sms.kannel import Kannel
from bot.channels.sms.ovh import Ovh, ServerClock
from bot.channels.sms.twilio import Twilio
from bot.channels.sms.vonage import Vonage
from bot.diagnosis.finding import Finding, Sign
from bot.diagnosis.gateways import check_gateways, check_key
from bot.settings import Settings
from bot.store.conversations import Store
from knowledge.horaires import paris
from tests.store.turns import turn
from tests.telegram.bot_api import TOKEN, BotApi, Fault
from tests.web.serving import NOW, OPERATOR_KEY

HOOK = "https://aide.exemple.fr/gateways/x/secret"
BASIC = "Basic " + base64.b64encode(b"moi:mot").decode()
OVH_CLOCK = ServerClock(lambda: datetime(2026, 11, 23, 10, tzinfo=paris()))


def kannel(url: str) -> Kannel:
    return Kannel(url=f"{url}/cgi-bin/sendsms", username="moi", password="mot", sender="36000", callback=HOOK)


def twilio(url: str) -> Twilio:
    return Twilio(account="moi", token="mot", sender="+33639980000", callback=HOOK, url=url)


def vonage(url: str) -> Vonage:
    return Vonage(api_key="moi", api_secret="mot", sender="336", callback=HOOK, url=f"{url}/sms/json")


def android(url: str) -> Android:
    return Android(
        username="moi", password="mot", signing_key="x", callback=HOOK, messages_url=f"{url}/3rdparty/v1/messages"
    )


def jasmin(url: str) -> Jasmin:
    return Jasmin(username="moi", password="mot", sender="36000", callback=HOOK, send_url=f"{url}/send")


def ovh(url: str) -> Ovh:
    return Ovh(
        service="sms-x", application_key="moi", application_secret="mot", consumer_key="c", callback=HOOK, api=url,
        clock=OVH_CLOCK,
    )  # fmt: skip


@dataclass
class Case:
    """What a gateway answers to the one request that it is asked, and what the operator is told."""

    build: Any
    path: str
    status: int
    body: str
    told: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


NAMED = {"username": "moi", "password": "mot"}
BY_HEADER = {"Authorization": BASIC}
REFUSED = "elle refuse vos identifiants"
CASES = {
    "kannel": Case(kannel, "/cgi-bin/sendsms", 400, "Missing receiver number, rejected", "", NAMED),
    "kannel refuses": Case(kannel, "/cgi-bin/sendsms", 403, "Authorization failed for sendsms", REFUSED, NAMED),
    "kannel is another": Case(kannel, "/cgi-bin/sendsms", 400, "Bad Request", "elle répond 400", NAMED),
    "twilio": Case(twilio, "/2010-04-01/Accounts/moi.json", 200, '{"status": "active"}', "", {}, BY_HEADER),
    "twilio suspended": Case(twilio, "/2010-04-01/Accounts/moi.json", 200, '{"status": "suspended"}', "pas actif"),
    "twilio refuses": Case(twilio, "/2010-04-01/Accounts/moi.json", 401, "{}", REFUSED),
    "vonage": Case(vonage, "/account/get-balance", 200, '{"value": 9.5}', "", {"api_key": "moi", "api_secret": "mot"}),
    "vonage without money": Case(vonage, "/account/get-balance", 200, '{"value": 0}', "plus de crédit"),
    "vonage refuses": Case(vonage, "/account/get-balance", 401, "{}", REFUSED),
    "android": Case(android, "/3rdparty/v1/webhooks", 200, f'[{{"url": "{HOOK}"}}]', "", {}, BY_HEADER),
    "android not told": Case(android, "/3rdparty/v1/webhooks", 200, "[]", "ne connaît pas encore l'adresse"),
    "android refuses": Case(android, "/3rdparty/v1/webhooks", 401, "", REFUSED),
    "jasmin": Case(jasmin, "/balance", 200, '{"balance": "ND", "sms_count": "ND"}', "", NAMED),
    "jasmin refuses": Case(jasmin, "/balance", 403, '"Authentication failure for username:moi"', REFUSED),
    "ovh": Case(ovh, "/sms/sms-x/blacklists", 200, "[]", "", {}, {"X-Ovh-Application": "moi"}),
    "ovh refuses": Case(ovh, "/sms/sms-x/blacklists", 403, "{}", REFUSED),
    "ovh has no such account": Case(ovh, "/sms/sms-x/blacklists", 404, "{}", "ce compte n'existe pas"),
}


@asynccontextmanager
async def answering(case: Case, asked: list[web.Request]) -> AsyncIterator[str]:
    async def answer(request: web.Request) -> web.Response:
        asked.append(request)
        return web.Response(status=case.status, text=case.body)

    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", answer)
    async with TestServer(app) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_harmless_request_tells_what_is_wrong(case: Case) -> None:
    asked: list[web.Request] = []

    async def check() -> str:
        http = Http()
        async with answering(case, asked) as url:
            codec: SmsCodec = case.build(url)
            try:
                return await (over_http(codec, http).check or pytest.fail)()
            finally:
                await http.close()

    told = asyncio.run(check())
    (request,) = asked
    assert (request.method, request.path) == ("GET", case.path)
    assert case.query.items() <= dict(request.query).items()
    assert case.headers.items() <= dict(request.headers).items()
    assert told == "" if case.told == "" else case.told in told
    assert "mot" not in told.split()


@pytest.mark.parametrize("build", [kannel, twilio, vonage, android, jasmin, ovh])
def test_a_gateway_that_is_away_is_told(build: Any) -> None:
    codec = build("http://127.0.0.1:9")
    assert urlsplit(codec.probe().url).hostname == "127.0.0.1"

    async def check() -> str:
        http = Http()
        try:
            return await (over_http(codec, http).check or pytest.fail)()
        finally:
            await http.close()

    assert asyncio.run(check()).startswith("elle ne répond pas (ClientConnectorError)")


def settings(**values: Any) -> Settings:
    return Settings(**{"cle": SecretStr(OPERATOR_KEY), "adresse": "https://aide.exemple.fr", **values})


KANNEL = {
    "kannel_url": "http://127.0.0.1:9/cgi-bin/sendsms",
    "kannel_utilisateur": "moi",
    "kannel_mot_de_passe": SecretStr("tres-secret"),
    "kannel_numero": "36000",
}


def found(given: Settings) -> list[tuple[Sign, str]]:
    return [(each.sign, str(each)) for each in asyncio.run(check_gateways(given, Http(), lambda: NOW))]


def test_no_gateway_is_no_fault() -> None:
    ((sign, said),) = found(settings())
    assert sign is Sign.LOOK
    assert "sur sa page seulement" in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({**KANNEL, "kannel_numero": ""}, "✗ kannel : il manque AIGUILLEUR_KANNEL_NUMERO."),
        ({**KANNEL, "adresse": ""}, "✗ kannel : il manque AIGUILLEUR_ADRESSE, l'adresse que la passerelle appelle."),
        ({"gammu_base": SecretStr("n'importe quoi")}, "✗ gammu : un des réglages de gammu est mal écrit."),
        ({"gammu_base": SecretStr("sqlite://")}, "✗ gammu : sa base ne se lit pas (OperationalError)."),
    ],
)
def test_a_gateway_that_cannot_work_says_what_is_missing(given: dict[str, Any], said: str) -> None:
    ((sign, told),) = found(settings(**given))
    assert sign is Sign.FIX
    assert told.startswith(said)


def test_a_key_is_wanted_as_soon_as_there_is_a_gateway(tmp_path: Path) -> None:
    def look(**values: Any) -> Finding:
        return check_key(App(settings(base=SecretStr(f"sqlite:///{tmp_path}/base.db"), **values)))

    short = SecretStr("trop-courte")
    assert look(cle=SecretStr("")).sign is Sign.LOOK
    assert look(cle=SecretStr(""), **KANNEL).sign is Sign.FIX
    assert look(cle=short).sign is Sign.FIX
    assert "openssl rand" in str(look(cle=short))
    assert "trop-courte" not in str(look(cle=short))
    assert look(**KANNEL).sign is Sign.GOOD


def test_another_key_than_the_one_of_the_base_is_found_out(tmp_path: Path) -> None:
    given = settings(base=SecretStr(f"sqlite:///{tmp_path}/base.db"), **KANNEL)
    app = App(given)
    assert check_key(app).sign is Sign.GOOD
    Store(app.database).commit(turn())
    other = App(given.model_copy(update={"cle": SecretStr("une autre clé, fictive, de plus de 32 caractères")}))
    found = check_key(other)
    assert found.sign is Sign.FIX
    assert "n'est pas la clé qui protège cette base" in found.said
    assert "fictive" not in str(found)


def test_a_key_is_looked_at_without_its_base_too(tmp_path: Path) -> None:
    (tmp_path / "base.db").write_text("pas une base", encoding="utf-8")
    found = check_key(App(settings(base=SecretStr(f"sqlite:///{tmp_path}/base.db"), **KANNEL)))
    assert (found.sign, "la base ne répond pas" in found.said) == (Sign.LOOK, True)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (None, "✓ telegram : Telegram répond. Rien à coller."),
        (Fault(401, "Unauthorized"), "✗ telegram : Telegram refuse le jeton. Demandez-le de nouveau à @BotFather."),
        (Fault(502, body="<html>"), "✗ telegram : Telegram ne répond pas ("),
    ],
)
def test_telegram_is_asked_who_the_bot_is(fault: Fault | None, said: str) -> None:
    async def check() -> str:
        async with BotApi() as api:
            if fault:
                api.fail("getMe", fault)
            given = settings(telegram_jeton=SecretStr(TOKEN), telegram_serveur=api.base_url)
            (finding,) = await check_gateways(given, Http(), lambda: NOW)
            assert {call.method for call in api.calls} <= {"getMe"}
            return str(finding)

    assert asyncio.run(check()).startswith(said)


def test_inline_mode_that_is_off_must_be_decided() -> None:
    async def check() -> str:
        async with BotApi() as api:
            api.bot["supports_inline_queries"] = False
            given = settings(telegram_jeton=SecretStr(TOKEN), telegram_serveur=api.base_url)
            (finding,) = await check_gateways(given, Http(), lambda: NOW)
            return str(finding)

    said = asyncio.run(check())
    assert said.startswith("! telegram : Telegram répond.")
    assert "/setinline" in said
