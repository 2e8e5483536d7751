"""From a plan to a finished file: threads draw and mix ahead of the one that encodes."""

from __future__ import annotations

import contextlib
import queue
import threading
import uuid
from typing import TYPE_CHECKING, Generic, TypeVar

import av
from attrs import frozen
from av.error import FFmpegError

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

    from nemovideo.local.render.scene import Plan

Item = TypeVar("Item")

_AHEAD = 4  # items made before they are needed: 12 MB of frames at the largest canvas
_BEFORE_NAMING = 0.999  # of the work is done when the file has only to get its name
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

    The file appears at its destination whole or not at all. Cancelling returns within some 20 ms.

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
    work = _Ahead(lambda: _encode(plan, part, destination.name, font, cancelled), cancelled)
    try:
        for share in work:
            on_progress(share * _BEFORE_NAMING)
        with _told_as_render_error(destination.name):
            part.replace(destination)
    finally:
        work.stop()
        with contextlib.suppress(OSError):  # where open files cannot be removed, the thread does it
            part.unlink(missing_ok=True)
    on_progress(1.0)


def _encode(
    plan: Plan, part: Path, name: str, font: Path | None, cancelled: threading.Event
) -> Iterator[float]:
    """Write the file, yielding the share that is done. In a thread: one call to x264 may take 100 ms."""
    pictures = _Ahead(lambda: _draw(plan, font), cancelled)
    sounds = _Ahead(lambda: _mix(plan), cancelled)
    try:
        with _told_as_render_error(name), contextlib.closing(open_encoder(plan, part)) as encoder:
            for taken, (frame, sound) in enumerate(zip(pictures, sounds, strict=True), start=1):
                encoder.write(frame, sound)
                yield (taken + encoder.muxed) / (2 * plan.frames)
            for _ in encoder.finish():
                yield (plan.frames + encoder.muxed) / (2 * plan.frames)
    except BaseException:  # GeneratorExit too: nobody waits for it any more
        part.unlink(missing_ok=True)
        raise
    finally:
        pictures.stop()
        sounds.stop()


@contextlib.contextmanager
def _told_as_render_error(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, FFmpegError) as error:
        raise RenderError(f"{name} cannot be written: {error.strerror or error}.") from None


def _draw(plan: Plan, font: Path | None) -> Iterator[av.VideoFrame]:
    composer = Composer(plan, font)
    for number in range(plan.frames):
        frame = av.VideoFrame(plan.width, plan.height, "yuv420p")
        composer.draw(number, view(frame))
        yield frame


def _mix(plan: Plan) -> Iterator[NDArray[np.float32]]:
    mixer = Mixer(plan)
    for _ in range(plan.frames):
        yield mixer.block()


class _Ahead(Generic[Item]):
    """An iterator that a thread of its own keeps some items ahead. What it raises is raised here."""

    def __init__(self, start: Callable[[], Iterator[Item]], cancelled: threading.Event) -> None:
        self._start = start
        self._cancelled = cancelled
        self._stopped = threading.Event()
        self._ready: queue.Queue[_Made[Item]] = queue.Queue(_AHEAD)
        threading.Thread(target=self._run, name="nemovideo-render", daemon=True).start()

    def __iter__(self) -> Iterator[Item]:
        while True:
            _check(self._cancelled)
            with contextlib.suppress(queue.Empty):
                made = self._ready.get(timeout=_CANCEL_CHECK)
                if made.error is not None:
                    raise made.error
                if made.item is None:
                    return
                yield made.item

    def stop(self) -> None:
        """Let the thread end at its next item; it holds nothing that must be waited for."""
        self._stopped.set()

    def _run(self) -> None:
        try:
            for item in self._start():
                if not self._put(_Made(item)):
                    return
            self._put(_Made())
        except Exception as error:  # noqa: BLE001 - passed on, and raised in the thread that waits
            self._put(_Made(error=error))

    def _put(self, made: _Made[Item]) -> bool:
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self._ready.put(made, timeout=_CANCEL_CHECK)
                return True
        return False


@frozen(eq=False)
class _Made(Generic[Item]):
    """An item, an error, or, with neither, the end."""

    item: Item | None = None
    error: Exception | None = None


def _check(cancelled: threading.Event) -> None:
    if cancelled.is_set():
        raise RenderCancelled("The render was cancelled.")
