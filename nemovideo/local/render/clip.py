"""Videos and animated images: decoded as they are needed, at the pace that the shot sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image

from nemovideo.local.render.errors import UnreadableMedia
from nemovideo.local.render.filters import apply_look
from nemovideo.local.render.planes import Picture, from_rgb, pad, view
from nemovideo.local.render.still import flatten, pixels, resized

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nemovideo.local.render.media import MediaInfo
    from nemovideo.local.render.scene import Shot
    from nemovideo.local.render.stage import Stage

_BT709, _UNSPECIFIED = 1, 2  # ITU-T H.273, matrix coefficients
_FULL_RANGE = 2
_HD_HEIGHT = 720  # where nothing is said, smaller video is BT.601 and larger BT.709
_EARLY = 1e-4  # seconds: a frame that begins this much later than asked is still the one


class ClipShot:
    """A clip as its shot shows it. It is drawn in the order of its frames, and does not go back.

    Args:
        shot: Its media moves.
        stage: Where it is shown.
        fps: Of the video.
    """

    def __init__(self, shot: Shot, stage: Stage, fps: int) -> None:
        self._shot = shot
        self._stage = stage
        self._fps = fps
        self._frames = _Frames(shot.media, shot.source_start)
        self._shown: av.VideoFrame | None = None
        self._picture: Picture | None = None
        self._backdrop: Picture | None = None

    def draw(self, number: int, target: Picture) -> None:
        """Draw the clip as frame `number` of the video shows it.

        Raises:
            UnreadableMedia: The file is gone or damaged.
        """
        seconds = (number - self._shot.first) / self._fps * self._shot.speed
        frame = self._frames.at(self._shot.source_start + seconds)
        if frame is not self._shown or self._picture is None:
            whole = self._stage.framing
            picture = apply_look(_picture(frame, whole.width, whole.height), self._shot.look)
            self._shown, self._picture = frame, pad(picture)
            self._backdrop = None if self._stage.fills_canvas else self._stage.backdrop(picture)
        if self._backdrop is not None:
            target.paste(self._backdrop)
        self._stage.show(self._picture, 0, 0, number, target)


class _Frames:
    """The frames of a file by their time. An animated image goes round; a video's last frame stays."""

    _current: av.VideoFrame
    _next: av.VideoFrame | None

    def __init__(self, media: MediaInfo, start: float) -> None:
        self._media = media
        self._goes_round = media.file_type == "image"
        self._round = 0
        self._open(0.0 if self._goes_round else start)

    def at(self, seconds: float) -> av.VideoFrame:
        """Return the frame that is seen at a time."""
        if self._goes_round:
            turn, seconds = divmod(seconds, self._media.duration)
            if turn != self._round:
                self._round = int(turn)
                self._open(0.0)
        while self._next is not None and (self._next.time or 0.0) - self._origin <= seconds + _EARLY:
            self._current, self._next = self._next, next(self._decoded, None)
        return self._current

    def _open(self, start: float) -> None:
        self._decoded = self._decode(start)
        first = next(self._decoded, None)
        if first is None:
            raise UnreadableMedia(f"{self._media.path.name} has no frame there.")
        self._current = first
        self._next = next(self._decoded, None)

    def _decode(self, start: float) -> Iterator[av.VideoFrame]:
        try:
            with av.open(str(self._media.path)) as container:
                stream = container.streams.video[0]
                stream.thread_type = "AUTO"
                base = stream.time_base
                self._origin = float(stream.start_time * base) if stream.start_time and base else 0.0
                if start > 1 and base:
                    container.seek(int((start + self._origin) / base), stream=stream)
                yield from container.decode(stream)
        except (OSError, FFmpegError) as error:
            raise UnreadableMedia(f"{self._media.path.name} cannot be read: {error.strerror}.") from None


def _picture(frame: av.VideoFrame, width: int, height: int) -> Picture:
    turns = frame.rotation // 90 % 4
    if turns % 2:
        width, height = height, width
    if any(component.is_alpha for component in frame.format.components) or frame.format.name == "pal8":
        image = flatten(Image.fromarray(frame.to_ndarray(format="rgba")))
        return _turned(from_rgb(pixels(resized(image, (width, height)))), turns)
    says_nothing = frame.colorspace == _UNSPECIFIED
    is_bt709 = frame.height >= _HD_HEIGHT if says_nothing else frame.colorspace == _BT709
    converted = frame.reformat(
        width=width,
        height=height,
        format="yuv420p",
        src_colorspace=Colorspace.ITU709 if is_bt709 else Colorspace.ITU601,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG if frame.color_range == _FULL_RANGE else ColorRange.MPEG,
        dst_color_range=ColorRange.MPEG,
        interpolation="BICUBIC",
    )
    return _turned(view(converted), turns)


def _turned(picture: Picture, turns: int) -> Picture:
    return Picture(*(np.ascontiguousarray(np.rot90(plane, turns)) for plane in picture.planes))
