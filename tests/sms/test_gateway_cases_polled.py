"""What each gateway reads, asks and understands, as tables: `cases/*.yml`, raw requests and answers on one side."""

import hmac
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.channels.gateway import (
    Answer,
    HttpResponse,
    Inbound,
    MessageUnsendable,
    Outbound,
    Receipt,
    Received,
    Request,
    RequestRefused,
    Sending,
)
from bot.channels.sms.android import Android
from bot.channels.sms.bodies import read_object
from bot.channels.sms.jasmin import Jasmin
from bot.channels.sms.ovh import Ovh, ServerClock
from bot.messages import Delivery, MessageOut

CASES = Path(__file__).parent / "cases"
NOW = datetime.fromtimestamp(1722945413, UTC)
SIGNED_AT = datetime.fromtimestamp(1366560945, UTC)
NAMED = ("android", "jasmin", "ovh")
SECRETS = ("password", "signing_key", "application_secret", "consumer_key")
Gateway = Android | Jasmin | Ovh


def build(name: str, fields: dict[str, Any]) -> Gateway:
    """Return a gateway with the settings of a table."""
    if name == "ovh":
        return Ovh(**fields, clock=ServerClock(lambda: SIGNED_AT))
    return Android(**fields) if name == "android" else Jasmin(**fields)


def tables(part: str) -> list[Any]:
    """Return the cases of one part of every table: the gateway, the case."""
    found = []
    for name in NAMED:
        table = YAML(typ="safe").load(CASES / f"{name}.yml")
        for case in table[part]:
            gateway = build(name, table["settings"] | case.get("settings", {}))
            found.append(pytest.param(gateway, case, id=f"{name}: {case['name']}"))
    return found


READ, SENT, ANSWERED = tables("read"), tables("request"), tables("sending")


def test_no_case_is_left_out() -> None:
    assert (len(READ), len(SENT), len(ANSWERED)) == (57, 17, 32)


def raw_request(case: dict[str, Any]) -> Request:
    url = case.get("url", "https://hote/gateways/x/SECRET")
    return Request(
        method=case.get("method", "POST"),
        url=url,
        received_at=NOW,
        headers={key.lower(): str(value) for key, value in case.get("headers", {}).items()},
        query=tuple(parse_qsl(urlsplit(url).query, keep_blank_values=True)),
        body=bytes.fromhex(case["octets"]) if "octets" in case else case.get("body", "").encode(),
    )


def expected(case: dict[str, Any]) -> Received:
    messages = [
        Inbound(**(fields | {"sent_at": datetime.fromisoformat(fields["sent_at"]) if "sent_at" in fields else None}))
        for fields in case.get("messages", [])
    ]
    receipts = [Receipt(**(fields | {"state": Delivery(fields["state"])})) for fields in case.get("receipts", [])]
    answer = Answer(**case.get("answer", {}))
    return Received(messages=tuple(messages), receipts=tuple(receipts), answer=answer)


@pytest.mark.parametrize(("gateway", "case"), READ)
def test_read(gateway: Gateway, case: dict[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(RequestRefused) as refusal:
            gateway.read(raw_request(case))
        assert refusal.value.status == case["refused"]
    else:
        assert gateway.read(raw_request(case)) == expected(case)


@pytest.mark.parametrize(("gateway", "case"), SENT)
def test_request(gateway: Gateway, case: dict[str, Any]) -> None:
    message = Outbound(key="k-1", address="+33639980001", message=MessageOut(text=case["text"]))
    if "unsendable" in case:
        with pytest.raises(MessageUnsendable) as refusal:
            gateway.request(message)
        assert refusal.value.reason == case["unsendable"]
        return
    request = gateway.request(message)
    assert (request.method, request.url) == ("POST", case["url"])
    assert request.headers.items() >= case.get("headers", {}).items()
    if request.headers["Content-Type"] == "application/x-www-form-urlencoded":
        body = {key: value for key, [value] in parse_qs(request.body.decode()).items()}
    else:
        body = json.loads(request.body)
    assert body == case["fields"]


@pytest.mark.parametrize(("gateway", "case"), ANSWERED)
def test_sending(gateway: Gateway, case: dict[str, Any]) -> None:
    response = HttpResponse(case["status"], case.get("body", "").encode(), case.get("headers", {}))
    if case.get("unreadable"):
        with pytest.raises(ValueError):  # noqa: PT011  # what the transport makes an uncertain sending of
            gateway.sending(response)
    else:
        wanted = case["gives"]
        assert gateway.sending(response) == Sending(**(wanted | {"state": Delivery(wanted["state"])}))


@pytest.mark.parametrize("name", NAMED)
def test_secrets_stay_out_of_logs_and_blocks(name: str) -> None:
    fields = YAML(typ="safe").load(CASES / f"{name}.yml")["settings"]
    gateway = build(name, fields)
    secrets = [
        fields[key] for key in ("password", "signing_key", "application_secret", "consumer_key") if key in fields
    ]
    assert secrets
    assert not [secret for secret in [*secrets, "SECRET"] if secret in repr(gateway)]
    assert not [secret for secret in secrets if secret in gateway.block()]
    assert fields["callback"] in gateway.block()


def test_a_body_nested_too_deep() -> None:
    with pytest.raises(ValueError, match="deep"):
        read_object(b"[" * 100_000)


BUILT = {name: build(name, YAML(typ="safe").load(CASES / f"{name}.yml")["settings"]) for name in NAMED}
WORDS = st.sampled_from(["id", "from", "binary", "content", "coding", "message_status", "receipt", "description"])
NAMES = st.sampled_from(["id", "event", "payload", "sender", "message", "messageId", "receivedAt"])
USUAL = st.sampled_from(["+33639980001", "sms:received", "sms:sent", "8", "00e9", "DELIVRD"])
texts = st.text(st.characters(), max_size=20) | USUAL
forms = st.dictionaries(WORDS, texts).map(lambda fields: urlencode(fields, errors="replace").encode())
objects = st.dictionaries(NAMES, texts | st.integers() | st.none() | st.dictionaries(NAMES, texts))
bodies = st.binary(max_size=200) | forms | objects.map(lambda value: json.dumps(value).encode())
queries = st.lists(st.tuples(WORDS, texts), max_size=6).map(tuple)


@pytest.mark.parametrize("name", NAMED)
@given(body=bodies, stamp=texts, signature=texts, query=queries, signed=st.booleans())
@settings(max_examples=300, deadline=None)
def test_no_request_breaks_a_gateway(
    name: str, body: bytes, stamp: str, signature: str, query: tuple[tuple[str, str], ...], signed: bool
) -> None:
    gateway = BUILT[name]
    if signed:
        stamp = str(int(NOW.timestamp()))
        signature = hmac.new(b"secret12", body + stamp.encode(), "sha256").hexdigest()
    headers = {"x-timestamp": stamp, "x-signature": signature}
    request = Request(method="POST", url="https://hote/", received_at=NOW, headers=headers, query=query, body=body)
    with suppress(RequestRefused):
        received = gateway.read(request)
        stored = [word for message in received.messages for word in (message.text, message.external_id or "")]
        stored += [receipt.gateway_id or "" for receipt in received.receipts]
        assert all(receipt.key or receipt.gateway_id for receipt in received.receipts)
        assert not [word for word in stored if "\0" in word or word.encode(errors="replace").decode() != word]
