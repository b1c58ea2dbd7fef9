"""Every way that sending can end, in front of a stand-in of Telegram, over real HTTP."""

import asyncio

import pytest

from bot.channels.gateway import GatewayUnreachable, Sending
from bot.channels.telegram.gateway import TelegramGateway
from bot.messages import Choice, Delivery, MessageOut
from tests.telegram.bot_api import BotApi, Fault
from tests.telegram.conftest import SECONDS, facing, out, play

EXTRAS = ("sendVenue", "sendContact")


def test_an_answer_is_a_text_with_buttons_then_a_place_then_its_number() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        sending = await gateway.send(out())
        assert sending == Sending(state=Delivery.SENT, gateway_id="1")
        assert [call.method for call in api.calls] == ["sendMessage", "sendVenue", "sendContact"]
        text, venue, contact = (call.values for call in api.calls)
        assert text["text"] == "• <b>France services fictif</b> – à 3 km"
        assert text["link_preview_options"] == {"is_disabled": True}
        rows = text["reply_markup"]["inline_keyboard"]
        assert [[button["callback_data"] for button in row] for row in rows] == [["3:1"], ["3:2"]]
        assert [row[0]["text"] for row in rows] == ["1. Autre lieu", "2. Autre besoin"]
        assert (venue["latitude"], venue["longitude"]) == (43.2245, -0.8868)
        assert venue["address"] == "1 rue de l'Exemple, 64130 Mauléon-Licharre"
        assert contact["phone_number"] == "+33536490001"
        assert "NOTE:Ouvert lundi 23 novembre\\, de 9 h à 12 h 30." in contact["vcard"]
        assert [values.get("disable_notification") for values in (text, venue, contact)] == [None, True, True]

    play(scenario)


FAILURES = {
    "too many": (
        Fault(429, "Too Many Requests: retry after 7", {"retry_after": 7}),
        Sending(state=Delivery.TEMPORARY_FAILURE, retry_after=7.0, reason="flooded"),
    ),
    "blocked": (
        Fault(403, "Forbidden: bot was blocked by the user"),
        Sending(state=Delivery.PERMANENT_FAILURE, stopped=True, reason="forbidden"),
    ),
    "deactivated": (
        Fault(403, "Forbidden: user is deactivated"),
        Sending(state=Delivery.PERMANENT_FAILURE, stopped=True, reason="forbidden"),
    ),
    "no such chat": (
        Fault(400, "Bad Request: chat not found"),
        Sending(state=Delivery.PERMANENT_FAILURE, reason="chat-not-found"),
    ),
    "another bad request": (
        Fault(400, "Bad Request: quelque chose de Personnel"),
        Sending(state=Delivery.PERMANENT_FAILURE, reason="bad-request"),
    ),
    "another group": (
        Fault(400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -100}),
        Sending(state=Delivery.PERMANENT_FAILURE, reason="chat-migrated"),
    ),
    "wrong token": (Fault(401, "Unauthorized"), Sending(state=Delivery.TECHNICAL_FAILURE, reason="bad-token")),
    "malformed token": (Fault(404, "Not Found"), Sending(state=Delivery.TECHNICAL_FAILURE, reason="bad-token")),
    "Telegram failed": (Fault(500), Sending(state=Delivery.TEMPORARY_FAILURE, reason="server-fault")),
    "Telegram failed on the way": (
        Fault(502, "Bad Gateway"),
        Sending(state=Delivery.TEMPORARY_FAILURE, reason="server-fault"),
    ),
    "a proxy forbids": (
        Fault(403, body="<html>Interdit</html>"),
        Sending(state=Delivery.TECHNICAL_FAILURE, reason="not-telegram"),
    ),
    "a portal": (Fault(302, body=""), Sending(state=Delivery.TECHNICAL_FAILURE, reason="not-telegram")),
    "a proxy lost it": (Fault(504, body="<html>504</html>"), Sending(state=Delivery.UNCERTAIN, reason="NotTelegram")),
    "a page": (Fault(200, body="<html>Bienvenue</html>"), Sending(state=Delivery.UNCERTAIN, reason="NotTelegram")),
    "half an answer": (Fault(200, body='{"ok":true,"resu'), Sending(state=Delivery.UNCERTAIN, reason="NotTelegram")),
    "no result": (Fault(200, body='{"ok":true}'), Sending(state=Delivery.UNCERTAIN, reason="NotTelegram")),
    "another result": (
        Fault(200, body='{"ok":true,"result":{"a":1}}'),
        Sending(state=Delivery.UNCERTAIN, reason="KeyError"),
    ),
    "a number": (Fault(200, body='{"ok":true,"result":1}'), Sending(state=Delivery.UNCERTAIN, reason="AttributeError")),
    "a list": (Fault(400, body="[]"), Sending(state=Delivery.TECHNICAL_FAILURE, reason="not-telegram")),
    "no answer in time": (Fault(seconds=3 * SECONDS), Sending(state=Delivery.UNCERTAIN, reason="TimedOut")),
    "hung up": (Fault(drop=True), Sending(state=Delivery.UNCERTAIN, reason="NetworkError")),
}


@pytest.mark.parametrize(("fault", "expected"), FAILURES.values(), ids=FAILURES)
def test_failure(fault: Fault, expected: Sending) -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        api.fail("sendMessage", fault)
        assert await gateway.send(out()) == expected
        assert not api.calls, "nothing is sent after the text that was not"

    play(scenario)


def test_nobody_listens() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        await api.__aexit__()
        assert await gateway.send(out()) == Sending(state=Delivery.TEMPORARY_FAILURE, reason="unreachable")
        with pytest.raises(GatewayUnreachable, match="unreachable"):
            await gateway.fetch()

    play(scenario)


def test_what_telegram_refuses_itself() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        assert (await gateway.send(out(MessageOut(text=" ")))).reason == "empty"
        wide = MessageOut(text="x", choices=(Choice("1" * 70, "x", "x"),))
        assert (await gateway.send(out(wide))).reason == "bad-button"

    play(scenario)


@pytest.mark.parametrize("site", ["https://srv-mairie:8443", "https://srv.mairie"])
def test_an_answer_goes_without_a_link_that_telegram_refuses(site: str) -> None:
    async def run() -> None:
        async with facing(site=site) as (api, gateway):
            assert (await gateway.send(out())).state is Delivery.SENT
            rows = api.calls[0].values["reply_markup"]["inline_keyboard"]
            assert [row[0]["text"] for row in rows] == ["1. Autre lieu", "2. Autre besoin"]

    asyncio.run(run())


def test_nothing_replaces_a_keyboard_where_there_is_none() -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        for chat in ("-1001234567890", "-5", "42"):
            assert (await gateway.send(out(MessageOut(text="En privé."), address=chat))).state is Delivery.SENT
        assert ["reply_markup" in call.values for call in api.calls] == [False, False, True]

    play(scenario)


@pytest.mark.parametrize("method", EXTRAS)
def test_the_extras_may_fail(method: str) -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        api.fail(method, Fault(400, "Bad Request: PHONE_NUMBER_INVALID"))
        assert await gateway.send(out()) == Sending(state=Delivery.SENT, gateway_id="1")
        assert [call.method for call in api.calls] == ["sendMessage", *(name for name in EXTRAS if name != method)]

    play(scenario)


@pytest.mark.parametrize("method", EXTRAS)
def test_no_extra_after_telegram_asks_to_wait(method: str) -> None:
    async def scenario(api: BotApi, gateway: TelegramGateway) -> None:
        api.fail(method, Fault(429, "Too Many Requests", {"retry_after": 4}))
        assert await gateway.send(out()) == Sending(state=Delivery.SENT, gateway_id="1", retry_after=4.0)
        assert [call.method for call in api.calls] == ["sendMessage", *EXTRAS[: EXTRAS.index(method)]]

    play(scenario)
