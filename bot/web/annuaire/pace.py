"""How many look-ups one address may do in a minute."""

import math

from aiohttp import web

from bot.web.limits import address
from bot.web.refusals import refuse
from bot.web.site import SITE


def slow_down(request: web.Request) -> None:
    """Count a look-up. Raises `Refusal` for one too many."""
    site = request.app[SITE]
    if wait := site.look_up_limit.take(address(request), site.clock().timestamp()):
        seconds = math.ceil(wait)
        sentence = f"Beaucoup de recherches sont arrivées en peu de temps. Attendez {seconds} s, puis recommencez."
        raise refuse(429, sentence, {"Retry-After": str(seconds)})
