"""Two machines face to face fall silent: what is heard or said again and again is answered no more."""

from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.asides import is_stopped
from bot.engine.tracker import Tracker
from bot.messages import SMS, MessageIn, MessageOut

MAX_ECHOES = 3
"""How often the same SMS is said, or heard, in a row: beyond, another machine answers, or nobody reads."""

ALBUM_S = 10.0
"""Pictures that come within this time are one album, answered once."""


def hearing(tracker: Tracker, message: MessageIn, text: str) -> Tracker:
    """Return the conversation once a text was heard."""
    return replace(tracker, heard=tracker.heard.again(text, message.received_at.timestamp()))


def heard_too_often(before: Tracker, after: Tracker) -> bool:
    """Say whether always the same is heard. After STOP, what was said again and again before opens nothing."""
    most = 1 if is_stopped(before) and before.heard.times > 1 else MAX_ECHOES
    return after.heard.times > most


def saying(tracker: Tracker, messages: Sequence[MessageOut], message: MessageIn) -> tuple[Tracker, bool]:
    """Return the conversation once this is said, and whether it was said too often to be said again."""
    now = message.received_at.timestamp()
    echo = tracker.echo.again("\n".join(one.text for one in messages), now)
    of_one_album = bool(message.media) and echo.times > 1 and now - tracker.echo.at < ALBUM_S
    return replace(tracker, echo=echo), of_one_album or (tracker.channel == SMS and echo.times > MAX_ECHOES)
