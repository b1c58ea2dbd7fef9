"""`aiguilleur orient`: one request a line in, one answer a line out."""

import argparse
import json

from bot.commands.arguments import add_now
from bot.commands.console import lines, open_app, say_json, tell
from knowledge.exchange import DemandeInvalide, demande_from_json, orientation_to_json
from knowledge.orientation import orienter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_now(parser)


def run(arguments: argparse.Namespace) -> int:
    """Answer each request; a faulty one is said with its line, the others are answered."""
    app = open_app(arguments.now)
    knowledge = app.knowledge()
    faults = 0
    for number, line in enumerate(lines(), start=1):
        if not line.strip():
            continue
        try:
            demande = demande_from_json(json.loads(line))
        except json.JSONDecodeError as error:
            tell(f"Ligne {number} : ce n'est pas du JSON ({error.msg}, caractère {error.colno}).")
            faults += 1
        except (DemandeInvalide, RecursionError) as error:
            tell(f"Ligne {number} : {error}")
            faults += 1
        else:
            say_json(orientation_to_json(orienter(demande, app.clock(), knowledge)))
    return 1 if faults else 0
