"""Where gateways wait while what they told is written."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.channels.gateway import Received
from bot.delivery.envelope import Source
from bot.delivery.intake import Intake
from bot.delivery.together import Together

Told = tuple[Source, Received]


class Door:
    """Takes what gateways tell into the inbox."""

    def __init__(self, intake: Intake, clock: Callable[[], datetime]) -> None:
        def write(told: Sequence[Told]) -> None:
            intake.take(told, clock().timestamp())

        self._told = Together(write)

    async def take(self, source: Source, received: Received) -> None:
        """Return once everything of `received` is committed. Raises `BaseIndisponible`: it must be told again."""
        if received.tells:
            await self._told.put((source, received))
