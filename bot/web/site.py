"""What every page needs, given once to the web application."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.conversation.reception import Reception
from bot.delivery.service import Service
from bot.delivery.watch import Watch
from bot.limits import RateLimit
from bot.settings import Settings
from bot.web.rendering import Templates
from knowledge.base import BaseIndisponible
from knowledge.lignes import Lignes
from knowledge.snapshot import Knowledge


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The parts of the page. `lignes` are read once, so that an error page has a number even without the base.

    `service`: what carries the messages of the gateways, if there are any.
    """

    reception: Reception
    knowledge: Callable[[], Knowledge]
    settings: Settings
    clock: Callable[[], datetime]
    templates: Templates
    lignes: Lignes
    visitor_limit: RateLimit
    address_limit: RateLimit
    look_up_limit: RateLimit
    watch: Watch
    service: Service | None

    def render(self, name: str, *, status: int = 200, **values: object) -> web.Response:
        """Return a page; each says whether the places are a demonstration."""
        text = self.templates.render(name, {"demonstration": self._demonstration(), **values})
        return web.Response(text=text, status=status, content_type="text/html")

    def _demonstration(self) -> bool:
        try:
            return self.knowledge().demonstration
        except BaseIndisponible:
            return False


SITE: web.AppKey[Site] = web.AppKey("site", Site)

Fields = Mapping[str, str]
"""What a form sent."""
