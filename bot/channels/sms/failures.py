"""What the HTTP status of a gateway's answer says when its body says nothing more."""

from bot.channels.gateway import HttpResponse, Sending
from bot.messages import Delivery

THROTTLED, UNAVAILABLE = 429, 503
"""The message was not taken: it may be sent again."""


def failure(response: HttpResponse) -> Sending:
    """Return what became of a message that was not accepted.

    Any other 5xx may come from a machine on the way, after the gateway took the message, and so may a 2xx or a 3xx that
    says nothing of it: nobody knows. The rest is a wrong setting (address, password).
    """
    reason = f"http-{response.status}"
    if response.status in {THROTTLED, UNAVAILABLE}:
        return Sending(state=Delivery.TEMPORARY_FAILURE, retry_after=retry_after(response), reason=reason)
    if not 400 <= response.status < 500:
        return Sending(state=Delivery.UNCERTAIN, reason=reason)
    return Sending(state=Delivery.TECHNICAL_FAILURE, reason=reason)


def refusal(response: HttpResponse) -> str:
    """Return in French what the answer to a harmless request says is wrong, "" when nothing is."""
    if response.status == 200:
        return ""
    if response.status in {401, 403}:
        return "elle refuse vos identifiants. Vérifiez-les dans vos réglages."
    if response.status == 404:
        return "cette adresse n'est pas la sienne, ou ce compte n'existe pas. Vérifiez vos réglages."
    return f"elle répond {response.status}, ce qui n'était pas attendu. Regardez son journal."


def retry_after(response: HttpResponse) -> float | None:
    """Return the seconds of the `Retry-After` header (RFC 9110), None when it has none or holds a date."""
    text = response.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
