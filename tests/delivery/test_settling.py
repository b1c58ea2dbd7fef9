"""What became of messages is written together, and again after an outage."""

import asyncio
import math
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels.gateway import Outbound, Sending
from bot.conversation.reception import to_json
from bot.delivery import sender as sender_module
from bot.delivery.envelope import Envelope
from bot.delivery.sender import Sender
from bot.messages import SMS, Delivery, MessageOut
from bot.store.outbox import Leased, Settled
from bot.store.sending import LONGEST_S
from bot.store.tables import outbox
from knowledge.base import BaseIndisponible
from tests.delivery.program import SECRECY
from tests.delivery.served import START
from tests.delivery.station import BORIS, Clock, StandIn, Station


class OneBatch:
    """An outbox of five messages whose base is away at the first write."""

    def __init__(self) -> None:
        self.waiting = [
            Leased(
                id=number,
                key=f"k{number}",
                channel=SMS,
                conversation=f"c{number}",
                gateway="g",
                address=SECRECY.seal("+33639980001"),
                message=to_json(MessageOut(text="oui")),
                attempts=1,
                created_at=START.timestamp(),
            )
            for number in range(5)
        ]
        self.writes: list[list[int]] = []

    def adopt(self, now: float, grace: float, idempotent: object) -> int:
        return 0

    def processes(self) -> int:
        return 1

    def renew(self) -> None:
        """Be there."""

    def tidy(self, now: float) -> int:
        return 0

    def lease(self, now: float, gateways: object, most: int) -> list[Leased]:
        leased, self.waiting = self.waiting, []
        return leased

    def settle(self, settled: Sequence[Settled]) -> None:
        self.writes.append([each.id for each in settled])
        if len(self.writes) == 1:
            raise BaseIndisponible("absente")


class Gateway:
    name, channel, idempotent = "g", SMS, True

    async def send(self, message: Outbound) -> Sending:
        return Sending(state=Delivery.SENT)


def test_all_that_wait_are_written_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender_module, "OUTAGE_S", 0.01)
    batch: Any = OneBatch()

    async def play() -> None:
        sending = asyncio.create_task(Sender(batch, [Gateway()], Envelope(SECRECY), lambda: START, per_second={}).run())
        await asyncio.sleep(0.5)
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending

    asyncio.run(play())
    assert batch.writes == [[0, 1, 2, 3, 4]] * 2


@pytest.mark.parametrize("odd", [42, True, 1.5, ["g"], {"id": "g"}, b"g"])
def test_r05_an_id_that_is_no_text_is_not_kept_and_its_message_went(
    station: Station, gateway: StandIn, odd: Any
) -> None:
    gateway.answers.append(Sending(state=Delivery.SENT, gateway_id=odd))
    station.talk("caf")
    station.talk("orthez")
    assert station.states() == ["sent", "sent"], "and the next one goes"
    with station.engine.connect() as connection:
        assert set(connection.scalars(select(outbox.c.gateway_id))) == {None}


@pytest.mark.parametrize("odd", [42, ["g"], {"id": "g"}])
def test_r10_a_receipt_whose_ids_are_no_text_changes_nothing(station: Station, odd: Any) -> None:
    station.talk("caf")
    station.receipt(Delivery.DELIVERED, key=odd)
    station.receipt(Delivery.DELIVERED, gateway_id=odd)
    assert station.states() == ["sent"]


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, 10**400, -5.0, "7", [7]])
def test_r11_a_delay_that_is_none_is_not_waited_for(station: Station, gateway: StandIn, clock: Clock, odd: Any) -> None:
    gateway.answers.append(Sending(state=Delivery.TEMPORARY_FAILURE, retry_after=odd))
    station.talk("caf")
    assert station.states() == ["temporary-failure"]
    assert station.send() == 0, "not at once"
    clock.advance(LONGEST_S)
    assert station.send() == 1


@pytest.mark.parametrize("odd", [math.nan, math.inf, "7"])
def test_r11_a_gateway_that_says_no_delay_is_not_held(
    station: Station, gateway: StandIn, clock: Clock, odd: Any
) -> None:
    gateway.answers.append(Sending(state=Delivery.SENT, retry_after=odd))
    station.talk("caf")
    station.hear("caf", address=BORIS)
    station.play()
    clock.advance(LONGEST_S)
    assert station.send() == 1


def test_r05_what_cannot_be_written_whole_is_written_by_its_state_alone(
    station: Station, gateway: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = station.outbox.settle

    def wary(settled: Sequence[Settled]) -> None:
        if any(each.gateway_id for each in settled):
            raise KeyError("g1")
        write(settled)

    monkeypatch.setattr(station.outbox, "settle", wary)
    gateway.answers.append(Sending(state=Delivery.SENT, gateway_id="g1"))
    station.talk("caf")
    assert station.states() == ["sent"]
