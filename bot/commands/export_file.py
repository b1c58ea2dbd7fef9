"""`aiguilleur export KIND FILE`: the base back in the current national standard."""

import argparse
from pathlib import Path

from bot.commands.console import open_app, tell
from knowledge.exporting import export_file
from knowledge.importing import KINDS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the kind and the file."""
    parser.add_argument("kind", choices=sorted(KINDS), metavar="SORTE", help=", ".join(sorted(KINDS)))
    parser.add_argument("file", type=Path, metavar="FICHIER", help="le fichier à écrire : .csv ou .json")


def run(arguments: argparse.Namespace) -> int:
    """Export, then say how much."""
    count = export_file(open_app().database, arguments.kind, arguments.file)
    tell(f"{count} lignes écrites dans {arguments.file}.")
    return 0
