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
    "timer": ("rappel", "rappels"),
}
"""What stands in each table: one, several."""

NOTHING_OLD = "rien, il n'y avait rien de si ancien"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; without them the settings decide."""
    parser.add_argument(
        "--cle-perdue",
        action="store_true",
        help="efface toutes les conversations, que l'ancienne AIGUILLEUR_CLE protège, et prend la nouvelle",
    )
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
    if arguments.cle_perdue:
        say(f"Nouvelle clé prise. Effacé : {_told(app.change_key()) or 'rien'}.")
        return 0
    gone = app.purge(arguments.jours)
    days = arguments.jours or app.settings.conservation_jours
    say(f"Effacé ce qui a plus de {days} jour{'s' if days > 1 else ''} : {_told(gone) or NOTHING_OLD}.")
    return 0


def _told(gone: dict[str, int]) -> str:
    told = [f"{count} {WORDS[name][count > 1]}" for name, count in gone.items() if count]
    return ", ".join(told)
