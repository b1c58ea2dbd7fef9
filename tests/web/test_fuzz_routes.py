"""Any request at all, against the program really served: an answer below 500, and nothing told that should not be.

Methods, paths, parameters, headers and bodies of every route, well formed or not, over raw HTTP.
"""

import hmac
import json
import re
import socket
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.telegram.gateway import SECRET_HEADER
from bot.web.forms import MAX_BYTES
from bot.web.visitors import COOKIE, Visitor
from knowledge.annuaire.consultation import Sorte
from tests.delivery.phones import KEY, signed
from tests.delivery.program import Program
from tests.delivery.served import NOWHERE, START
from tests.postgres import new_database, postgres

__all__ = ["postgres"]

SLOWED = 429
"""What an address gets that was refused many times: all these tests have the same one."""

ACCOUNTS = {
    "kannel": {"url": NOWHERE, "utilisateur": "u", "mot_de_passe": "m", "numero": "36000"},
    "twilio": {"compte": "AC1", "jeton": "jeton", "numero": "+33639980001"},
    "vonage": {"cle": "c", "secret": "s", "numero": "33639980001", "signature": "secret"},
    "android": {"utilisateur": "u", "mot_de_passe": "m", "signature": KEY, "url": NOWHERE},
    "jasmin": {"url": NOWHERE, "utilisateur": "u", "mot_de_passe": "m", "numero": "36000"},
    "ovh": {"service": "sms-xx1-1", "application": "a", "secret": "s", "consommateur": "c"},
    "telegram": {"jeton": "123456789:AAE-fictif", "mode": "appel", "serveur": f"{NOWHERE}/bot"},
}
TELEGRAM_SECRET = hmac.new(ACCOUNTS["telegram"]["jeton"].encode(), b"webhook", "sha256").hexdigest()
SIGNED = ("twilio", "vonage", "android", "telegram")
PAGES = (
    "/lieu/demo-mauleon-france-services/fiche", "/lieu/demo-mauleon-france-services/fiche.vcf",
    "/lieu/demo-mauleon-france-services/sms", "/creneau/demo-creneau-messagerie-mauleon.ics", "/lieu//fiche.png",
    "/", "/message", "/effacer", "/efface", "/a-propos", "/annuaire", "/api/lieux", "/api/openapi.json", "/health",
    "/conseil", "/charte", "/metrics", "/static/style.css", "/static/..",
)  # fmt: skip
VISITOR = Visitor("A" * 43, new=False)
NAMES = (
    "besoin", "depuis", "numero", "accord", "envoye",
    "jeton", "envoi", "texte", "choix", "tour", "commande", "commune", "need", "urgency", "posture", "from", "id",
    "time", "coding", "charset", "receipt", "state", "From", "Body", "MessageSid", "msisdn", "messageId", "text",
    "type", "sig", "timestamp", "concat", "concat-ref", "concat-total", "concat-part", "content", "binary",
    "message_status", "message", "callback_query", "my_chat_member", "update_id", "chat", "data", "event",
    "payload", "sender", "receivedAt", "description", "q", "page", "limite", "debut", *Sorte,
)  # fmt: skip
"""Parameters, fields and keys that some route reads."""

VALUES = (
    "caf orthez jeudi", "aidants-connect", "64430", "maintenant", "9" * 20, VISITOR.token,
    "+33639980002", "1", "2", "utf-8", "UTF-16BE", "menu", "caf", "Pau", "sms:received", "private",
)  # fmt: skip


class Asked(NamedTuple):
    """A request, without the headers that every request has."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


def serving(folder: Path, **more: str) -> AbstractContextManager[Program]:
    given = {f"{name}_{field}": value for name, fields in ACCOUNTS.items() for field, value in fields.items()}
    often = {"messages_par_minute": 1_000_000, "consultations_par_minute": 1_000_000}
    return Program(folder, **often, journal="ERROR", **given, **more).serving()


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with serving(tmp_path_factory.mktemp("fuzz")) as served:
        yield served


@pytest.fixture(scope="module")
def over_postgresql(tmp_path_factory: pytest.TempPathFactory, postgres: str) -> Iterator[Program]:
    with serving(tmp_path_factory.mktemp("fuzz"), base=new_database(postgres)) as served:
        yield served


def send(program: Program, asked: Asked, *, pause: float = 0) -> tuple[int, bytes]:
    """Send a request, byte for byte, and return the status and the body of its answer; pause in the middle of ours."""
    length = {} if "Transfer-Encoding" in asked.headers else {"Content-Length": str(len(asked.body))}
    lines = [f"{asked.method} {asked.target} HTTP/1.1", "Host: hote", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in {**length, **asked.headers}.items()]
    raw = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + asked.body
    with socket.create_connection(("127.0.0.1", int(program.settings["port"])), timeout=20) as connection:
        cut = len(raw) - len(asked.body) // 2
        connection.sendall(raw[:cut])
        time.sleep(pause)
        connection.sendall(raw[cut:])
        answer = b""
        with suppress(ConnectionResetError):  # it need not read to its end what it refuses
            while piece := connection.recv(65536):
                answer += piece
    status = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
    assert status, answer
    return int(status[1]), answer.partition(b"\r\n\r\n")[2]


def hook(program: Program, name: str) -> str:
    return program.hook(name).removeprefix(program.url)


texts = st.sampled_from(VALUES) | st.text(max_size=40)
pairs = st.lists(st.tuples(st.sampled_from(NAMES), texts), max_size=8)
trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=12,
)
bodies = st.one_of(
    st.binary(max_size=300),
    pairs.map(lambda fields: urlencode([("jeton", VISITOR.token), *fields], errors="surrogatepass").encode()),
    trees.map(lambda tree: json.dumps(tree).encode()),
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "Cookie": st.just(f"{COOKIE}={VISITOR.secret}") | st.from_regex(r"[ -~\xa0-\xff]{0,60}", fullmatch=True),
        "Content-Type": st.sampled_from(
            [
                "application/x-www-form-urlencoded",
                "application/json",
                "text/plain; charset=utf-7",
                "multipart/form-data",
            ]
        ),
        "Sec-Fetch-Site": st.sampled_from(["same-origin", "cross-site", ""]),
        "Origin": st.sampled_from(["null", "http://hote", "http://ailleurs"]),
        "X-Forwarded-For": st.sampled_from(["127.0.0.1", "::1", "x", ""]),
        "X-Signature": st.text(alphabet="0123456789abcdef", max_size=64),
        "X-Timestamp": st.integers().map(str),
        "X-Twilio-Signature": st.from_regex(r"[ -~]{0,40}", fullmatch=True),
        "Accept-Encoding": st.sampled_from(["gzip", "br, *;q=0", ""]),
        "Expect": st.just("100-continue"),
        "Content-Encoding": st.sampled_from(["gzip", "deflate", "identity"]),
        "Range": st.sampled_from(["bytes=0-1", "bytes=9-1", "x"]),
        "If-None-Match": st.just("*"),
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_request_is_a_fault_of_ours(program: Program, data: st.DataObject) -> None:
    ask_anything(program, data)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_request_is_a_fault_of_ours_over_postgresql(over_postgresql: Program, data: st.DataObject) -> None:
    ask_anything(over_postgresql, data)


def ask_anything(program: Program, data: st.DataObject) -> None:
    path = data.draw(
        st.sampled_from([*PAGES, *(hook(program, name) for name in ACCOUNTS)])
        | st.text(max_size=20).map(lambda text: "/" + quote(text, errors="replace"))
        | st.text(max_size=20).map(lambda text: "/api/lieux/" + quote(text, errors="replace", safe=""))
        | st.sampled_from(sorted(ACCOUNTS)).flatmap(
            lambda name: st.text(max_size=20).map(lambda text: f"/gateways/{name}/{quote(text)}")
        )
    )
    query, body, more = data.draw(pairs), data.draw(bodies), data.draw(headers)
    if data.draw(st.booleans()):
        more = {**more, **signed(body, START.timestamp()), SECRET_HEADER: TELEGRAM_SECRET}
    method = data.draw(st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]))
    asked = Asked(method, f"{path}?{urlencode(query, errors='surrogatepass')}", more, body)
    status, said = send(program, asked)
    assert status < 500
    assert b"Traceback" not in said


def test_a_compressed_request_is_refused_and_nothing_waits_for_its_end(program: Program) -> None:
    """All gateways at once: the server leaves each caller ten seconds to end."""

    def ask(name: str) -> int:
        return send(program, Asked("POST", hook(program, name), {"Content-Encoding": "deflate"}, b"[]"), pause=0.05)[0]

    with ThreadPoolExecutor(len(ACCOUNTS)) as callers:
        answers = dict(zip(ACCOUNTS, callers.map(ask, ACCOUNTS), strict=True))
    assert len(answers) >= 6
    assert set(answers.values()) <= {415, 429}, answers


@pytest.mark.parametrize("name", ACCOUNTS)
def test_who_does_not_know_the_secret_finds_nothing(program: Program, name: str) -> None:
    wrong = [
        f"/gateways/{name}/{'0' * 32}",
        f"/gateways/{name}/",
        hook(program, name)[:-1],
        f"{hook(program, name)}%00",
    ]
    assert {send(program, Asked("POST", target, {}, b"{}"))[0] for target in wrong} <= {404, SLOWED}


def test_the_secret_of_one_gateway_is_not_that_of_another(program: Program) -> None:
    secret = hook(program, "kannel").rpartition("/")[2]
    assert {send(program, Asked("GET", f"/gateways/{name}/{secret}", {}, b""))[0] for name in SIGNED} <= {404, SLOWED}


@pytest.mark.parametrize("name", SIGNED)
def test_who_signs_wrong_is_told_nothing(program: Program, name: str) -> None:
    wrong: dict[str, str] = {"X-Signature": "0" * 64, "X-Timestamp": str(int(time.time())), SECRET_HEADER: "x"}
    body = urlencode({"msisdn": "33639980002", "text": "a", "sig": "0", "timestamp": "1"}).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": "AAAA"}
    status, said = send(program, Asked("POST", hook(program, name), wrong | form, body))
    assert status in (403, SLOWED)
    assert said == b""


@pytest.mark.parametrize("name", [*ACCOUNTS, ""])
def test_what_is_too_large_is_not_read(program: Program, name: str) -> None:
    target, form = hook(program, name) if name else "/message", {"Content-Type": "application/x-www-form-urlencoded"}
    body = b"a" * (MAX_BYTES + 1)
    assert send(program, Asked("POST", target, form, body))[0] in (413, SLOWED)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    assert send(program, Asked("POST", target, {**form, "Transfer-Encoding": "chunked"}, chunked))[0] in (413, SLOWED)


def test_a_body_that_comes_in_two_times_is_read_whole(program: Program) -> None:
    payload = {"sender": "+33639980003", "message": "bonjour " * 200, "receivedAt": "2026-11-23T09:00:00Z"}
    body = json.dumps({"id": "1", "event": "sms:received", "payload": payload}).encode()
    asked = Asked("POST", hook(program, "android"), signed(body, START.timestamp()), body)
    assert send(program, asked, pause=0.3)[0] == 200
