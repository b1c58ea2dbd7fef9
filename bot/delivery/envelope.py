"""What a person sent, sealed into the rows of the inbox and opened again."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from bot.channels.gateway import Inbound, Part
from bot.messages import REMINDER, MessageIn
from bot.store.inbox import Arrival
from bot.store.secrecy import SceauInconnu, Secrecy
from bot.store.writing import printable

MAX_TEXT = 10_000
"""Characters kept of one message until it is answered."""

MAX_ID = 160

SAID = ("text", "pressed", "media", "latitude", "longitude")
"""What an `Inbound` and a `MessageIn` share."""


@dataclass(frozen=True, slots=True)
class Source:
    """Who tells: the name of a gateway, and its channel."""

    gateway: str
    channel: str


class Envelope:
    """Hashes and seals under the operator's key."""

    def __init__(self, secrecy: Secrecy) -> None:
        self._secrecy = secrecy

    def person(self, source: Source, address: str) -> str:
        """Return the conversation of an address: one for a person whatever the gateway of the channel."""
        return self._secrecy.pseudonym(source.channel, address)

    def arrival(self, source: Source, inbound: Inbound, now: float) -> Arrival:
        """Return the row of a message."""
        said = {name: getattr(inbound, name) for name in SAID} | {"text": inbound.text[:MAX_TEXT]}
        return Arrival(
            channel=source.channel,
            gateway=source.gateway,
            conversation=self.person(source, inbound.address),
            external_id=self.external_id(source, inbound),
            received_at=now,
            address=self._secrecy.seal(inbound.address),
            body=self._secrecy.seal(json.dumps(said)),
        )

    def reminder(self, source: Source, conversation: str, address: str, due_at: float, now: float) -> Arrival:
        """Return the row of a reminder that came due; `address` is sealed."""
        return Arrival(
            channel=source.channel,
            gateway=source.gateway,
            conversation=conversation,
            external_id=f"{REMINDER}:{conversation}:{due_at}",
            received_at=now,
            address=address,
            body=self._secrecy.seal(json.dumps({"text": "", "media": REMINDER})),
        )

    def message(self, row: Any, received_at: datetime) -> MessageIn:
        """Return the message of a row of the inbox. Raises `SceauInconnu`."""
        return MessageIn(
            channel=row.channel,
            conversation=row.conversation,
            received_at=received_at,
            external_id=row.external_id,
            **json.loads(self._secrecy.open(row.body)),
        )

    def external_id(self, source: Source, inbound: Inbound) -> str | None:
        """Return what makes a second delivery the same message.

        A gateway that gives no id but says when the message came gets one made of that; one that says neither gets
        none: a person who writes "1" twice means it twice.
        """
        if inbound.external_id:
            written = printable(inbound.external_id)
            if len(written) > MAX_ID - len(source.gateway) - 1:
                written = self._secrecy.pseudonym(written)
            return f"{source.gateway}:{written}"
        if inbound.sent_at is None:
            return None
        said = (source.gateway, inbound.address, inbound.sent_at.isoformat(), inbound.text)
        return f"{source.gateway}:{self._secrecy.pseudonym(*said)}"

    def masked(self, row: Any) -> str:
        """Return the sealed shape of a message, for who looks into one that broke: its letters and digits are gone."""
        try:
            text = json.loads(self._secrecy.open(row.body))["text"]
        except (SceauInconnu, ValueError, KeyError):
            text = ""
        return self._secrecy.seal("".join("0" if c.isdigit() else "x" if c.isalpha() else c for c in text))

    def address(self, sealed: str) -> str:
        """Return a sealed address. Raises `SceauInconnu`."""
        return self._secrecy.open(sealed)

    def seal_part(self, inbound: Inbound) -> str:
        """Return one part of a message, sealed."""
        return self._secrecy.seal(json.dumps(asdict(replace(inbound, sent_at=None))))

    def reference(self, part: Part) -> str:
        """Return what the parts of one message have in common, as every database takes it."""
        return self._secrecy.pseudonym(part.ref, str(part.total))

    def open_parts(self, sealed: Sequence[str]) -> list[Inbound]:
        """Return the parts of a message. Raises `SceauInconnu`."""
        return [Inbound(**{**json.loads(self._secrecy.open(each)), "part": None}) for each in sealed]
