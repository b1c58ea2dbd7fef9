"""The page `/annuaire`: a query in its address, the lieux in its answer."""

import asyncio

from aiohttp import web

from bot.web.annuaire.asked import Asked, read_asked
from bot.web.annuaire.fond import host_of, source_of, tuiles_of
from bot.web.annuaire.pace import slow_down
from bot.web.annuaire.plan import Plan, plan_of
from bot.web.annuaire.view import LIEUX_A_PAGE, Found, found_of, pages_of
from bot.web.headers import IMAGES
from bot.web.site import SITE, Site
from knowledge.annuaire.annuaire import annuaire_of

EXEMPLES = (
    "caf orthez aidants connect jeudi",
    "imprimer un document à pau",
    "france services mauléon ouvert maintenant",
    "atelier ordinateur seniors oloron",
)
"""Look-ups shown before anything is asked."""


async def annuaire(request: web.Request) -> web.Response:
    """Show what an address asks; without JavaScript, this is all there is."""
    slow_down(request)
    site = request.app[SITE]
    asked = read_asked(request.query)
    found, plan = (None, None) if asked.empty else await asyncio.to_thread(_look_up, site, asked)
    model = site.settings.tuiles
    if plan and model:
        request[IMAGES] = source_of(model)
    return site.render(
        "annuaire.html",
        texte=found.texte if found else "",
        found=found,
        annonce=found.said if found else "",
        plan=plan,
        tuiles=list(tuiles_of(plan.view, model)) if plan and model else [],
        serveur=host_of(model),
        credit=site.settings.tuiles_credit,
        exemples=EXEMPLES,
        ligne=site.lignes.generale,
    )


def _look_up(site: Site, asked: Asked) -> tuple[Found, Plan | None]:
    """Return the page asked for, the last one if there are not so many."""
    knowledge, now = site.knowledge(), site.clock()
    look_up = annuaire_of(knowledge, site.settings.territoire)
    consultation = look_up.lire(asked.texte, asked.filtres)
    page = asked.page
    resultat = look_up.chercher(consultation, now, at_most=LIEUX_A_PAGE, skip=(page - 1) * LIEUX_A_PAGE, facettes=True)
    if page > pages_of(resultat.total):
        page = pages_of(resultat.total)
        resultat = look_up.chercher(
            consultation, now, at_most=LIEUX_A_PAGE, skip=(page - 1) * LIEUX_A_PAGE, facettes=True
        )
    found = found_of(resultat, asked.filtres, page)
    return found, plan_of(resultat, knowledge.communes, found.first)
