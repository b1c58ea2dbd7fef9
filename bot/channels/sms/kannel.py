"""Kannel 1.4, a gateway that an operator runs: its smsbox calls us for each SMS, we call its `sendsms`.

Source of the rules: the user guide of Kannel (chapters "Setting up a SMS Service", "Using the HTTP interface to send
SMS messages", "Delivery Reports") and what Kannel 1.4.5 did in tests/sms/test_kannel_server.py.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import urlencode, urlsplit

from bot.channels.gateway import (
    RECEIPT,
    HttpRequest,
    HttpResponse,
    Inbound,
    Outbound,
    Received,
    Request,
    Sending,
    receipt_url,
)
from bot.channels.sms.bodies import read_receipt
from bot.channels.sms.failures import failure, refusal
from bot.channels.sms.numbers import read_number
from bot.channels.sms.text import Coding, encode_choice
from bot.messages import SMS, Delivery

CODINGS = {Coding.GSM7: "0", Coding.UCS2: "2"}
"""Kannel spoils what is outside the phone alphabet under coding 0 ("forêt ç" becomes "for?t Ç")."""

BINARY = "1"
"""The coding of an SMS that holds no text."""

CHARSETS = {
    **dict.fromkeys(("", "utf-8"), "utf-8"),
    **dict.fromkeys(("utf-16be", "ucs-2"), "utf-16-be"),
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
}
"""Those of `%C`. Without `mo-recode` a text outside the phone alphabet comes in UTF-16BE."""

ANY_OCTET = "latin-1"
"""What is read under any other name: ISO-8859-1, US-ASCII, which a careless operator overflows, or one unknown."""

STATES = {
    "1": Delivery.DELIVERED,
    "2": Delivery.PERMANENT_FAILURE,
    "4": Delivery.SENT,
    "8": Delivery.SENT,
    "16": Delivery.PERMANENT_FAILURE,
}
"""`%d` of a delivery report: to the phone, not to the phone, queued at the operator, at the operator, refused."""

ALL_REPORTS = "31"

BLOCK = """\

# À ajouter dans kannel.conf. Le groupe core doit avoir smsbox-port = 13001 ; sur Debian, mettre aussi START_SMSBOX=1
# dans /etc/default/kannel. Laisser sms-combine-concatenated-mo = true dans le groupe core (sa valeur par défaut).
group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {port}
{interface}global-sender = {sender}
mo-recode = true
# Message refusé ou service arrêté : 10 nouveaux essais, un toutes les 10 secondes.
http-request-retry = 10
http-queue-delay = 10
# Jamais envoyé tant que max-messages = 0 ci-dessous ; en français si ce réglage change.
reply-couldnotfetch = "Le service ne répond pas. Réessayez dans quelques minutes."

group = sendsms-user
username = {username}
password = {password}
concatenation = true
max-messages = 6

group = sms-service
keyword = default
catch-all = true
# Silence : c'est le service qui envoie ses réponses, une par une.
max-messages = 0
omit-empty = true
post-url = {hook}
"""


@dataclass(frozen=True, kw_only=True)
class Kannel:
    """`url` is that of `sendsms` ("http://127.0.0.1:13013/cgi-bin/sendsms"), `callback` our hook, secret and all.

    `sender` is the number that people write to; `username` and `password` those of a `sendsms-user`.
    """

    name: ClassVar[str] = "kannel"
    channel: ClassVar[str] = SMS
    idempotent: ClassVar[bool] = False

    url: str
    username: str
    password: str = field(repr=False)
    sender: str
    callback: str = field(repr=False)

    def read(self, request: Request) -> Received:
        """Return the SMS, or the delivery report, that smsbox tells; nothing is refused.

        Kannel signs nothing: only the secret of the address protects it.
        """
        told = dict(request.query)
        if RECEIPT in told:
            return Received(receipts=read_receipt(STATES.get(told.get("state", "")), told[RECEIPT]))
        address = read_number(told.get("from", ""))
        return Received(messages=(_message(address, told, request.body),) if address else ())

    def request(self, message: Outbound) -> HttpRequest:
        """Return the `sendsms` request. Kannel gives no id: the address of the reports holds ours."""
        encoded = encode_choice(message.message.text)
        fields = {
            "username": self.username,
            "password": self.password,
            "from": self.sender,
            "to": message.address,
            "text": encoded.text,
            "charset": "UTF-8",
            "coding": CODINGS[encoded.coding],
            "dlr-mask": ALL_REPORTS,
            "dlr-url": f"{receipt_url(_literal(self.callback), message.key)}&state=%d",
        }
        return HttpRequest(method="GET", url=f"{self.url}?{urlencode(fields)}")

    def sending(self, response: HttpResponse) -> Sending:
        """Return what `sendsms` answered: 202 when it has the message, even if no operator is connected now."""
        if response.status == 202:
            return Sending(state=Delivery.SENT)
        if response.status == 400 and b"denied by white- and/or black-lists" in response.body:
            return Sending(state=Delivery.PERMANENT_FAILURE, reason="denied")
        return failure(response)

    def probe(self) -> HttpRequest:
        """Return a `sendsms` request to nobody: Kannel looks at the password first, then refuses it."""
        fields = {"username": self.username, "password": self.password}
        return HttpRequest(method="GET", url=f"{self.url}?{urlencode(fields)}")

    def refusal(self, response: HttpResponse) -> str:
        """Return what is wrong; a missing number is what we expect to be told of."""
        return "" if response.status == 400 and b"receiver" in response.body else refusal(response)

    def block(self) -> str:
        """Return what the operator adds to kannel.conf; it holds the password and the secret address."""
        parts = urlsplit(self.url)
        escapes = "id=%I&from=%q&coding=%c&charset=%C&time=%T"
        hook = f"{_literal(self.callback)}{'&' if '?' in self.callback else '?'}{escapes}"
        return BLOCK.format(
            port=parts.port or 13013,
            interface="sendsms-interface = 127.0.0.1\n" if parts.hostname in {"127.0.0.1", "localhost"} else "",
            sender=_quoted(self.sender),
            username=_quoted(self.username),
            password=_quoted(self.password),
            hook=_quoted(hook),
        )


def _message(address: str, told: dict[str, str], body: bytes) -> Inbound:
    """Return the SMS whose text is the body, as `post-url` gives it."""
    binary = told.get("coding") == BINARY
    return Inbound(
        address=address,
        text="" if binary else _text(body, told.get("charset", "")),
        external_id=told.get("id") or None,
        sent_at=_moment(told.get("time", "")),
        media="données" if binary else None,
    )


def _text(body: bytes, charset: str) -> str:
    """Return the text; what cannot be read of it becomes "\ufffd": refused, the whole of it would be lost."""
    return body.decode(CHARSETS.get(charset.lower(), ANY_OCTET), errors="replace")


def _moment(seconds: str) -> datetime | None:
    """Read seconds since 1970."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _literal(url: str) -> str:
    """Return an address in which Kannel replaces nothing."""
    return url.replace("%", "%%")


def _quoted(text: str) -> str:
    """Return a text as kannel.conf spells it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
