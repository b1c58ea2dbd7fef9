"""Where a request comes from, for the limits of what one address may send."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from aiohttp import web

Address = IPv4Address | IPv6Address

IPV6_NETWORK_BITS = 64
"""One subscriber has a whole /64: limiting single addresses of it would limit nobody."""


def address(request: web.Request) -> str:
    """Return where the request comes from; behind a proxy of the same machine, what that proxy added last."""
    remote = _read(request.remote or "")
    if remote is None or not remote.is_loopback:
        return _network(remote)
    forwarded = _read(request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip())
    return _network(forwarded or remote)


def _read(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _network(found: Address | None) -> str:
    if isinstance(found, IPv6Address):
        return str(int(found) >> (128 - IPV6_NETWORK_BITS))
    return str(found)
