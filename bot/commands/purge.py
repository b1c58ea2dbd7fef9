"""`aiguilleur purge`: deletes the conversations that are too old, and says what went."""

import argparse

from bot.commands.console import open_app, say
from bot.commands.faults import CommandeRefusee

WORDS = {
    "conversation": ("conversation", "conversations"),
    "inbox": ("message reçu", "messages reçus"),
    "outbox": ("réponse", "réponses"),
    "receipt": ("accusé de réception", "accusés de réception"),
    "passage": ("code de passage", "codes de passage"),
    "part": ("morceau de message", "morceaux de message"),
}
"""What stands in each table: one, several."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the option; without it the settings decide."""
    parser.add_argument(
        "--jours",
        type=int,
        metavar="N",
        help="efface ce qui a plus de N jours (sinon, selon vos réglages)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Purge, then say what went. Raises `CommandeRefusee`."""
    if arguments.jours is not None and arguments.jours < 1:
        raise CommandeRefusee(f"--jours attend un nombre de jours, 1 ou plus, pas {arguments.jours}.")
    app = open_app()
    gone = app.purge(arguments.jours)
    days = arguments.jours or app.settings.conservation_jours
    say(f"Effacé ce qui a plus de {days} jour{'s' if days > 1 else ''} : {_told(gone)}.")
    return 0


def _told(gone: dict[str, int]) -> str:
    told = [f"{count} {WORDS[name][count > 1]}" for name, count in gone.items() if count]
    return ", ".join(told) or "rien, il n'y avait rien de si ancien"
