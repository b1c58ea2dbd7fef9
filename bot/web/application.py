"""The web application, composed of plain values."""

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.conversation.reception import Reception
from bot.delivery.envoi import Envoi
from bot.delivery.watch import Watch
from bot.limits import RateLimit
from bot.settings import Settings
from bot.web.annuaire.api import description, lieu, lieux, preflight
from bot.web.annuaire.page import annuaire
from bot.web.background import again_and_again, carrying
from bot.web.conseil import advise, charter
from bot.web.errors import french_errors
from bot.web.fiches import add_cards
from bot.web.forms import MAX_BYTES
from bot.web.headers import API, STATIC, set_headers
from bot.web.hooks import Hooks
from bot.web.operation import health, metrics
from bot.web.pages import about, erase, erased, home, receive, static
from bot.web.rendering import Templates
from bot.web.site import SITE, Site
from knowledge.lignes import load_lignes
from knowledge.snapshot import Knowledge

MINUTE, HOUR = 60.0, 3600.0

VISITORS_AT_ONE_ADDRESS = 10
"""A library, a France Services counter: several people behind one address are not one who insists."""


def create_web(
    reception: Reception,
    knowledge: Callable[[], Knowledge],
    settings: Settings,
    clock: Callable[[], datetime],
    make_ready: Callable[[], None] | None = None,
    hooks: Hooks | None = None,
    clean: Callable[[], object] | None = None,
    envoi: Envoi | None = None,
) -> web.Application:
    """Return the application.

    `make_ready`, if given, is called at the start and each minute to read a changed base; `clean`, at the start and
    each hour to delete what is too old. `hooks`: the gateways and the service that carries their messages, which begins
    and ends with the application. `envoi`: what sends a card by SMS, where a gateway can.
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
        look_up_limit=RateLimit(settings.consultations_par_minute),
        watch=hooks.service.watch if hooks else Watch(),
        service=hooks.service if hooks else None,
    )
    app.on_response_prepare.append(set_headers)
    _add_addresses(app.router)
    add_cards(app, envoi, settings.fiches_sms_par_heure)
    if hooks:
        hooks.register(app)
        app.cleanup_ctx.append(lambda _: carrying(hooks.service))
    for work, seconds in ((make_ready, MINUTE), (clean, HOUR)):
        if work:
            app.cleanup_ctx.append(again_and_again(work, seconds))
    return app


def _add_addresses(router: web.UrlDispatcher) -> None:
    router.add_get("/", home)
    router.add_post("/message", receive)
    router.add_post("/effacer", erase)
    router.add_get("/efface", erased)
    router.add_get("/a-propos", about)
    router.add_get("/annuaire", annuaire)
    for path, handler in (("openapi.json", description), ("lieux", lieux), ("lieux/{id}", lieu)):
        router.add_get(API + path, handler)
        router.add_options(API + path, preflight)
    router.add_get("/conseil", advise)
    router.add_get("/charte", charter)
    router.add_get("/health", health)
    router.add_get("/metrics", metrics)
    router.add_get(STATIC + "{name}", static)
