"""`aiguilleur demo`: on an empty base loads the demonstration base, then serves the web page."""

import argparse

from bot.commands import serve
from bot.commands.console import open_app, tell
from knowledge.base import read_lieux, write_items
from knowledge.demonstration import demonstration
from knowledge.lieux import DEMONSTRATION


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--sans-page", action="store_true", help="charge la base sans ouvrir la page")
    serve.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Load, then serve."""
    app = open_app()
    lieux = read_lieux(app.database)
    if not lieux:
        fictional, creneaux = demonstration(app.clock())
        write_items(app.database, [*fictional, *creneaux], now=app.clock())
        tell(f"Base de démonstration chargée : {len(fictional)} lieux et {len(creneaux)} créneaux, tous inventés.")
    elif all(lieu.source != DEMONSTRATION for lieu in lieux):
        tell(f"La base contient déjà {len(lieux)} lieux réels : la démonstration n'y est pas ajoutée.")
    return 0 if arguments.sans_page else serve.serve(app, arguments)
