"""A stand-in for Telegram's Bot API, over real HTTP: what it accepts, refuses and keeps, as the documentation says.

https://core.telegram.org/bots/api. It calls a webhook as Telegram does, and plays the call that stands in its answer.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

TOKEN = "123456789:AAE-fictif_fictif_fictif_fictif_fic"
BOT = {"id": 123456789, "is_bot": True, "first_name": "Aiguilleur", "username": "AiguilleurBot"}
HTML = re.compile(r"(?:[^<>&]|&(?:lt|gt|amp|quot);|<(b|i|u|s|code|pre)>(?:[^<>&]|&(?:lt|gt|amp|quot);)*</\1>)*")
JSON = {
    "allowed_updates", "button", "cache_time", "commands", "disable_notification", "is_personal", "latitude",
    "link_preview_options", "longitude", "max_connections", "offset", "reply_markup", "results", "timeout",
}  # fmt: skip
"""The parameters that are no plain text."""

FUTURE = 10
"""How far beyond the last update an offset may be; farther, Telegram answers from the head and forgets nothing."""

LINKED = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.(fr|org)")
"""Hosts that a button may lead to, in these tests: the others are refused."""

OPTIONS = {"secret_token", "allowed_updates", "max_connections"}


@dataclass(frozen=True)
class Call:
    """A call of the bot; JSON parameters are read."""

    method: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What happens to a call: an error as Telegram says it, `body` as something else says it, or no answer at all."""

    status: int = 500
    description: str = "Internal Server Error"
    parameters: dict[str, Any] = field(default_factory=dict)
    body: str | None = None
    seconds: float = 0
    drop: bool = False


class Refusal(Exception):
    """A bad request."""


class BotApi:
    """The server. `calls` are those that it took, `updates` those that nobody confirmed, in the order of delivery."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.updates: list[dict[str, Any]] = []
        self.faults: dict[str, deque[Fault | None]] = {}
        self.webhook: dict[str, Any] | None = None
        self.bot: dict[str, Any] = {**BOT, "supports_inline_queries": True}
        self._server: TestServer | None = None
        self._more = asyncio.Event()

    async def __aenter__(self) -> "BotApi":
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._take)
        self._server = TestServer(app)
        await self._server.start_server(access_log=None, shutdown_timeout=0.1)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server:
            await self._server.close()

    @property
    def base_url(self) -> str:
        """What the library calls so: the token follows."""
        assert self._server
        return f"{self._server.make_url('/bot')}"

    def fail(self, method: str, *faults: Fault | None) -> None:
        """Let the next calls of a method fail, one after another; None lets one pass."""
        self.faults.setdefault(method, deque()).extend(faults)

    def push(self, *updates: dict[str, Any]) -> None:
        """Let updates come, in that order: twice the same, or not in the order of their numbers, as the test likes."""
        self.updates += updates
        self._more.set()

    def named(self, *methods: str) -> list[Call]:
        """Return the calls of some methods, in order."""
        return [call for call in self.calls if call.method in methods]

    async def deliver(self, update: dict[str, Any]) -> int:
        """Send one update to the webhook and return its answer's status; 2xx confirms, and its call is played.

        One of a kind that the bot did not ask for is not sent.
        """
        assert self.webhook
        if not _allowed(update, self.webhook):
            return 200
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]}
        async with (
            ClientSession() as session,
            session.post(self.webhook["url"], json=update, headers=headers) as answer,
        ):
            body = await answer.text()
            if answer.ok and body and answer.content_type == "application/json":
                values = json.loads(body)
                self._play(Call(values.pop("method"), values))
            return answer.status

    async def _take(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return _error(Fault(401, "Unauthorized"))
        values = {name: _read(name, value) for name, value in [*request.query.items(), *(await request.post()).items()]}
        call = Call(request.match_info["method"], values)
        waiting = self.faults.get(call.method)
        if fault := waiting.popleft() if waiting else None:
            await asyncio.sleep(fault.seconds)
            if fault.drop and request.transport:
                request.transport.close()
            return _error(fault)
        if call.method == "getUpdates":
            return web.json_response({"ok": True, "result": await self._updates(call.values)})
        try:
            return web.json_response({"ok": True, "result": self._play(call)})
        except Refusal as refusal:
            return _error(Fault(400, f"Bad Request: {refusal}"))

    async def _updates(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        offset = values.get("offset", 0)
        self.updates = [one for one in self.updates if _allowed(one, values)]
        last = max((one["update_id"] for one in self.updates), default=offset)
        if offset <= last + 1 + FUTURE:
            self.updates = [one for one in self.updates if one["update_id"] >= offset]
        if not self.updates:
            self._more.clear()
            try:
                await asyncio.wait_for(self._more.wait(), values.get("timeout", 0))
            except TimeoutError:
                return []
        self.updates = [one for one in self.updates if _allowed(one, values)]
        return self.updates[: values.get("limit", 100)]

    def _play(self, call: Call) -> Any:
        known = {
            "getMe": lambda _: self.bot,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
        } | METHODS
        if call.method not in known:
            raise Refusal(f"unknown method {call.method}")
        result = known[call.method](call.values)
        self.calls.append(call)
        return {**result, "message_id": len(self.calls)} if isinstance(result, dict) and "chat" in result else result

    def _set_webhook(self, values: dict[str, Any]) -> bool:
        _need(set(values) == {"url"} | OPTIONS, "parameters")
        _need(
            re.fullmatch(r"[A-Za-z0-9_-]{1,256}", values["secret_token"]), "secret token contains unallowed characters"
        )
        _need(1 <= values["max_connections"] <= 100, "max_connections")
        self.webhook = values
        return True

    def _delete_webhook(self, values: dict[str, Any]) -> bool:
        self.webhook = None
        return True


def _allowed(update: dict[str, Any], asked: dict[str, Any]) -> bool:
    """Say whether the bot asked for this kind of update; what has no number is none, for the bot to refuse."""
    return "update_id" not in update or bool(set(asked["allowed_updates"]) & set(update))


def _read(name: str, value: Any) -> Any:
    return json.loads(value) if name in JSON else value


def _error(fault: Fault) -> web.Response:
    if fault.body is not None:
        return web.Response(status=fault.status, text=fault.body)
    said = {"ok": False, "error_code": fault.status, "description": fault.description}
    return web.json_response(said | ({"parameters": fault.parameters} if fault.parameters else {}), status=fault.status)


def _need(holds: object, otherwise: str) -> None:
    if not holds:
        raise Refusal(otherwise)


def shown(html: str) -> str:
    """Return the text that an HTML message shows. Raises `Refusal` for what Telegram cannot parse."""
    _need(HTML.fullmatch(html), "can't parse entities")
    return unescape(re.sub(r"</?\w+>", "", html))


def _message(values: dict[str, Any]) -> dict[str, Any]:
    for row in (values.get("reply_markup") or {}).get("inline_keyboard", ()):
        for button in row:
            if "url" in button:
                host = str(urlsplit(button["url"]).hostname)
                _need(
                    LINKED.fullmatch(host), f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL"
                )
            else:
                _need(button["text"] and 1 <= len(button["callback_data"].encode()) <= 64, "BUTTON_DATA_INVALID")
    markup, chat = values.get("reply_markup"), values["chat_id"]
    _need(not markup or "inline_keyboard" in markup or not str(chat).startswith("-100"), "inline keyboard expected")
    return {"date": 1795424400, "chat": {"id": int(chat), "type": "private"}}


def _send_message(values: dict[str, Any]) -> dict[str, Any]:
    text = shown(values["text"]) if values.get("parse_mode") == "HTML" else values["text"]
    _need(text.strip(), "message text is empty")
    _need(len(text.encode("utf-16-le")) // 2 <= 4096, "message is too long")
    return _message(values)


def _send_venue(values: dict[str, Any]) -> dict[str, Any]:
    _need(values["title"] and values["address"], "venue title and address must be non-empty")
    _need(abs(values["latitude"]) <= 90 and abs(values["longitude"]) <= 180, "wrong coordinates")
    return _message(values)


def _send_contact(values: dict[str, Any]) -> dict[str, Any]:
    _need(values["first_name"] and len(str(values.get("vcard", "")).encode()) <= 2048, "contact")
    return _message(values)


def _menu(values: dict[str, Any]) -> bool:
    for command in values.get("commands", ()):
        _need(re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]), "BOT_COMMAND_INVALID")
        _need(1 <= len(command["description"]) <= 256, "BOT_COMMAND_DESCRIPTION_INVALID")
    _need(len(values.get("description", "")) <= 512 and len(values.get("short_description", "")) <= 120, "too long")
    return True


def _answer_inline_query(values: dict[str, Any]) -> bool:
    _need(values["inline_query_id"], "query is too old and response timeout expired or query ID is invalid")
    results = values["results"]
    _need(len(results) <= 50 and len({one["id"] for one in results}) == len(results), "RESULT_ID_DUPLICATE")
    for one in results:
        content = one["input_message_content"]
        _need(one["type"] == "article" and 1 <= len(one["id"].encode()) <= 64 and one["title"], "RESULT_TYPE_INVALID")
        text = shown(content["message_text"])
        _need(content["parse_mode"] == "HTML" and 1 <= len(text.encode("utf-16-le")) // 2 <= 4096, "MESSAGE_TOO_LONG")
    _need(values["cache_time"] >= 0 and len(values.get("next_offset", "").encode()) <= 64, "NEXT_OFFSET_INVALID")
    if button := values.get("button"):
        _need(button["text"] and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", button["start_parameter"]), "BUTTON_INVALID")
    return True


METHODS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "sendMessage": _send_message,
    "sendVenue": _send_venue,
    "sendContact": _send_contact,
    "answerInlineQuery": _answer_inline_query,
    "answerCallbackQuery": lambda values: bool(values["callback_query_id"]),
    "setMyCommands": _menu,
    "setMyDescription": _menu,
    "setMyShortDescription": _menu,
}
