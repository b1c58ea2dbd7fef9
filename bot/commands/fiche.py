"""`aiguilleur fiche LIEU`: the card of a place, to hand over: PDF, picture, SMS, contact."""

import argparse
import sys
from pathlib import Path

from bot.commands.arguments import add_now
from bot.commands.console import open_app, say, tell
from bot.commands.poster import find_commune
from bot.fiche.content import Wanted, compose
from bot.fiche.formats import FORMATS, file_name
from knowledge.annuaire import annuaire_of
from knowledge.communes.text import fold
from knowledge.fautes import Faute
from knowledge.labels import Posture
from knowledge.snapshot import Knowledge

DEFAULT, SPOKEN = "pdf", "sms"
STANDARD_OUTPUT = "-"


class FicheImpossible(Faute):
    """The card cannot be made: why, and what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the place, what the card is for, and the file."""
    parser.add_argument("lieu", nargs="+", metavar="LIEU", help="le nom d'un lieu de la base, ou son identifiant")
    parser.add_argument("--besoin", help="la démarche : un identifiant (caf) ou un nom court (Impôts)")
    parser.add_argument("--posture", choices=[*Posture], help="l'aide voulue : la phrase à dire en dépend")
    parser.add_argument("--depuis", metavar="COMMUNE", help="d'où part la personne : la fiche dit la distance")
    parser.add_argument("--format", choices=[*FORMATS], default=DEFAULT, help="la sorte de fiche (pdf)")
    parser.add_argument("--sortie", metavar="FICHIER", help="le fichier à écrire, ou - pour la sortie standard")
    add_now(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the card, then say where; the text of an SMS goes to standard output."""
    app = open_app(arguments.now)
    knowledge = app.knowledge()
    wanted = Wanted(
        besoin=_need(arguments.besoin, knowledge) if arguments.besoin else None,
        posture=Posture(arguments.posture) if arguments.posture else None,
        depuis=find_commune(arguments.depuis, app).insee if arguments.depuis else None,
    )
    fiche = compose(_lieu(" ".join(arguments.lieu), knowledge), wanted, app.clock(), knowledge)
    assert fiche, "the lieu was found"
    content = FORMATS[arguments.format].make(fiche)
    if arguments.sortie == STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
    elif arguments.format == SPOKEN and not arguments.sortie:
        say(content.decode())
    else:
        file = Path(arguments.sortie or file_name(fiche.nom, arguments.format))
        file.write_bytes(content)
        tell(f"Fiche de « {fiche.nom} » écrite dans {file}.")
    return 0


def _lieu(words: str, knowledge: Knowledge) -> str:
    """Return the id of a place. Raises `FicheImpossible`."""
    if words in knowledge.index.row_of:
        return words
    for lieu in annuaire_of(knowledge).nommes(words, at_most=1):
        return lieu.id
    raise FicheImpossible(f"Je ne connais pas de lieu « {words} ». Cherchez-le avec « aiguilleur find ».")


def _need(words: str, knowledge: Knowledge) -> str:
    """Return the id of a need. Raises `FicheImpossible`."""
    for need in knowledge.needs.values():
        if fold(words) in (fold(need.id), fold(need.label_court)):
            return need.id
    raise FicheImpossible(f"Je ne connais pas le besoin « {words} ». Choisissez parmi : {', '.join(knowledge.needs)}.")
