"""Telephones behind a stand-in for the Android gateway: real HTTP both ways, its signature and its retries."""

import asyncio
import hashlib
import hmac
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from aiohttp import ClientError, ClientSession, ClientTimeout, web

KEY = "une-cle-de-signature-assez-longue"
USER, PASSWORD = "sms", "mot-de-passe-fictif"
RETRY_S = 0.05
RECEIVED_AT = "2026-11-23T10:00:00+01:00"


@dataclass
class Phones:
    """Each number sends its texts one after the other, the next once the former is answered.

    `hook` is where messages and receipts go, "" for nowhere. `received` holds what each number got, in order; `asked`
    every request to send with its key, so that a second one of the same key is seen. `reported`: receipts that the bot
    has taken. `patience`: how many answers a number waits for before it sends a message, by the id of the message.
    `accepts_copies`: shows a second message of the same key too, as most gateways do and that of Android does not.
    """

    hook: str = ""
    received: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    asked: list[tuple[str, str]] = field(default_factory=list)
    reported: int = 0
    patience: dict[str, int] = field(default_factory=dict)
    refusals: deque[int] = field(default_factory=deque)
    port: int = 0
    accepts_copies: bool = False
    clock: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        self._keys: set[str] = set()
        self._reports: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    @contextmanager
    def open(self) -> Iterator["Phones"]:
        """Listen for what the bot sends."""
        runner: web.AppRunner = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(self._close(runner), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    @property
    def copies(self) -> int:
        """How many requests to send had the key of an earlier one."""
        return len(self.asked) - len({key for key, _ in self.asked})

    @property
    def url(self) -> str:
        """The address that takes messages."""
        return f"http://127.0.0.1:{self.port}/messages"

    def send(self, sent: Sequence[tuple[str, str, str]]) -> Future[None]:
        """Send messages (id, number, text): those of one number in order, those of different numbers at once."""
        by_number: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for identifier, number, text in sent:
            by_number[number].append((identifier, text))
        return asyncio.run_coroutine_threadsafe(self._send_all(by_number), self._loop)

    async def _listen(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/messages", self._take)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        return runner

    async def _close(self, runner: web.AppRunner) -> None:
        for report in self._reports:
            report.cancel()
        await asyncio.gather(*self._reports, return_exceptions=True)
        await runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        asked: dict[str, Any] = await request.json()
        key, number, text = asked["id"], asked["phoneNumbers"][0], asked["textMessage"]["text"]
        self.asked.append((key, number))
        if self.refusals:
            return web.Response(status=self.refusals.popleft(), headers={"Retry-After": "7"})
        if key in self._keys and not self.accepts_copies:
            return web.Response(status=409)
        self._keys.add(key)
        self.received[number].append(text)
        if self.hook:
            self._reports.add(asyncio.create_task(self._report(key, number)))
        return web.Response(status=202)

    async def _report(self, key: str, number: str) -> None:
        """Say that a message is in the phone, until the bot knows it."""
        payload = {"messageId": key, "phoneNumber": number, "deliveredAt": RECEIVED_AT}
        body = json.dumps({"id": f"r{key}", "event": "sms:delivered", "payload": payload}).encode()
        async with ClientSession(timeout=ClientTimeout(total=10)) as session:
            while not await self._post(session, body):  # noqa: ASYNC110
                await asyncio.sleep(RETRY_S)
        self.reported += 1

    async def _send_all(self, by_number: dict[str, list[tuple[str, str]]]) -> None:
        async with ClientSession(timeout=ClientTimeout(total=10)) as session:
            await asyncio.gather(*(self._send_each(session, number, said) for number, said in by_number.items()))

    async def _send_each(self, session: ClientSession, number: str, said: list[tuple[str, str]]) -> None:
        for identifier, text in said:
            while len(self.received[number]) < self.patience.get(identifier, 0):  # noqa: ASYNC110
                await asyncio.sleep(RETRY_S)
            while not await self._deliver(session, identifier, number, text):  # noqa: ASYNC110
                await asyncio.sleep(RETRY_S)

    async def _deliver(self, session: ClientSession, identifier: str, number: str, text: str) -> bool:
        """Call the hook once, as the phone does; say whether it was accepted."""
        payload = {
            "messageId": identifier,
            "message": text,
            "sender": number,
            "receivedAt": received_at(identifier),
        }
        body = json.dumps({"id": identifier, "event": "sms:received", "payload": payload}).encode()
        return await self._post(session, body)

    async def _post(self, session: ClientSession, body: bytes) -> bool:
        try:
            async with session.post(self.hook, data=body, headers=signed(body, self.clock())) as response:
                return response.status == 200
        except (ClientError, OSError):
            return False


def received_at(identifier: str) -> str:
    """Return the instant of a message: the same each time that it is told, another one for each message."""
    later = timedelta(milliseconds=crc32(identifier.encode()) % 86_400_000)
    return (datetime.fromisoformat(RECEIVED_AT) + later).isoformat()


def signed(body: bytes, now: float) -> dict[str, str]:
    """Return the headers of a call that the phone signed."""
    stamp = str(int(now))
    signature = hmac.new(KEY.encode(), body + stamp.encode(), hashlib.sha256).hexdigest()
    return {"X-Timestamp": stamp, "X-Signature": signature, "Content-Type": "application/json"}
