"""A bot in front of the stand-in of Telegram."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.channels.gateway import Outbound
from bot.channels.telegram.gateway import TelegramGateway
from bot.channels.telegram.inline import LookUp
from bot.messages import Choice, MessageOut
from tests.telegram.bot_api import TOKEN, BotApi

CHAT = {"id": 42, "type": "private", "first_name": "Ana"}
PERSON = {"id": 42, "is_bot": False, "first_name": "Ana", "language_code": "fr"}
SECONDS = 0.5
"""What the bot waits for an answer: the stand-in is on this machine."""

LIEU = {
    "id": "lieu-de-demonstration",
    "nom": "France services fictif",
    "adresse": "1 rue de l'Exemple",
    "code_postal": "64130",
    "commune": "Mauléon-Licharre",
    "telephone": "+33536490001",
    "latitude": 43.2245,
    "longitude": -0.8868,
    "next_opening": {"start": "2026-11-23T09:00:00+01:00", "end": "2026-11-23T12:30:00+01:00"},
    "by_appointment": False,
}
CARD: dict[str, Any] = {"posture": "aider_a_faire", "lieux": [LIEU], "creneaux": [], "fallback": None}
CHOICES = (Choice("1", "Autre lieu", "/x"), Choice("2", "Autre besoin", "/y"))
ANSWER = MessageOut(text="• France services fictif – à 3 km", choices=CHOICES, card=CARD, turn=3)


def out(message: MessageOut = ANSWER, address: str = "42") -> Outbound:
    """Return a message to send."""
    return Outbound(key="key-1", address=address, message=message)


def said(number: int, text: str = "Bonjour", **values: Any) -> dict[str, Any]:
    """Return the update of a text message."""
    message = {"message_id": number, "date": 1795424400, "chat": dict(CHAT), "from": dict(PERSON), "text": text}
    return {"update_id": number, "message": message | values}


def pressed(number: int, data: str = "3:1") -> dict[str, Any]:
    """Return the update of the press of a button."""
    message = {"message_id": 7, "date": 1795424400, "chat": dict(CHAT), "text": "Laquelle ?"}
    query = {"id": f"press-{number}", "from": dict(PERSON), "chat_instance": "1", "data": data, "message": message}
    return {"update_id": number, "callback_query": query}


def inline(number: int, query: str = "caf mauleon", offset: str = "", who: int = 42) -> dict[str, Any]:
    """Return the update of a query in another chat."""
    asked = {"id": f"inline-{number}", "from": {**PERSON, "id": who}, "query": query, "offset": offset}
    return {"update_id": number, "inline_query": asked}


@asynccontextmanager
async def facing(look_up: LookUp | None = None, site: str = "") -> AsyncIterator[tuple[BotApi, TelegramGateway]]:
    """Open the stand-in and a bot that speaks to it."""
    async with BotApi() as api:
        gateway = TelegramGateway(
            TOKEN, base_url=api.base_url, site=site, timeout=SECONDS, poll_seconds=1, look_up=look_up
        )
        try:
            yield api, gateway
        finally:
            await gateway.close()


def play(scenario: Callable[[BotApi, TelegramGateway], Awaitable[None]], look_up: LookUp | None = None) -> None:
    """Play a scenario to its end."""

    async def run() -> None:
        async with facing(look_up) as (api, gateway):
            await scenario(api, gateway)

    asyncio.run(run())
