"""The transport of the gateways that speak HTTP: what went out, what surely did not, and what nobody knows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout

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
from bot.messages import Delivery

TIMEOUT = ClientTimeout(total=30, connect=10)
MAX_ANSWER_BYTES = 1_000_000


class Http:
    """One session for all gateways, opened at the first request."""

    def __init__(self, make_session: Callable[[], ClientSession] = lambda: ClientSession(timeout=TIMEOUT)) -> None:
        self._make_session = make_session
        self._session: ClientSession | None = None

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Make the request. Raises OSError, TimeoutError or aiohttp's ClientError."""
        self._session = self._session or self._make_session()
        async with self._session.request(
            request.method, request.url, headers=request.headers, data=request.body or None, allow_redirects=False
        ) as response:
            body = b""
            while piece := await response.content.read(MAX_ANSWER_BYTES - len(body)):
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
            return codec.sending(await self.exchange(codec.request(message)))
        except MessageUnsendable as refusal:
            return Sending(state=Delivery.PERMANENT_FAILURE, reason=refusal.reason)
        except ClientConnectorError:
            return Sending(state=Delivery.TEMPORARY_FAILURE, reason="unreachable")
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


def over_http(codec: SmsCodec, http: Http) -> Link:
    """Return the link of a gateway that calls us and that we call."""
    return Link(gateway=OverHttp(codec, http), webhook=codec)
