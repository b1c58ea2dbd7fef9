"""`aiguilleur doctor`: tries each part of the installation, says what to mend, prints what gateways must be told."""

import argparse
import asyncio
from collections.abc import Sequence

from aiohttp import ClientSession, ClientTimeout

from bot.app import App
from bot.channels.http import Http
from bot.commands.console import open_app, say
from bot.commands.faults import CommandeRefusee
from bot.diagnosis.address import check_address
from bot.diagnosis.base import check_base
from bot.diagnosis.finding import Finding, Sign
from bot.diagnosis.gateways import check_gateways, check_key, open_gateway
from bot.diagnosis.words import check_words
from bot.gateway_settings import GatewaySettings
from bot.settings import SettingsInvalides

PATIENCE = ClientTimeout(total=10)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the option."""
    parser.add_argument(
        "--bloc",
        metavar="NOM",
        choices=sorted(GatewaySettings.required),
        help="écrit seulement ce qu'il faut mettre dans la configuration de cette passerelle (contient des secrets)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the findings and the blocks; status 1 when something must be mended."""
    app = open_app()
    if arguments.bloc:
        say(asyncio.run(_block(app, arguments.bloc)))
        return 0
    findings = [*check_base(app), *check_words(app.settings), *asyncio.run(_ask_outside(app))]
    for finding in findings:
        say(str(finding))
    for finding in findings:
        if finding.block:
            _say_block(finding)
    return _conclude(findings)


async def _ask_outside(app: App) -> Sequence[Finding]:
    http = _http()
    try:
        address = await check_address(app.settings, http)
        return [check_key(app), address, *await check_gateways(app.settings, http, app.clock)]
    finally:
        await http.close()


async def _block(app: App, name: str) -> str:
    """Return the block of one gateway, exactly. Raises `CommandeRefusee`."""
    http = _http()
    try:
        link = open_gateway(name, app.settings, http, app.clock)
    except SettingsInvalides as error:
        raise CommandeRefusee(f"{name} : {error}") from error
    try:
        if link.block is None:
            raise CommandeRefusee(f"{name} n'a rien à recevoir : le programme s'en charge.")
        return link.block().rstrip("\n")
    finally:
        await link.close()
        await http.close()


def _http() -> Http:
    return Http(lambda: ClientSession(timeout=PATIENCE))


def _say_block(finding: Finding) -> None:
    say(f"\n--- À mettre dans la configuration de {finding.subject}. Ce bloc contient des secrets. ---")
    say(finding.block.rstrip("\n"))
    say(f"--- Fin du bloc de {finding.subject}. ---")


def _conclude(findings: Sequence[Finding]) -> int:
    count = sum(finding.sign is Sign.FIX for finding in findings)
    if count == 0:
        say("\nRien à corriger.")
        return 0
    say("\n1 point à corriger (✗)." if count == 1 else f"\n{count} points à corriger (✗).")
    return 1
