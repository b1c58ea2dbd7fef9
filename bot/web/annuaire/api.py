"""The look-up for other programs: JSON, read only, for any site."""

import asyncio
import json
from functools import cache
from importlib.resources import files
from typing import Any

from aiohttp import web
from multidict import MultiMapping

from bot.web.annuaire.asked import MAX_DIGITS, WORDS, read_filtres, whole
from bot.web.annuaire.pace import slow_down
from bot.web.refusals import refuse
from bot.web.site import SITE, Site
from knowledge.annuaire.annuaire import annuaire_of
from knowledge.annuaire.consultation import Sorte
from knowledge.annuaire.exchange import resultat_to_json, standard_to_json
from knowledge.lieux import DEMONSTRATION

LIMITE, DEBUT = "limite", "debut"
PARAMETERS = (WORDS, *(sorte.value for sorte in Sorte), LIMITE, DEBUT)
MOST, USUAL = 50, 10
"""Lieux in one answer: at most, and when it is not said."""
FARTHEST = 10**MAX_DIGITS - 1
AVERTISSEMENT = "Démonstration : ces lieux et leurs numéros sont inventés."
INTROUVABLE = "Aucun lieu n'a cet identifiant. Il a pu changer : cherchez le lieu avec /api/lieux?q=…"


async def lieux(request: web.Request) -> web.Response:
    """Answer a query."""
    slow_down(request)
    site = request.app[SITE]
    limite = _number(request.query, LIMITE, 1, MOST, USUAL)
    debut = _number(request.query, DEBUT, 0, FARTHEST, 0)
    return answer(await asyncio.to_thread(_look_up, site, request.query, limite, debut))


async def lieu(request: web.Request) -> web.Response:
    """Answer one lieu, in the columns of the national standard."""
    slow_down(request)
    site = request.app[SITE]
    knowledge = await asyncio.to_thread(site.knowledge)
    row = knowledge.index.row_of.get(request.match_info["id"])
    if row is None:
        raise refuse(404, INTROUVABLE)
    found = knowledge.index.lieux[row]
    fictional = found.source == DEMONSTRATION
    return answer({"avertissement": AVERTISSEMENT if fictional else None, "lieu": standard_to_json(found)})


async def description(request: web.Request) -> web.Response:
    """Answer the OpenAPI description of these addresses."""
    slow_down(request)
    return answer(read_description())


async def preflight(_: web.Request) -> web.Response:
    """Tell a browser that other sites may read this."""
    return web.Response(status=204, headers={"Allow": "GET, HEAD, OPTIONS"})


@cache
def read_description() -> dict[str, Any]:
    """Return the OpenAPI description, read once a process."""
    text = files("bot.web.annuaire").joinpath("openapi.json").read_text(encoding="utf-8")
    description: dict[str, Any] = json.loads(text)
    return description


def answer(obj: dict[str, Any]) -> web.Response:
    """Return a JSON answer, its accents as they are."""
    return web.json_response(obj, dumps=lambda value: json.dumps(value, ensure_ascii=False))


def _look_up(site: Site, query: MultiMapping[str], limite: int, debut: int) -> dict[str, Any]:
    knowledge = site.knowledge()
    look_up = annuaire_of(knowledge, site.settings.territoire)
    consultation = look_up.lire(query.get(WORDS, ""), read_filtres(query))
    resultat = look_up.chercher(consultation, site.clock(), at_most=limite, skip=debut, facettes=True)
    found = resultat_to_json(resultat)
    found["consultation"]["ecartes"] += _unknown(query)
    return {"avertissement": AVERTISSEMENT if knowledge.demonstration else None, **found}


def _unknown(query: MultiMapping[str]) -> list[str]:
    """Return one sentence on the parameters that are not ours, if there are any."""
    names = [name for name in dict.fromkeys(query) if name not in PARAMETERS]
    if not names:
        return []
    said = ", ".join(f"« {name[:30]} »" for name in names[:5])
    return [f"Paramètre inconnu, non lu : {said}. On attend : {', '.join(PARAMETERS)}."]


def _number(query: MultiMapping[str], name: str, low: int, high: int, usual: int) -> int:
    """Return a parameter that is a number. Raises `Refusal`."""
    text = query.get(name, "")
    if not text:
        return usual
    number = whole(text)
    if number is None or not low <= number <= high:
        raise refuse(400, f"« {name} » doit être un nombre entier de {low} à {high}.")
    return number
