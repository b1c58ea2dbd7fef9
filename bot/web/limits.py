"""How many messages may come, per visitor and per address, in bounded memory."""

from collections import OrderedDict
from ipaddress import IPv4Address, IPv6Address, ip_address

from aiohttp import web

Address = IPv4Address | IPv6Address

MAX_KEYS = 10_000
"""Keys remembered; beyond, the one unused for longest is forgotten, and starts again with a full bucket."""

IPV6_NETWORK_BITS = 64
"""One subscriber has a whole /64: limiting single addresses of it would limit nobody."""


class RateLimit:
    """Token buckets: `per_minute` at once, then one each time that a minute's share has passed."""

    def __init__(self, per_minute: int, max_keys: int = MAX_KEYS) -> None:
        self._burst = float(per_minute)
        self._max_keys = max_keys
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, now: float) -> float:
        """Take one token at `now` (seconds) and return 0, or return the seconds until there is one."""
        left, since = self._buckets.pop(key, (self._burst, now))
        per_second = self._burst / 60
        left = min(self._burst, left + max(0.0, now - since) * per_second)
        wait = 0.0 if left >= 1 else (1 - left) / per_second
        self._buckets[key] = (left if wait else left - 1, now)
        if len(self._buckets) > self._max_keys:
            self._buckets.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._buckets)


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
