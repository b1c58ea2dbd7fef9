"""`aiguilleur serve`: the web page and the channels that are configured."""

import argparse
import errno
import sys
from socket import gaierror

from bot.app import App
from bot.commands.console import open_app, tell
from bot.commands.faults import CommandeRefusee
from bot.gateways import hook_secret
from bot.web.application import create_web
from bot.web.hooks import Hooks
from bot.web.server import run_server
from knowledge.fautes import reason

LAST_PORT = 65_535

SWITCH_S = 0.0005
"""How long turns, which are all computing, may keep the requests and the sends waiting: each call of theirs to the
network or the disk lets the interpreter go, and takes it back after this long."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; without them the settings decide."""
    parser.add_argument("--host", help="l'adresse d'écoute")
    parser.add_argument("--port", type=int, help="le port d'écoute", metavar="PORT")


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    return serve(open_app(), arguments)


def serve(app: App, arguments: argparse.Namespace) -> int:
    """Serve this program's page until interrupted. Raises `CommandeRefusee`."""
    host = arguments.host or app.settings.host
    port = app.settings.port if arguments.port is None else arguments.port
    if not 0 < port <= LAST_PORT:
        raise CommandeRefusee(f"{port} n'est pas un port : il en faut un de 1 à {LAST_PORT}.")
    sys.setswitchinterval(SWITCH_S)
    knowledge = app.knowledge()
    knowledge.index.warm(knowledge.needs.values())  # what the first turn needs; the look-up is made ready beside
    hooks = build_hooks(app)
    if hooks:
        tell("Passerelles : " + ", ".join(hooks.secrets))
    page = create_web(
        app.reception,
        app.knowledge,
        app.settings,
        app.clock,
        app.make_ready,
        hooks,
        app.purge,
        app.envoi(),
    )
    try:
        run_server(
            page, host=host, port=port, opened=lambda: tell(f"La page est ouverte : http://{_link(host)}:{port}")
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandeRefusee(f"Le port {port} est déjà pris. Choisissez-en un autre avec --port.") from error
        why = f"« {host} » n'est pas une adresse connue" if isinstance(error, gaierror) else reason(error)
        raise CommandeRefusee(f"La page ne peut pas être ouverte sur {_link(host)}:{port} : {why}.") from error
    return 0


def build_hooks(app: App) -> Hooks | None:
    """Return what receives and carries the messages of the gateways, None without any. Raises `SettingsInvalides`."""
    service = app.service()
    if service is None:
        return None
    secrets = {link.gateway.name: hook_secret(app.secrecy, link.gateway.name) for link in app.links}
    public = app.settings.adresse.rstrip("/")
    return Hooks(service=service, links=app.links, secrets=secrets, public=public, clock=app.clock)


def _link(host: str) -> str:
    """Return the host as a browser writes it."""
    return f"[{host}]" if ":" in host else host
