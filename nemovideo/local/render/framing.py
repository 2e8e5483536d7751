"""Where a picture sits on the canvas, and the window that a camera move shows of it. Pure geometry."""

from __future__ import annotations

import math

from attrs import frozen

MAX_CROP = 0.45
"""A picture that would lose more than this to a full canvas is framed over a backdrop instead."""

FRAMED_CROP = 0.2
"""A framed picture gives up this much of its longer side, to stand larger."""

OVERSAMPLING = 1.031
"""How much finer than the canvas a moving still is kept; `planes.sample` needs it to hit fractions."""

_ZOOM_PER_SECOND, _ZOOM_RANGE = 0.025, (0.04, 0.15)
_PAN_ZOOM = 1.1  # a pan needs room at the sides
_PAN_PER_SECOND, _PAN_MAX = 0.035, 0.25  # of the frame's width or height

_PANS = {"pan_left": (-1, 0), "pan_right": (1, 0), "pan_up": (0, -1), "pan_down": (0, 1)}


@frozen
class Frame:
    """The part of the canvas that a picture fills, in even pixels."""

    x: int
    y: int
    width: int
    height: int


@frozen
class Window:
    """What is seen at one moment, in pixels of the kept picture.

    Attributes:
        x: Its left edge.
        y: Its upper edge.
        scale: How many of those pixels make one on the canvas.
    """

    x: float
    y: float
    scale: float


@frozen
class Framing:
    """How a picture is shown during a shot.

    Attributes:
        frame: Where it stands on the canvas.
        width: Even pixels of the whole picture at the size it is kept, uncropped.
        height: Likewise.
        start: What is seen at first.
        stop: What is seen at last.
    """

    frame: Frame
    width: int
    height: int
    start: Window
    stop: Window

    def window(self, progress: float) -> Window:
        """Return what is seen at a moment, 0 to 1. Zooms by even factors: no speed-up is seen."""
        if self.start == self.stop:
            return self.start
        scale = self.start.scale * (self.stop.scale / self.start.scale) ** progress
        if self.start.scale == self.stop.scale:
            done = progress
        else:
            done = (scale - self.start.scale) / (self.stop.scale - self.start.scale)
        return Window(
            x=self.start.x + (self.stop.x - self.start.x) * done,
            y=self.start.y + (self.stop.y - self.start.y) * done,
            scale=scale,
        )

    def seen(self, margin: int) -> tuple[int, int, int, int]:
        """Return left, top, right and lower edge of all that the camera ever sees, even, and a margin."""
        windows = self.start, self.stop
        left = max(0, math.floor(min(window.x for window in windows)) - margin) // 2 * 2
        top = max(0, math.floor(min(window.y for window in windows)) - margin) // 2 * 2
        right = max(window.x + self.frame.width * window.scale for window in windows) + margin
        lower = max(window.y + self.frame.height * window.scale for window in windows) + margin
        return left, top, min(self.width, _even(right)), min(self.height, _even(lower))


def frame_for(width: int, height: int, canvas_width: int, canvas_height: int) -> Frame:
    """Return where a picture stands: all over the canvas, unless that would crop too much of it."""
    aspect = width / height
    canvas_aspect = canvas_width / canvas_height
    if 1 - min(aspect, canvas_aspect) / max(aspect, canvas_aspect) <= MAX_CROP:
        return Frame(0, 0, canvas_width, canvas_height)
    if aspect > canvas_aspect:
        frame_height = _even(canvas_width / (aspect * (1 - FRAMED_CROP)))
        return Frame(0, _even((canvas_height - frame_height) / 2, least=0), canvas_width, frame_height)
    frame_width = _even(canvas_height * aspect / (1 - FRAMED_CROP))
    return Frame(_even((canvas_width - frame_width) / 2, least=0), 0, frame_width, canvas_height)


def inside(width: int, height: int, canvas_width: int, canvas_height: int) -> Frame:
    """Return where a picture stands whole, as large as fits, in the middle."""
    scale = min(canvas_width / width, canvas_height / height)
    frame_width, frame_height = _even(width * scale), _even(height * scale)
    return Frame(
        _even((canvas_width - frame_width) / 2, least=0),
        _even((canvas_height - frame_height) / 2, least=0),
        frame_width,
        frame_height,
    )


def framing(width: int, height: int, frame: Frame, motion: str, seconds: float) -> Framing:
    """Return how a picture fills its frame during a shot.

    Args:
        width: The picture's pixels.
        height: Likewise.
        frame: Where it stands.
        motion: The camera move; an unknown one is none.
        seconds: How long it is seen: moves are slow, so longer shots go further.
    """
    cover = max(frame.width / width, frame.height / height)
    first, last, pan = 1.0, 1.0, (0, 0)
    if motion in ("zoom_in", "zoom_out"):
        least, most = _ZOOM_RANGE
        zoom = 1 + min(most, max(least, _ZOOM_PER_SECOND * seconds))
        first, last = (1.0, zoom) if motion == "zoom_in" else (zoom, 1.0)
    elif motion in _PANS:
        first = last = _PAN_ZOOM
        pan = _PANS[motion]
    moves = first != last or pan != (0, 0)
    kept = max(first, last) * OVERSAMPLING if moves else 1.0
    kept_width, kept_height = (math.ceil(side * cover * kept / 2 - 1e-6) * 2 for side in (width, height))

    def window(zoom: float, side: float) -> Window:
        scale = kept / zoom
        seen = frame.width * scale, frame.height * scale
        spare = [whole - part for whole, part in zip((kept_width, kept_height), seen, strict=True)]
        reach = [
            min(room, size * scale * min(_PAN_MAX, _PAN_PER_SECOND * seconds))
            for room, size in zip(spare, (frame.width, frame.height), strict=True)
        ]
        x, y = (room / 2 + side * way * go / 2 for room, way, go in zip(spare, pan, reach, strict=True))
        if not moves:  # whole, even pixels: copied, not resampled
            x, y = float(round(x / 2) * 2), float(round(y / 2) * 2)
        return Window(max(0.0, x), max(0.0, y), scale)

    return Framing(frame, kept_width, kept_height, window(first, -1), window(last, 1))


def _even(pixels: float, least: int = 2) -> int:
    return max(least, round(pixels / 2) * 2)
