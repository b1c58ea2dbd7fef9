"""What the operator's own programs read: whether the service works, and how much it did."""

import asyncio

from aiohttp import web

from bot.messages import WEB
from bot.web.limits import is_among
from bot.web.refusals import refuse
from bot.web.site import SITE, Site
from knowledge.base import BaseIndisponible

HEALTH_SECONDS = 5
"""How long the base may take to answer."""


async def health(request: web.Request) -> web.Response:
    """Say in JSON whether messages are received and carried: 503 when the base or one of the parts does not work."""
    site = request.app[SITE]
    try:
        async with asyncio.timeout(HEALTH_SECONDS):
            oldest = await asyncio.to_thread(_oldest_seconds, site)
    except (BaseIndisponible, TimeoutError):
        return web.json_response({"etat": "base indisponible"}, status=503)
    if site.service is None:
        return web.json_response({"etat": "ok"})
    dead = site.service.dead()
    told = {"etat": "en panne" if dead else "ok", "arretes": dead, "attente_s": round(oldest)}
    return web.json_response(told, status=503 if dead else 200)


async def metrics(request: web.Request) -> web.Response:
    """Give Prometheus its figures; to others than the addresses of the settings, this page does not exist."""
    site = request.app[SITE]
    if not is_among(request, site.settings.metriques):
        raise refuse(404)
    try:
        gauges = await asyncio.to_thread(site.service.gauges) if site.service else {}
    except BaseIndisponible:
        gauges = {}
    return web.Response(body=site.watch.page(gauges), content_type="text/plain", charset="utf-8")


def _oldest_seconds(site: Site) -> float:
    """Ask the base, and return how long the message that waits longest has waited. Raises `BaseIndisponible`."""
    site.reception.current(WEB, "health")
    return site.service.oldest_seconds() if site.service else 0.0
