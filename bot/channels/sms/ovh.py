"""OVHcloud SMS: its signed API (eu.api.ovh.com/console, section /sms), and the receipts that it calls us for.

The API rather than the older http2sms address: one set of credentials, limited to the paths that we use, sends, reads
the replies (`ovh_replies.py`) and reads the list of those who said STOP; its secrets are never in an address.
Receipts are not signed: whoever knows the secret address may forge one, so they are a hint and nothing more.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from bot.channels.gateway import (
    HttpRequest,
    HttpResponse,
    MessageUnsendable,
    Outbound,
    Receipt,
    Received,
    Request,
    Sending,
)
from bot.channels.sms.bodies import find_id, read_id, read_object
from bot.channels.sms.failures import failure, refusal
from bot.channels.sms.text import Coding, encode_choice
from bot.messages import SMS, Delivery

API = "https://eu.api.ovh.com/1.0"
VALIDITY_MIN = 48 * 60
"""How long the operators keep trying; a short code takes replies for as long."""

STATES = {
    "1": Delivery.DELIVERED,
    "2": Delivery.PERMANENT_FAILURE,
    "4": Delivery.SENT,
    "8": Delivery.SENT,
    "16": Delivery.PERMANENT_FAILURE,
}
"""The `description` of a receipt: delivered, failed, waiting, buffered, error. 0, pending, tells nothing."""

_MAIL = re.compile(r"[\w.+-]+@[\w.-]+")
_ENDS = "fr|com|org|net|eu|eus|info|gouv|bzh|cat"
_URL = re.compile(rf"(?i:https?://|\bwww\.)|\b[\w-]+\.(?:{_ENDS})\b|\b[A-Z0-9-]+\.(?:{_ENDS.upper()})\b")
"""A link, with or without its beginning. "Saint-Jean.Info" is two sentences, and "usager.es" everybody: no ".es"."""


class ServerClock:
    """The clock of OVH's servers, which signatures are dated by: ours, until theirs is read, then ours corrected."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._ahead_s = 0

    def now(self) -> int:
        """Return the time there, in seconds since 1970."""
        return int(self._clock().timestamp()) + self._ahead_s

    def correct(self, there: int) -> None:
        """Take note of the time there, just read."""
        self._ahead_s = there - int(self._clock().timestamp())


@dataclass(frozen=True, slots=True, kw_only=True)
class Ovh:
    """The gateway of one SMS account (`service`, as "sms-ab12345-1").

    `sender`: a number that takes replies carries every message. A name cannot be answered: messages then leave from
    a short code of OVH, and the name carries only those that hold a link, which OVH blocks on short codes.
    """

    name: ClassVar[str] = "ovh"
    channel: ClassVar[str] = SMS
    idempotent: ClassVar[bool] = False

    service: str
    application_key: str
    application_secret: str = field(repr=False)
    consumer_key: str = field(repr=False)
    callback: str = field(repr=False)
    clock: ServerClock = field(repr=False)
    sender: str = ""
    api: str = API

    def read(self, request: Request) -> Received:
        """Return the receipt of a call; other calls of OVH tell nothing that polling does not."""
        fields = dict(request.query or request.form())
        state = STATES.get(fields.get("description", ""))
        if state is None:
            return Received()
        return Received(receipts=(Receipt(state=state, gateway_id=read_id(fields.get("id"))),))

    def signed(self, method: str, path: str, body: bytes = b"") -> HttpRequest:
        """Return a call of the API, `path` being under the account; signed as docs.ovh.com/api/first-steps says.

        `path` must be written as it travels: what the transport would quote again makes the signature wrong.
        """
        url = f"{self.api}/sms/{self.service}{path}"
        stamp = str(self.clock.now())
        secrets = [self.application_secret, self.consumer_key, method, url, body.decode(), stamp]
        headers = {
            "Content-Type": "application/json",
            "X-Ovh-Application": self.application_key,
            "X-Ovh-Consumer": self.consumer_key,
            "X-Ovh-Timestamp": stamp,
            "X-Ovh-Signature": f"$1${hashlib.sha1('+'.join(secrets).encode()).hexdigest()}",  # noqa: S324  # their rule
        }
        return HttpRequest(method=method, url=url, headers=headers, body=body)

    def request(self, message: Outbound) -> HttpRequest:
        """Return the job that sends the message. Raises `MessageUnsendable` for a link that no sender may carry."""
        encoded = encode_choice(message.message.text)
        content = {
            "charset": "UTF-8",
            "class": "phoneDisplay",
            "coding": "7bit" if encoded.coding is Coding.GSM7 else "8bit",
            "message": encoded.text,
            "noStopClause": True,  # no advertising: STOP is ours to read, and costs no character
            "priority": "high",
            "receivers": [message.address],
            "validityPeriod": VALIDITY_MIN,
            **self._sender_of(encoded.text),
        }
        return self.signed("POST", "/jobs", json.dumps(content, ensure_ascii=False).encode())

    def _sender_of(self, text: str) -> dict[str, str | bool]:
        link = _URL.search(_MAIL.sub(" ", text))
        if self.sender and (link or self.sender.lstrip("+").isdecimal()):
            return {"sender": self.sender}
        if link:
            raise MessageUnsendable("link-on-short-code")
        return {"senderForResponse": True}

    def sending(self, response: HttpResponse) -> Sending:
        """Return what became of the job. Raises ValueError when the answer is not one of the API."""
        if response.status == 200:
            return _read_report(response.body)
        return failure(response)

    def probe(self) -> HttpRequest:
        """Return the reading of the list of those who said STOP: one of the rights that we ask for."""
        return self.signed("GET", "/blacklists")

    def refusal(self, response: HttpResponse) -> str:
        """Return what is wrong."""
        return refusal(response)

    def block(self) -> str:
        """Return what to do in OVHcloud's pages."""
        rights = "&".join(
            f"{method}=/sms/{self.service}/{path}"
            for method, path in (
                ("POST", "jobs"),
                ("GET", "incoming"),
                ("GET", "incoming/*"),
                ("DELETE", "incoming/*"),
                ("GET", "blacklists"),
            )
        )
        return "\n".join(
            [
                "1. Créez les trois clés de vos réglages, limitées à ce qui sert :",
                f"   https://eu.api.ovh.com/createToken/?{rights}",
                "2. Espace client > Télécom > SMS > votre compte > Options : collez cette URL de callback, qui reçoit",
                "   les accusés de réception (les réponses, elles, sont relevées toutes seules) :",
                f"   {self.callback}",
            ]
        )


def _read_report(body: bytes) -> Sending:
    report = read_object(body)
    ids = report.get("ids")
    if isinstance(ids, list) and ids:
        return Sending(state=Delivery.SENT, gateway_id=find_id(ids[0]))
    if report.get("invalidReceivers"):
        return Sending(state=Delivery.PERMANENT_FAILURE, reason="recipient")
    return Sending(state=Delivery.UNCERTAIN, reason="no-id")
