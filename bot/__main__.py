"""`aiguilleur`: one command a file in bot/commands; bad input ends with a French sentence and status 1."""

import gc
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from bot.commands.arguments import Parser

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "charge la base de démonstration si la base est vide, puis ouvre la page web"),
    "chat": ("chat", "parle avec le robot dans le terminal"),
    "understand": ("understand", "lit des messages, un par ligne, et dit ce qui est compris (JSON)"),
    "orient": ("orient", "lit des demandes JSON, une par ligne, et y répond (JSON)"),
    "find": ("find", "cherche vite un contact : un service, un nom, une commune, un numéro"),
    "import": ("import_files", "importe des lieux, des créneaux ou des communes"),
    "export": ("export_file", "écrit la base au format du standard national"),
    "check": ("check", "vérifie les flux, les textes, les connaissances et les réglages"),
    "graph": ("graph", "dessine les flux (Mermaid)"),
    "evaluate": ("evaluate", "mesure la compréhension sur des phrases étiquetées"),
    "poster": ("poster", "fait l'affiche d'une commune, à imprimer (PDF)"),
    "fiche": ("fiche", "fait la fiche d'un lieu, à donner à une personne (PDF, image, SMS, contact)"),
    "serve": ("serve", "ouvre la page web et les canaux réglés"),
    "doctor": ("doctor", "vérifie l'installation et dit ce qu'il faut corriger"),
    "purge": ("purge", "efface les conversations trop anciennes"),
    "settings": ("settings", "montre chaque réglage, sa valeur et ce qu'il fait"),
}
"""Each command, its module and its help. Only the one that is called is loaded, so that the program starts fast."""

RARE_COLLECTIONS = (500_000, 50, 100)
"""New objects after which Python looks for cycles: more than a start makes, and nearly all of those live to the end."""

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 refused or found faulty, 2 wrong usage."""
    gc.set_threshold(*RARE_COLLECTIONS)
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        status = run(words)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("\nInterrompu. Rien n'est fait à moitié : vous pouvez relancer la commande.", file=sys.stderr)  # noqa: T201
        status = 130
    except BrokenPipeError:
        # Whoever read our output has left (`| head`): nothing is wrong, and nothing can be said any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)


def run(words: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    parser = Parser(prog="aiguilleur", description="Quelle aide numérique convient maintenant, et qui la donne ici.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMANDE", title="commandes")
    chosen = next((word for word in words if not word.startswith("-")), None)
    for name, (module, summary) in COMMANDS.items():
        subparser = commands.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
        if name == chosen:
            import_module(f"bot.commands.{module}").add_arguments(subparser)
    if not words:
        parser.print_help(sys.stderr)
        return 2
    parsed = parser.parse_args(words)
    command = import_module(f"bot.commands.{COMMANDS[parsed.command][0]}")
    try:
        return int(command.run(parsed))
    except BrokenPipeError:
        raise
    except Exception as error:  # the last line of defence: no traceback ever reaches a user
        from bot.commands.faults import explain

        print(explain(error), file=sys.stderr)  # noqa: T201
        logger.debug("%s", type(error).__name__, exc_info=error)
        return 1


if __name__ == "__main__":
    main()
