"""What an answer of the Bot API means: sent, not sent, or nobody knows.

Source: https://core.telegram.org/bots/api#making-requests, and what python-telegram-bot makes of it (telegram.error).
"""

import json
from collections.abc import Mapping
from typing import Any

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.gateway import Sending
from bot.messages import Delivery

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
"""Faults before the first byte of a request."""

UNREADABLE = (TelegramError, LookupError, TypeError, ValueError, AttributeError)
"""What reading an answer may raise: the library's own errors, and those of an answer of another shape than promised."""

BAD_LINK = "bad-link"
REFUSALS: Mapping[str, str] = {
    "chat not found": "chat-not-found",
    "can't parse entities": "bad-entities",
    "message is too long": "too-long",
    "message text is empty": "empty",
    "button_data_invalid": "bad-button",
    "not enough rights": "no-rights",
    "wrong http url": BAD_LINK,
    "button_url": BAD_LINK,
}
"""What Telegram says of a bad request, in small letters, and our code for it: its own words may quote a person's."""


WRONG_ADDRESSES: Mapping[str, str] = {
    "https url must be provided": "il faut https",
    "only on ports": "il faut le port 443, 80, 88 ou 8443",
    "failed to resolve host": "internet ne connaît pas son nom",
    "is reserved": "cette machine n'est pas joignable depuis internet",
    "webhook": "corrigez-la",
}
"""What Telegram says of an address that it will not call, in small letters, and what is wrong with it."""


class Flooded(TelegramError):
    """Too many requests: nothing before `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("flooded")
        self.seconds = seconds


class ServerFault(NetworkError):
    """Telegram itself says that it failed."""


class NotTelegram(NetworkError):
    """Something between Telegram and us answered: a proxy, a portal. `code` is its HTTP status."""

    def __init__(self, code: int) -> None:
        super().__init__(f"not Telegram ({code})")
        self.code = code


class Client(HTTPXRequest):
    """The transport of the library, made to tell Telegram's answers from those of a proxy.

    Without it a proxy's 403 would be taken for a person who blocks us, and an unreadable answer would be logged whole.
    """

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """Make the request. Raises TelegramError for answers that the library would misread."""
        code, body = await super().do_request(*arguments, **options)
        check(code, body)
        return code, body


def check(code: int, body: bytes) -> None:
    """Raise `NotTelegram`, `Flooded` or `ServerFault`; other answers are for the library to read."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise NotTelegram(code) from None
    if not isinstance(answer, dict) or answer.get("ok") is not (code < 300) or (code < 300 and "result" not in answer):
        raise NotTelegram(code)
    parameters = answer.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if code >= 400 and isinstance(seconds, int | float):
        raise Flooded(float(seconds))
    if code >= 500:
        raise ServerFault(f"server fault ({code})")


def failure(error: Exception) -> Sending:
    """Return what became of a message whose sending raised `error`, one of `UNREADABLE`."""
    match error:
        case Flooded():
            return Sending(state=Delivery.TEMPORARY_FAILURE, retry_after=error.seconds, reason="flooded")
        case Forbidden():
            return Sending(state=Delivery.PERMANENT_FAILURE, stopped=True, reason="forbidden")
        case InvalidToken():
            return Sending(state=Delivery.TECHNICAL_FAILURE, reason="bad-token")
        case ChatMigrated():
            return Sending(state=Delivery.PERMANENT_FAILURE, reason="chat-migrated")
        case BadRequest():
            return Sending(state=Delivery.PERMANENT_FAILURE, reason=refusal(error))
        case ServerFault():
            return Sending(state=Delivery.TEMPORARY_FAILURE, reason="server-fault")
        case NotTelegram(code=code) if 300 <= code < 500:
            return Sending(state=Delivery.TECHNICAL_FAILURE, reason="not-telegram")
        case NetworkError() if isinstance(error.__cause__, NEVER_LEFT):
            return Sending(state=Delivery.TEMPORARY_FAILURE, reason="unreachable")
    return Sending(state=Delivery.UNCERTAIN, reason=type(error).__name__)


def refusal(error: BadRequest) -> str:
    """Return our code for a bad request."""
    said = error.message.lower()
    return next((code for words, code in REFUSALS.items() if words in said), "bad-request")


def wrong_address(error: Exception) -> str:
    """Return in French why Telegram will not call our address, "" when something else is wrong."""
    said = error.message.lower() if isinstance(error, BadRequest) else ""
    why = next((words for sign, words in WRONG_ADDRESSES.items() if sign in said), "")
    return f"Telegram refuse AIGUILLEUR_ADRESSE : {why}." if why else ""
