"""`aiguilleur import KIND FILE…`: files into the base; says what was read, added, refused and why."""

import argparse
from pathlib import Path

from bot.commands.console import open_app, say, say_json
from knowledge.importing import KINDS, import_files


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the kind, the files and the options."""
    parser.add_argument("kind", choices=sorted(KINDS), metavar="SORTE", help=", ".join(sorted(KINDS)))
    parser.add_argument("files", nargs="+", type=Path, metavar="FICHIER", help="CSV, JSON ou iCal")
    parser.add_argument("--dry-run", action="store_true", help="dit ce qui serait fait, sans rien écrire")
    parser.add_argument("--json", action="store_true", help="écrit le compte rendu en JSON")


def run(arguments: argparse.Namespace) -> int:
    """Import, then report."""
    app = open_app()
    report = import_files(app.database, arguments.kind, arguments.files, now=app.clock(), dry_run=arguments.dry_run)
    if arguments.json:
        say_json(report.to_json())
    else:
        say("\n".join(report.lines()))
    return 0
