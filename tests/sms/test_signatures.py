"""The signatures of Twilio agree with Twilio's own library; what is well signed and odd breaks nothing."""

from datetime import UTC, datetime
from typing import Any, get_args
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError
from twilio.request_validator import RequestValidator

from bot.channels.gateway import Request
from bot.channels.http import Http
from bot.channels.sms import twilio, vonage
from bot.gateways import build_gateway
from bot.settings import Settings
from bot.store.secrecy import Secrecy
from tests.sms.test_gateway_cases import status

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TOKEN = "jeton"
GATEWAY = twilio.Twilio(account="AC1", token=TOKEN, sender="+33757900001", callback="https://hote.example/s")

names = st.sampled_from(["From", "Body", "MessageStatus", "To", "NumMedia", "ErrorCode"]) | st.text(max_size=8)
forms = st.dictionaries(
    names, st.text(max_size=30) | st.sampled_from(["+33639980001", "delivered", "21610"]), max_size=8
)
urls = st.builds(
    "{}://{}{}/{}{}".format,
    st.sampled_from(["https", "http"]),
    st.sampled_from(["hote.example", "a.b.c", "127.0.0.1"]),
    st.sampled_from(["", ":443", ":80", ":8443"]),
    st.text("abcé%/.~", max_size=10).map(lambda path: path.lstrip("/")),
    st.text("ab=&%é", max_size=10).map(lambda query: f"?x{query}"),
)


def request(url: str, form: dict[str, str], signature: str) -> Request:
    return Request(
        method="POST",
        url=url,
        received_at=NOW,
        headers={"x-twilio-signature": signature},
        body=urlencode(form).encode(),
    )


def accepted(url: str, form: dict[str, str], signature: str) -> bool:
    return status(GATEWAY, request(url, form, signature)) == 200


@given(urls, forms)
def test_what_twilio_signs_is_accepted(url: str, form: dict[str, str]) -> None:
    signature = RequestValidator(TOKEN).compute_signature(url, form)
    assert twilio.signature(TOKEN, url, list(form.items())) == signature
    assert accepted(url, form, signature)


@given(urls, urls, forms, forms)
def test_what_twilio_refuses_is_refused(url: str, other: str, form: dict[str, str], changed: dict[str, str]) -> None:
    validator = RequestValidator(TOKEN)
    signature = validator.compute_signature(other, changed)
    assert accepted(url, form, signature) == validator.validate(url, form, signature)


@given(
    st.dictionaries(
        st.sampled_from(
            ["timestamp", "status", "msisdn", "concat", "concat-part", "concat-total", "message-timestamp"]
        ),
        st.text(max_size=20)
        | st.sampled_from(["1795424400", "9" * 400, "9" * 5000, "true", "33639980001", "2", "nan"]),
    ),
    st.sampled_from(["md5hash", "md5", "sha1", "sha256", "sha512"]),
)
def test_what_vonage_signs_is_read_or_refused(told: dict[str, str], method: vonage.Method) -> None:
    gateway = vonage.Vonage(
        api_key="k", api_secret="s", sender="1", callback="c", signature_secret=TOKEN, signature_method=method
    )
    signed = {**told, "sig": vonage.signature(told, TOKEN, method)}
    request = Request(method="GET", url="", received_at=NOW, query=tuple(signed.items()))
    assert status(gateway, request) in {200, 403}


METHODS = get_args(vonage.Method)


def vonage_of(**settings: Any) -> vonage.Vonage:
    """Return the gateway that settings describe."""
    given = Settings(
        vonage_cle="k", vonage_secret=SecretStr("s"), vonage_numero="1", vonage_signature=SecretStr(TOKEN), **settings
    )
    link = build_gateway("vonage", given, Secrecy("une clé de trente-deux caractères"), Http(), lambda: NOW)
    assert isinstance(link.webhook, vonage.Vonage)
    return link.webhook


@pytest.mark.parametrize("method", METHODS)
def test_the_operator_says_how_vonage_signs(method: vonage.Method) -> None:
    told = {"msisdn": "33639980001", "text": "oui", "timestamp": str(int(NOW.timestamp()))}
    signed = {**told, "sig": vonage.signature(told, TOKEN, method)}
    request = Request(method="GET", url="", received_at=NOW, query=tuple(signed.items()))
    assert status(vonage_of(vonage_methode=method), request) == 200
    assert status(vonage_of(), request) == (200 if method == "sha256" else 403)


def test_the_settings_know_every_method_of_vonage_and_no_other() -> None:
    assert get_args(Settings.model_fields["vonage_methode"].annotation) == METHODS
    with pytest.raises(ValidationError):
        vonage_of(vonage_methode="sha3")
