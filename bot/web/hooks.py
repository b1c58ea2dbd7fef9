"""The addresses that gateways call: read, committed, answered. A gateway that gets no 2xx tells it again."""

import asyncio
import hmac
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from bot.channels.gateway import Link, Received, Request, RequestRefused, Webhook
from bot.delivery.service import Service
from bot.failpoints import reach
from bot.journal import log_fault
from bot.limits import RateLimit
from bot.web.limits import address
from knowledge.base import BaseIndisponible

logger = logging.getLogger(__name__)

REFUSED_PER_MINUTE = 30
"""Requests refused to one address before it is told to slow down."""

PLAIN = "identity"
"""What an uncompressed body may say that it is (RFC 9110, 8.4.1)."""

PATIENCE_S = 10.0
"""How long the rest of a request is waited for."""

COMMIT_S = 10.0
"""How long a database that says nothing is waited for: a gateway that is told so comes back, one left waiting may not.
"""

PATH = "/gateways/{name}/{secret}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Reads the requests of the gateways that call us. `secrets`: what each address holds, known to its gateway alone.

    `public` is the address under which gateways know this program, without a path: their signatures cover it.
    Only requests that are refused are counted: those of a gateway are answered, however many come from beside it.
    """

    service: Service
    links: Sequence[Link]
    secrets: Mapping[str, str]
    public: str
    clock: Callable[[], datetime]
    refused: RateLimit = field(default_factory=lambda: RateLimit(REFUSED_PER_MINUTE))

    def register(self, app: web.Application) -> None:
        """Add the addresses to an application."""
        app.router.add_route("GET", PATH, self.answer)
        app.router.add_route("POST", PATH, self.answer)

    async def answer(self, request: web.Request) -> web.Response:
        """Commit what a gateway tells, then answer it. Never says why it refuses."""
        try:
            return await self._answer(request)
        except RequestRefused as refused:
            return self._refuse(request, refused.status)
        except web.HTTPRequestEntityTooLarge:
            return self._refuse(request, 413)
        except BaseIndisponible as error:
            logger.warning("%s", error)
        except TimeoutError:
            logger.warning("La base ne répond pas : les passerelles sont priées de revenir.")
        except Exception as error:  # noqa: BLE001 - not written: the gateway must tell it again
            log_fault(logger, "passerelle", error)
        return web.Response(status=503, headers={"Retry-After": "30"})

    def _refuse(self, request: web.Request, status: int) -> web.Response:
        """Refuse; say it in the log without a word of the request, which anybody may have written."""
        name = request.match_info["name"]
        logger.warning("%s : requête refusée (%s)", name if name in self.secrets else "passerelle inconnue", status)
        if wait := self.refused.take(address(request), self.clock().timestamp()):
            return web.Response(status=429, headers={"Retry-After": str(math.ceil(wait))})
        return web.Response(status=status)

    async def _answer(self, request: web.Request) -> web.Response:
        """Return the answer of the gateway. Raises `RequestRefused`."""
        link = self._known(request.match_info["name"], request.match_info["secret"])
        if link is None or link.webhook is None:
            raise RequestRefused(404)
        read = Request(
            method=request.method,
            url=f"{self.public}{request.path_qs}",
            received_at=self.clock(),
            headers={name.lower(): value for name, value in request.headers.items()},
            query=tuple(request.query.items()),
            body=await _body(request.clone(client_max_size=link.most_bytes) if link.most_bytes else request),
        )
        reach("request.read")
        received = _read(link.webhook, read)
        async with asyncio.timeout(COMMIT_S):
            await self.service.take(link.gateway, received)
        answer = received.answer
        return web.Response(status=answer.status, text=answer.text, content_type=answer.content_type)

    def _known(self, name: str, secret: str) -> Link | None:
        """Return the link of the gateway that knows its secret."""
        for link in self.links:
            expected = self.secrets.get(link.gateway.name, "")
            if link.gateway.name == name and expected:
                same = hmac.compare_digest(secret.encode(errors="replace"), expected.encode())
                return link if same else None
        return None


async def _body(request: web.Request) -> bytes:
    """Return the body, which the application refuses when it is longer than its `client_max_size`.

    Raises `RequestRefused` for one that is compressed, which no gateway sends (aiohttp would wait for ever for the rest
    of one that is badly compressed), and for one that does not come to its end.
    """
    if request.headers.get("Content-Encoding", PLAIN).lower() != PLAIN:
        raise RequestRefused(415)
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await request.read()
    except TimeoutError:
        raise RequestRefused(408) from None


def _read(webhook: Webhook, request: Request) -> Received:
    """Return what a request tells. Raises `RequestRefused`, also for what breaks its reader: it always would."""
    try:
        return webhook.read(request)
    except RequestRefused:
        raise
    except Exception as error:
        log_fault(logger, "passerelle", error)
        raise RequestRefused(400) from error
