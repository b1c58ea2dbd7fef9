"""How many of something may go in a minute, per key, in bounded memory."""

from collections import OrderedDict

MAX_KEYS = 10_000
"""Keys remembered; beyond, the one unused for longest is forgotten, and starts again with a full bucket."""


class RateLimit:
    """Token buckets: `per_minute` at once (or `burst`), then one each time that a minute's share has passed."""

    def __init__(self, per_minute: float, max_keys: int = MAX_KEYS, *, burst: float | None = None) -> None:
        self._per_second = per_minute / 60
        self._burst = float(per_minute if burst is None else burst)
        self._max_keys = max_keys
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def left(self, key: str, now: float) -> float:
        """Return how many tokens there are at `now` (seconds)."""
        left, since = self._buckets.get(key, (self._burst, now))
        return min(self._burst, left + max(0.0, now - since) * self._per_second)

    def take(self, key: str, now: float) -> float:
        """Take one token at `now` (seconds) and return 0, or return the seconds until there is one."""
        left = self.left(key, now)
        self._buckets.pop(key, None)
        wait = 0.0 if left >= 1 else (1 - left) / self._per_second
        self._buckets[key] = (left if wait else left - 1, now)
        if len(self._buckets) > self._max_keys:
            self._buckets.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._buckets)
