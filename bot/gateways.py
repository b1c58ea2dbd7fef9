"""The gateways that the settings describe, each built once."""

from asyncio import to_thread
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.gateway import Link
from bot.channels.http import Http, over_http
from bot.settings import PREFIX, Settings, SettingsInvalides
from bot.store.secrecy import MIN_KEY_LENGTH, Secrecy
from knowledge.horaires import paris

if TYPE_CHECKING:
    from bot.channels.telegram.inline import LookUp

OVH_REST_S = 10.0
"""OVHcloud counts the calls to its API, and an answer by SMS may wait as long."""

TELEGRAM_BYTES = 1024 * 1024
"""Of one update: an answer to a long message that holds many links is more than 64 KiB."""

Clock = Callable[[], datetime]


def build_secrecy(settings: Settings) -> Secrecy:
    """Return what protects people's addresses. Raises `SettingsInvalides` when the key is absent or short."""
    key = settings.cle.get_secret_value()
    if len(key) < MIN_KEY_LENGTH:
        raise SettingsInvalides(
            f"{PREFIX}CLE est absente ou trop courte : elle protège les numéros des personnes. "
            f"Tirez-en une avec « openssl rand -base64 32 » et gardez-la."
        )
    return Secrecy(key)


def hook_secret(secrecy: Secrecy, name: str) -> str:
    """Return the part of a gateway's address that only it knows."""
    return secrecy.pseudonym("hook", name)


def hook_url(settings: Settings, secrecy: Secrecy, name: str) -> str:
    """Return the address that a gateway calls."""
    return f"{settings.adresse.rstrip('/')}/gateways/{name}/{hook_secret(secrecy, name)}"


def build_gateways(
    settings: Settings, secrecy: Secrecy, http: Http, clock: Clock, look_up: "LookUp | None" = None
) -> list[Link]:
    """Return the gateways that are configured. Raises `SettingsInvalides` with what is missing.

    `look_up` finds the cards of the gateways that have an inline mode.
    """
    wanted = settings.wanted()
    if missing := [name for names in wanted.values() for name in names]:
        raise SettingsInvalides("\n".join(f"{PREFIX}{name.upper()} manque." for name in missing))
    if missing_address := address_needed(settings):
        raise SettingsInvalides(missing_address)
    return [build_gateway(name, settings, secrecy, http, clock, look_up) for name in wanted]


def build_gateway(
    name: str, settings: Settings, secrecy: Secrecy, http: Http, clock: Clock, look_up: "LookUp | None" = None
) -> Link:
    """Return a gateway whose settings are complete. Raises `SettingsInvalides` for one that cannot be used."""
    build = {
        "telegram": _telegram,
        "kannel": _kannel,
        "twilio": _twilio,
        "vonage": _vonage,
        "android": _android,
        "jasmin": _jasmin,
        "ovh": _ovh,
        "gammu": _gammu,
    }
    try:
        return build[name](Parts(settings, http, clock, hook_url(settings, secrecy, name), look_up))
    except (SQLAlchemyError, ValueError, ImportError):  # ImportError: a database whose driver is not ours
        raise SettingsInvalides(
            f"un des réglages de {name} est mal écrit. Comparez-les à « aiguilleur settings »."
        ) from None


@dataclass(frozen=True, slots=True)
class Parts:
    """What a gateway is built of. `url`: the address that it calls; `look_up`: what answers its inline mode."""

    settings: Settings
    http: Http
    clock: Clock
    url: str
    look_up: "LookUp | None" = None

    def values(self, gateway: str, **fields: str) -> dict[str, Any]:
        """Return the settings of a gateway under the names of its fields; one that is empty keeps its default."""
        found = {field: getattr(self.settings, f"{gateway}_{name}") for field, name in fields.items()}
        clear = {k: v.get_secret_value() if isinstance(v, SecretStr) else v for k, v in found.items()}
        return {name: value for name, value in clear.items() if value}


def is_called(settings: Settings, gateway: str) -> bool:
    """Say whether a gateway calls us."""
    if gateway == "telegram":
        return settings.telegram_mode == "appel"
    return gateway != "gammu"


def address_needed(settings: Settings) -> str:
    """Return in French who must know the public address when there is none, "" when nobody must."""
    called = [name for name in settings.wanted() if not settings.adresse and is_called(settings, name)]
    return f"{PREFIX}ADRESSE manque : {called[0]} doit savoir quelle adresse appeler." if called else ""


def _telegram(parts: Parts) -> Link:
    from bot.channels.telegram.gateway import TelegramGateway

    settings = parts.settings
    telegram = TelegramGateway(
        settings.telegram_jeton.get_secret_value(),
        base_url=settings.telegram_serveur,
        site=settings.adresse,
        look_up=parts.look_up,
    )
    if settings.telegram_mode == "appel":
        link = Link(
            gateway=telegram, webhook=telegram, set_up=lambda: telegram.set_up(parts.url), most_bytes=TELEGRAM_BYTES
        )
    else:
        link = Link(gateway=telegram, polled=telegram, set_up=lambda: telegram.set_up(None))
    return replace(link, check=telegram.check, advice=telegram.advice, close=telegram.close)


def _kannel(parts: Parts) -> Link:
    from bot.channels.sms.kannel import Kannel

    names = {"url": "url", "username": "utilisateur", "password": "mot_de_passe", "sender": "numero"}
    return over_http(Kannel(callback=parts.url, **parts.values("kannel", **names)), parts.http)


def _twilio(parts: Parts) -> Link:
    from bot.channels.sms.twilio import Twilio

    names = {"account": "compte", "token": "jeton", "sender": "numero"}
    return over_http(Twilio(callback=parts.url, **parts.values("twilio", **names)), parts.http)


def _vonage(parts: Parts) -> Link:
    from bot.channels.sms.vonage import Vonage

    names = {
        "api_key": "cle",
        "api_secret": "secret",
        "sender": "numero",
        "signature_secret": "signature",
        "signature_method": "methode",
    }
    return over_http(Vonage(callback=parts.url, **parts.values("vonage", **names)), parts.http)


def _android(parts: Parts) -> Link:
    from bot.channels.sms.android import Android

    names = {"username": "utilisateur", "password": "mot_de_passe", "signing_key": "signature", "messages_url": "url"}
    return over_http(Android(callback=parts.url, **parts.values("android", **names)), parts.http)


def _jasmin(parts: Parts) -> Link:
    from bot.channels.sms.jasmin import Jasmin

    names = {"username": "utilisateur", "password": "mot_de_passe", "sender": "numero", "send_url": "url"}
    return over_http(Jasmin(callback=parts.url, **parts.values("jasmin", **names)), parts.http)


def _ovh(parts: Parts) -> Link:
    from bot.channels.sms.ovh import Ovh, ServerClock
    from bot.channels.sms.ovh_replies import OvhReplies

    names = {
        "service": "service",
        "application_key": "application",
        "application_secret": "secret",
        "consumer_key": "consommateur",
        "sender": "expediteur",
    }
    ovh = Ovh(callback=parts.url, clock=ServerClock(parts.clock), **parts.values("ovh", **names))
    return replace(over_http(ovh, parts.http), polled=OvhReplies(ovh, parts.http, delete=True), rest_s=OVH_REST_S)


def _gammu(parts: Parts) -> Link:
    from bot.channels.sms.gammu import Gammu

    values = parts.values("gammu", base="base", phone="telephone")
    gammu = Gammu(zone=paris(), clock=parts.clock, **values)
    return Link(gateway=gammu, polled=gammu, check=gammu.check, block=gammu.block, close=lambda: to_thread(gammu.close))
