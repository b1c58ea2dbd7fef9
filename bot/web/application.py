"""The web application, composed of plain values."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime

from aiohttp import web

from bot.conversation.reception import Reception
from bot.delivery.service import Service
from bot.limits import RateLimit
from bot.settings import Settings
from bot.web.errors import french_errors
from bot.web.forms import MAX_BYTES
from bot.web.headers import STATIC, set_headers
from bot.web.hooks import Hooks
from bot.web.pages import about, erase, erased, health, home, receive, static
from bot.web.rendering import Templates
from bot.web.site import SITE, Site
from knowledge.base import BaseIndisponible
from knowledge.lignes import load_lignes
from knowledge.snapshot import Knowledge

logger = logging.getLogger(__name__)

VISITORS_AT_ONE_ADDRESS = 10
"""A library, a France Services counter: several people behind one address are not one who insists."""

REFRESH_SECONDS = 60


def create_web(
    reception: Reception,
    knowledge: Callable[[], Knowledge],
    settings: Settings,
    clock: Callable[[], datetime],
    refresh: Callable[[], None] | None = None,
    hooks: Hooks | None = None,
) -> web.Application:
    """Return the application.

    `refresh`, if given, is called each minute to notice that the base has changed. `hooks`: the gateways and the
    service that carries their messages, which begins and ends with the application.
    """
    lignes = load_lignes()
    app = web.Application(middlewares=[french_errors], client_max_size=MAX_BYTES)
    app[SITE] = Site(
        reception=reception,
        knowledge=knowledge,
        settings=settings,
        clock=clock,
        templates=Templates(lignes.lignes.values()),
        lignes=lignes,
        visitor_limit=RateLimit(settings.messages_par_minute),
        address_limit=RateLimit(settings.messages_par_minute * VISITORS_AT_ONE_ADDRESS),
    )
    app.on_response_prepare.append(set_headers)
    app.router.add_get("/", home)
    app.router.add_post("/message", receive)
    app.router.add_post("/effacer", erase)
    app.router.add_get("/efface", erased)
    app.router.add_get("/a-propos", about)
    app.router.add_get("/health", health)
    app.router.add_get(STATIC + "{name}", static)
    if hooks:
        hooks.register(app)
        app.cleanup_ctx.append(lambda _: carrying(hooks.service))
    if refresh:
        app.cleanup_ctx.append(lambda _: refreshing(refresh, knowledge))
    return app


async def carrying(service: Service) -> AsyncIterator[None]:
    """Carry messages as long as the application serves. Raises `DejaServie`."""
    await service.start()
    yield
    await service.stop()


async def refreshing(
    refresh: Callable[[], None], knowledge: Callable[[], Knowledge], seconds: float = REFRESH_SECONDS
) -> AsyncIterator[None]:
    """Read a changed base beside the event loop, so that no visitor waits for it."""

    async def forever() -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await asyncio.to_thread(refresh)
                await asyncio.to_thread(knowledge)
            except BaseIndisponible as error:
                logger.warning("%s", error)

    task = asyncio.create_task(forever())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
