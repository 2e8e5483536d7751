"""A long call and its reports of progress, as one async iterator."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine

    from nemovideo.models import OnProgress, Progress

T = TypeVar("T")


class Watched(Generic[T]):
    """Runs a call while its progress is read.

    Args:
        start: Begins the call, given where it shall report to.

    Attributes:
        result: What the call returned, once `progress` has ended.
    """

    result: T

    def __init__(self, start: Callable[[OnProgress], Coroutine[None, None, T]]) -> None:
        self._start = start

    async def progress(self) -> AsyncGenerator[Progress, None]:
        """Yield each report until the call is over; leaving early cancels it.

        Raises:
            Exception: What the call raised.
        """
        reports: asyncio.Queue[Progress | None] = asyncio.Queue()
        task = asyncio.create_task(self._start(reports.put_nowait))
        task.add_done_callback(lambda _: reports.put_nowait(None))
        try:
            while (report := await reports.get()) is not None:
                yield report
            self.result = task.result()
        finally:
            task.cancel()
            await asyncio.wait([task])
