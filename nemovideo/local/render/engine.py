"""From a plan to a finished file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from nemovideo.local.render.plan import Plan


def render(
    plan: Plan,
    destination: Path,
    *,
    on_progress: Callable[[float], None],
    cancelled: threading.Event,
) -> None:
    """Make the video file. Blocks: call it in a thread.

    The file appears at its destination whole or not at all.

    Args:
        plan: What `plan.plan` made of a draft.
        destination: Where the file goes; its folder must exist. An older file there is replaced.
        on_progress: Told the share of frames done, 0 to 1, after each one; called in this thread.
        cancelled: Set it from anywhere to stop.

    Raises:
        RenderCancelled: `cancelled` was set.
        RenderError: A source cannot be read, or the file cannot be written.
    """
    raise NotImplementedError
