"""Where a person stands: used for the distances of an answer, never written to the database."""

from collections import OrderedDict
from dataclasses import replace

from bot.engine.tracker import Tracker
from bot.messages import Position

POSITION = ("latitude", "longitude")

KEPT_S = 3600.0
MOST = 10_000


class Positions:
    """The positions shared lately, in the memory of this process only: after a restart, the commune stands for them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Position, float]] = OrderedDict()

    def keep(self, conversation: str, position: Position, now: float) -> None:
        """Remember a position."""
        self._kept.pop(conversation, None)
        self._kept[conversation] = (position, now)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def forget(self, conversation: str) -> None:
        """Forget the position of a person."""
        self._kept.pop(conversation, None)

    def near(self, conversation: str, now: float) -> Position | None:
        """Return the position of a person who shared it lately."""
        position, since = self._kept.get(conversation, (None, 0.0))
        return position if 0 <= now - since <= KEPT_S else None


def standing_at(tracker: Tracker, position: Position | None) -> Tracker:
    """Return the conversation with the position of a person who is still in the commune where it was shared."""
    if position is None or position[2] != tracker.slots.get("insee"):
        return tracker
    return replace(tracker, slots={**tracker.slots, **dict(zip(POSITION, position[:2], strict=True))})


def standing_nowhere(tracker: Tracker) -> Tracker:
    """Return the conversation without any position, as it may be stored."""
    if not any(name in each.slots for each in (tracker, *tracker.history) for name in POSITION):
        return tracker
    kept = {name: value for name, value in tracker.slots.items() if name not in POSITION}
    return replace(tracker, slots=kept, history=tuple(map(standing_nowhere, tracker.history)))
