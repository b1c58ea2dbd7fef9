"""What travels between a channel and the conversation."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

TERMINAL, WEB, SMS, TELEGRAM = "terminal", "web", "sms", "telegram"
CHANNELS: tuple[str, ...] = (TERMINAL, SMS, TELEGRAM, WEB)

REMINDER = "rappel"
"""`MessageIn.media` of a reminder that came due: no person sent it. The kind of its timer, too."""

EDITED = "modification"
"""`MessageIn.media` of a message that was changed after it was sent."""

ELSEWHERE = "ailleurs"
"""`MessageIn.media` of a position far from any commune."""


class Delivery(StrEnum):
    """Where a message to a person is on its way.

    `UNCERTAIN`: the gateway may have it, and was not asked twice. `CANCELLED`: the person wanted no more messages.
    """

    CREATED = "created"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    TEMPORARY_FAILURE = "temporary-failure"
    SENT = "sent"
    DELIVERED = "delivered"
    PERMANENT_FAILURE = "permanent-failure"
    TECHNICAL_FAILURE = "technical-failure"
    CANCELLED = "cancelled"


Position = tuple[float, float, str]
"""Where a person stands: latitude and longitude in degrees, INSEE code of the commune."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageIn:
    """One message from a person.

    `conversation` identifies the person on the channel. `external_id` is the gateway's id of the message
    (None: no id, so no protection from a second delivery). `received_at` is aware.
    `payload` is set when a button was pressed, `pressed` when it may be one of an earlier turn ("turn:key");
    `latitude` and `longitude` when a position was shared, `near` when one was shared lately; `media` when something
    came that is no text ("photo"...).
    `code` is one that the answer may hand out; `carried`, when the text is such a code, the conversation that it was
    handed out in (a tracker as JSON, "" when the code is worth nothing).
    """

    channel: str
    conversation: str
    text: str
    received_at: datetime
    external_id: str | None = None
    payload: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    near: Position | None = None
    pressed: str | None = None
    media: str | None = None
    code: str | None = None
    carried: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A numbered choice: `key` is what a person types ("1"), `payload` what it means to the engine."""

    key: str
    label: str
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageOut:
    """One message to a person, ready to send on its channel.

    `text` is complete on the sms channel (choices and all); elsewhere the channel shows `choices` itself.
    `card` holds the data of an orientation (contract: "orient: answer") for channels that can show more than text.
    `lieux` are the ids of the places named in the text.
    `langue`: the language of its last paragraph (of the whole text on the sms channel), when it is not French.
    `turn` is the number of the turn in its conversation, `asks` the slot that it asks for.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    lieux: tuple[str, ...] = ()
    card: dict[str, Any] | None = None
    langue: str | None = None
    turn: int = 0
    asks: str | None = None
