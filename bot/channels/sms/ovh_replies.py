"""The replies that OVHcloud keeps for us, and its list of those who said STOP: polled, for it signs no call."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.gateway import GatewayUnreachable, HttpRequest, Inbound, Received
from bot.channels.http import Http
from bot.channels.sms.bodies import read_instant, read_text
from bot.channels.sms.numbers import read_number
from bot.channels.sms.ovh import Ovh

WINDOW = timedelta(hours=48)
"""OVH keeps every reply ever received; a short code can be answered for this long, and older ones are left alone."""

MAX_REPLIES = 50
"""Replies read in one go, each by a call of its own."""


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
        self._stopped: set[str] = set()

    async def fetch(self) -> Received:
        """Return the replies and the STOP that are not confirmed yet, oldest first. Raises `GatewayUnreachable`."""
        if not self._synchronised:
            await self._read_clock()
        listed = await self._list_replies()
        self._done &= set(listed)  # what OVH forgot need not be remembered
        new = [number for number in listed if number not in self._done]
        messages = [await self._read_reply(number) for number in new[:MAX_REPLIES]]
        stopped = {number for number in await self._list_stopped() if number not in self._stopped}
        return Received(messages=tuple(filter(None, messages)), stopped=tuple(sorted(stopped)))

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

    async def _list_stopped(self) -> list[str]:
        found = await self._call(self._ovh.signed("GET", "/blacklists"))
        return [number for item in _items(found) if isinstance(item, str) and (number := read_number(item))]

    async def _read_reply(self, number: int) -> Inbound | None:
        """Return a reply; None when it is gone, or comes from nobody who can be answered."""
        found = await self._call(self._ovh.signed("GET", f"/incoming/{number}"), missing_is_fine=True)
        if not isinstance(found, dict):
            return None
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
            raise GatewayUnreachable(f"ovh: http-{response.status}")
        try:
            return json.loads(response.body)
        except (ValueError, RecursionError):
            raise GatewayUnreachable("ovh: unreadable") from None


def _items(found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise GatewayUnreachable("ovh: no list")
    return found
