"""What became of messages is written together, and again after an outage."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest

from bot.channels.gateway import Outbound, Sending
from bot.conversation.reception import to_json
from bot.delivery import sender as sender_module
from bot.delivery.envelope import Envelope
from bot.delivery.sender import Sender
from bot.messages import SMS, Delivery, MessageOut
from bot.store.outbox import Leased, Settled
from knowledge.base import BaseIndisponible
from tests.delivery.program import SECRECY
from tests.delivery.served import START


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

    def renew(self) -> None:
        """Be there."""

    def tidy(self, now: float) -> None:
        """Have nothing too old."""

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
    outbox: Any = OneBatch()

    async def play() -> None:
        sending = asyncio.create_task(
            Sender(outbox, [Gateway()], Envelope(SECRECY), lambda: START, per_second={}).run()
        )
        await asyncio.sleep(0.5)
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending

    asyncio.run(play())
    assert outbox.writes == [[0, 1, 2, 3, 4]] * 2
