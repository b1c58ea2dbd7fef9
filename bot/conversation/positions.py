"""Where a person stands: used for the distances of an answer, never written to the database."""

from collections import OrderedDict
from dataclasses import replace

from bot.engine.tracker import Tracker

POSITION = ("latitude", "longitude")

KEPT_S = 3600.0
MOST = 10_000


class Positions:
    """The positions shared lately, in the memory of this process only: after a restart, the commune stands for them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, float, str, float]] = OrderedDict()

    def keep(self, conversation: str, position: tuple[float, float], insee: str, now: float) -> None:
        """Remember a position; `insee` is its commune."""
        self._kept.pop(conversation, None)
        self._kept[conversation] = (*position, insee, now)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def near(self, conversation: str, insee: str | None, now: float) -> tuple[float, float] | None:
        """Return the position of a person who is still in the commune where it was shared."""
        latitude, longitude, where, since = self._kept.get(conversation, (0.0, 0.0, "", 0.0))
        if insee is None or insee != where or not 0 <= now - since <= KEPT_S:
            return None
        return latitude, longitude


def standing_at(tracker: Tracker, position: tuple[float, float] | None) -> Tracker:
    """Return the conversation with the position of the person."""
    if position is None:
        return tracker
    return replace(tracker, slots={**tracker.slots, **dict(zip(POSITION, position, strict=True))})


def standing_nowhere(tracker: Tracker) -> Tracker:
    """Return the conversation without any position, as it may be stored."""
    if not any(name in each.slots for each in (tracker, *tracker.history) for name in POSITION):
        return tracker
    kept = {name: value for name, value in tracker.slots.items() if name not in POSITION}
    return replace(tracker, slots=kept, history=tuple(map(standing_nowhere, tracker.history)))
