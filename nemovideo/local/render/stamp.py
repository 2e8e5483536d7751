"""A picture with soft edges, ready to be put over others: titles, logos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from attrs import frozen

from nemovideo.local.render.planes import Picture, as_plane, from_rgb

if TYPE_CHECKING:
    from nemovideo.local.render.planes import Plane


@frozen(eq=False)
class Stamp:
    """Colours already multiplied by their opacity, and what is let through.

    Attributes:
        x: Its left edge on the canvas, even.
        y: Its upper edge, even.
        colors: Its planes, times opacity.
        through: How much of what lies below shows, 0 to 255, for Y and for U and V.
    """

    x: int
    y: int
    colors: Picture
    through: tuple[Plane, Plane]

    @property
    def height(self) -> int:
        """How high it is."""
        return self.colors.height

    def put(self, target: Picture, share: float = 1.0) -> None:
        """Draw it; a share under 1 leaves it half there, for fades."""
        if share <= 0:
            return
        below = target.box(self.x, self.y, self.colors.width, self.colors.height)
        luma, chroma = self.through
        for plane, color, through in zip(
            below.planes, self.colors.planes, (luma, chroma, chroma), strict=True
        ):
            covered = cv2.add(cv2.multiply(plane, through, scale=1 / 255), color)
            if share < 1:
                cv2.addWeighted(plane, 1 - share, covered, share, 0, dst=covered)
            plane[:] = covered


def stamp(rgba: Plane, x: int, y: int) -> Stamp:
    """Return the stamp of an image of shape (even height, even width, 4); x and y are even."""
    colors = from_rgb(np.ascontiguousarray(rgba[:, :, :3]))
    alpha = np.ascontiguousarray(rgba[:, :, 3])
    half = as_plane(
        cv2.resize(alpha, (alpha.shape[1] // 2, alpha.shape[0] // 2), interpolation=cv2.INTER_AREA)
    )
    return Stamp(
        x=x,
        y=y,
        colors=Picture(
            *(
                as_plane(cv2.multiply(plane, opacity, scale=1 / 255))
                for plane, opacity in zip(colors.planes, (alpha, half, half), strict=True)
            )
        ),
        through=(255 - alpha, 255 - half),
    )
