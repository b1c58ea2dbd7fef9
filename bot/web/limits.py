"""Where a request comes from, for the limits of what one address may send and read."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp import web

Address = IPv4Address | IPv6Address

IPV6_NETWORK_BITS = 64
"""One subscriber has a whole /64: limiting single addresses of it would limit nobody."""


def address(request: web.Request) -> str:
    """Return what stands for where the request comes from."""
    return _network(origin(request))


def origin(request: web.Request) -> Address | None:
    """Return where the request comes from; behind a proxy of the same machine, what that proxy added last."""
    remote = _read(request.remote or "")
    if remote is None or not remote.is_loopback:
        return remote
    return _read(request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()) or remote


def is_among(request: web.Request, allowed: Iterable[str]) -> bool:
    """Say whether the request comes from one of these addresses or networks."""
    found = origin(request)
    return found is not None and any(found in ip_network(each) for each in allowed)


def _read(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _network(found: Address | None) -> str:
    if isinstance(found, IPv6Address):
        return str(int(found) >> (128 - IPV6_NETWORK_BITS))
    return str(found)
