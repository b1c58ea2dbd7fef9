"""The addresses of the site: each handler is one step between a request and a page."""

import asyncio
import secrets
from pathlib import Path

from aiohttp import web

from bot.conversation.reception import Reply
from bot.messages import WEB, MessageIn
from bot.web.annuaire.fond import host_of
from bot.web.errors import FIELDS
from bot.web.forms import Said, read_fields, read_said
from bot.web.headers import check_origin
from bot.web.limits import address
from bot.web.refusals import refuse, too_often
from bot.web.site import SITE, Fields, Site
from bot.web.view import answer_of, understood_of
from bot.web.visitors import (
    VISITOR_SECONDS,
    WORDS_SECONDS,
    Visitor,
    forget,
    last_words,
    read_visitor,
    remember,
    remember_words,
)
from bot.web.words import NEEDS_FIRST

STATIC_FOLDER = Path(__file__).parent / "static"


async def home(request: web.Request) -> web.Response:
    """Show where the conversation is, or the first question."""
    site = request.app[SITE]
    visitor = read_visitor(request, https=site.settings.https)
    reply = await _current(site, visitor)
    knowledge = site.knowledge()
    response = site.render(
        "conversation.html",
        visitor=visitor,
        words=last_words(request) if reply.messages else "",
        answer=answer_of(reply, knowledge) if reply.messages else None,
        understood=understood_of(reply.slots, knowledge),
        needs=knowledge.needs,
        needs_first=NEEDS_FIRST,
        envoi=secrets.token_urlsafe(16),
    )
    if visitor.new:
        remember(response, visitor, https=site.settings.https)
    return response


async def receive(request: web.Request) -> web.Response:
    """Take one message, then show the conversation: a reload of that page sends nothing again."""
    site, visitor, fields = await read_form(request)
    said = await _said(site, visitor, fields)
    if said is None:
        return _see_other("/#reponse")
    message = MessageIn(
        channel=WEB,
        conversation=visitor.conversation,
        text=said.text,
        payload=said.payload,
        external_id=_external_id(visitor, fields, said),
        received_at=site.clock(),
    )
    reply = await site.reception.receive(message)
    site.watch.turn(WEB, (site.clock() - message.received_at).total_seconds(), len(reply.messages))
    if reply.messages and not reply.slots:  # the person wrote EFFACER: nothing is left
        return _forgotten(site)
    response = _see_other("/#reponse")
    remember(response, visitor, https=site.settings.https)
    remember_words(response, said.text, https=site.settings.https)
    return response


async def erase(request: web.Request) -> web.Response:
    """Delete the conversation and take the cookies back."""
    site, visitor, _ = await read_form(request)
    await asyncio.to_thread(site.reception.forget, WEB, visitor.conversation, site.clock())
    return _forgotten(site)


async def erased(request: web.Request) -> web.Response:
    """Say that nothing is left."""
    return request.app[SITE].render("efface.html")


async def about(request: web.Request) -> web.Response:
    """Say what this is, what is kept, and who runs it."""
    site = request.app[SITE]
    return site.render(
        "a-propos.html",
        contact=site.settings.contact,
        visitor_hours=VISITOR_SECONDS // 3600,
        serveur=host_of(site.settings.tuiles),
        words_minutes=WORDS_SECONDS // 60,
    )


async def static(request: web.Request) -> web.FileResponse:
    """Give one of our own files, and no other."""
    files = {file.name: file for file in STATIC_FOLDER.iterdir()}
    if request.match_info["name"] not in files:
        raise refuse(404)
    return web.FileResponse(files[request.match_info["name"]])


async def read_form(request: web.Request) -> tuple[Site, Visitor, Fields]:
    """Return who sends which form, once all that protects them has been checked. Raises `Refusal`."""
    check_origin(request)
    site = request.app[SITE]
    visitor = read_visitor(request, https=site.settings.https)
    fields = request[FIELDS] = await read_fields(request)
    if not visitor.has_token(fields.get("jeton", "")):
        raise refuse(403)
    now = site.clock().timestamp()
    wait = site.address_limit.take(address(request), now) or site.visitor_limit.take(visitor.conversation, now)
    if wait:
        raise too_often(wait, "messages sont arrivés", "envoyez-le de nouveau")
    return site, visitor, fields


async def _said(site: Site, visitor: Visitor, fields: Fields) -> Said | None:
    reply = await _current(site, visitor) if "choix" in fields else Reply((), {})
    return read_said(fields, reply, site.knowledge(), site.settings.territoire)


def _external_id(visitor: Visitor, fields: Fields, said: Said) -> str | None:
    """Return what makes a second click or a reload the same message: one button a page, one text a page."""
    number = fields.get("envoi")
    if not number:
        return None
    return visitor.message_id(number if said.payload else f"{number} {said.text}")


async def _current(site: Site, visitor: Visitor) -> Reply:
    if visitor.new:
        return Reply((), {})
    return await asyncio.to_thread(site.reception.current, WEB, visitor.conversation)


def _forgotten(site: Site) -> web.Response:
    response = _see_other("/efface")
    forget(response, https=site.settings.https)
    return response


def _see_other(location: str) -> web.Response:
    return web.Response(status=303, headers={"Location": location})
