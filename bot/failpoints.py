"""Places where a test kills the program, to see that nothing is lost there. Outside such a test they do nothing."""

import os
import signal
from collections.abc import Iterator

POINTS = (
    "request.read", "inbox.writing", "inbox.committed", "turn.claimed", "turn.played", "turn.writing", "turn.written",
    "turn.committed", "outbox.leased", "outbox.sending", "outbox.sent", "outbox.settled", "receipt.committed",
    "poll.fetched", "poll.committed", "timer.writing", "timer.committed", "drain.begun",
)  # fmt: skip
"""Every place, in the order in which a message passes them."""

_armed: dict[str, Iterator[int]] = {}


def arm(setting: str) -> None:
    """Arm one place: "turn.played" kills at the first pass, "turn.played:3" at the third. Raises ValueError."""
    name, _, count = setting.partition(":")
    if name not in POINTS:
        raise ValueError(f"no such place: {name}")
    _armed[name] = iter(range(int(count or 1) - 1, -1, -1))


def reach(name: str) -> None:
    """Say that the program is at a place; kill it (SIGKILL, nothing is flushed) if the place is armed and its turn."""
    if _armed and name in _armed and next(_armed[name], None) == 0:
        os.kill(os.getpid(), signal.SIGKILL)
