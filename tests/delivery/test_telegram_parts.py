"""A text too long for one message of Telegram: its parts go out one by one (promises R6, R11)."""

from collections import deque

import pytest
from sqlalchemy import Engine

from bot.app import App
from bot.channels.gateway import Sending
from bot.messages import TELEGRAM, Delivery
from tests.delivery.station import ANNA, Clock, StandIn, Station

SHORT = 60
SENT = Sending(state=Delivery.SENT)
FLOODED = Sending(state=Delivery.TEMPORARY_FAILURE, retry_after=7)
UNREACHABLE = Sending(state=Delivery.TEMPORARY_FAILURE)


def test_r06_a_part_that_fails_twice_is_sent_alone_again_after_a_restart_too(
    database: Engine, program: App, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.text.MAX_TEXT", SHORT)
    gateway = StandIn("telegram", TELEGRAM, idempotent=False, answers=deque([SENT, FLOODED, UNREACHABLE]))
    first = Station(database, program.conversation, gateway, clock=clock)
    first.presence.enter()
    first.talk("caf à Orthez")
    assert len(gateway.sent) == 2
    clock.advance(6.5)
    assert not first.send(), "Telegram asked for 7 seconds"
    first.presence.leave()
    again = Station(database, program.conversation, gateway, clock=clock)
    again.presence.enter()
    for _ in range(20):
        clock.advance(10)
        again.send()
    one, two, *_ = texts = gateway.texts(ANNA)
    assert texts.count(one) == 1
    assert texts[1:4] == [two] * 3
    assert len(texts) == len(set(texts)) + 2 >= 5
    assert all(len(text) <= SHORT for text in texts)
    assert [bool(one.message.choices) for one in gateway.sent] == [False] * (len(texts) - 1) + [True]
    assert set(again.states()) == {Delivery.SENT}
    again.presence.leave()
