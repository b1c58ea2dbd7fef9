"""Inline queries over real HTTP: what is answered, how fast one may ask, what goes wrong without a crash."""

import asyncio
import json
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.gateway import Request
from bot.channels.telegram.gateway import SECRET_HEADER, TelegramGateway
from bot.channels.telegram.inline import AT_WORK, PER_MINUTE, Card, Cards, read_inline
from tests.telegram.bot_api import BotApi, Call, Fault
from tests.telegram.conftest import inline, play

LONG = Card(key="b", title="t" * 300, description="d", text="<&> \U0001f600" * 2000)
SECONDS = 5


def found(query: str, skip: int, at_most: int) -> Cards:
    """Return what was asked, as cards."""
    assert at_most == 10
    cards = [Card(key="a", title=query, description="Pau", text="<1 & 2>"), LONG]
    return Cards(cards=cards, notice="Pas compris : " + "z" * 90 if skip == 0 else "", more=skip < 4)


async def answers(api: BotApi, count: int) -> list[Call]:
    """Wait until so many queries are answered."""
    async with asyncio.timeout(SECONDS):
        while len(calls := api.named("answerInlineQuery")) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return calls


async def ask(gateway: TelegramGateway, api: BotApi, *updates: dict[str, Any]) -> None:
    """Let the queries come by a poll, nothing of which is for the inbox."""
    api.push(*updates)
    received = await gateway.fetch()
    assert not received.tells
    await gateway.confirm(received)


def test_a_query_is_answered_with_cards_ready_to_send() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        await ask(gateway, api, inline(1, "caf <mauleon>"))
        values = (await answers(api, 1))[0].values
        first, second = values["results"]
        assert values["inline_query_id"] == "inline-1"
        assert (first["title"], first["description"]) == ("caf <mauleon>", "Pau")
        assert first["input_message_content"]["message_text"] == "<b>caf &lt;mauleon&gt;</b>\n&lt;1 &amp; 2&gt;"
        assert len(second["title"]) <= 200
        assert values["cache_time"] == 60
        assert values["is_personal"] is False
        assert values["next_offset"] == "2"
        assert len(values["button"]["text"]) == 60

    play(scenario, found)


def test_the_next_ones_are_asked_for_with_the_offset() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        await ask(gateway, api, inline(1, offset="2"))
        assert (await answers(api, 1))[0].values["next_offset"] == "4"
        await ask(gateway, api, inline(2, offset="4"))
        last = (await answers(api, 2))[1].values
        assert "button" not in last
        assert not last.get("next_offset")

    play(scenario, found)


def test_a_webhook_answers_too_and_its_request_waits_for_nothing() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        headers = {SECRET_HEADER: gateway._secret}
        body = json.dumps(inline(1)).encode()
        received = gateway.read(
            Request(method="POST", url="/", received_at=datetime.now(UTC), headers=headers, body=body)
        )
        assert received.messages == ()
        assert received.answer.text == ""
        await answers(api, 1)

    play(scenario, found)


FAULTS: dict[str, Callable[[BotApi], None]] = {
    "too late": lambda api: api.fail("answerInlineQuery", Fault(400, "Bad Request: query is too old")),
    "flood": lambda api: api.fail("answerInlineQuery", Fault(429, "Too Many Requests", {"retry_after": 3})),
    "a page": lambda api: api.fail("answerInlineQuery", Fault(502, body="<html>")),
    "cut": lambda api: api.fail("answerInlineQuery", Fault(drop=True)),
}


@pytest.mark.parametrize("fail", FAULTS.values(), ids=FAULTS)
def test_a_query_that_cannot_be_answered_stops_nothing(
    fail: Callable[[BotApi], None], caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        fail(api)
        await ask(gateway, api, inline(1, "zgluborf"))
        async with asyncio.timeout(SECONDS):
            while "recherche restée sans réponse" not in caplog.text:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await ask(gateway, api, inline(2, "caf"))
        assert (await answers(api, 1))[0].values["inline_query_id"] == "inline-2"

    caplog.set_level(logging.INFO)
    play(scenario, found)
    assert "zgluborf" not in caplog.text


def test_a_look_up_that_breaks_leaves_its_query_without_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    def breaking(query: str, skip: int, at_most: int) -> Cards:
        if query == "zgluborf":
            raise KeyError(query)
        return found(query, skip, at_most)

    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        await ask(gateway, api, inline(1, "zgluborf"))
        await ask(gateway, api, inline(2, "caf"))
        assert [call.values["inline_query_id"] for call in await answers(api, 1)] == ["inline-2"]

    caplog.set_level(logging.DEBUG)
    play(scenario, breaking)
    assert "recherche : KeyError" in caplog.text
    assert "zgluborf" not in caplog.text


def test_who_asks_too_fast_waits_and_others_do_not() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        assert gateway._inline
        gateway._inline._clock = lambda: 0.0
        for number in range(1, PER_MINUTE + 2):
            await ask(gateway, api, inline(number))
            await answers(api, min(number, PER_MINUTE))
        await ask(gateway, api, inline(1000, who=43))
        asked = [call.values["inline_query_id"] for call in await answers(api, PER_MINUTE + 1)]
        assert asked == [*(f"inline-{number}" for number in range(1, PER_MINUTE + 1)), "inline-1000"]

    play(scenario, found)


def test_no_more_is_worked_on_at_once_than_the_program_can() -> None:
    go = threading.Event()

    def slow(query: str, skip: int, at_most: int) -> Cards:
        go.wait(SECONDS)
        return found(query, skip, at_most)

    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        await ask(gateway, api, *(inline(number, who=number) for number in range(1, AT_WORK + 4)))
        go.set()
        assert len(await answers(api, AT_WORK)) == AT_WORK
        await ask(gateway, api, inline(99, who=99))
        assert (await answers(api, AT_WORK + 1))[-1].values["inline_query_id"] == "inline-99"

    play(scenario, slow)


def test_without_a_look_up_a_query_is_passed_over() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        await ask(gateway, api, inline(1))
        assert not api.named("answerInlineQuery")

    play(scenario)


ODD: dict[str, Any] = {
    "no query": {"query": None},
    "no id": {"id": ""},
    "a number as id": {"id": 5},
    "nobody": {"from": None},
    "somebody odd": {"from": {"id": "x"}},
}


@pytest.mark.parametrize("change", ODD.values(), ids=ODD)
def test_an_odd_query_asks_nothing(change: dict[str, Any]) -> None:
    update = inline(1)
    assert read_inline(update)
    assert read_inline({**update, "inline_query": {**update["inline_query"], **change}}) is None


@pytest.mark.parametrize(
    ("offset", "skip"),
    [("", 0), ("10", 10), ("-1", 0), ("1e3", 0), ("9999", 500), ("99999", 0), ("²", 0), (None, 0), (7, 0)],
)
def test_any_offset_is_read(offset: Any, skip: int) -> None:
    asked = read_inline(inline(1, offset=offset))
    assert asked
    assert asked.offset == skip


def test_inline_mode_that_is_off_is_said_with_what_to_do() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        assert await gateway.check() == ""
        assert gateway.advice() == ""
        api.bot["supports_inline_queries"] = False
        assert await gateway.check() == ""
        assert "/setinline" in gateway.advice()

    play(scenario)
