"""argparse in French: the sentences that a person sees when a command is mistyped."""

import argparse
import re
from datetime import datetime
from typing import NoReturn

from knowledge.horaires import in_paris, paris

SENTENCES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.*)", r"il manque : \1"),
    (r"unrecognized arguments: (.*)", r"je ne connais pas : \1"),
    (r"argument (\S+): invalid choice: (.*?) \(choose from (.*)\)", r"\1 : \2 n'existe pas. Choisissez parmi \3"),
    (r"argument (\S+): expected one argument", r"\1 attend une valeur"),
    (r"argument (\S+): expected at least one argument", r"\1 attend au moins une valeur"),
    (r"argument (\S+): invalid int value: (.*)", r"\1 attend un nombre entier, pas \2"),
    (r"argument (\S+): (.*)", r"\1 : \2"),
)


class Parser(argparse.ArgumentParser):
    """A parser whose help and errors are in French. A wrong usage exits with status 2."""

    def __init__(self, **options: object) -> None:
        super().__init__(add_help=False, **options)  # type: ignore[arg-type]
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", "--aide", action="help", help="affiche cette aide")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "usage :")

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "usage :")

    def error(self, message: str) -> NoReturn:
        for english, french in SENTENCES:
            if re.fullmatch(english, message):
                message = re.sub(english, french, message)
                break
        self.exit(2, f"{self.format_usage()}{self.prog} : {message}.\n")


def add_now(parser: argparse.ArgumentParser) -> None:
    """Add `--now`: the instant at which the command believes to be."""
    parser.add_argument("--now", type=instant, metavar="ISO", help="fait comme s'il était cet instant (heure de Paris)")


def instant(text: str) -> datetime:
    """Read an ISO instant; one without a zone is in Europe/Paris."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas une date ISO. Exemple : 2026-11-23T10:00") from None
    return read.replace(tzinfo=paris()) if read.tzinfo is None else in_paris(read)
