"""`aiguilleur serve`: the web page and the channels that are configured."""

import argparse

from bot.app import App
from bot.commands.console import open_app
from bot.web.server import run_server


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; without them the settings decide."""
    parser.add_argument("--host", help="l'adresse d'écoute")
    parser.add_argument("--port", type=int, help="le port d'écoute")


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    return serve(open_app(), arguments)


def serve(app: App, arguments: argparse.Namespace) -> int:
    """Serve this program's page until interrupted."""
    settings = app.settings
    run_server(app, host=arguments.host or settings.host, port=arguments.port or settings.port)
    return 0
