"""From a plan to a finished file: one thread draws ahead while another encodes."""

from __future__ import annotations

import contextlib
import queue
import threading
import uuid
from typing import TYPE_CHECKING

import av

from nemovideo.local.render.compose import Composer
from nemovideo.local.render.encoder import open_encoder
from nemovideo.local.render.errors import RenderCancelled, RenderError
from nemovideo.local.render.planes import view
from nemovideo.local.render.sound import Mixer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from nemovideo.local.render.plan import Plan

_AHEAD = 8  # frames drawn before they are needed: 25 MB at the largest canvas
_CANCEL_CHECK = 0.02  # seconds between looks at `cancelled` while there is nothing to do


def render(
    plan: Plan,
    destination: Path,
    *,
    on_progress: Callable[[float], None],
    cancelled: threading.Event,
    font: Path | None = None,
) -> None:
    """Make the video file. Blocks: call it in a thread.

    The file appears at its destination whole or not at all.

    Args:
        plan: What `plan.plan` made of a draft.
        destination: Where the file goes; its folder must exist. An older file there is replaced.
        on_progress: Told the share of the work done, 0 to 1, after each frame; called in this thread.
        cancelled: Set it from anywhere to stop.
        font: A font file for texts, asked before the installed ones.

    Raises:
        RenderCancelled: `cancelled` was set.
        RenderError: A source cannot be read, or the file cannot be written.
    """
    part = destination.with_name(f".{uuid.uuid4().hex}.part")
    drawing = _Drawing(plan, font)
    try:
        encoder = open_encoder(plan, part)
        try:
            for frame, sound in drawing.frames(cancelled):
                encoder.write(frame, sound)
                _check(cancelled)
                on_progress((drawing.taken + encoder.muxed) / (2 * plan.frames) * 0.999)
            for _ in encoder.finish():
                _check(cancelled)
                on_progress((drawing.taken + encoder.muxed) / (2 * plan.frames) * 0.999)
        finally:
            drawing.stop()
            with contextlib.suppress(OSError):  # what went wrong before is what matters
                encoder.close()
        part.replace(destination)
    except (OSError, av.FFmpegError) as error:
        reason = error.strerror or str(error)
        raise RenderError(f"{destination.name} cannot be written: {reason}.") from None
    finally:
        part.unlink(missing_ok=True)
    on_progress(1.0)


class _Drawing:
    """A thread that draws frames into a short queue."""

    def __init__(self, plan: Plan, font: Path | None) -> None:
        self._plan = plan
        self._font = font
        self._stopped = threading.Event()
        self._ready: queue.Queue[tuple[av.VideoFrame, NDArray[np.float32]] | Exception] = queue.Queue(_AHEAD)
        self.taken = 0

    def frames(self, cancelled: threading.Event) -> Iterator[tuple[av.VideoFrame, NDArray[np.float32]]]:
        """Yield every frame with its sound, in order; raises what the drawing raised."""
        threading.Thread(target=self._run, name="nemovideo-draw", daemon=True).start()
        while self.taken < self._plan.frames:
            _check(cancelled)
            with contextlib.suppress(queue.Empty):
                item = self._ready.get(timeout=_CANCEL_CHECK)
                if isinstance(item, Exception):
                    raise item
                self.taken += 1
                yield item

    def stop(self) -> None:
        """Let the thread end at its next frame; it holds nothing that must be waited for."""
        self._stopped.set()

    def _run(self) -> None:
        try:
            composer = Composer(self._plan, self._font)
            mixer = Mixer(self._plan)
            for number in range(self._plan.frames):
                frame = av.VideoFrame(self._plan.width, self._plan.height, "yuv420p")
                composer.draw(number, view(frame))
                if not self._put((frame, mixer.block(number))):
                    return
        except Exception as error:  # noqa: BLE001 - passed on: it is raised in the thread that waits
            self._put(error)

    def _put(self, item: tuple[av.VideoFrame, NDArray[np.float32]] | Exception) -> bool:
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self._ready.put(item, timeout=_CANCEL_CHECK)
                return True
        return False


def _check(cancelled: threading.Event) -> None:
    if cancelled.is_set():
        raise RenderCancelled("The render was cancelled.")
