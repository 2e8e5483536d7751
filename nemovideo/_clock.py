"""Time as it is passed in: the real clock, and one that a test drives by hand."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock(Protocol):
    """What this package asks of time. All values are seconds, as float."""

    def monotonic(self) -> float:
        """Return a time that never jumps; only differences mean anything."""
        ...

    def time(self) -> float:
        """Return the wall clock's Unix time; for expiry dates only, never for deadlines."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; zero or less gives the loop one turn."""

    def timeout(self, seconds: float | None) -> asyncio.Timeout:
        """Return an async context manager that raises `TimeoutError` when its block takes longer.

        None never does.
        """
        ...


class SystemClock:
    """The machine's own time."""

    def monotonic(self) -> float:
        """Return `time.monotonic()`."""
        return time.monotonic()

    def time(self) -> float:
        """Return `time.time()`."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Wait on the event loop."""
        await asyncio.sleep(seconds)

    def timeout(self, seconds: float | None) -> asyncio.Timeout:
        """Return `asyncio.timeout(seconds)`."""
        return asyncio.timeout(seconds)


class ManualClock:
    """A clock that stands still until `advance` moves it; for one event loop.

    Args:
        start: The Unix time it shows at first.
    """

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self._start = start
        self._elapsed = 0.0
        self._wall_offset = 0.0
        self._order = itertools.count()
        self._due: list[tuple[float, int, Callable[[], None]]] = []

    def monotonic(self) -> float:
        """Return the seconds this clock was advanced by."""
        return self._elapsed

    def time(self) -> float:
        """Return the wall clock's Unix time, jumps included."""
        return self._start + self._elapsed + self._wall_offset

    def jump(self, seconds: float) -> None:
        """Set the wall clock forward or back; deadlines do not see it."""
        self._wall_offset += seconds

    async def sleep(self, seconds: float) -> None:
        """Wait until `advance` has moved the clock that far."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.get_running_loop().create_future()

        def wake() -> None:
            if not woken.done():
                woken.set_result(None)

        self._call_at(self._elapsed + seconds, wake)
        await woken

    def timeout(self, seconds: float | None) -> asyncio.Timeout:
        """Return a timeout that fires when `advance` passes it."""
        guard = asyncio.timeout(None)
        if seconds is not None:
            loop = asyncio.get_running_loop()

            def expire() -> None:
                with contextlib.suppress(RuntimeError):  # its block is over: nothing to interrupt
                    guard.reschedule(loop.time() - 1)

            self._call_at(self._elapsed + seconds, expire)
        return guard

    @property
    def waiting(self) -> int:
        """How many sleeps and timeouts are still to come."""
        return len(self._due)

    async def advance(self, seconds: float) -> None:
        """Move time forward, waking in order what falls due, and let the woken tasks run."""
        target = self._elapsed + seconds
        await _settle()
        while self._due and self._due[0][0] <= target:
            due, _, callback = heapq.heappop(self._due)
            self._elapsed = max(self._elapsed, due)
            callback()
            await _settle()
        self._elapsed = target
        await _settle()

    def _call_at(self, due: float, callback: Callable[[], None]) -> None:
        heapq.heappush(self._due, (due, next(self._order), callback))


async def _settle(rounds: int = 20) -> None:
    """Let ready tasks and loopback sockets make progress, without waiting for time."""
    for _ in range(rounds):
        await asyncio.sleep(0)
