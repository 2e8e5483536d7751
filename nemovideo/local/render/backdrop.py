"""What stands behind a picture that does not fill the canvas: itself, enlarged, blurred and dimmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from nemovideo.local.render.planes import Picture, as_plane

if TYPE_CHECKING:
    from nemovideo.local.render.framing import Frame
    from nemovideo.local.render.planes import Plane

_SMALL_SIDE = 120  # pixels: blurring small and enlarging looks the same as blurring large
_SIGMA = 2.6  # in those small pixels
_DIM = 0.62
_MUTED = 0.75  # dimmed colours look stronger than they were
_SHADOW = 0.45  # under the picture's edges


def backdrop(picture: Picture, frame: Frame, width: int, height: int) -> Picture:
    """Return a canvas of soft colour.

    Args:
        picture: The whole picture, of any size.
        frame: Where the picture itself will stand: a shadow is laid around it.
        width: Of the canvas.
        height: Of the canvas.
    """
    scale = max(width / picture.width, height / picture.height)
    x = (picture.width - width / scale) / 2
    y = (picture.height - height / scale) / 2
    shrink = max(1, max(width, height) // _SMALL_SIDE)
    shade = _shade(frame, width, height, shrink)
    soft = []
    for plane, part in zip(picture.planes, (1, 2, 2), strict=True):
        size = width // part, height // part
        crop = plane[
            int(y / part) : max(int(y / part) + 1, int((picture.height - y) / part)),
            int(x / part) : max(int(x / part) + 1, int((picture.width - x) / part)),
        ]
        small = cv2.resize(
            crop,
            (max(2, size[0] // shrink * part), max(2, size[1] // shrink * part)),
            interpolation=cv2.INTER_AREA,
        )
        blurred = cv2.GaussianBlur(small, (0, 0), _SIGMA, borderType=cv2.BORDER_REPLICATE)
        if part == 1:
            light = 16 + (blurred.astype(np.float32) - 16) * _DIM * cv2.resize(shade, blurred.shape[::-1])
            blurred = np.rint(light).astype(np.uint8)
        else:
            blurred = as_plane(cv2.convertScaleAbs(blurred, alpha=_MUTED, beta=128 * (1 - _MUTED)))
        soft.append(as_plane(cv2.resize(blurred, size, interpolation=cv2.INTER_CUBIC)))
    return Picture(*soft)


def _shade(frame: Frame, width: int, height: int, shrink: int) -> Plane:
    mask = np.zeros((max(2, height // shrink), max(2, width // shrink)), np.float32)
    mask[
        frame.y // shrink : (frame.y + frame.height) // shrink + 1,
        frame.x // shrink : (frame.x + frame.width) // shrink + 1,
    ] = 1
    shadow = 1 - _SHADOW * cv2.GaussianBlur(mask, (0, 0), _SIGMA, borderType=cv2.BORDER_REPLICATE)
    return as_plane(shadow)
