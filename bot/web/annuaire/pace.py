"""How many look-ups one address may do in a minute."""

from aiohttp import web

from bot.web.limits import address
from bot.web.refusals import too_often
from bot.web.site import SITE


def slow_down(request: web.Request) -> None:
    """Count a look-up. Raises `Refusal` for one too many."""
    site = request.app[SITE]
    if wait := site.look_up_limit.take(address(request), site.clock().timestamp()):
        raise too_often(wait, "recherches sont arrivées", "recommencez")
