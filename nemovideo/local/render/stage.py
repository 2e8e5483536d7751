"""A shot's place on the canvas, and its camera: what photos and clips have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nemovideo.local.render.backdrop import backdrop
from nemovideo.local.render.framing import frame_for, framing
from nemovideo.local.render.planes import sample

if TYPE_CHECKING:
    from nemovideo.local.render.planes import Picture
    from nemovideo.local.render.scene import Shot


class Stage:
    """Where and how a shot's picture is shown.

    Args:
        shot: What is shown.
        width: Of the canvas.
        height: Of the canvas.
        fps: Of the video.
        interpolation: One of OpenCV's constants.
    """

    def __init__(self, shot: Shot, width: int, height: int, fps: int, interpolation: int) -> None:
        media = shot.media
        self._frame = frame_for(media.width, media.height, width, height)
        self._canvas = width, height
        self._first = shot.first
        self._steps = max(1, shot.until - shot.first - 1)
        self._interpolation = interpolation
        self.framing = framing(
            media.width, media.height, self._frame, shot.motion, (shot.until - shot.first) / fps
        )

    @property
    def fills_canvas(self) -> bool:
        """Whether nothing is to be seen around the picture."""
        return (self._frame.width, self._frame.height) == self._canvas

    def backdrop(self, whole: Picture) -> Picture:
        """Return what stands around the picture, made from the whole of it at any size."""
        return backdrop(whole, self._frame, *self._canvas)

    def show(self, padded: Picture, left: int, top: int, number: int, target: Picture) -> None:
        """Draw what the camera sees as frame `number`.

        Args:
            padded: The picture at its kept size, or a part of it, through `planes.pad`.
            left: Where that part begins in the whole.
            top: Likewise.
            number: The video's frame.
            target: The whole canvas.
        """
        window = self.framing.window((number - self._first) / self._steps)
        frame = self._frame
        sample(
            padded,
            window.x - left,
            window.y - top,
            window.scale,
            target.box(frame.x, frame.y, frame.width, frame.height),
            self._interpolation,
        )
