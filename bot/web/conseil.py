"""The page of the advice to a helper: a form, the answer below. Nothing is stored; the address is the question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.web.limits import address
from bot.web.refusals import refuse, too_often
from bot.web.site import SITE, Site
from knowledge.communes import Gazetteer
from knowledge.conseil import CARE, Conseil, conseiller, load_guide
from knowledge.demande import Demande
from knowledge.echelle import VALUES
from knowledge.exchange import creneau_to_json, lieu_to_json, ligne_to_json
from knowledge.snapshot import Knowledge
from knowledge.standard import allowed

UNKNOWN = "Cette page a envoyé une réponse que nous ne connaissons pas. Revenez au conseil, puis choisissez de nouveau."
LONGEST = 100
"""Characters of a commune that are read."""

CHOICES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "disponibilite": (
        "Combien de temps avez-vous ?",
        {"aucune": "Pas le temps", "5_minutes": "5 minutes", "30_minutes": "30 minutes"},
    ),
    "autonomy": (
        "Devant un écran, la personne…",
        {"none": "n'y arrive pas", "some": "un peu à l'aise", "good": "à l'aise"},
    ),
    "urgency": (
        "Est-ce pressé ?",
        {"today": "D'ici demain", "week": "Cette semaine", "later": "Pas pressé"},
    ),
    "habilitation": ("Habilité Aidants Connect ?", {"oui": "Oui", "non": "Non"}),
    "confidential": ("Sujet privé ?", {"oui": "Oui", "non": "Non"}),
}
"""The questions with a few answers: the field of a request, what is asked, the answers."""

LISTS = {"publics": "publics_specifiquement_adresses", CARE: "prise_en_charge_specifique"}
FIELDS = (*CHOICES, *LISTS, "need", "commune")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form sent: the request, the values as sent, and what could not be read, for the person."""

    demande: Demande
    sent: Mapping[str, str]
    dropped: list[str] = field(default_factory=list)


async def advise(request: web.Request) -> web.Response:
    """Show the form and, when something was asked, the advice."""
    site, knowledge = request.app[SITE], request.app[SITE].knowledge()
    sent = {name: request.query[name].strip() for name in FIELDS if request.query.get(name, "").strip()}
    asked = _read(sent, knowledge, site)
    conseil = None
    if sent or "voir" in request.query:
        _spare(request, site)
        conseil = conseiller(asked.demande, site.clock(), knowledge)
    return site.render(
        "conseil.html",
        choices=CHOICES,
        lists={name: allowed(column) for name, column in LISTS.items()},
        needs=knowledge.needs,
        asked=asked,
        conseil=conseil,
        card=card_of(conseil) if conseil else None,
    )


async def charter(request: web.Request) -> web.Response:
    """Show the charter."""
    return request.app[SITE].render("charte.html", charte=load_guide().charte)


def card_of(conseil: Conseil) -> dict[str, Any]:
    """Return the places and slots of an advice as the templates of cards want them."""
    return {
        "lieux": [lieu_to_json(one) for one in conseil.lieux],
        "creneaux": [creneau_to_json(one) for one in conseil.creneaux],
        "ligne": ligne_to_json(conseil.ligne) if conseil.ligne else None,
    }


def _spare(request: web.Request, site: Site) -> None:
    if wait := site.address_limit.take(address(request), site.clock().timestamp()):
        raise too_often(wait, "demandes sont arrivées", "essayez de nouveau")


def _read(sent: Mapping[str, str], knowledge: Knowledge, site: Site) -> Asked:
    """Return what was asked. Raises `Refusal` for a value that the form does not offer."""
    dropped: list[str] = []
    values: dict[str, Any] = {name: _value(VALUES[name], sent[name]) for name in CHOICES if name in sent}
    for name, column in LISTS.items():
        if name in sent:
            values[name] = (_value({one: one for one in allowed(column)}, sent[name]),)
    if "need" in sent:
        values["need"] = _value({need: need for need in knowledge.needs}, sent["need"])
    if "commune" in sent:
        values["insee"] = _commune(sent["commune"], knowledge.communes, site, dropped)
    return Asked(Demande(**values, pour_autrui=True), sent, dropped)


def _value(offered: Mapping[str, Any], sent: str) -> Any:
    if sent not in offered:
        raise refuse(400, UNKNOWN)
    return offered[sent]


def _commune(written: str, communes: Gazetteer, site: Site, dropped: list[str]) -> str | None:
    found = communes.find_commune(written[:LONGEST], territoire=site.settings.territoire)
    if found.commune is None:
        others = ", ".join(f"{one.commune.nom} ({one.commune.departement})" for one in found.candidates[:3])
        why = f"plusieurs communes sont possibles : {others}" if others else "nous ne trouvons pas cette commune"
        dropped.append(f"« {written[:LONGEST]} » : {why}. Vérifiez son nom, ou donnez le code postal.")
        return None
    return found.commune.insee
