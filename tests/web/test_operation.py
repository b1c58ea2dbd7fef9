"""What the operator's programs read, and what gateways are told that should not call: /health, /metrics, /gateways."""

import asyncio
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web

from bot.app import App
from bot.channels.gateway import Sending
from bot.delivery.watch import Watch
from bot.messages import SMS, Delivery
from bot.web.hooks import REFUSED_PER_MINUTE, Hooks
from knowledge.base import BaseIndisponible
from tests.delivery.phones import signed
from tests.web.conftest import CAF, Browser, Open
from tests.web.serving import ANDROID, build_app, build_hooks, build_web, fast_clock

FAR = {"X-Forwarded-For": "203.0.113.9"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> App:
    """A program with a gateway, which nothing is sent to."""
    app = build_app(tmp_path_factory.mktemp("operation"), fast_clock(1), **ANDROID, android_url="http://127.0.0.1:9/")
    app.conversation  # noqa: B018 - loaded once for all tests
    return app


@pytest.fixture
def hooks(served: App) -> Hooks:
    return build_hooks(served)


@pytest.fixture
def gateway(served: App, hooks: Hooks) -> Iterator[Browser]:
    """The client of a program that carries messages."""
    browser = Browser(build_web(served, hooks))
    yield browser
    browser.close()


def figures(page: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"^(aiguilleur_\S+) (\S+)$", page, re.MULTILINE)}


def test_turns_of_the_page_are_counted_and_timed(open_browser: Open) -> None:
    browser = open_browser()
    browser.say(CAF)
    browser.say("RETOUR")
    counted = figures(browser.get("/metrics").raw)
    assert counted['aiguilleur_turns_total{channel="web"}'] == 2
    assert counted['aiguilleur_answers_total{channel="web"}'] == 2
    assert counted['aiguilleur_turn_seconds_count{channel="web"}'] == 2


@pytest.mark.parametrize(
    ("allowed", "headers", "status"),
    [
        (("127.0.0.1", "::1"), {}, 200),
        (("127.0.0.1", "::1"), FAR, 404),
        (("203.0.113.0/24",), FAR, 200),
        (("203.0.113.0/24",), {}, 404),
        ((), {}, 404),
    ],
)
def test_only_the_addresses_of_the_settings_read_the_metrics(
    open_browser: Open, allowed: tuple[str, ...], headers: dict[str, str], status: int
) -> None:
    answered = open_browser(metriques=allowed).get("/metrics", **headers)
    assert answered.status == status
    assert ("aiguilleur_turns" in answered.raw) is (status == 200)


def test_the_cost_is_told_by_gateway_where_the_price_is_known() -> None:
    watch = Watch({"kannel": 4, "twilio": 7.5})
    for gateway in ("kannel", "twilio", "vonage"):
        watch.sent(gateway, SMS, "é" * 200, Sending(state=Delivery.SENT))
    watch.sent("kannel", SMS, "é", Sending(state=Delivery.TEMPORARY_FAILURE))
    watch.sent("kannel", SMS, "é", Sending(state=Delivery.UNCERTAIN))
    counted = figures(watch.page({}).decode())
    assert counted['aiguilleur_sms_segments_total{gateway="kannel"}'] == 3
    assert counted['aiguilleur_sms_segments_total{gateway="vonage"}'] == 2
    assert counted['aiguilleur_cost_euros_total{gateway="kannel"}'] == pytest.approx(0.12)
    assert counted['aiguilleur_cost_euros_total{gateway="twilio"}'] == pytest.approx(0.15)
    assert 'aiguilleur_cost_euros_total{gateway="vonage"}' not in counted


def test_a_state_in_which_nothing_is_any_more_has_no_figure() -> None:
    watch = Watch()
    assert 'aiguilleur_waiting{what="outbox_created"}' in figures(watch.page({"outbox_created": 3}).decode())
    assert 'aiguilleur_waiting{what="outbox_created"}' not in figures(watch.page({}).decode())


def test_what_waits_is_told(gateway: Browser) -> None:
    waiting = figures(gateway.get("/metrics").raw)
    assert {
        f'aiguilleur_waiting{{what="{what}"}}'
        for what in ("inbox_waiting", "inbox_oldest_seconds", "outbox_oldest_seconds", "outbox_recovered")
    } <= waiting.keys()


def test_health_says_how_long_messages_wait(gateway: Browser) -> None:
    answered = gateway.get("/health")
    assert (answered.status, answered.raw) == (200, '{"etat": "ok", "arretes": [], "attente_s": 0}')


def test_health_says_which_parts_do_not_work(gateway: Browser, hooks: Hooks, monkeypatch: pytest.MonkeyPatch) -> None:
    hooks.service._worker.stop()
    answered = gateway.get("/health")
    assert answered.status == 503
    assert '"arretes": ["tours"]' in answered.raw
    assert hooks.service._sending
    hooks.service._sending.cancel()
    gateway.get("/health")
    assert '"arretes": ["tours", "envoi"]' in gateway.get("/health").raw


def test_a_base_that_does_not_answer_stops_no_metric(
    gateway: Browser, hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: object) -> dict[str, float]:
        raise BaseIndisponible("La base ne répond pas.")

    monkeypatch.setattr("bot.delivery.service.Service.gauges", gone)
    assert gateway.get("/metrics").status == 200


def call(gateway: Browser, path: str, body: Any = b"{}", **headers: str) -> Any:
    return gateway.ask("POST", f"/gateways/{path}", data=body, headers=headers)


def test_who_insists_on_being_refused_is_told_to_slow_down(
    gateway: Browser, hooks: Hooks, served: App, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "bot.web.hooks")
    statuses = [call(gateway, "android/faux", **FAR).status for _ in range(REFUSED_PER_MINUTE + 5)]
    assert statuses[:REFUSED_PER_MINUTE] == [404] * REFUSED_PER_MINUTE
    assert statuses[-1] == 429
    assert int(call(gateway, "android/faux", **FAR).headers["Retry-After"]) <= 3
    assert call(gateway, "android/faux").status == 404, "others are not concerned"
    body = b'{"event": "system:ping"}'
    headers = signed(body, served.clock().timestamp())
    assert call(gateway, f"android/{hooks.secrets['android']}", body, **FAR, **headers).status == 200, (
        "a gateway that is right is answered, whoever else calls from its address"
    )
    assert set(caplog.messages) == {"android : requête refusée (404)"}


def test_the_log_quotes_nothing_of_a_refused_request(gateway: Browser, caplog: pytest.LogCaptureFixture) -> None:
    call(gateway, "0639980042%0AZ%C3%A9lie/faux")
    assert caplog.messages == ["passerelle inconnue : requête refusée (404)"]


def test_a_request_that_comes_in_pieces_is_read_whole(gateway: Browser, hooks: Hooks, served: App) -> None:
    body = b'{"event": "system:ping", "payload": {"x": "' + b"a" * 60_000 + b'"}}'

    async def pieces() -> Any:
        yield body[:1000]
        await asyncio.sleep(0.1)
        yield body[1000:]

    headers = signed(body, served.clock().timestamp())
    assert call(gateway, f"android/{hooks.secrets['android']}", pieces(), **headers).status == 200


@pytest.mark.parametrize("size", [64 * 1024 + 1, 200_000])
def test_what_no_gateway_sends_is_refused(gateway: Browser, hooks: Hooks, size: int) -> None:
    answered = call(gateway, f"android/{hooks.secrets['android']}", b"x" * size)
    assert answered.status == web.HTTPRequestEntityTooLarge.status_code
