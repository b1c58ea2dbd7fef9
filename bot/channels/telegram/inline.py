"""Inline mode: "@bot caf mauleon" in any chat is answered with cards to send there.

https://core.telegram.org/bots/api#inline-mode. It is no conversation: nothing that is asked is stored or logged.
"""

import asyncio
import hmac
import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from telegram import (
    Bot,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode

from bot.channels.telegram.answers import UNREADABLE, failure
from bot.channels.telegram.rendering import html
from bot.channels.telegram.text import split
from bot.journal import log_fault
from bot.limits import RateLimit

AT_ONCE = 10
"""Cards of one answer; Telegram asks for more when they are scrolled through."""

MAX_OFFSET = 500
CACHE_S, CACHE_HELP_S = 60, 3600
"""How long Telegram may give the same answer again: "open now" is soon false, the words of help are not."""

PER_MINUTE = 60
"""Queries of one person that are answered: Telegram sends one at each pause of the fingers."""

AT_WORK = 8
"""Queries worked on at once: more are not answered, the next letter asks again."""

MAX_QUERY = 256
"""Characters that Telegram lets through."""

MAX_TITLE, MAX_NOTICE, MAX_TEXT = 200, 60, 3800
OFFSET = re.compile(r"[0-9]{1,4}", re.ASCII)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """An inline query. `who` asks, a Telegram id: only their pace is counted, and not under this name."""

    id: str
    query: str
    offset: int
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One answer. `key` tells it from the others; `text` is what the chat gets, its `title` in bold as first line."""

    key: str
    title: str
    description: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Some of the answers to a query. `notice`: a few words above them, "" for none; `more`: others follow.

    `lasting`: they depend neither on the hour nor on the base.
    """

    cards: Sequence[Card]
    notice: str = ""
    more: bool = False
    lasting: bool = False


LookUp = Callable[[str, int, int], Cards]
"""`look_up(query, skip, at_most)`: may take long the first time, and is called in a thread."""


def read_inline(raw: Mapping[str, Any]) -> Asked | None:
    """Return the inline query of an update, None when it holds none that can be answered."""
    query = raw.get("inline_query")
    if not isinstance(query, Mapping):
        return None
    asker = query.get("from")
    number, text, offset = query.get("id"), query.get("query"), query.get("offset")
    who = asker.get("id") if isinstance(asker, Mapping) else None
    if not isinstance(number, str) or not number or not isinstance(text, str) or type(who) is not int:
        return None
    skip = int(offset) if isinstance(offset, str) and OFFSET.fullmatch(offset) else 0
    return Asked(number, text[:MAX_QUERY], min(skip, MAX_OFFSET), str(who))


class Inline:
    """Answers inline queries beside everything else; what goes wrong with one leaves it without an answer."""

    def __init__(self, bot: Bot, look_up: LookUp, clock: Callable[[], float] = time.monotonic) -> None:
        self._bot = bot
        self._look_up = look_up
        self._clock = clock
        self._pace = RateLimit(PER_MINUTE)
        self._key = secrets.token_bytes(16)
        self._working: set[asyncio.Task[None]] = set()

    def begin(self, asked: Asked) -> None:
        """Begin to answer, unless this person asks too fast or too much is asked at once. Needs a running loop."""
        who = hmac.new(self._key, asked.who.encode(), "sha256").hexdigest()
        if len(self._working) >= AT_WORK or self._pace.take(who, self._clock()):
            return
        task = asyncio.get_running_loop().create_task(self._answer(asked))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def close(self) -> None:
        """Give up what is not answered yet."""
        for task in [*self._working]:
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)

    async def _answer(self, asked: Asked) -> None:
        try:
            cards = await asyncio.to_thread(self._look_up, asked.query, asked.offset, AT_ONCE)
        except Exception as error:  # noqa: BLE001 - one query, and nobody waits for it
            log_fault(logger, "recherche", error)
        else:
            await self._send(asked, cards)

    async def _send(self, asked: Asked, cards: Cards) -> None:
        try:
            await self._bot.answer_inline_query(
                asked.id,
                [article(card) for card in cards.cards],
                cache_time=CACHE_HELP_S if cards.lasting else CACHE_S,
                is_personal=False,
                next_offset=str(asked.offset + len(cards.cards)) if cards.more else "",
                button=InlineQueryResultsButton(_short(cards.notice), start_parameter="aide") if cards.notice else None,
            )
        except UNREADABLE as error:
            logger.info("telegram : recherche restée sans réponse (%s)", failure(error).reason)


def article(card: Card) -> InlineQueryResultArticle:
    """Return a card as Telegram shows it in the list, and sends it when it is chosen."""
    title, text = split(card.title, MAX_TITLE)[0], split(card.text, MAX_TEXT)[0]
    return InlineQueryResultArticle(
        sha256(card.key.encode(errors="replace")).hexdigest()[:32],
        title,
        InputTextMessageContent(
            f"<b>{html(title)}</b>\n{html(text)}",
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        description=card.description,
    )


def _short(notice: str) -> str:
    return notice if len(notice) <= MAX_NOTICE else f"{notice[: MAX_NOTICE - 1]}…"
