"""Twilio Programmable Messaging: signed forms come in, one REST call a message goes out.

Source of the rules: Twilio's documentation ("Messaging webhooks", "Webhooks security", "Messages resource", the
dictionary of errors).
"""

import hmac
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha1, sha256
from typing import ClassVar
from urllib.parse import SplitResult, urlencode, urlsplit

from bot.channels.gateway import (
    RECEIPT,
    Answer,
    HttpRequest,
    HttpResponse,
    Inbound,
    Outbound,
    Received,
    Request,
    RequestRefused,
    Sending,
    receipt_url,
)
from bot.channels.sms.bodies import find_id, read_receipt
from bot.channels.sms.failures import failure, refusal
from bot.channels.sms.numbers import read_number
from bot.channels.sms.text import encode_choice
from bot.messages import SMS, Delivery

API = "https://api.twilio.com"
SILENCE = Answer(200, "<Response/>", "text/xml")
"""No message in answer: ours go by the REST call, which can be counted and followed."""

RETRIES = "#rc=5&rp=all"
"""Added to our address, it has Twilio call again five times, whatever went wrong; by itself, once and no more."""

PORTS = {"https": 443, "http": 80}

STATES = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending", "sent"), Delivery.SENT),
    **dict.fromkeys(("delivered", "read"), Delivery.DELIVERED),
    **dict.fromkeys(("undelivered", "failed", "canceled"), Delivery.PERMANENT_FAILURE),
}
"""`MessageStatus` of a status callback."""

OPTED_OUT = "21610"
THROTTLED = frozenset({"14107", "20429", "21611", "30001", "63018"})
"""Too many messages at once, in the account, for the sender or in its queue."""
NEVER = frozenset({"21211", "21217", "21612", "21614", "21617", OPTED_OUT})
"""The number is not one that can have an SMS, the text is too long, or the person wants none."""

MEDIA = {"image": "photo", "audio": "vocal", "video": "vidéo"}


@dataclass(frozen=True, kw_only=True)
class Twilio:
    """`account` is the account SID ("AC…"), `token` its auth token, which signs what comes and opens what goes.

    `sender` is a number in E.164 or the SID of a messaging service ("MG…"); `callback` our hook, secret and all.
    """

    name: ClassVar[str] = "twilio"
    channel: ClassVar[str] = SMS
    idempotent: ClassVar[bool] = False

    account: str
    token: str = field(repr=False)
    sender: str
    callback: str = field(repr=False)
    url: str = API

    def read(self, request: Request) -> Received:
        """Return the SMS, or the status of one of ours, that a signed request tells. Raises `RequestRefused`.

        An SMS that Twilio itself took for a STOP (`OptOutType`) is a message as any other: the conversation decides.
        """
        told = self._verified(request)
        if RECEIPT in dict(request.query) or "MessageStatus" in told:
            return _status(dict(request.query).get(RECEIPT), told)
        address = read_number(told.get("From", ""))
        return Received(messages=(_message(address, told),) if address else (), answer=SILENCE)

    def request(self, message: Outbound) -> HttpRequest:
        """Return the call that creates a message."""
        fields = {
            "To": message.address,
            "MessagingServiceSid" if self.sender.startswith("MG") else "From": self.sender,
            "Body": encode_choice(message.message.text).text,
            "StatusCallback": receipt_url(self.callback, message.key),
        }
        return HttpRequest(
            method="POST",
            url=f"{self.url}/2010-04-01/Accounts/{self.account}/Messages.json",
            headers={**self._credentials(), "Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode(fields).encode(),
        )

    def _credentials(self) -> dict[str, str]:
        return {"Authorization": f"Basic {b64encode(f'{self.account}:{self.token}'.encode()).decode()}"}

    def sending(self, response: HttpResponse) -> Sending:
        """Return what the API answered: 201 and a SID, or an error with a code of Twilio's dictionary."""
        answer = response.json_object()
        if response.status == 201:
            return Sending(state=Delivery.SENT, gateway_id=find_id(answer.get("sid")))
        code = str(answer.get("code", ""))
        if code in NEVER:
            return Sending(state=Delivery.PERMANENT_FAILURE, stopped=code == OPTED_OUT, reason=code)
        if code in THROTTLED:
            return Sending(state=Delivery.TEMPORARY_FAILURE, retry_after=failure(response).retry_after, reason=code)
        return failure(response)

    def probe(self) -> HttpRequest:
        """Return the reading of the account."""
        url = f"{self.url}/2010-04-01/Accounts/{self.account}.json"
        return HttpRequest(method="GET", url=url, headers=self._credentials())

    def refusal(self, response: HttpResponse) -> str:
        """Return what is wrong; an account may be suspended."""
        if response.status == 200 and response.json_object().get("status") != "active":
            return "ce compte n'est pas actif. Voyez pourquoi dans la console Twilio."
        return refusal(response)

    def block(self) -> str:
        """Return what the operator does in Twilio's console; it holds the secret address."""
        return (
            "Dans la console Twilio : Phone Numbers > Manage > Active numbers > le numéro > Messaging Configuration.\n"
            "(Avec un Messaging Service : Messaging > Services > le service > Integration > Send a webhook.)\n"
            f"« A message comes in » : Webhook, méthode HTTP POST, adresse :\n{self.callback}{RETRIES}\n"
            f"« {RETRIES} » demande à Twilio de rappeler cinq fois si le service ne répond pas : ne l'enlevez pas.\n"
            "Ne rien mettre pour les accusés de réception : l'adresse part avec chaque message.\n"
        )

    def _verified(self, request: Request) -> dict[str, str]:
        """Return the parameters once their signature is known to be Twilio's. Raises `RequestRefused`."""
        digest = dict(request.query).get("bodySHA256")
        form = request.form() if digest is None else []
        given = request.headers.get("x-twilio-signature", "")
        # every comparison is made, whatever the first ones say
        right = [_same(signature(self.token, url, form), given) for url in _spellings(request.url)]
        if not any(right) or (digest is not None and not _same(sha256(request.body).hexdigest(), digest.lower())):
            raise RequestRefused(403)
        if digest is None:
            return dict(form)
        return {name: value for name, value in request.json_object().items() if isinstance(value, str)}


def signature(token: str, url: str, form: list[tuple[str, str]]) -> str:
    """Return what `X-Twilio-Signature` must be: the address, then each name and value in order, each pair once."""
    signed = url + "".join(name + value for name, value in sorted(set(form)))
    return b64encode(hmac.digest(token.encode(), signed.encode("utf-8", "surrogatepass"), sha1)).decode()


def _spellings(url: str) -> list[str]:
    """Return what Twilio may have signed: an address with and without its port, and what we added to it.

    It says that it signs an address up to the end of its query. Were it not so, every message would be refused.
    """
    spelled = _with_and_without_port(url)
    return [*spelled, *(f"{each}{RETRIES}" for each in spelled)]


def _with_and_without_port(url: str) -> list[str]:
    """Return the two spellings of an address; none when it is no address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return []
    if port is None:
        return [url, *([_at(parts, f"{parts.netloc}:{PORTS[parts.scheme]}")] if parts.scheme in PORTS else [])]
    return [url, _at(parts, parts.netloc.removesuffix(f":{port}"))]


def _at(parts: SplitResult, netloc: str) -> str:
    return parts._replace(netloc=netloc).geturl()


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


def _message(address: str, told: dict[str, str]) -> Inbound:
    kind = told.get("MediaContentType0", "").partition("/")[0]
    return Inbound(
        address=address,
        text=told.get("Body", ""),
        external_id=told.get("MessageSid") or told.get("SmsSid") or None,
        media=None if told.get("NumMedia", "0") in {"", "0"} else MEDIA.get(kind, "fichier"),
    )


def _status(key: str | None, told: dict[str, str]) -> Received:
    """Return what a status callback tells; a failure is the end, even for a passing reason: Twilio had the message."""
    state, code = STATES.get(told.get("MessageStatus", "")), told.get("ErrorCode", "")
    person = read_number(told.get("To", "")) if code == OPTED_OUT else None
    return Received(
        receipts=read_receipt(state, key, told.get("MessageSid")),
        stopped=(person,) if person else (),
        answer=SILENCE,
    )
