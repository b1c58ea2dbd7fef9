"""A telephone as gateway: SMS Gateway for Android, by capcom6 (docs.sms-gate.app, API v1, cloud, private or local).

The phone itself calls us, at each event, and signs. It keeps what we did not accept and comes back for two days, so
messages may come late and in another order.
"""

import hashlib
import hmac
import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urljoin

from bot.channels.gateway import (
    HttpRequest,
    HttpResponse,
    Inbound,
    Outbound,
    Received,
    Request,
    RequestRefused,
    Sending,
)
from bot.channels.sms.bodies import read_id, read_instant, read_object, read_receipt, read_text
from bot.channels.sms.failures import refusal, retry_after
from bot.channels.sms.numbers import read_number
from bot.channels.sms.text import encode_choice
from bot.messages import SMS, Delivery

CLOUD = "https://api.sms-gate.app/3rdparty/v1/messages"
MAX_AGE = timedelta(minutes=5)
"""Between the time that the phone signed and ours, either way; each attempt is signed anew."""

LIFETIME_S = 48 * 3600
"""How long the phone may keep a message before it gives it up."""

RECEIVED, MMS = "sms:received", "mms:received"
STATES = {
    "sms:sent": Delivery.SENT,
    "sms:delivered": Delivery.DELIVERED,
    "sms:failed": Delivery.PERMANENT_FAILURE,  # the phone refuses the same id again
}
EVENTS = (RECEIVED, MMS, *STATES)
"""Those that we ask for; the others ("system:ping"...) are accepted and tell nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Android:
    """The gateway of one phone. `signing_key`: that of its webhooks; `messages_url`: where it takes messages."""

    name: ClassVar[str] = "android"
    channel: ClassVar[str] = SMS
    idempotent: ClassVar[bool] = True

    username: str
    password: str = field(repr=False)
    signing_key: str = field(repr=False)
    callback: str = field(repr=False)
    messages_url: str = CLOUD
    sim: int | None = None

    def read(self, request: Request) -> Received:
        """Return the message or the receipt of an event. Raises `RequestRefused`."""
        self._check_signature(request)
        try:
            event = read_object(request.body)
        except ValueError:
            raise RequestRefused(400) from None
        kind = event.get("event")
        if kind not in EVENTS:
            return Received()
        payload = event.get("payload")
        if not isinstance(payload, dict):
            raise RequestRefused(400)
        if kind in (RECEIVED, MMS):
            return Received(messages=_read_message(read_id(event.get("id")), kind, payload))
        return Received(receipts=read_receipt(STATES[kind], payload.get("messageId")))

    def _check_signature(self, request: Request) -> None:
        """Refuse what the phone did not sign, or signed more than five minutes away from now."""
        stamp = request.headers.get("x-timestamp", "")
        given = request.headers.get("x-signature", "").encode(errors="replace")
        signed = request.body + stamp.encode(errors="replace")
        expected = hmac.new(self.signing_key.encode(), signed, hashlib.sha256).hexdigest().encode()
        if not hmac.compare_digest(expected, given) or not stamp.isdecimal():
            raise RequestRefused(403)
        if len(stamp) > 12 or abs(request.received_at.timestamp() - int(stamp)) > MAX_AGE.total_seconds():
            raise RequestRefused(403)

    def request(self, message: Outbound) -> HttpRequest:
        """Return the request that hands the message to the phone; our key is its id there."""
        content: dict[str, Any] = {
            "id": message.key,
            "textMessage": {"text": encode_choice(message.message.text).text},
            "phoneNumbers": [message.address],
            "withDeliveryReport": True,
            "ttl": LIFETIME_S,
        }
        if self.sim is not None:
            content["simNumber"] = self.sim
        headers = {**self._credentials(), "Content-Type": "application/json"}
        body = json.dumps(content, ensure_ascii=False).encode()
        return HttpRequest(method="POST", url=self.messages_url, headers=headers, body=body)

    def _credentials(self) -> dict[str, str]:
        return {"Authorization": f"Basic {b64encode(f'{self.username}:{self.password}'.encode()).decode()}"}

    def sending(self, response: HttpResponse) -> Sending:
        """Return what became of the message; 409 says that the phone has this id already."""
        if response.status in (200, 201, 202, 409):
            return Sending(state=Delivery.SENT)
        reason = f"http-{response.status}"
        if response.status == 429 or response.status >= 500:  # a second message of the same id is refused
            return Sending(state=Delivery.TEMPORARY_FAILURE, retry_after=retry_after(response), reason=reason)
        if response.status in (400, 422):
            return Sending(state=Delivery.PERMANENT_FAILURE, reason=reason)
        return Sending(state=Delivery.TECHNICAL_FAILURE, reason=reason)

    def probe(self) -> HttpRequest:
        """Return the reading of the addresses that the phone calls."""
        return HttpRequest(method="GET", url=self._webhooks_url(), headers=self._credentials())

    def refusal(self, response: HttpResponse) -> str:
        """Return what is wrong; the phone may not know our address yet."""
        if response.status == 200 and self.callback not in response.body.decode(errors="replace").replace("\\/", "/"):
            return "le téléphone ne connaît pas encore l'adresse à appeler. Suivez le bloc ci-dessous."
        return refusal(response)

    def _webhooks_url(self) -> str:
        return urljoin(self.messages_url, "webhooks")

    def block(self) -> str:
        """Return the commands that point the phone at us; curl asks for the password."""
        head = f"curl -u '{self.username}' -H 'Content-Type: application/json' {self._webhooks_url()}"
        hooks = [
            {"id": f"aiguilleur-{event.replace(':', '-')}", "url": self.callback, "event": event} for event in EVENTS
        ]
        return "\n".join(
            [
                "# Dans l'application, Settings > Webhooks > Signing Key : collez la clé de signature de vos réglages.",
                "# Puis, dans un terminal (le mot de passe est demandé à chaque fois) :",
                *(f"{head} -d '{json.dumps(hook)}'" for hook in hooks),
            ]
        )


def _read_message(external_id: str, kind: str, payload: dict[str, Any]) -> tuple[Inbound, ...]:
    """Return the message, none when nobody can be answered. `phoneNumber` is what older versions call the sender.

    A phone may tell a text again as another event (issue 310 of capcom6/android-sms-gateway). So a text has no id when
    its instant is known: sender, instant and words then say which one it is.
    """
    sender = payload.get("sender") or payload.get("phoneNumber")
    address = read_number(sender) if isinstance(sender, str) else None
    if address is None:
        return ()
    sent_at = read_instant(payload.get("receivedAt"))
    return (
        Inbound(
            address=address,
            text=read_text(payload.get("message")),
            external_id=None if sent_at and kind == RECEIVED else external_id,
            sent_at=sent_at,
            media="mms" if kind == MMS else None,
        ),
    )
