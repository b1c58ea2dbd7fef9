"""Both ways in, over real HTTP: polling and the webhook; what is shown of the bot, and what is kept from the logs."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.gateway import GatewayUnreachable, Request, RequestRefused
from bot.channels.telegram.gateway import Batch, TelegramGateway
from bot.channels.telegram.menu import menus
from bot.journal import configure_logging
from bot.messages import TELEGRAM, MessageOut
from tests.telegram.bot_api import BOT, TOKEN, BotApi, Fault
from tests.telegram.conftest import PERSON, SECONDS, inline, out, play, pressed, said


def test_polling_goes_on_only_after_a_confirmation() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        assert await gateway.set_up(None) == "AiguilleurBot"
        api.push(said(12, "deux"), said(11, "un"), pressed(13), said(11, "un"))
        first = await gateway.fetch()
        assert [(one.text, one.pressed) for one in first.messages] == [
            ("deux", None),
            ("un", None),
            ("", "3:1"),
            ("un", None),
        ]
        assert await gateway.fetch() == first, "not confirmed: told again"
        assert not api.named("answerCallbackQuery")
        await gateway.confirm(first)
        assert [call.values for call in api.named("answerCallbackQuery")] == [{"callback_query_id": "press-13"}]
        api.push(said(14, "trois"))
        assert [one.text for one in (await gateway.fetch()).messages] == ["trois"]
        assert [one["update_id"] for one in api.updates] == [14]

    play(scenario)


def test_numbers_may_begin_again_lower_after_a_week_of_silence() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        told: list[list[str]] = []
        for updates in ([said(900_000_000, "avant")], [], [said(5, "après")], [said(6, "ensuite")], []):
            api.push(*updates)
            received = await gateway.fetch()
            told.append([one.text for one in received.messages])
            await gateway.confirm(received)
        assert told == [["avant"], [], ["après"], ["ensuite"], []]
        assert not api.updates

    play(scenario)


def test_an_update_that_cannot_be_read_holds_up_nothing() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        api.push({"update_id": 1, "message": {"chat": 4}}, said(2, "ensuite"))
        received = await gateway.fetch()
        assert [one.text for one in received.messages] == ["ensuite"]
        await gateway.confirm(received)
        assert (await gateway.fetch()).messages == ()
        assert not api.updates

    play(scenario)


def added(number: int) -> dict[str, Any]:
    """Return the update of the bot's coming into a group."""
    statuses = [{"status": status, "user": BOT} for status in ("left", "member")]
    members = dict(zip(("old_chat_member", "new_chat_member"), statuses, strict=True))
    chat = {"id": -5, "type": "group", "title": "G"}
    return {"update_id": number, "my_chat_member": {"chat": chat, "from": PERSON, "date": 1795424400, **members}}


def edited(number: int) -> dict[str, Any]:
    """Return the update of a text that was changed."""
    return {"update_id": number, "edited_message": said(number)["message"] | {"edit_date": 1795424500}}


def test_every_kind_of_update_that_is_answered_is_asked_for() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        updates = [said(1), pressed(2), added(3), edited(4), inline(5)]
        post = {"update_id": 6, "channel_post": said(6)["message"]}
        api.push(*updates, post)
        received = await gateway.fetch()
        assert [one.external_id for one in received.messages] == ["1", "2", "3", "4"]
        assert isinstance(received, Batch)
        assert [one.id for one in received.inline] == ["inline-5"]
        await gateway.set_up("https://aide.exemple.fr/x")
        assert api.webhook
        kinds = {kind for update in updates for kind in update} - {"update_id"}
        assert set(api.webhook["allowed_updates"]) == kinds

    play(scenario)


def test_a_button_that_cannot_be_answered_stops_nothing() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        api.push(pressed(1), pressed(2))
        api.fail("answerCallbackQuery", Fault(400, "Bad Request: query is too old"))
        await gateway.confirm(await gateway.fetch())
        assert len(api.named("answerCallbackQuery")) == 1
        assert (await gateway.fetch()).messages == ()

    play(scenario)


POLL_FAULTS = {
    "two programs poll": (Fault(409, "Conflict: terminated by other getUpdates request"), "Conflict"),
    "too many": (Fault(429, "Too Many Requests", {"retry_after": 3}), "flooded"),
    "wrong token": (Fault(401, "Unauthorized"), "bad-token"),
    "a page": (Fault(200, body="<html>"), "NotTelegram"),
    "too late": (Fault(seconds=1 + 3 * SECONDS), "TimedOut"),
}


@pytest.mark.parametrize(("fault", "reason"), POLL_FAULTS.values(), ids=POLL_FAULTS)
def test_a_poll_that_fails_says_why_and_loses_nothing(fault: Fault, reason: str) -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        api.push(said(5))
        api.fail("getUpdates", fault)
        with pytest.raises(GatewayUnreachable, match=reason):
            await gateway.fetch()
        assert len((await gateway.fetch()).messages) == 1

    play(scenario)


def test_a_poll_that_comes_too_soon_says_how_long_to_wait() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        api.fail("getUpdates", Fault(429, "Too Many Requests", {"retry_after": 31}), Fault(502, "Bad Gateway"))
        for seconds in (31, 0):
            with pytest.raises(GatewayUnreachable) as fault:
                await gateway.fetch()
            assert fault.value.retry_after == seconds

    play(scenario)


ADDRESSES = {
    "bad webhook: An HTTPS URL must be provided for webhook": "il faut https",
    "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443": "443, 80, 88 ou 8443",
    "bad webhook: Failed to resolve host: Name or service not known": "son nom",
    "bad webhook: IP address 10.0.0.1 is reserved": "depuis internet",
    "bad webhook: URL host is empty": "AIGUILLEUR_ADRESSE",
    "invalid webhook URL specified": "AIGUILLEUR_ADRESSE",
}


@pytest.mark.parametrize(("said", "expected"), ADDRESSES.items())
def test_an_address_that_telegram_refuses_is_said(said: str, expected: str) -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        api.fail("setWebhook", Fault(400, f"Bad Request: {said}"))
        with pytest.raises(GatewayUnreachable) as fault:
            await gateway.set_up("https://srv-mairie:9/gateways/telegram/secret")
        assert expected in str(fault.value)
        assert "secret" not in str(fault.value)

    play(scenario)


def test_the_webhook() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        heard: list[str] = []

        async def take(request: web.Request) -> web.Response:
            headers = {name.lower(): value for name, value in request.headers.items()}
            asked = Request(
                method="POST",
                url=str(request.url),
                received_at=datetime.now(UTC),
                headers=headers,
                body=await request.read(),
            )
            try:
                received = gateway.read(asked)
            except RequestRefused as refused:
                return web.Response(status=refused.status)
            heard.extend(one.pressed or one.text for one in received.messages)
            answer = received.answer
            return web.Response(status=answer.status, text=answer.text, content_type=answer.content_type)

        app = web.Application()
        app.router.add_post("/telegram/x", take)
        async with TestServer(app) as ours:
            await gateway.set_up(str(ours.make_url("/telegram/x")))
            assert await api.deliver(said(1, "CAF")) == 200
            assert await api.deliver(pressed(2, "3:1")) == 200
            assert [call.values for call in api.named("answerCallbackQuery")] == [{"callback_query_id": "press-2"}]
            assert await api.deliver({"edited_message": {}}) == 400
            assert api.webhook
            api.webhook["secret_token"] = "forged"
            assert await api.deliver(said(3, "forged")) == 403
        assert heard == ["CAF", "3:1"]
        await gateway.set_up(None)
        assert api.webhook is None

    play(scenario)


def test_the_menu_is_shown_in_every_language() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        await gateway.set_up(None)
        languages = {None, "en", "es", "pt", "eu", "ar"}
        for method in ("setMyCommands", "setMyDescription", "setMyShortDescription"):
            assert {call.values.get("language_code") for call in api.named(method)} == languages
        names = [tuple(command.command for command in menu.commandes) for menu in menus()]
        assert len(set(names)) == 1
        assert names[0] == ("aide", "menu", "retour", "conseil", "contact", "effacer", "stop")

    play(scenario)


def test_the_menu_may_be_refused_but_not_the_token() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        api.fail("setMyCommands", Fault(429, "Too Many Requests", {"retry_after": 900}))
        assert await gateway.set_up(None) == "AiguilleurBot"
        api.fail("getMe", Fault(401, "Unauthorized"))
        with pytest.raises(GatewayUnreachable, match="bad-token"):
            await gateway.set_up(None)

    play(scenario)


@pytest.fixture
def everything_logged() -> Iterator[None]:
    """Log as the program does at its most talkative, and put back what was."""
    loggers = [logging.getLogger(name) for name in ("", "httpx", "telegram")]
    levels = [logger.level for logger in loggers]
    configure_logging("DEBUG")
    loggers[0].setLevel(logging.DEBUG)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_the_token_and_the_words_are_in_no_log(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], everything_logged: None
) -> None:
    words = "mon mari me frappe"

    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        await gateway.set_up(None)
        api.push(said(1, words), {"update_id": 2, "message": {"text": words}})
        await gateway.fetch()
        body = f'{{"ok":true,"result":{{"text":"{words}"'
        api.fail("sendMessage", Fault(200, body=body), Fault(400, f"Bad Request: {words}"), Fault(drop=True))
        for _ in range(4):
            await gateway.send(out(MessageOut(text=words)))
        api.fail("getUpdates", Fault(200, body=body), Fault(401, "Unauthorized"))
        for _ in range(2):
            with pytest.raises(GatewayUnreachable) as fault:
                await gateway.fetch()
            assert TOKEN not in repr(fault.value)
            assert fault.value.__suppress_context__
        assert TOKEN not in repr(gateway)
        assert gateway._secret not in repr(gateway)

    play(scenario)
    logged = "\n".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    printed = capsys.readouterr()
    assert "ne se lit pas" in logged
    for text in (logged, printed.out, printed.err):
        assert TOKEN not in text
        assert words not in text


def test_what_the_program_asks_of_a_gateway() -> None:
    assert (TelegramGateway.name, TelegramGateway.channel, TelegramGateway.idempotent) == ("telegram", TELEGRAM, False)
