"""The gateways: settings complete, gateway reachable, and what to put into its configuration."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.app import App
from bot.channels.gateway import Link
from bot.channels.http import Http
from bot.diagnosis.finding import Finding, fix, good, look
from bot.gateways import build_gateway, build_secrecy, is_called
from bot.settings import PREFIX, Settings, SettingsInvalides
from bot.store.key_check import CleChangee
from knowledge.base import BaseIndisponible

Clock = Callable[[], datetime]


def check_key(app: App) -> Finding:
    """Look at the key that protects people's addresses, and at the base that it protects."""
    try:
        app.secrecy  # noqa: B018 - built on first use
    except SettingsInvalides as error:
        return fix("clé", str(error)) if app.settings.wanted() or app.settings.given("cle") else _no_key_needed()
    except CleChangee as error:
        return fix("clé", str(error))
    except BaseIndisponible:
        return look("clé", "elle est assez longue, mais la base ne répond pas : est-ce bien la sienne ?")
    return good("clé", "c'est celle de cette base. Gardez-en une copie en lieu sûr, à part des sauvegardes de la base.")


def _no_key_needed() -> Finding:
    return look("clé", f"{PREFIX}CLE est vide. Il la faudra dès la première passerelle (openssl rand -base64 32).")


async def check_gateways(settings: Settings, http: Http, clock: Clock) -> Sequence[Finding]:
    """Ask every gateway that has a setting, all at once; each closes what it opened, and `http` with it."""
    wanted = settings.wanted()
    if not wanted:
        return [look("passerelles", "aucune n'est réglée : le robot répond sur sa page seulement.")]
    incomplete, links = [], []
    for name in wanted:
        try:
            links.append(open_gateway(name, settings, http, clock))
        except SettingsInvalides as error:
            incomplete.append(fix(name, str(error)))
    found = await asyncio.gather(*map(_ask, links))
    for link in links:
        await link.close()
    return [*incomplete, *found]


async def _ask(link: Link) -> Finding:
    wrong = await link.check() if link.check else ""
    block = link.block() if link.block else ""
    if wrong:
        return fix(link.gateway.name, wrong, block)
    if advice := link.advice() if link.advice else "":
        return look(link.gateway.name, advice)
    return good(link.gateway.name, "elle répond." if block else "Telegram répond. Rien à coller.", block)


def open_gateway(name: str, settings: Settings, http: Http, clock: Clock) -> Link:
    """Return one gateway. Raises `SettingsInvalides`: what is missing for it."""
    missing = settings.wanted().get(name, settings.required[name])
    if missing:
        raise SettingsInvalides(f"il manque {', '.join(f'{PREFIX}{each.upper()}' for each in missing)}.")
    if is_called(settings, name) and not settings.adresse:
        raise SettingsInvalides(f"il manque {PREFIX}ADRESSE, l'adresse que la passerelle appelle.")
    return build_gateway(name, settings, build_secrecy(settings), http, clock)
