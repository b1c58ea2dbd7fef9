"""Jasmin, an SMPP gateway of one's own (docs.jasminsms.com): HTTP API of version 0.10 and later.

What it receives it hands over as octets, in the coding of the operator (issues 800 and 702 of jookies/jasmin): the
`binary` parameter is read, never `content`. It wants "ACK/Jasmin" for each request, or it tries three times more.
"""

import re
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import parse_qsl, quote, urlencode, urljoin

from bot.channels.gateway import (
    Answer,
    HttpRequest,
    HttpResponse,
    Inbound,
    Outbound,
    Receipt,
    Received,
    Request,
    RequestRefused,
    Sending,
)
from bot.channels.sms.alphabet import decode_gsm
from bot.channels.sms.bodies import read_id, read_key, read_text
from bot.channels.sms.failures import refusal
from bot.channels.sms.numbers import read_number
from bot.channels.sms.text import Coding, encode_choice
from bot.messages import SMS, Delivery

ACKNOWLEDGED = Answer(text="ACK/Jasmin")
FORM = "application/x-www-form-urlencoded"

STATES = {
    "ESME_ROK": Delivery.SENT,
    "ENROUTE": Delivery.SENT,
    "ACCEPTD": Delivery.SENT,
    "DELIVRD": Delivery.DELIVERED,
    **dict.fromkeys(("EXPIRED", "UNDELIV", "REJECTD", "DELETED"), Delivery.PERMANENT_FAILURE),
}
"""SMPP 3.4, 5.1.3 (commands) and appendix B (receipts). Other commands are errors; "UNKNOWN" tells nothing."""

_ACCEPTED = re.compile(r'\s*Success "([\w-]{1,100})"')
_REFUSED = re.compile(r'\s*Error "')


@dataclass(frozen=True, slots=True, kw_only=True)
class Jasmin:
    """The gateway of one Jasmin user. `latin1`: the operator writes Latin-1 where it says GSM alphabet."""

    name: ClassVar[str] = "jasmin"
    channel: ClassVar[str] = SMS
    idempotent: ClassVar[bool] = False

    username: str
    password: str = field(repr=False)
    sender: str
    callback: str = field(repr=False)
    send_url: str = "http://127.0.0.1:1401/send"
    latin1: bool = False

    def read(self, request: Request) -> Received:
        """Return the message, or the receipt when there is a `message_status`. Raises `RequestRefused`."""
        fields = {**dict(request.query), **dict(_octet_form(request.body))}
        if "message_status" in fields:
            return Received(receipts=_read_receipt(request, fields), answer=ACKNOWLEDGED)
        return Received(messages=self._read_message(fields), answer=ACKNOWLEDGED)

    def _read_message(self, fields: dict[str, str]) -> tuple[Inbound, ...]:
        external_id, sender = read_id(fields.get("id")), fields.get("from")
        if sender is None or not {"binary", "content"} & fields.keys():
            raise RequestRefused(400)
        address, text = read_number(sender), self._read_content(fields)
        if address is None or text is None:
            return ()
        return (Inbound(address=address, text=read_text(text), external_id=external_id),)

    def _read_content(self, fields: dict[str, str]) -> str | None:
        """Return the text, None for data that is no text. Raises `RequestRefused` (400) for what is not hexadecimal."""
        try:
            octets = bytes.fromhex(fields["binary"])
        except KeyError:
            octets = fields["content"].encode("latin-1", errors="replace")  # before Jasmin 0.9
        except ValueError:
            raise RequestRefused(400) from None
        match fields.get("coding", "0"):
            case "0" if not self.latin1:
                return decode_gsm(octets)
            case "0" | "1" | "3":
                return octets.decode("latin-1")
            case "8":
                return octets.decode("utf-16-be", errors="replace")
        return None

    def request(self, message: Outbound) -> HttpRequest:
        """Return the request that sends the message. Jasmin makes GSM octets of `content`; UCS-2 goes as it is."""
        encoded = encode_choice(message.message.text)
        fields = {
            "username": self.username,
            "password": self.password,
            "from": self.sender,
            "to": message.address,
            "dlr": "yes",
            "dlr-level": "3",
            "dlr-method": "POST",  # by GET, Jasmin would add a second "?"
            "dlr-url": f"{self.callback}?receipt={quote(message.key)}",
        }
        if encoded.coding is Coding.GSM7:
            fields |= {"coding": "0", "content": encoded.text}
        else:
            fields |= {"coding": "8", "hex-content": encoded.text.encode("utf-16-be").hex()}
        return HttpRequest(
            method="POST", url=self.send_url, headers={"Content-Type": FORM}, body=urlencode(fields).encode()
        )

    def sending(self, response: HttpResponse) -> Sending:
        """Return what became of the message; an answer that is not Jasmin's own says nothing."""
        said = response.body.decode(errors="replace")
        reason = f"http-{response.status}"
        if response.status == 200 and (accepted := _ACCEPTED.match(said)):
            return Sending(state=Delivery.SENT, gateway_id=accepted[1])
        if response.status in (401, 403, 404) and "throughput" not in said:
            return Sending(state=Delivery.TECHNICAL_FAILURE, reason=reason)
        if not _REFUSED.match(said):
            return Sending(state=Delivery.UNCERTAIN, reason=reason)
        if response.status == 400 and "[to]" in said:
            return Sending(state=Delivery.PERMANENT_FAILURE, reason="recipient")
        if response.status in (400, 412):
            return Sending(state=Delivery.TECHNICAL_FAILURE, reason=reason)
        return Sending(state=Delivery.TEMPORARY_FAILURE, reason=reason)

    def probe(self) -> HttpRequest:
        """Return the reading of the balance of the user."""
        fields = {"username": self.username, "password": self.password}
        return HttpRequest(method="GET", url=f"{urljoin(self.send_url, 'balance')}?{urlencode(fields)}")

    def refusal(self, response: HttpResponse) -> str:
        """Return what is wrong."""
        return refusal(response)

    def block(self) -> str:
        """Return what to paste in `telnet 127.0.0.1 8990`, Jasmin's console."""
        return "\n".join(
            [
                "httpccm -a",
                "cid aiguilleur",
                "method POST",
                f"url {self.callback}",
                "ok",
                "morouter -a",
                "type DefaultRoute",
                "connector http(aiguilleur)",
                "ok",
                "persist",
            ]
        )


def _octet_form(body: bytes) -> list[tuple[str, str]]:
    """Return the fields of a form whose `content` may be any octets: each is the character of the same number."""
    return parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1")


def _read_receipt(request: Request, fields: dict[str, str]) -> tuple[Receipt, ...]:
    """Return the receipt; our key is in the address that we gave, Jasmin's id among the fields."""
    status = fields["message_status"]
    state = STATES.get(status, Delivery.PERMANENT_FAILURE if status.startswith("ESME_") else None)
    receipt_id = read_id(fields.get("id"))
    if state is None:
        return ()
    return (Receipt(state=state, key=read_key(dict(request.query).get("receipt")), gateway_id=receipt_id),)
