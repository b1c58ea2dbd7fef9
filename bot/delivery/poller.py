"""Asking the gateways that do not call us: what they tell is committed before they may forget it."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.channels.gateway import REST_S, GatewayUnreachable, Polled
from bot.delivery.envelope import Source
from bot.delivery.intake import Intake
from bot.failpoints import reach
from knowledge.base import BaseIndisponible

logger = logging.getLogger(__name__)

TROUBLE_S = 5.0


class Poller:
    """Asks one gateway, again and again, `rest_s` seconds apart when it had nothing."""

    def __init__(
        self,
        gateway: Polled,
        source: Source,
        intake: Intake,
        clock: Callable[[], datetime],
        *,
        rest_s: float = REST_S,
        arrived: Callable[[], None] = lambda: None,
    ) -> None:
        self._gateway = gateway
        self._source = source
        self._intake = intake
        self._clock = clock
        self._rest_s = rest_s
        self._arrived = arrived

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            try:
                found = await self.ask()
            except GatewayUnreachable as error:
                logger.warning("%s : %s", self._source.gateway, error)
                await asyncio.sleep(max(TROUBLE_S, error.retry_after))
            except BaseIndisponible as error:
                logger.warning("%s : %s", self._source.gateway, error)
                await asyncio.sleep(TROUBLE_S)
            else:
                await asyncio.sleep(0 if found else self._rest_s)

    async def ask(self) -> bool:
        """Ask once, commit, confirm; return whether there was anything. Raises `GatewayUnreachable`."""
        received = await self._gateway.fetch()
        reach("poll.fetched")
        if received.tells:
            await asyncio.to_thread(self._intake.take, [(self._source, received)], self._clock().timestamp())
            reach("poll.committed")
        await self._gateway.confirm(received)
        if received.tells:
            self._arrived()
        return received.tells
