"""The public address: the one that browsers and gateways call."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import ClientConnectorCertificateError, ClientConnectorSSLError

from bot.channels.gateway import GatewayUnreachable, HttpRequest, HttpResponse
from bot.channels.http import Http
from bot.diagnosis.finding import Finding, fix, good, look
from bot.gateways import address_needed
from bot.settings import PREFIX, Settings

SETTING = f"{PREFIX}ADRESSE"
STATE = "etat"
"""The key of our own answer on /health."""


async def check_address(settings: Settings, http: Http) -> Finding:
    """Look at the setting, then call the service as others do."""
    if not settings.adresse:
        return _check_absence(settings)
    parts = urlsplit(settings.adresse)
    if parts.scheme == "http" and not _is_here(parts.hostname or ""):
        return fix("adresse", f"{settings.adresse} n'est pas en HTTPS : les messages seraient lisibles en chemin.")
    if parts.scheme == "https" and not settings.https:
        return fix("adresse", f"la page est en HTTPS : mettez {PREFIX}HTTPS=vrai.")
    return await _call(settings.adresse.rstrip("/"), http)


def _check_absence(settings: Settings) -> Finding:
    if missing := address_needed(settings):
        return fix("adresse", missing)
    return look("adresse", f"{SETTING} est vide. Il la faudra pour une passerelle qui appelle le service.")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _call(address: str, http: Http) -> Finding:
    try:
        response = await http.ask(HttpRequest(method="GET", url=f"{address}/health"))
    except GatewayUnreachable as error:
        if isinstance(error.__cause__, ClientConnectorCertificateError | ClientConnectorSSLError):
            return fix("adresse", f"le certificat de {address} n'est pas accepté. Renouvelez-le.")
        return look(
            "adresse",
            f"je n'ai pas pu joindre {address} d'ici. Si le service n'est pas lancé, c'est normal : lancez-le, puis "
            "recommencez. S'il est lancé, ouvrez cette adresse avec un téléphone, hors de votre réseau.",
        )
    return _read(address, response)


def _read(address: str, response: HttpResponse) -> Finding:
    state = response.json_object().get(STATE)
    if response.status == 200 and state == "ok":
        return good("adresse", f"{address} répond.")
    if response.status == 503 and isinstance(state, str):
        return fix("adresse", f"le service est joint, mais il est en panne ({state}). Lisez son journal.")
    return fix(
        "adresse",
        f"{address}/health répond {response.status}, et ce n'est pas ce service qui répond. Vérifiez le serveur HTTPS "
        "qui est devant lui.",
    )
