"""Every fault becomes a French page that keeps what the person wrote."""

import json
import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.journal import log_fault
from bot.store.turns import ConversationDepassee
from bot.web.headers import API
from bot.web.refusals import API_SENTENCES, Refusal, refuse
from bot.web.site import SITE, Fields
from bot.web.visitors import read_visitor, remember
from knowledge.base import BaseIndisponible

logger = logging.getLogger(__name__)

FIELDS: web.RequestKey[Fields] = web.RequestKey("fields", dict)
"""The fields of the form, once read: an error page gives them back."""

SENT_AGAIN = ("choix", "tour", "commande", "need", "urgency", "posture", "envoi")
"""Fields of a button, that a "Réessayer" sends again as they are."""

WORTH_TRYING_AGAIN = frozenset({403, 408, 429, 500, 503})


@web.middleware
async def french_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every fault with a page."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return _answer(request, refusal)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _answer(request, refuse(error.status, headers=_allowed(error)))
    except BaseIndisponible as error:
        logger.warning("%s", error)
        return _answer(request, refuse(503, headers={"Retry-After": "30"}))
    except ConversationDepassee:
        return _answer(request, refuse(503, headers={"Retry-After": "2"}))
    except Exception as error:  # noqa: BLE001 - whatever happens, the person gets a page
        log_fault(logger, "page", error)
        return _answer(request, refuse(500))


def _answer(request: web.Request, refusal: Refusal) -> web.Response:
    """Return the page of a refusal; to another program, one JSON object with a French sentence."""
    if not request.path.startswith(API):
        return _page(request, refusal)
    sentence = API_SENTENCES.get(refusal.status, refusal.sentence) if refusal.usual else refusal.sentence
    text = json.dumps({"erreur": sentence}, ensure_ascii=False)
    return web.Response(
        text=text, status=refusal.status, content_type="application/json", headers=dict(refusal.headers)
    )


def _page(request: web.Request, refusal: Refusal) -> web.Response:
    site = request.app[SITE]
    visitor = read_visitor(request, https=site.settings.https)
    fields = request.get(FIELDS, {})
    response = site.render(
        "erreur.html",
        status=refusal.status,
        refusal=refusal,
        visitor=visitor,
        texte=fields.get("texte") or fields.get("commune") or "",
        written="texte" in fields or "commune" in fields,
        envoi=fields.get("envoi", ""),
        path=request.path,
        again={name: fields[name] for name in SENT_AGAIN if name in fields}
        if refusal.status in WORTH_TRYING_AGAIN
        else {},
        ligne=site.lignes.generale,
    )
    response.headers.update(refusal.headers)
    if fields:
        remember(response, visitor, https=site.settings.https)
    return response


def _allowed(error: web.HTTPException) -> dict[str, str]:
    return {name: error.headers[name] for name in ("Allow",) if name in error.headers}
