"""The Bot API as a gateway: sending, long polling, webhook. https://core.telegram.org/bots/api."""

import asyncio
import hmac
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from telegram import Bot, LinkPreviewOptions, ReplyKeyboardRemove, Venue
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.channels.gateway import Answer, GatewayUnreachable, Outbound, Received, Request, RequestRefused, Sending
from bot.channels.telegram.answers import BAD_LINK, UNREADABLE, Client, Flooded, failure, wrong_address
from bot.channels.telegram.inline import Asked, Inline, LookUp
from bot.channels.telegram.menu import menus, show
from bot.channels.telegram.rendering import Rendered, render
from bot.channels.telegram.updates import ALLOWED, Told, read_update
from bot.messages import TELEGRAM, Delivery

BASE_URL = "https://api.telegram.org/bot"
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105
MAX_CONNECTIONS = 8
"""Requests that Telegram may make at once."""

POLL_SECONDS = 25
TIMEOUT = 20.0
"""Seconds to wait for Telegram, beside those that a poll is asked to last."""

GROUP = "-"
"""How the address of a group or of a channel begins; a channel takes no keyboard, nor what would take one away."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Received):
    """One poll. `offset`: the first update that it does not hold; `presses` and `inline`: what else to answer."""

    offset: int
    presses: tuple[str, ...]
    inline: tuple[Asked, ...]


class TelegramGateway:
    """One bot. `set_up` comes first: it learns the bot's name and chooses how updates come.

    `site`: the public address of the page, if it has one.
    """

    name = "telegram"
    channel = TELEGRAM
    idempotent = False

    def __init__(
        self,
        token: str,
        *,
        base_url: str = BASE_URL,
        site: str = "",
        timeout: float = TIMEOUT,
        poll_seconds: int = POLL_SECONDS,
        look_up: LookUp | None = None,
    ) -> None:
        self._sending = Client(read_timeout=timeout, write_timeout=timeout, connect_timeout=timeout)
        self._polling = Client(connect_timeout=timeout, write_timeout=timeout, read_timeout=timeout + poll_seconds)
        self._bot = Bot(token, base_url=base_url, request=self._sending, get_updates_request=self._polling)
        self._site = site
        self._secret = hmac.new(token.encode(), b"webhook", "sha256").hexdigest()
        self._inline = Inline(self._bot, look_up) if look_up else None
        self._offers_inline = True
        self._poll_seconds = poll_seconds
        self._username = ""
        self._offset = 0

    async def set_up(self, url: str | None) -> str:
        """Have updates sent to the public `url`, or keep them to be polled when it is None; return the bot's name.

        The menu and the words of welcome are shown too, as far as Telegram accepts them. Raises `GatewayUnreachable`.
        """
        try:
            self._username = (await self._bot.get_me()).username or ""
            if url:
                await self._bot.set_webhook(
                    url, secret_token=self._secret, allowed_updates=ALLOWED, max_connections=MAX_CONNECTIONS
                )
            else:
                await self._bot.delete_webhook()
        except UNREADABLE as error:
            raise _unreachable(error) from None
        await self._present()
        return self._username

    async def check(self) -> str:
        """Return in French what is wrong, "" when Telegram knows the bot."""
        try:
            self._offers_inline = bool((await self._bot.get_me()).supports_inline_queries)
        except UNREADABLE as error:
            reason = failure(error).reason
            if reason == "bad-token":
                return "Telegram refuse le jeton. Demandez-le de nouveau à @BotFather."
            return f"Telegram ne répond pas ({reason}). Vérifiez que cette machine peut le joindre."
        return ""

    def advice(self) -> str:
        """Return in French what `check` saw that could be better, "" when nothing."""
        if self._offers_inline:
            return ""
        return (
            "Telegram répond. Mais la recherche dans toutes les conversations (@robot caf pau) n'est pas ouverte. "
            "Pour l'ouvrir, écrivez /setinline à @BotFather, choisissez ce robot, puis écrivez : caf pau"
        )

    async def _present(self) -> None:
        """Show the menus; a failure is no reason not to answer people."""
        try:
            for menu in menus():
                await show(self._bot, menu)
        except TelegramError as error:
            logger.warning("telegram : le menu n'a pas pu être montré (%s)", failure(error).reason)

    async def send(self, message: Outbound) -> Sending:
        """Send the text, then the place and its card: only the text decides what became of the message."""
        sending = await self._send(message, self._site)
        if sending.reason != BAD_LINK:
            return sending
        logger.warning("telegram : AIGUILLEUR_ADRESSE n'est pas un lien pour Telegram, la réponse part sans lui")
        return await self._send(message, "")

    async def _send(self, message: Outbound, site: str) -> Sending:
        rendered = render(message.message, site)
        try:
            sent = await self._bot.send_message(
                message.address,
                rendered.text,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=None if message.address.startswith(GROUP) else rendered.markup,
            )
            number = str(sent.message_id)
        except UNREADABLE as error:
            return failure(error)
        wait = await self._send_extras(message.address, rendered)
        return Sending(state=Delivery.SENT, gateway_id=number, retry_after=wait)

    async def _send_extras(self, address: str, rendered: Rendered) -> float | None:
        """Send what may fail; return the seconds that Telegram asks us to wait, if it does."""
        for extra in rendered.extras:
            options: dict[str, Any] = {"disable_notification": True, "reply_markup": ReplyKeyboardRemove()}
            try:
                if isinstance(extra, Venue):
                    await self._bot.send_venue(address, venue=extra, **options)
                else:
                    await self._bot.send_contact(address, contact=extra, **options)
            except UNREADABLE as error:
                logger.info("telegram : %s non envoyé (%s)", type(extra).__name__, failure(error).reason)
                if isinstance(error, Flooded):
                    return error.seconds
        return None

    def read(self, request: Request) -> Received:
        """Read a webhook request. The press of a button is answered in our own answer, as Telegram allows.

        An update that holds nothing for us, or that the library cannot read, is accepted: asked again, it would come
        again. Raises `RequestRefused`: 403 without our secret, 400 for what is no update.
        """
        given = request.headers.get(SECRET_HEADER, "").encode(errors="replace")
        if not hmac.compare_digest(given, self._secret.encode()):
            raise RequestRefused(403)
        try:
            raw = json.loads(request.body)
        except (ValueError, RecursionError):
            raise RequestRefused(400) from None
        if not _is_update(raw):
            raise RequestRefused(400)
        told = read_update(raw, self._username)
        self._look_up(filter(None, [told.inline]))
        return Received(**_all([told]), answer=_answer(told.press) if told.press else Answer())

    async def fetch(self) -> Received:
        """Wait for updates, `poll_seconds` at most. Raises `GatewayUnreachable`.

        Not by `Bot.get_updates`, which refuses a whole poll for one update that it cannot read, for ever, and logs it.
        """
        query = urlencode(
            {"offset": self._offset, "timeout": self._poll_seconds, "allowed_updates": json.dumps(ALLOWED)}
        )
        try:
            answer = await self._polling.post(f"{self._bot.base_url}/getUpdates?{query}")
        except UNREADABLE as error:
            raise _unreachable(error) from None
        updates = [raw for raw in answer if _is_update(raw)] if isinstance(answer, list) else []
        told = [read_update(raw, self._username) for raw in updates]
        offset = max((raw["update_id"] + 1 for raw in updates), default=self._offset)
        presses = tuple(one.press for one in told if one.press)
        inline = tuple(one.inline for one in told if one.inline)
        return Batch(**_all(told), offset=offset, presses=presses, inline=inline)

    async def confirm(self, received: Received) -> None:
        """Go on after this poll, once it is committed, and answer the buttons pressed. Never raises."""
        if isinstance(received, Batch):
            self._offset = received.offset
            self._look_up(received.inline)
            await asyncio.gather(*map(self._acknowledge, received.presses))

    async def _acknowledge(self, press: str) -> None:
        try:
            await self._bot.answer_callback_query(press)
        except UNREADABLE as error:
            logger.info("telegram : bouton resté sans réponse (%s)", failure(error).reason)

    def _look_up(self, asked: Iterable[Asked]) -> None:
        """Begin to answer inline queries, where there is something to look up in."""
        if self._inline:
            for one in asked:
                self._inline.begin(one)

    async def close(self) -> None:
        """Close the connections."""
        if self._inline:
            await self._inline.close()
        await asyncio.gather(self._sending.shutdown(), self._polling.shutdown())


def _is_update(raw: object) -> bool:
    return isinstance(raw, dict) and type(raw.get("update_id")) is int


def _all(told: Iterable[Told]) -> Mapping[str, Any]:
    """Return what several updates told, as the fields of a `Received`."""
    listed = list(told)
    return {
        "messages": tuple(one.message for one in listed if one.message),
        "blocked": tuple(one.blocked for one in listed if one.blocked),
    }


def _answer(press: str) -> Answer:
    """Return the answer to a webhook request that makes the button stop waiting."""
    call = {"method": "answerCallbackQuery", "callback_query_id": press}
    return Answer(text=json.dumps(call), content_type="application/json")


def _unreachable(error: Exception) -> GatewayUnreachable:
    """Return the fault without the library's own words: they may quote the token, or the secret of our address."""
    failed = failure(error)
    said = wrong_address(error) or f"telegram: {failed.reason}"
    return GatewayUnreachable(said, retry_after=failed.retry_after or 0.0)
