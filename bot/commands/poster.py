"""`aiguilleur poster PLACE`: a poster of the service for a commune, to print."""

import argparse
import re
from pathlib import Path

from bot.app import App
from bot.commands.console import open_app, tell
from bot.poster.content import compose
from bot.poster.page import draw
from knowledge.annuaire import annuaire_of
from knowledge.communes import Commune, CommuneMatch
from knowledge.communes.text import fold
from knowledge.fautes import Faute
from knowledge.snapshot import Knowledge

SURE = 0.8
"""Score of a commune from which the words name it; below, they may be the name of a place."""


class AfficheImpossible(Faute):
    """The poster cannot be made: why, and what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the commune or the place, and the file."""
    parser.add_argument("place", nargs="+", metavar="COMMUNE|LIEU", help="une commune, ou le nom d'un lieu de la base")
    parser.add_argument("--sortie", type=Path, metavar="FICHIER", help="le fichier à écrire (affiche-COMMUNE.pdf)")


def run(arguments: argparse.Namespace) -> int:
    """Write the poster, then say where."""
    app = open_app()
    commune = find_commune(" ".join(arguments.place), app)
    poster = compose(commune.nom, commune.insee, app.settings)
    if poster is None:
        raise AfficheImpossible(
            "Rien à mettre sur l'affiche : dites comment on écrit au robot, par AIGUILLEUR_TELEGRAM_NOM, "
            "AIGUILLEUR_SMS_NUMERO ou AIGUILLEUR_ADRESSE."
        )
    file = arguments.sortie or Path(f"affiche-{re.sub(r'[^a-z0-9]+', '-', fold(commune.nom))}.pdf")
    file.write_bytes(draw(poster))
    tell(f"Affiche pour {commune.nom} écrite dans {file} : une page A4, noir et blanc.")
    if not poster.contact:
        tell("Elle ne dit pas qui s'en occupe : réglez AIGUILLEUR_CONTACT.")
    return 0


def find_commune(words: str, app: App) -> Commune:
    """Return the commune that the words name, or that of the place so named. Raises `AfficheImpossible`."""
    knowledge = app.knowledge()
    match = knowledge.communes.find_commune(words, territoire=app.settings.territoire)
    if match.candidates and match.candidates[0].score >= SURE:
        found = match.commune
    else:
        found = knowledge.communes.by_insee(words) or _commune_of_place(words, knowledge)
    if found is None:
        raise AfficheImpossible(_unknown(words, match))
    return found


def _commune_of_place(words: str, knowledge: Knowledge) -> Commune | None:
    for lieu in annuaire_of(knowledge).nommes(words, at_most=1):
        row = knowledge.communes.of_address(lieu.commune, lieu.code_postal, lieu.code_insee)
        return knowledge.communes.by_insee(row.insee) if row else None
    return None


def _unknown(words: str, match: CommuneMatch) -> str:
    close = [f"{candidate.commune.nom} ({candidate.commune.departement})" for candidate in match.candidates]
    if not close:
        return f"Je ne connais ni commune ni lieu « {words} ». Donnez le nom d'une commune ou son code postal."
    return f"« {words} » : laquelle de ces communes ? {', '.join(close)}. Écrivez son nom, puis son département."
