"""The addresses of the cards: a page to read and print, its files, a slot for a calendar, an SMS to the person."""

import asyncio
import math
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from aiohttp import web

from bot.channels.sms.numbers import read_number
from bot.delivery.envoi import Envoi
from bot.fiche.content import Fiche, Wanted, compose
from bot.fiche.formats import FORMATS, file_name
from bot.limits import RateLimit
from bot.printing.codes import path
from bot.web.limits import address
from bot.web.pages import read_form
from bot.web.refusals import refuse
from bot.web.site import SITE
from bot.web.visitors import Visitor, read_visitor, remember
from knowledge.labels import Posture

PRINTED = ("pdf", "png", "vcf")
MOBILE = re.compile(r"\+(?:33[67]|262[67]|590[67]|594[67]|596[67])\d{8}")
"""Mobile numbers of France and of its départements overseas, in E.164: no other country is written to."""

FILES_A_MINUTE = 30
VISITOR_AN_HOUR, ADDRESS_AN_HOUR, NUMBER_A_DAY = 6, 30, 3
HOUR, DAY = 60, 24 * 60
"""Minutes."""

ABSENT = "Ce lieu n'est plus dans la base. Cherchez-en un autre."
ABSENT_SLOT = "Cet atelier n'est plus dans la base. Il a peut-être eu lieu."
NO_CONSENT = "Cochez la case : la personne doit être d'accord pour recevoir ce SMS."
NO_NUMBER = "Écrivez un numéro de portable français, par exemple 06 39 98 00 01."
TOO_MANY = "Trop de SMS ont été demandés. Attendez {} avant le prochain, ou imprimez la fiche."


def _per(number: int, minutes: int) -> RateLimit:
    return RateLimit(number / minutes, burst=number)


@dataclass(frozen=True, slots=True)
class Cards:
    """What limits the cards. `envoi` None: no SMS can be sent; `total` bounds what all visitors send."""

    envoi: Envoi | None
    total: RateLimit
    files: RateLimit = field(default_factory=lambda: RateLimit(FILES_A_MINUTE))
    visitors: RateLimit = field(default_factory=lambda: _per(VISITOR_AN_HOUR, HOUR))
    addresses: RateLimit = field(default_factory=lambda: _per(ADDRESS_AN_HOUR, HOUR))
    numbers: RateLimit = field(default_factory=lambda: _per(NUMBER_A_DAY, DAY))


@dataclass(frozen=True, slots=True)
class Asked:
    """The card that an address names, and what it is wanted for."""

    id: str
    wanted: Wanted
    fiche: Fiche

    @property
    def place(self) -> str:
        """The path under which everything of this place is."""
        return f"/lieu/{quote(self.id, safe='')}"

    @property
    def choices(self) -> dict[str, str]:
        """What it is wanted for, as an address says it."""
        return {name: value for name in Wanted.__slots__ if (value := getattr(self.wanted, name))}

    def address(self, extension: str = "", **more: str) -> str:
        """Return the address of the page, or of a file of it."""
        chosen = self.choices | more
        return f"{self.place}/fiche{extension}" + (f"?{urlencode(chosen)}" if chosen else "")


CARDS: web.AppKey[Cards] = web.AppKey("cards", Cards)


def add_cards(app: web.Application, envoi: Envoi | None, sms_an_hour: int) -> None:
    """Add the addresses to an application; without `envoi`, or with no SMS an hour, none is offered."""
    app[CARDS] = Cards(envoi if sms_an_hour else None, _per(max(1, sms_an_hour), HOUR))
    app.router.add_get("/lieu/{id}/fiche", show)
    app.router.add_get("/lieu/{id}/fiche.{format}", give)
    app.router.add_post("/lieu/{id}/sms", send)
    app.router.add_get("/creneau/{id}.ics", calendar)


async def show(request: web.Request) -> web.Response:
    """Show a card in large letters, with its files and, where SMS can be sent, a form."""
    return _page(request, _read(request, request.query), sent="envoye" in request.query)


async def give(request: web.Request) -> web.Response:
    """Give a card as a file."""
    extension = request.match_info["format"]
    if extension not in PRINTED:
        raise refuse(404)
    site = request.app[SITE]
    if wait := request.app[CARDS].files.take(address(request), site.clock().timestamp()):
        raise refuse(429, headers={"Retry-After": str(math.ceil(wait))})
    fiche = _read(request, request.query).fiche
    content = await asyncio.to_thread(FORMATS[extension].make, fiche)
    return _file(content, FORMATS[extension].media_type, file_name(fiche.nom, extension))


async def calendar(request: web.Request) -> web.Response:
    """Give a training slot as an event for a calendar."""
    from bot.fiche.agenda import find_creneau, to_ical  # slow to load, and few want it

    site = request.app[SITE]
    creneau = find_creneau(request.match_info["id"], site.knowledge().agenda.creneaux)
    if creneau is None:
        raise refuse(404, ABSENT_SLOT)
    return _file(to_ical(creneau, site.clock()), "text/calendar", file_name(creneau.titre, "ics"))


async def send(request: web.Request) -> web.Response:
    """Put the card on its way to a telephone, once the person agrees; what became of it is told in plain words."""
    site, visitor, fields = await read_form(request)
    asked, cards = _read(request, fields), request.app[CARDS]
    if cards.envoi is None:
        raise refuse(404)
    number = read_number(fields.get("numero", "")[:40])
    if number is None or not MOBILE.fullmatch(number):
        return _page(request, asked, fault=NO_NUMBER)
    if fields.get("accord") != "oui":
        return _page(request, asked, fault=NO_CONSENT)
    if wait := _wait(request, visitor, cards, cards.envoi.person(number)):
        return _page(request, asked, fault=TOO_MANY.format(_duration(wait)), status=429)
    text = (await asyncio.to_thread(FORMATS["sms"].make, asked.fiche)).decode()
    once = visitor.message_id(fields.get("envoi") or secrets.token_urlsafe(16))
    await asyncio.to_thread(cards.envoi.put, number, text, once)
    response = web.Response(status=303, headers={"Location": f"{asked.address(envoye='oui')}#envoye"})
    remember(response, visitor, https=site.settings.https)
    return response


def _wait(request: web.Request, visitor: Visitor, cards: Cards, person: str) -> float:
    """Return how many seconds to wait before another SMS; 0 takes one from every allowance."""
    now = request.app[SITE].clock().timestamp()
    asked = (
        (cards.visitors, visitor.conversation),
        (cards.addresses, address(request)),
        (cards.numbers, person),
        (cards.total, ""),
    )
    if all(limit.left(key, now) >= 1 for limit, key in asked):
        return max(limit.take(key, now) for limit, key in asked)
    return max(limit.take(key, now) for limit, key in asked if limit.left(key, now) < 1)


def _duration(seconds: float) -> str:
    minutes = math.ceil(seconds / 60)
    return "une minute" if minutes <= 1 else f"{minutes} minutes" if minutes < HOUR else "quelques heures"


def _read(request: web.Request, said: Mapping[str, str]) -> Asked:
    """Return the card that an address names, for what is said with it; what is not one of ours is left out.

    Raises `Refusal` for a place that is not in the base.
    """
    site, identifier = request.app[SITE], request.match_info["id"]
    knowledge = site.knowledge()
    besoin, posture, depuis = (said.get(name, "") for name in ("besoin", "posture", "depuis"))
    wanted = Wanted(
        besoin=besoin if besoin in knowledge.needs else None,
        posture=Posture(posture) if posture in [*Posture] else None,
        depuis=depuis if knowledge.communes.by_insee(depuis) else None,
    )
    fiche = compose(identifier, wanted, site.clock(), knowledge)
    if fiche is None:
        raise refuse(404, ABSENT)
    return Asked(identifier, wanted, fiche)


def _page(
    request: web.Request, asked: Asked, *, fault: str = "", status: int = 422, sent: bool = False
) -> web.Response:
    site, fiche = request.app[SITE], asked.fiche
    visitor = read_visitor(request, https=site.settings.https)
    response = site.render(
        "fiche.html",
        status=status if fault else 200,
        fiche=fiche,
        wanted=asked.choices,
        files={extension: asked.address(f".{extension}") for extension in PRINTED},
        sms=f"{asked.place}/sms" if request.app[CARDS].envoi else None,
        codes={name: path(code) for name, code in (("appel", fiche.appel), ("carte", fiche.carte)) if code},
        fault=fault,
        sent=sent,
        visitor=visitor,
        envoi=secrets.token_urlsafe(16),
    )
    if visitor.new and request.app[CARDS].envoi:
        remember(response, visitor, https=site.settings.https)
    return response


def _file(content: bytes, media_type: str, name: str) -> web.Response:
    headers = {"Content-Type": media_type, "Content-Disposition": f'inline; filename="{name}"'}
    if media_type.startswith("text/"):
        headers["Content-Type"] += "; charset=utf-8"
    return web.Response(body=content, headers=headers)
