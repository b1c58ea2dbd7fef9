"""What the gateways over HTTP say and are told, as tables: one file a gateway in tests/sms/cases/.

A table names its `class` (a codec and webhook, see bot.channels.gateway) and the `settings` that build it, then holds,
each case under its name:

- `reads`: a `request` of the gateway (`method`, `url`, `headers`, and `body`, `form`, `json` or `hex`), and the
  `messages`, `receipts`, `stopped` and `answer` that come of it, or the status of its refusal (`refused: 403`);
- `sends`: a `message`, and the `request` that sends it (`query` and `form` compared as fields, in any order);
- `sendings`: a `response` (`status`, `body` or `json`, `headers`), and the `sending` that is read there.

A case may change `settings` and the hour of `received_at`; `answer` at the head of a table is what most reads answer.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.channels.gateway import (
    Answer,
    HttpCodec,
    HttpResponse,
    Inbound,
    Outbound,
    Part,
    Receipt,
    Received,
    Request,
    RequestRefused,
    Sending,
    Webhook,
)
from bot.messages import SMS, Delivery, MessageOut

FOLDER = Path(__file__).parent / "cases"
RECEIVED_AT = "2026-11-23T10:00:00+01:00"
MINIMUM = {"kannel": 44, "twilio": 58, "vonage": 67}
"""How many cases each table has at least: one that is no longer read is a test that no longer runs."""


class HttpGateway(HttpCodec, Webhook, Protocol):
    """All that the tables ask of a gateway."""

    name: str
    channel: str
    idempotent: bool


def read_tables() -> dict[str, dict[str, Any]]:
    """Return the tables by the name of their gateway; those of `test_gateway_cases_polled.py` have another form."""
    return {name: YAML(typ="safe").load((FOLDER / f"{name}.yml").read_text(encoding="utf-8")) for name in MINIMUM}


TABLES = read_tables()


def cases(section: str) -> list[Any]:
    """Return the cases of one section of every table as parameters (table, case)."""
    return [
        pytest.param(table, case, id=f"{name}: {title}")
        for name, table in TABLES.items()
        for title, case in table.get(section, {}).items()
    ]


def gateway(table: Mapping[str, Any], case: Mapping[str, Any]) -> HttpGateway:
    module, _, name = table["class"].rpartition(".")
    built: HttpGateway = getattr(import_module(module), name)(**table["settings"] | case.get("settings", {}))
    return built


def body(content: Mapping[str, Any]) -> bytes:
    assert len(content.keys() & {"form", "json", "hex", "body"}) <= 1, "a case has one body"
    if "form" in content:
        return urlencode(content["form"]).encode()
    if "json" in content:
        return json.dumps(content["json"], ensure_ascii=False).encode()
    return bytes.fromhex(content["hex"]) if "hex" in content else str(content.get("body", "")).encode()


def incoming(case: Mapping[str, Any]) -> Request:
    """Build the request of a case; its `query` is that of its address."""
    request = case["request"]
    return Request(
        method=request.get("method", "POST"),
        url=request["url"],
        received_at=datetime.fromisoformat(case.get("received_at", RECEIVED_AT)),
        headers={name.lower(): value for name, value in request.get("headers", {}).items()},
        query=tuple(parse_qsl(urlsplit(request["url"]).query, keep_blank_values=True)),
        body=body(request),
    )


def status(webhook: Webhook, request: Request) -> int:
    """Return the HTTP status that a request is answered."""
    try:
        return webhook.read(request).answer.status
    except RequestRefused as refusal:
        return refusal.status


def inbound(expected: Mapping[str, Any]) -> Inbound:
    made: dict[str, Any] = dict(expected)
    if "sent_at" in made:
        made["sent_at"] = datetime.fromisoformat(made["sent_at"])
    if "part" in made:
        made["part"] = Part(**made["part"])
    return Inbound(**made)


def received(table: Mapping[str, Any], case: Mapping[str, Any]) -> Received:
    return Received(
        messages=tuple(map(inbound, case.get("messages", ()))),
        receipts=tuple(
            Receipt(**{**receipt, "state": Delivery(receipt["state"])}) for receipt in case.get("receipts", ())
        ),
        stopped=tuple(case.get("stopped", ())),
        answer=Answer(**case.get("answer", table.get("answer", {}))),
    )


def test_every_table_is_found() -> None:
    counts = {
        name: sum(len(table.get(s, ())) for s in ("reads", "sends", "sendings")) for name, table in TABLES.items()
    }
    assert counts.keys() >= MINIMUM.keys()
    assert not {name: counts[name] for name, least in MINIMUM.items() if counts[name] < least}


@pytest.mark.parametrize(("table", "case"), cases("reads"))
def test_what_a_request_tells(table: dict[str, Any], case: dict[str, Any]) -> None:
    if "refused" in case:
        assert status(gateway(table, case), incoming(case)) == case["refused"]
    else:
        assert gateway(table, case).read(incoming(case)) == received(table, case)


@pytest.mark.parametrize(("table", "case"), cases("sends"))
def test_how_a_message_is_sent(table: dict[str, Any], case: dict[str, Any]) -> None:
    message, expected = case["message"], case["request"]
    made = gateway(table, case).request(
        Outbound(key=message["key"], address=message["address"], message=MessageOut(text=message["text"]))
    )
    address, _, query = made.url.partition("?")
    assert (made.method, address) == (expected["method"], expected["url"])
    assert dict(parse_qsl(query, keep_blank_values=True)) == expected.get("query", {})
    assert dict(made.headers) == expected.get("headers", {})
    if "form" in expected:
        assert dict(parse_qsl(made.body.decode(), keep_blank_values=True)) == expected["form"]
    elif "json" in expected:
        assert json.loads(made.body) == expected["json"]
    else:
        assert made.body == body(expected)


@pytest.mark.parametrize(("table", "case"), cases("sendings"))
def test_what_an_answer_means(table: dict[str, Any], case: dict[str, Any]) -> None:
    response = case["response"]
    found = gateway(table, case).sending(
        HttpResponse(response["status"], body(response), {k.lower(): v for k, v in response.get("headers", {}).items()})
    )
    assert found == Sending(**{**case["sending"], "state": Delivery(case["sending"]["state"])})


@pytest.mark.parametrize("name", TABLES)
def test_a_gateway_shows_no_secret(name: str) -> None:
    table = TABLES[name]
    built: Any = gateway(table, {})
    assert (built.name, built.channel) == (name, SMS)
    assert len(table["secrets"]) >= 1
    assert not [secret for secret in table["secrets"] if str(table["settings"][secret]) in repr(built)]
    with pytest.raises(AttributeError):
        setattr(built, fields(built)[0].name, "")


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if "callback" in table["settings"]])
def test_the_operator_is_told_where_the_gateway_must_call(name: str) -> None:
    built: Any = gateway(TABLES[name], {})
    assert TABLES[name]["settings"]["callback"] in built.block()


def test_twilio_is_told_to_call_again() -> None:
    block: str = gateway(TABLES["twilio"], {}).block()  # type: ignore[attr-defined]
    assert "https://hote.example/gateways/twilio/SECRET#rc=5&rp=all\n" in block
    assert "« #rc=5&rp=all »" in block


short = st.text(st.characters(), max_size=20)
READS = [(name, case) for name, table in TABLES.items() for case in table.get("reads", {}).values()]


@given(
    chosen=st.sampled_from(READS),
    content=st.binary(max_size=60)
    | st.recursive(st.none() | short, st.lists, max_leaves=9).map(lambda x: json.dumps(x).encode()),
    url=short | st.sampled_from(["https://[", "https://hote:99999/", "http://h:x/", "https://h/?bodySHA256=é"]),
    method=st.sampled_from(["GET", "POST", ""]),
    query=st.dictionaries(
        short | st.sampled_from(["receipt", "status", "msisdn", "concat", "from", "time", "sig"]), short
    ),
    header=short,
    keep=st.sets(st.sampled_from(["method", "url", "headers", "query", "body"])),
)
def test_nothing_in_a_request_breaks_a_gateway(
    chosen: tuple[str, dict[str, Any]],
    content: bytes,
    url: str,
    method: str,
    query: dict[str, str],
    header: str,
    keep: set[str],
) -> None:
    name, case = chosen
    real = incoming(case)
    headers = dict.fromkeys([*real.headers, "content-type", "x-signature"], header)
    odd: dict[str, Any] = {
        "method": method,
        "url": url,
        "headers": headers,
        "query": tuple(query.items()),
        "body": content,
    }
    request = replace(real, **{field: value for field, value in odd.items() if field not in keep})
    assert status(gateway(TABLES[name], case), request) in {200, 400, 403}
    with suppress(RequestRefused):
        receipts = gateway(TABLES[name], case).read(request).receipts
        assert all(receipt.key or receipt.gateway_id for receipt in receipts)
