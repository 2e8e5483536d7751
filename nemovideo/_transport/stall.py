"""Ends a transfer that stands still."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from nemovideo._clock import Clock


class StallGuard:
    """An async context that raises `TimeoutError` when a counter has not moved for so many seconds.

    Args:
        clock: Measures.
        seconds: How long the counter may stand still.
        counter: Moves with the transfer.
    """

    def __init__(self, clock: Clock, seconds: float, counter: Callable[[], int]) -> None:
        self._clock = clock
        self._seconds = seconds
        self._counter = counter
        self._timeout = asyncio.timeout(None)
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        self._watch = asyncio.create_task(self._wait_for_standstill())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watch is not None:
            self._watch.cancel()
        await self._timeout.__aexit__(kind, error, trace)

    async def _wait_for_standstill(self) -> None:
        seen = -1
        while seen != self._counter():
            seen = self._counter()
            await self._clock.sleep(self._seconds)
        self._timeout.reschedule(asyncio.get_running_loop().time())
