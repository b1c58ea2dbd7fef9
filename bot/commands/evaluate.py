"""`aiguilleur evaluate FILE`: scores of `understand` against labelled phrases."""

import argparse
from pathlib import Path

from bot.commands.arguments import add_now
from bot.commands.console import open_app, say
from bot.understanding.evaluation import REFERENCE, evaluate, read_rows, table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file and the options."""
    parser.add_argument("file", type=Path, metavar="FICHIER", help="phrases étiquetées, un objet JSON par ligne")
    add_now(parser)
    parser.set_defaults(now=REFERENCE)


def run(arguments: argparse.Namespace) -> int:
    """Print the table."""
    app = open_app(arguments.now)
    say(table(evaluate(app.understander, read_rows(arguments.file), arguments.now)))
    return 0
