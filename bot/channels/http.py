"""The transport of the gateways that speak HTTP: what went out, what surely did not, and what nobody knows."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    InvalidURL,
    NonHttpUrlClientError,
)

from bot.channels.gateway import (
    GatewayUnreachable,
    HttpCodec,
    HttpRequest,
    HttpResponse,
    Link,
    MessageUnsendable,
    Outbound,
    Sending,
    Webhook,
)
from bot.journal import log_fault
from bot.messages import Delivery

logger = logging.getLogger(__name__)

TIMEOUT = ClientTimeout(total=30, connect=10)
MAX_ANSWER_BYTES = 1_000_000


class Http:
    """One session for all gateways, opened at the first request."""

    def __init__(self, make_session: Callable[[], ClientSession] = lambda: ClientSession(timeout=TIMEOUT)) -> None:
        self._make_session = make_session
        self._session: ClientSession | None = None

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Make the request. Raises OSError, TimeoutError or aiohttp's ClientError."""
        if self._session is None:
            self._session = self._make_session()
            self._session._retry_connection = False  # a GET that sends an SMS is not to be made twice on the quiet
        async with self._session.request(
            request.method, request.url, headers=request.headers, data=request.body or None, allow_redirects=False
        ) as response:
            body = b""
            while len(body) < MAX_ANSWER_BYTES and (piece := await response.content.readany()):
                body += piece
            headers = {name.lower(): value for name, value in response.headers.items()}
            return HttpResponse(response.status, body, headers)

    async def ask(self, request: HttpRequest) -> HttpResponse:
        """Make a request that may be made again. Raises `GatewayUnreachable`."""
        try:
            return await self.exchange(request)
        except (ClientError, OSError) as error:
            raise GatewayUnreachable(type(error).__name__) from error

    async def send(self, codec: HttpCodec, message: Outbound) -> Sending:
        """Send a message; a request that never left is told from one whose answer never came."""
        try:
            request = codec.request(message)
        except MessageUnsendable as refusal:
            return Sending(state=Delivery.PERMANENT_FAILURE, reason=refusal.reason)
        except Exception as error:  # noqa: BLE001 - whatever broke, nothing has left
            log_fault(logger, "requête", error)
            return Sending(state=Delivery.TECHNICAL_FAILURE, reason="fault")
        try:
            return codec.sending(await self.exchange(request))
        except (ClientConnectorError, ConnectionTimeoutError):
            return Sending(state=Delivery.TEMPORARY_FAILURE, reason="unreachable")
        except (InvalidURL, NonHttpUrlClientError) as error:
            return Sending(state=Delivery.TECHNICAL_FAILURE, reason=type(error).__name__)
        except (ClientError, OSError, ValueError) as error:
            return Sending(state=Delivery.UNCERTAIN, reason=type(error).__name__)

    async def close(self) -> None:
        """Close the session."""
        if self._session:
            await self._session.close()
            self._session = None


class SmsCodec(HttpCodec, Webhook, Protocol):
    """A gateway as values: its requests and ours."""

    @property
    def name(self) -> str:
        """As in `Gateway`."""

    @property
    def channel(self) -> str:
        """As in `Gateway`."""

    @property
    def idempotent(self) -> bool:
        """As in `Gateway`."""

    def probe(self) -> HttpRequest:
        """Return a request that changes nothing and costs nothing."""

    def refusal(self, response: HttpResponse) -> str:
        """Return in French what the answer to `probe` says is wrong, "" when nothing is."""

    def block(self) -> str:
        """Return what the operator puts into the configuration of the gateway."""


@dataclass(frozen=True, slots=True)
class OverHttp:
    """A gateway of values, and its transport."""

    codec: SmsCodec
    http: Http

    @property
    def name(self) -> str:
        """The name of the codec."""
        return self.codec.name

    @property
    def channel(self) -> str:
        """The channel of the codec."""
        return self.codec.channel

    @property
    def idempotent(self) -> bool:
        """Whether the gateway refuses a second message of the same key."""
        return self.codec.idempotent

    async def send(self, message: Outbound) -> Sending:
        """Send."""
        return await self.http.send(self.codec, message)

    async def check(self) -> str:
        """Ask the gateway something harmless; return in French what is wrong, "" when nothing is."""
        try:
            response = await self.http.ask(self.codec.probe())
        except GatewayUnreachable as error:
            return f"elle ne répond pas ({error}). Vérifiez qu'elle tourne, et que son adresse est la bonne."
        return self.codec.refusal(response)


def over_http(codec: SmsCodec, http: Http) -> Link:
    """Return the link of a gateway that calls us and that we call."""
    gateway = OverHttp(codec, http)
    return Link(gateway=gateway, webhook=codec, check=gateway.check, block=codec.block, close=http.close)
