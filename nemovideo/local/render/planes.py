"""YUV pictures, 4:2:0, BT.709 limited range: what the encoder eats, so nothing is converted twice."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

if TYPE_CHECKING:
    import av

Plane = NDArray[np.uint8]

BLACK = (16, 128, 128)
"""Y, U, V of black."""

PAD = 64
"""Repeated pixels left of and above a sampled plane, so that `sample` may begin its grid there."""

_TAIL = 8  # the same right and below: the cubic kernel's reach, and rounding
_GRID = 48  # candidate grid starts: the nearest is off by 0.011 px rms

# Rec. ITU-R BT.709: luma weights; then 219 levels from 16 for Y, 224 around 128 for U and V.
_KR, _KB = 0.2126, 0.0722
_KG = 1 - _KR - _KB
_TO_YUV = np.array(
    [
        [219 / 255 * _KR, 219 / 255 * _KG, 219 / 255 * _KB, 16],
        [-112 / 255 * _KR / (1 - _KB), -112 / 255 * _KG / (1 - _KB), 112 / 255, 128],
        [112 / 255, -112 / 255 * _KG / (1 - _KR), -112 / 255 * _KB / (1 - _KR), 128],
    ],
    dtype=np.float32,
)
_SITING = (np.array([0.25, 0.5, 0.25]), np.array([0.5, 0.5]))  # H.264 puts chroma on the left luma column


@frozen(eq=False)
class Picture:
    """Three planes; U and V have half the width and height of Y.

    Attributes:
        y: Luma, 16 to 235.
        u: Blue difference around 128.
        v: Red difference around 128.
    """

    y: Plane
    u: Plane
    v: Plane

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.y.shape[0])

    @property
    def planes(self) -> tuple[Plane, Plane, Plane]:
        """Y, U and V."""
        return self.y, self.u, self.v

    def box(self, x: int, y: int, width: int, height: int) -> Picture:
        """Return a view of a part; all four numbers are even."""
        half = slice(y // 2, (y + height) // 2), slice(x // 2, (x + width) // 2)
        return Picture(self.y[y : y + height, x : x + width], self.u[half], self.v[half])

    def fill(self, color: tuple[int, int, int]) -> None:
        """Paint it all in one Y, U, V."""
        for plane, value in zip(self.planes, color, strict=True):
            plane[:] = value

    def paste(self, other: Picture) -> None:
        """Copy a picture of the same size into this one."""
        for mine, theirs in zip(self.planes, other.planes, strict=True):
            mine[:] = theirs


def blank(width: int, height: int) -> Picture:
    """Return a black picture; width and height are even."""
    half = (height // 2, width // 2)
    picture = Picture(np.empty((height, width), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8))
    picture.fill(BLACK)
    return picture


def from_rgb(rgb: Plane) -> Picture:
    """Convert an image of shape (even height, even width, 3)."""
    yuv = cv2.transform(rgb, _TO_YUV)
    y, u, v = cv2.split(yuv)
    u, v = (
        cv2.sepFilter2D(plane, -1, *_SITING, anchor=(1, 0), borderType=cv2.BORDER_REPLICATE)[::2, ::2].copy()
        for plane in (u, v)
    )
    return Picture(*(as_plane(plane) for plane in (y, u, v)))


def view(frame: av.VideoFrame) -> Picture:
    """Return the planes of a yuv420p frame, without copying: writing here writes the frame."""
    y, u, v = (
        np.frombuffer(cast("memoryview[int]", plane), np.uint8).reshape(-1, plane.line_size)[
            : plane.height, : plane.width
        ]
        for plane in frame.planes
    )
    return Picture(y, u, v)


def as_plane(array: Any) -> Plane:
    """Give OpenCV's result, whose type its stubs leave open, the type it has."""
    plane: Plane = array
    return plane


def pad(picture: Picture) -> Picture:
    """Return a picture that `sample` can be asked about."""
    return Picture(
        *(
            as_plane(cv2.copyMakeBorder(plane, PAD, _TAIL, PAD, _TAIL, cv2.BORDER_REPLICATE))
            for plane in picture.planes
        )
    )


def sample(padded: Picture, x: float, y: float, scale: float, target: Picture, interpolation: int) -> None:
    """Fill a target with a window of a picture that went through `pad`.

    Args:
        padded: The picture; positions do not count its padding.
        x: The window's left edge, in pixels and fractions.
        y: Its upper edge.
        scale: How many pixels of the picture make one of the target: 1.03 or more, or 1 at a whole, even
            position.
        target: Where the pixels go.
        interpolation: One of OpenCV's constants.
    """
    for plane, out, part in zip(padded.planes, target.planes, (1, 2, 2), strict=True):
        _sample_plane(plane, x / part, y / part, scale, out, interpolation)


def _sample_plane(plane: Plane, x: float, y: float, scale: float, out: Plane, interpolation: int) -> None:
    height, width = out.shape
    left, skip_x = _grid_start(x, scale)
    top, skip_y = _grid_start(y, scale)
    left, top = left + PAD, top + PAD
    columns, rows = width + skip_x, height + skip_y
    if scale == 1:
        out[:] = plane[top : top + rows, left : left + columns][skip_y:, skip_x:]
        return
    source = plane[top : top + math.ceil(rows * scale) + 2, left : left + math.ceil(columns * scale) + 2]
    # No size, only factors: a size would make OpenCV round the scale to it, and the picture would shake.
    resized = cv2.resize(source, None, fx=1 / scale, fy=1 / scale, interpolation=interpolation)
    out[:] = resized[skip_y:rows, skip_x:columns]


def _grid_start(position: float, scale: float) -> tuple[int, int]:
    """Return (pixel, skip): a grid that starts at a whole pixel and comes nearest to a position.

    `cv2.resize` starts at whole source pixels only. With a scale that is not 1, the grid points lie at ever
    other fractions of a pixel: begin some points earlier, and skip those.
    """
    if scale == 1:
        return round(position), 0
    skips = np.arange(_GRID)
    starts = position - skips * scale
    best = int(np.abs(starts - np.rint(starts)).argmin())
    return round(float(starts[best])), best


def mix(base: Picture, other: Picture, share: float) -> None:
    """Blend another picture of the same size into the base; a share of 1 is all the other."""
    for mine, theirs in zip(base.planes, other.planes, strict=True):
        cv2.addWeighted(mine, 1 - share, theirs, share, 0, dst=mine)
