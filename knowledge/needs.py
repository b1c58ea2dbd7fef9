"""The needs that people come with (knowledge/data/needs.yml), in the order of the contract."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from knowledge.yaml_files import read_data


class Famille(StrEnum):
    """What kind of help the need calls for by itself."""

    DEMARCHE = "demarche"
    COMPETENCE = "competence"
    EQUIPEMENT = "equipement"


@dataclass(frozen=True, slots=True)
class Site:
    """An official site. `verifie_le` None: no person checked it yet."""

    nom: str
    url: str
    source: str
    verifie_le: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One need.

    `label` reads after "Votre besoin :"; `label_court` is at most 16 characters, for SMS; `guichet` reads after
    "Bonjour, je viens pour". `services` are values of the national standard, the first one the closest.
    `recurrent`: it comes back, so learning pays (parcours). `synonymes`: words and phrases that name it. `apporter`:
    what to bring, one sentence; `apporter_court`: at most 40 characters. `ligne`: id of the national line of last
    resort (knowledge/data/lignes.yml).
    """

    id: str
    label: str
    label_court: str
    guichet: str
    famille: Famille
    services: tuple[str, ...]
    recurrent: bool
    synonymes: tuple[str, ...]
    site: Site | None
    apporter: str | None
    apporter_court: str | None
    ligne: str | None


@cache
def load_needs() -> dict[str, Need]:
    """Return the needs by id, in file order; read once a process, and never changed."""
    return {key: _need(key, value) for key, value in read_data("needs.yml")["needs"].items()}


def _need(key: str, value: dict[str, Any]) -> Need:
    site = value.get("site")
    return Need(
        id=key,
        label=value["label"],
        label_court=value["label_court"],
        guichet=value.get("guichet", ""),
        famille=Famille(value["famille"]),
        services=tuple(value["services"]),
        recurrent=value["recurrent"],
        synonymes=tuple(value["synonymes"]),
        site=_site(site) if site else None,
        apporter=value.get("apporter"),
        apporter_court=value.get("apporter_court"),
        ligne=value.get("ligne"),
    )


def _site(value: dict[str, Any]) -> Site:
    return Site(value["nom"], value["url"], value["source"], parse_date(value.get("verifie_le")))


def parse_date(value: str | date | None) -> date | None:
    """Read a `verifie_le` of a data file: None while no person has verified the fact."""
    return date.fromisoformat(value) if isinstance(value, str) else value


LABEL_COURT_MAX, APPORTER_COURT_MAX = 16, 40
"""Characters that an SMS spares for the need and for what to bring."""


def check_needs(lignes: Collection[str]) -> Iterator[str]:
    """Yield the faults of needs.yml, as French sentences; `lignes` are the ids of lignes.yml."""
    for need in load_needs().values():
        where = f"needs.yml, {need.id} : "
        if len(need.label_court) > LABEL_COURT_MAX:
            yield f"{where}label_court dépasse {LABEL_COURT_MAX} caractères"
        if len(need.apporter_court or "") > APPORTER_COURT_MAX:
            yield f"{where}apporter_court dépasse {APPORTER_COURT_MAX} caractères"
        if need.ligne and need.ligne not in lignes:
            yield f"{where}la ligne « {need.ligne} » n'est pas dans lignes.yml"
        if not need.services:
            yield f"{where}aucun service du standard national"
