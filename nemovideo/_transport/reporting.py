"""Progress that people see: seldom enough, never in the way."""

from __future__ import annotations

import inspect
import logging
from typing import TYPE_CHECKING

from nemovideo.models import OnProgress, Progress

if TYPE_CHECKING:
    from nemovideo._clock import Clock

_logger = logging.getLogger("nemovideo")
_SECONDS_BETWEEN = 0.1


class Reporter:
    """Calls a progress callback about ten times a second at most; the last word always comes through.

    Args:
        on_progress: The caller's; None makes this a no-op. What it raises is logged and goes no further.
        clock: Paces it.
        phase: As in `Progress.phase`.
        total: As in `Progress.total`.
    """

    def __init__(
        self, on_progress: OnProgress | None, clock: Clock, phase: str, total: float | None = None
    ) -> None:
        self._on_progress = on_progress
        self._clock = clock
        self._phase = phase
        self.total = total
        self._next = clock.monotonic()
        self._last: Progress | None = None

    async def report(self, done: float, message: str = "", *, final: bool = False) -> None:
        """Tell how far the work is; `final` is never left out."""
        if self._on_progress is None:
            return
        now = self._clock.monotonic()
        if not final and now < self._next:
            return
        progress = Progress(self._phase, done, self.total, message)
        if progress == self._last:
            return
        self._next, self._last = now + _SECONDS_BETWEEN, progress
        try:
            told = self._on_progress(progress)
            if inspect.isawaitable(told):
                await told
        except Exception as problem:  # noqa: BLE001 - a display must not break the work
            _logger.warning("on_progress raised %s; the work goes on", type(problem).__name__)
