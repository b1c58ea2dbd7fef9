"""The replies that OVHcloud keeps for us, and its list of those who said STOP: polled, for it signs no call."""

import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.gateway import GatewayUnreachable, HttpRequest, Inbound, Received
from bot.channels.http import Http
from bot.channels.sms.bodies import read_instant, read_text
from bot.channels.sms.numbers import read_number
from bot.channels.sms.ovh import Ovh

logger = logging.getLogger(__name__)

WINDOW = timedelta(hours=48)
"""OVH keeps every reply ever received; a short code can be answered for this long, and older ones are left alone."""

MAX_REPLIES = 50
"""Replies read in one go, each by a call of its own."""


class _Refused(GatewayUnreachable):
    """An answer that came, and is not what was asked for."""


class OvhReplies:
    """Polls one account. What is confirmed is deleted there if `delete`, for it is personal; else only remembered.

    What is remembered is lost with the process: a reply seen twice has the same id, which the inbox refuses.
    """

    def __init__(self, ovh: Ovh, http: Http, *, delete: bool) -> None:
        self._ovh = ovh
        self._http = http
        self._delete = delete
        self._synchronised = False
        self._done: set[int] = set()
        self._troubled: set[int] = set()
        self._stopped: set[str] = set()

    async def fetch(self) -> Received:
        """Return the replies and the STOP that are not confirmed yet, oldest first. Raises `GatewayUnreachable`."""
        if not self._synchronised:
            await self._read_clock()
        listed = await self._list_replies()
        self._done &= set(listed)  # what OVH forgot need not be remembered
        self._troubled &= set(listed)
        new = sorted(set(listed) - self._done, key=lambda number: (number in self._troubled, number))
        messages = await self._read_replies(new[:MAX_REPLIES])
        return Received(messages=messages, stopped=await self._read_stopped())

    async def confirm(self, received: Received) -> None:
        """Remember what is committed. A reply that cannot be deleted now is deleted with the next ones."""
        self._stopped |= set(received.stopped)
        self._done |= {int(message.external_id or 0) for message in received.messages}
        if self._delete:
            with suppress(GatewayUnreachable):
                for number in sorted(self._done):
                    await self._call(self._ovh.signed("DELETE", f"/incoming/{number}"), missing_is_fine=True)

    async def _read_clock(self) -> None:
        there = await self._call(HttpRequest(method="GET", url=f"{self._ovh.api}/auth/time"))
        if not isinstance(there, int):
            raise GatewayUnreachable("ovh: no time")
        self._ovh.clock.correct(there)
        self._synchronised = True

    async def _list_replies(self) -> list[int]:
        since = datetime.fromtimestamp(self._ovh.clock.now(), UTC) - WINDOW
        path = f"/incoming?creationDatetime.from={since:%Y-%m-%dT%H:%M:%SZ}"
        found = await self._call(self._ovh.signed("GET", path))
        return sorted(number for number in _items(found) if isinstance(number, int))

    async def _read_replies(self, numbers: Sequence[int]) -> tuple[Inbound, ...]:
        """Return the replies that can be read, oldest first.

        One that OVH does not give is told once, and asked for after the others from then on: it keeps none back. Where
        nothing answers any more, the rest waits for the next round.
        """
        found: dict[int, Inbound | None] = {}
        for number in numbers:
            try:
                found[number] = await self._read_reply(number)
                self._troubled.discard(number)
            except GatewayUnreachable as error:
                if number not in self._troubled:
                    logger.warning("ovh : la réponse %d ne se lit pas (%s)", number, error)
                self._troubled.add(number)
                if not isinstance(error, _Refused):
                    break
        return tuple(message for _, message in sorted(found.items()) if message)

    async def _read_stopped(self) -> tuple[str, ...]:
        """Return who said STOP since; nobody when the list cannot be read, for replies are worth having without it."""
        try:
            return tuple(sorted(set(await self._list_stopped()) - self._stopped))
        except GatewayUnreachable as error:
            logger.warning("ovh : la liste de ceux qui ont dit STOP ne se lit pas (%s)", error)
            return ()

    async def _list_stopped(self) -> list[str]:
        found = await self._call(self._ovh.signed("GET", "/blacklists"))
        return [number for item in _items(found) if isinstance(item, str) and (number := read_number(item))]

    async def _read_reply(self, number: int) -> Inbound | None:
        """Return a reply; None when it is gone, or comes from nobody who can be answered."""
        found = await self._call(self._ovh.signed("GET", f"/incoming/{number}"), missing_is_fine=True)
        if found is None:
            return None
        if not isinstance(found, dict):
            raise _Refused("ovh: no reply")
        sender = found.get("sender")
        address = read_number(sender) if isinstance(sender, str) else None
        if address is None:
            self._done.add(number)
            return None
        sent_at = read_instant(found.get("creationDatetime"))
        return Inbound(address=address, text=read_text(found.get("message")), external_id=str(number), sent_at=sent_at)

    async def _call(self, request: HttpRequest, *, missing_is_fine: bool = False) -> Any:
        """Return the JSON of an answer. Raises `GatewayUnreachable`; after a refusal, the clock is read again."""
        response = await self._http.ask(request)
        if response.status == 404 and missing_is_fine:
            return None
        if response.status != 200:
            self._synchronised = False
            raise _Refused(f"ovh: http-{response.status}")
        try:
            return json.loads(response.body)
        except (ValueError, RecursionError):
            raise _Refused("ovh: unreadable") from None


def _items(found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise _Refused("ovh: no list")
    return found
