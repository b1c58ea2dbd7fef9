"""Writing many things at a time: a disk that is asked once takes a hundred of them as fast as one."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from knowledge.base import BaseIndisponible

T = TypeVar("T")


class Together(Generic[T]):
    """Has `write` take, in one transaction, all that came while the former one was written.

    `rest_s`: how long to wait for more before each.
    """

    def __init__(self, write: Callable[[Sequence[T]], None], *, rest_s: float = 0.0) -> None:
        self._write = write
        self._rest_s = rest_s
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def put(self, item: T) -> None:
        """Return once the item is committed. Raises what `write` raises for it, `BaseIndisponible` among others."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        await done

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                if self._rest_s:
                    await asyncio.sleep(self._rest_s)
                batch, self._waiting = self._waiting, []
                await self._write_or_tell(batch)
        finally:
            self._writing = None

    async def _write_or_tell(self, batch: Sequence[tuple[T, asyncio.Future[None]]]) -> None:
        """Write a batch. One of many may be at fault: each is tried alone then; an outage is the same for all."""
        try:
            await asyncio.to_thread(self._write, [item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - told to those who wait
            if len(batch) > 1 and not isinstance(error, BaseIndisponible):
                for each in batch:
                    await self._write_or_tell([each])
                return
            for _, done in batch:
                if not done.done():
                    done.set_exception(error)
        else:
            for _, done in batch:
                if not done.done():
                    done.set_result(None)
