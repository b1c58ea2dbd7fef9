"""`aiguilleur find WORDS…`: a helper's quick look-up, free text in, the best places out."""

import argparse

from bot.commands.arguments import add_now
from bot.commands.console import open_app, say, say_json, tell
from knowledge.annuaire import find
from knowledge.demande import Demande
from knowledge.lieux import LIEU_COLUMNS, Lieu
from knowledge.telephones import telephone


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the words and the options."""
    parser.add_argument("words", nargs="+", metavar="MOT", help="un service, un nom, une commune, un numéro")
    parser.add_argument("--json", action="store_true", help="écrit un objet JSON par lieu")
    add_now(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the places; status 1 when there is none."""
    app = open_app(arguments.now)
    words = " ".join(arguments.words)
    understood = app.understander.understand(words, app.clock())
    demande = Demande(need=understood.need, insee=understood.insee)
    found = find(words, demande, app.clock(), app.knowledge())
    if not found:
        tell("Aucun lieu ne répond à ces mots. Essayez un service (« CAF »), une commune ou un nom.")
        return 1
    for lieu in found:
        if arguments.json:
            say_json(_to_json(lieu))
        else:
            say(_line(lieu))
    return 0


def _line(lieu: Lieu) -> str:
    town = f"{lieu.code_postal} {lieu.commune}"
    return " · ".join(filter(None, (lieu.nom, lieu.adresse, town, telephone(lieu.telephone or ""), lieu.horaires)))


def _to_json(lieu: Lieu) -> dict[str, object]:
    """Return the columns of the standard and ours."""
    values = {name: getattr(lieu, name) for name in LIEU_COLUMNS}
    return {**values, "date_maj": lieu.date_maj and lieu.date_maj.isoformat()}
