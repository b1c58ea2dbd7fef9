"""The public address: what is said when it is missing, not safe, not ours, away or broken."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.channels.http import Http
from bot.diagnosis.address import check_address
from bot.diagnosis.finding import Finding, Sign
from bot.settings import Settings

TOKEN = SecretStr("1:a")


async def ask(**settings: Any) -> Finding:
    http = Http()
    try:
        return await check_address(Settings(**settings), http)
    finally:
        await http.close()


@pytest.mark.parametrize(
    ("settings", "sign", "said"),
    [
        ({}, Sign.LOOK, "AIGUILLEUR_ADRESSE est vide"),
        ({"twilio_compte": "AC1"}, Sign.FIX, "twilio doit savoir quelle adresse appeler"),
        ({"telegram_jeton": TOKEN}, Sign.LOOK, "AIGUILLEUR_ADRESSE est vide"),
        ({"telegram_jeton": TOKEN, "telegram_mode": "appel"}, Sign.FIX, "telegram doit savoir"),
        ({"adresse": "http://aide.exemple.fr"}, Sign.FIX, "n'est pas en HTTPS"),
        ({"adresse": "https://aide.exemple.fr"}, Sign.FIX, "AIGUILLEUR_HTTPS=vrai"),
        ({"adresse": "http://127.0.0.1:9"}, Sign.LOOK, "Si le service n'est pas lancé, c'est normal"),
        ({"adresse": "http://localhost:9"}, Sign.LOOK, "avec un téléphone, hors de votre réseau"),
        ({"adresse": "https://127.0.0.1:9", "https": True}, Sign.LOOK, "je n'ai pas pu joindre"),
    ],
)
def test_a_setting_is_looked_at_then_called(settings: dict[str, Any], sign: Sign, said: str) -> None:
    found = asyncio.run(ask(**settings))
    assert (found.sign, said in found.said) == (sign, True), str(found)


@pytest.mark.parametrize(
    ("status", "body", "sign", "said"),
    [
        (200, '{"etat": "ok"}', Sign.GOOD, "répond."),
        (200, '{"etat": "ok", "arretes": [], "attente_s": 0}', Sign.GOOD, "répond."),
        (503, '{"etat": "base indisponible"}', Sign.FIX, "en panne (base indisponible)"),
        (503, "<html>Service Unavailable</html>", Sign.FIX, "ce n'est pas ce service"),
        (200, "<html>Bienvenue</html>", Sign.FIX, "ce n'est pas ce service"),
        (404, "", Sign.FIX, "/health répond 404"),
        (301, "", Sign.FIX, "/health répond 301"),
    ],
)
def test_the_service_is_told_from_what_stands_before_it(status: int, body: str, sign: Sign, said: str) -> None:
    async def health(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body)

    async def check() -> Finding:
        app = web.Application()
        app.router.add_get("/health", health)
        async with TestServer(app) as server:
            return await ask(adresse=f"http://127.0.0.1:{server.port}/")

    found = asyncio.run(check())
    assert (found.sign, said in found.said) == (sign, True), str(found)
