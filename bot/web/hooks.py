"""The addresses that gateways call: read, committed, answered. A gateway that gets no 2xx tells it again."""

import hmac
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.channels.gateway import Link, Request, RequestRefused
from bot.delivery.service import Service
from bot.failpoints import reach
from bot.journal import log_fault
from knowledge.base import BaseIndisponible

logger = logging.getLogger(__name__)

MAX_BYTES = 64 * 1024
"""A gateway's request is a few kilobytes at most."""

PATH = "/gateways/{name}/{secret}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Reads the requests of the gateways that call us. `secrets`: what each address holds, known to its gateway alone.

    `public` is the address under which gateways know this program, without a path: their signatures cover it.
    """

    service: Service
    links: Sequence[Link]
    secrets: Mapping[str, str]
    public: str
    clock: Callable[[], datetime]

    def register(self, app: web.Application) -> None:
        """Add the addresses to an application."""
        app.router.add_route("GET", PATH, self.answer)
        app.router.add_route("POST", PATH, self.answer)

    async def answer(self, request: web.Request) -> web.Response:
        """Commit what a gateway tells, then answer it. Never says why it refuses."""
        try:
            return await self._answer(request)
        except RequestRefused as refused:
            logger.warning("%s : requête refusée (%d)", request.match_info["name"][:20], refused.status)
            return web.Response(status=refused.status)
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413)
        except BaseIndisponible as error:
            logger.warning("%s", error)
            return web.Response(status=503, headers={"Retry-After": "30"})
        except Exception as error:  # noqa: BLE001 - whatever it sent, a gateway gets an answer
            log_fault(logger, "passerelle", error)
            return web.Response(status=400)

    async def _answer(self, request: web.Request) -> web.Response:
        link = self._known(request.match_info["name"], request.match_info["secret"])
        if link is None or link.webhook is None:
            return web.Response(status=404)
        if (request.content_length or 0) > MAX_BYTES:
            return web.Response(status=413)
        body = await _whole(request)
        if len(body) > MAX_BYTES:
            return web.Response(status=413)
        received = link.webhook.read(
            Request(
                method=request.method,
                url=f"{self.public}{request.path_qs}",
                received_at=self.clock(),
                headers={name.lower(): value for name, value in request.headers.items()},
                query=tuple(request.query.items()),
                body=body,
            )
        )
        reach("request.read")
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


async def _whole(request: web.Request) -> bytes:
    """Return the body, however many pieces it comes in; one byte more than allowed of a body that is too long."""
    body = b""
    while len(body) <= MAX_BYTES and (piece := await request.content.read(MAX_BYTES + 1 - len(body))):
        body += piece
    return body
