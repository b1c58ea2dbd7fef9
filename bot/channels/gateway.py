"""What the gateways have in common: what they tell us, what we ask of them. Values only, no transport."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

from bot.messages import Delivery, MessageOut

REST_S = 0.2
"""How long to leave a gateway that is ours, or that waits itself until it has something."""

RECEIPT = "receipt"
"""The name of the parameter that carries our key of a message in the address given for its receipts."""


def receipt_url(callback: str, key: str, **more: str) -> str:
    """Return the address where a gateway tells what became of the message `key`, other parameters added."""
    return f"{callback}{'&' if '?' in callback else '?'}{urlencode({RECEIPT: key, **more})}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that a gateway made, free of any web framework.

    `url` is the public one, query and all, as the gateway signed it; names of `headers` are in small letters.
    """

    method: str
    url: str
    received_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def form(self) -> list[tuple[str, str]]:
        """Return the fields of a form. Raises `RequestRefused` (400) when they are not UTF-8."""
        try:
            return parse_qsl(self.body.decode(), keep_blank_values=True, errors="strict")
        except UnicodeDecodeError:
            raise RequestRefused(400) from None

    def json_object(self) -> dict[str, Any]:
        """Return a JSON object, its numbers spelled as they came. Raises `RequestRefused` (400) when it is none."""
        try:
            read = json.loads(self.body.decode(), parse_int=str, parse_float=str, parse_constant=str)
            json.dumps(read, ensure_ascii=False).encode()  # half a surrogate pair can be neither signed nor stored
        except (ValueError, RecursionError):
            raise RequestRefused(400) from None
        if not isinstance(read, dict):
            raise RequestRefused(400)
        return read


class RequestRefused(Exception):
    """A request that is not answered: `status` is 400 (unreadable), 403 (not signed as it must be), no detail."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The place of a part in a message that its gateway gives in pieces: `number` goes from 1 to `total`.

    `ref` is the same for all the parts, and may come again for another message of the same person.
    """

    ref: str
    number: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """A message of a person as its gateway gives it.

    `address`: where to answer, a number in E.164 or a chat id. `external_id`: the gateway's id of the message, if it
    has one; `sent_at`: when the gateway says that it came. `pressed`: the data of a button. `media`: what came in
    place of a text ("photo", "vocal"...). `part`: set when this is one part of a message, its text a part of the text.
    """

    address: str
    text: str = ""
    external_id: str | None = None
    sent_at: datetime | None = None
    pressed: str | None = None
    media: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    part: Part | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a message that we sent: `key` is our id of it, `gateway_id` the gateway's; one is enough."""

    state: Delivery
    key: str | None = None
    gateway_id: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway must read in answer to its request, once everything that it told is committed."""

    status: int = 200
    text: str = ""
    content_type: str = "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """All that one request or one poll told. `stopped`: the addresses whose person wants no more messages.

    `blocked`: the same, each with the gateway's id of what it told: told again, it is nothing new.
    """

    messages: tuple[Inbound, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    stopped: tuple[str, ...] = ()
    blocked: tuple[Inbound, ...] = ()
    answer: Answer = Answer()

    @property
    def tells(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.messages or self.receipts or self.stopped or self.blocked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """A message to send. `key` is our id of it, at most 36 characters of [a-z0-9-], the same at each attempt."""

    key: str
    address: str
    message: MessageOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What a gateway made of a message.

    `state`: SENT (accepted), DELIVERED, UNCERTAIN, or a failure: TEMPORARY (try again, not before `retry_after`
    seconds), PERMANENT (this message to this person will never go), TECHNICAL (our own configuration is at fault:
    try again later, tell the operator). `stopped`: the gateway says that the person wants no more messages.
    `reason`: a code for the log, nothing personal.
    """

    state: Delivery
    gateway_id: str | None = None
    retry_after: float | None = None
    stopped: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request to make to a gateway."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What the gateway answered."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def json_object(self) -> dict[str, Any]:
        """Return the JSON object of the body, empty when it is none (the page of a proxy)."""
        try:
            read = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return read if isinstance(read, dict) else {}


class Gateway(Protocol):
    """What the sender asks of every gateway. `idempotent`: it refuses a second message of the same `key`."""

    @property
    def name(self) -> str:
        """The word for it in the database, in addresses and in settings."""

    @property
    def channel(self) -> str:
        """One of `bot.messages.CHANNELS`."""

    @property
    def idempotent(self) -> bool:
        """Whether a message may be sent again when nobody knows if it went."""

    async def send(self, message: Outbound) -> Sending:
        """Send; never raises for what a gateway can do."""


class Webhook(Protocol):
    """A gateway that calls us. Who knows the secret of the address is checked before; signatures are checked here."""

    def read(self, request: Request) -> Received:
        """Return what the request tells. Raises `RequestRefused`."""


class Polled(Protocol):
    """A gateway that must be asked."""

    async def fetch(self) -> Received:
        """Return what is new; the same again until it is confirmed. Raises `GatewayUnreachable`."""

    async def confirm(self, received: Received) -> None:
        """Say that everything of `received` is committed."""


class GatewayUnreachable(Exception):
    """A gateway that does not answer as it should; its text names no person.

    `retry_after`: the seconds that it asks to be left alone, 0 when it does not say.
    """

    def __init__(self, said: str, *, retry_after: float = 0.0) -> None:
        super().__init__(said)
        self.retry_after = retry_after


class MessageUnsendable(Exception):
    """A message that its gateway is known to block; `reason` is a code for the log, nothing personal."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class HttpCodec(Protocol):
    """A gateway that takes one HTTP request a message: the request and the reading of its answer, no transport."""

    def request(self, message: Outbound) -> HttpRequest:
        """Return the request that sends the message. Raises `MessageUnsendable`."""

    def sending(self, response: HttpResponse) -> Sending:
        """Return what the answer says."""


async def nothing_to_do() -> None:
    """Do nothing: the gateway is ready as it is, or has nothing to close."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How a gateway and this program reach one another: who sends, who reads its calls, who asks it.

    `set_up` tells the gateway how to reach us; it raises `GatewayUnreachable`, and may be tried again. `check` asks it
    something that changes nothing and costs nothing, and returns in French what is wrong, "" when nothing is; `advice`
    then returns what works but could be better. `block` is what the operator puts into its configuration; it may hold
    secrets. `rest_s`: how long to leave one that had nothing to tell before it is asked again. `most_bytes`: of one of
    its calls, where it sends longer ones than the program takes from others.
    """

    gateway: Gateway
    webhook: Webhook | None = None
    polled: Polled | None = None
    rest_s: float = REST_S
    most_bytes: int | None = None
    set_up: Callable[[], Awaitable[object]] = nothing_to_do
    check: Callable[[], Awaitable[str]] | None = None
    advice: Callable[[], str] | None = None
    block: Callable[[], str] | None = None
    close: Callable[[], Awaitable[object]] = nothing_to_do
