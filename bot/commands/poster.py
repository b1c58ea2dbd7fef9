"""`aiguilleur poster PLACE`: a poster of the service for a commune, to print."""

import argparse
import re
from pathlib import Path

from bot.app import App
from bot.commands.console import open_app, tell
from bot.poster.content import compose
from bot.poster.page import draw
from bot.printing.typography import missing
from knowledge.annuaire import annuaire_of
from knowledge.communes import Commune, CommuneMatch
from knowledge.communes.text import fold
from knowledge.fautes import Faute
from knowledge.lieux import Lieu
from knowledge.snapshot import Knowledge

SURE = 0.8
"""Score of a commune from which the words name it; below, they may be the name of a place."""

MOST_NAMED = 10
"""Places of a name that are listed."""


class AfficheImpossible(Faute):
    """The poster cannot be made: why, and what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the commune or the place, and the file."""
    parser.add_argument("place", nargs="+", metavar="COMMUNE|LIEU", help="une commune, ou le nom d'un lieu de la base")
    parser.add_argument("--sortie", type=Path, metavar="FICHIER", help="le fichier à écrire (affiche-COMMUNE.pdf)")


def run(arguments: argparse.Namespace) -> int:
    """Write the poster, then say where."""
    app = open_app()
    if signs := missing(app.settings.contact):
        raise AfficheImpossible(f"AIGUILLEUR_CONTACT a des signes que l'affiche ne sait pas écrire : {signs}")
    commune, lieu = find_place(" ".join(arguments.place), app)
    poster = compose(commune.nom, commune.insee, app.settings, lieu)
    if poster is None:
        raise AfficheImpossible(
            "Rien à mettre sur l'affiche : dites comment on écrit au robot, par AIGUILLEUR_TELEGRAM_NOM, "
            "AIGUILLEUR_SMS_NUMERO ou AIGUILLEUR_ADRESSE."
        )
    file = arguments.sortie or Path(f"affiche-{re.sub(r'[^a-z0-9]+', '-', fold(lieu or commune.nom))}.pdf")
    file.write_bytes(draw(poster))
    name = f"{lieu} ({commune.nom})" if lieu else commune.nom
    tell(f"Affiche pour {name} écrite dans {file} : une page A4, noir et blanc.")
    if not poster.contact:
        tell("Elle ne dit pas qui s'en occupe : réglez AIGUILLEUR_CONTACT.")
    return 0


def find_commune(words: str, app: App) -> Commune:
    """Return the commune that the words name, or that of the place so named. Raises `AfficheImpossible`."""
    return find_place(words, app)[0]


def find_place(words: str, app: App) -> tuple[Commune, str]:
    """Return the commune, and the place's name when the words name one, "" else. Raises `AfficheImpossible`."""
    knowledge = app.knowledge()
    match = knowledge.communes.find_commune(words, territoire=app.settings.territoire)
    lieu = None
    if match.candidates and match.candidates[0].score >= SURE:
        found = match.commune
    elif not (found := knowledge.communes.by_insee(words)) and (lieu := _place(words, knowledge)):
        row = knowledge.communes.of_address(lieu.commune, lieu.code_postal, lieu.code_insee)
        found = knowledge.communes.by_insee(row.insee) if row else None
    if found is None:
        raise AfficheImpossible(_unknown(words, match))
    return found, lieu.nom if lieu else ""


def _place(words: str, knowledge: Knowledge) -> Lieu | None:
    """Return the only place of that name or identifier. Raises `AfficheImpossible` when there are several."""
    if words in knowledge.index.row_of:
        return knowledge.index.lieux[knowledge.index.row_of[words]]
    named = annuaire_of(knowledge).nommes(words, at_most=MOST_NAMED)
    exact = [lieu for lieu in named if fold(lieu.nom) == fold(words)]
    if len(found := exact or named) > 1:
        listed = "\n".join(f"- {lieu.nom}, {lieu.commune} ({lieu.id})" for lieu in found)
        raise AfficheImpossible(
            f"« {words} » : lequel de ces lieux ?\n{listed}\nDonnez son nom entier, ou son identifiant."
        )
    return next(iter(found), None)


def _unknown(words: str, match: CommuneMatch) -> str:
    close = [f"{candidate.commune.nom} ({candidate.commune.departement})" for candidate in match.candidates]
    if not close:
        return f"Je ne connais ni commune ni lieu « {words} ». Donnez le nom d'une commune ou son code postal."
    return f"« {words} » : laquelle de ces communes ? {', '.join(close)}. Écrivez son nom, puis son département."
