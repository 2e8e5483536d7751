"""Colour looks, as one table of 256 entries for each plane: the same for photos and clips, and cheap."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import cv2
import numpy as np
from attrs import frozen

from nemovideo.local.render.planes import Picture, as_plane

if TYPE_CHECKING:
    from nemovideo.local.render.planes import Plane


@frozen
class Look:
    """How a filter changes colours.

    Attributes:
        gamma: Under 1 lifts the middle tones.
        contrast: Around the middle grey; 1 leaves it.
        saturation: 0 is grey, 1 leaves it.
        blue: Steps added to U.
        red: Steps added to V.
        lift: The share of white that black becomes.
    """

    gamma: float = 1.0
    contrast: float = 1.0
    saturation: float = 1.0
    blue: float = 0.0
    red: float = 0.0
    lift: float = 0.0


LOOKS = {
    "warm": Look(gamma=0.97, saturation=1.06, blue=-9, red=7),
    "cool": Look(saturation=0.97, blue=8, red=-6),
    "black_and_white": Look(contrast=1.06, saturation=0.0),
    "sepia": Look(contrast=0.97, saturation=0.0, blue=-17, red=11),
    "bright": Look(gamma=0.8, saturation=1.03),
    "dark": Look(gamma=1.25),
    "vivid": Look(contrast=1.08, saturation=1.3),
    "vintage": Look(contrast=0.9, saturation=0.75, blue=-7, red=4, lift=0.05),
    "contrast": Look(contrast=1.18),
}
"""Filters by the name that a draft gives."""


def apply_look(picture: Picture, name: str) -> Picture:
    """Return the picture through a filter; an empty name returns it as it is.

    Raises:
        KeyError: There is no such filter.
    """
    if not name:
        return picture
    tables = _tables(LOOKS[name])
    return Picture(
        *(as_plane(cv2.LUT(plane, table)) for plane, table in zip(picture.planes, tables, strict=True))
    )


@functools.cache
def _tables(look: Look) -> tuple[Plane, Plane, Plane]:
    steps = np.arange(256, dtype=np.float64)
    light = np.clip((steps - 16) / 219, 0, 1) ** look.gamma
    light = np.clip((light - 0.5) * look.contrast + 0.5, 0, 1)
    light = look.lift + light * (1 - look.lift)
    chroma = (steps - 128) * look.saturation + 128
    return (
        _table(16 + 219 * light),
        _table(np.clip(chroma + look.blue, 16, 240)),
        _table(np.clip(chroma + look.red, 16, 240)),
    )


def _table(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Plane:
    return np.rint(values).astype(np.uint8)
