"""Vonage (formerly Nexmo), SMS API: parameters come by GET, form or JSON, signed if the account says so.

Source of the rules: Vonage's documentation ("Inbound SMS", "Delivery receipts", "Signing messages", "Troubleshooting
SMS").
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal
from urllib.parse import urlencode, urljoin

from bot.channels.gateway import (
    HttpRequest,
    HttpResponse,
    Inbound,
    Outbound,
    Part,
    Received,
    Request,
    RequestRefused,
    Sending,
)
from bot.channels.sms.bodies import find_id, read_receipt
from bot.channels.sms.failures import failure, refusal
from bot.channels.sms.numbers import read_number
from bot.channels.sms.text import Coding, encode_choice
from bot.messages import SMS, Delivery

API = "https://rest.nexmo.com/sms/json"
BALANCE = "/account/get-balance"
WINDOW_SECONDS = 300
"""How far the timestamp of a signed request may be from our clock."""

Method = Literal["md5hash", "md5", "sha1", "sha256", "sha512"]
"""How the account signs: MD5 of the parameters and the secret, or an HMAC of that digest."""

TYPES = {Coding.GSM7: "text", Coding.UCS2: "unicode"}

STATES = {
    "delivered": Delivery.DELIVERED,
    **dict.fromkeys(("accepted", "buffered"), Delivery.SENT),
    **dict.fromkeys(("expired", "failed", "rejected"), Delivery.PERMANENT_FAILURE),
}
"""`status` of a delivery receipt; "unknown" tells nothing."""

ACCEPTED = "0"
FAILURES = {
    **dict.fromkeys(("1", "5", "10"), Delivery.TEMPORARY_FAILURE),
    **dict.fromkeys(("6", "7", "33"), Delivery.PERMANENT_FAILURE),
}
"""`status` of a message refused: too fast, internal error, too many connections; no such number, barred, closed.

All others are settings at fault (credentials, credit, sender).
"""


@dataclass(frozen=True, kw_only=True)
class Vonage:
    """`sender` is a number that people can answer; `callback` our hook, secret and all.

    `signature_secret` is empty when the account signs nothing; when it is set, what is not signed is refused.
    """

    name: ClassVar[str] = "vonage"
    channel: ClassVar[str] = SMS
    idempotent: ClassVar[bool] = False

    api_key: str
    api_secret: str = field(repr=False)
    sender: str
    callback: str = field(repr=False)
    signature_secret: str = field(default="", repr=False)
    signature_method: Method = "sha256"
    url: str = API

    def read(self, request: Request) -> Received:
        """Return the SMS, the part of one, or the delivery receipt that a request tells. Raises `RequestRefused`."""
        told = _parameters(request)
        if self.signature_secret:
            self._check(told, request.received_at)
        if "status" in told:
            state = STATES.get(told["status"])
            return Received(receipts=read_receipt(state, told.get("client-ref"), told.get("messageId")))
        address = read_number(told.get("msisdn", ""))
        return Received(messages=(_message(address, told),) if address else ())

    def request(self, message: Outbound) -> HttpRequest:
        """Return the call that sends a message; `client-ref` comes back in its receipts."""
        encoded = encode_choice(message.message.text)
        fields = {
            "api_key": self.api_key,
            "api_secret": self.api_secret,
            "from": self.sender.removeprefix("+"),
            "to": message.address.removeprefix("+"),
            "text": encoded.text,
            "type": TYPES[encoded.coding],
            "status-report-req": "1",
            "callback": self.callback,
            "client-ref": message.key,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return HttpRequest(method="POST", url=self.url, headers=headers, body=urlencode(fields).encode())

    def sending(self, response: HttpResponse) -> Sending:
        """Return what the API answered, an object a segment: a message of which a part was taken is not sent again."""
        segments = _segments(response)
        statuses = [str(segment.get("status", "")) for segment in segments]
        if response.status != 200 or not statuses or not all(map(str.isdecimal, statuses)):
            return failure(response)
        refused = next((status for status in statuses if status != ACCEPTED), None)
        if refused is None:
            return Sending(state=Delivery.SENT, gateway_id=find_id(segments[0].get("message-id")))
        if ACCEPTED in statuses:
            return Sending(state=Delivery.UNCERTAIN, reason=f"partial-{refused}")
        return Sending(state=FAILURES.get(refused, Delivery.TECHNICAL_FAILURE), reason=refused)

    def probe(self) -> HttpRequest:
        """Return the reading of the balance of the account."""
        fields = {"api_key": self.api_key, "api_secret": self.api_secret}
        return HttpRequest(method="GET", url=f"{urljoin(self.url, BALANCE)}?{urlencode(fields)}")

    def refusal(self, response: HttpResponse) -> str:
        """Return what is wrong; an account without money sends nothing."""
        balance = response.json_object().get("value")
        if response.status == 200 and isinstance(balance, int | float) and balance <= 0:
            return "le compte n'a plus de crédit. Rechargez-le dans le tableau de bord Vonage."
        return refusal(response)

    def block(self) -> str:
        """Return what the operator does in Vonage's dashboard; it holds the secret address."""
        return (
            "Dans le tableau de bord Vonage : API Settings > SMS settings, « Default SMS Setting » : SMS API.\n"
            "« Webhook format » : POST-JSON (POST et GET conviennent aussi).\n"
            f"« Inbound SMS webhooks » et « Delivery receipts webhooks », la même adresse :\n{self.callback}\n"
            "Demander au support Vonage de signer les appels, puis recopier « Signature secret » et sa méthode dans\n"
            "AIGUILLEUR_VONAGE_SIGNATURE et AIGUILLEUR_VONAGE_METHODE.\n"
        )

    def _check(self, told: Mapping[str, str], now: datetime) -> None:
        """Raise `RequestRefused` (403) unless the parameters are signed, and lately."""
        given = told.get("sig", "").lower().encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(signature(told, self.signature_secret, self.signature_method).encode(), given):
            raise RequestRefused(403)
        try:
            age = int(now.timestamp()) - int(told.get("timestamp", ""))
        except ValueError:
            raise RequestRefused(403) from None
        if abs(age) > WINDOW_SECONDS:
            raise RequestRefused(403)


def signature(told: Mapping[str, str], secret: str, method: Method) -> str:
    """Return what `sig` must be, in small hexadecimal letters."""
    pairs = sorted((name, value.translate(_UNSIGNED)) for name, value in told.items() if name != "sig")
    text = "".join(f"&{name}={value}" for name, value in pairs).encode("utf-8", "surrogatepass")
    if method == "md5hash":
        return hashlib.md5(text + secret.encode(), usedforsecurity=False).hexdigest()
    return hmac.new(secret.encode(), text, method).hexdigest()


_UNSIGNED = str.maketrans("&=", "__")
"""What would end a value or begin another is signed as "_"."""


def _parameters(request: Request) -> dict[str, str]:
    """Return the parameters, wherever they are. Raises `RequestRefused` (400).

    None that we read is an object or a list: new ones may be, and the message is worth having without them.
    """
    if request.method == "GET":
        return dict(request.query)
    if "json" not in request.headers.get("content-type", ""):
        return dict(request.form())
    told = request.json_object()
    return {name: _spelled(value) for name, value in told.items() if not isinstance(value, dict | list)}


def _spelled(value: str | bool | None) -> str:
    """Return a JSON value as a form spells it; numbers are texts already."""
    if isinstance(value, str):
        return value
    return "" if value is None else str(value).lower()


def _message(address: str, told: Mapping[str, str]) -> Inbound:
    return Inbound(
        address=address,
        text=told.get("text", ""),
        external_id=told.get("messageId") or None,
        sent_at=_moment(told.get("message-timestamp", "")),
        media="données" if told.get("type") == "binary" else None,
        part=_part(told),
    )


def _part(told: Mapping[str, str]) -> Part | None:
    """Return the place of the message in a longer one, None when it is whole or when its place cannot be read."""
    if told.get("concat") != "true":
        return None
    try:
        number, total = int(told["concat-part"]), int(told["concat-total"])
    except (KeyError, ValueError):
        return None
    return Part(ref=told.get("concat-ref", ""), number=number, total=total) if 1 <= number <= total < 256 else None


def _moment(text: str) -> datetime | None:
    """Read an hour of Vonage, always UTC ("2026-11-23 09:00:00")."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _segments(response: HttpResponse) -> list[dict[str, Any]]:
    found = response.json_object().get("messages")
    return [segment for segment in found if isinstance(segment, dict)] if isinstance(found, list) else []
