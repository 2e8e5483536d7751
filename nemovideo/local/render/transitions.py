"""How one picture gives way to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from nemovideo.local.render.planes import BLACK, mix

if TYPE_CHECKING:
    from collections.abc import Callable

    from nemovideo.local.render.planes import Picture

_WIPE_EDGE = 0.12  # of the width: a soft edge, not a curtain rail


def combine(kind: str, base: Picture, incoming: Picture, progress: float) -> None:
    """Draw a moment of a transition into the base.

    Args:
        kind: Dissolve, fade, slide or wipe.
        base: The old picture; it becomes the result.
        incoming: The new picture, of the same size.
        progress: 0 is all old, 1 is all new.
    """
    _KINDS[kind](base, incoming, progress)


def _dissolve(base: Picture, incoming: Picture, progress: float) -> None:
    mix(base, incoming, progress)


def _fade(base: Picture, incoming: Picture, progress: float) -> None:
    """Through black: down, then up."""
    if progress >= 0.5:
        base.paste(incoming)
    light = abs(2 * progress - 1)
    for plane, black in zip(base.planes, BLACK, strict=True):
        cv2.convertScaleAbs(plane, dst=plane, alpha=light, beta=black * (1 - light))


def _slide(base: Picture, incoming: Picture, progress: float) -> None:
    """The new picture pushes the old one out to the left, slowing down as it arrives."""
    moved = round(base.width * (1 - (1 - progress) ** 3) / 2) * 2
    for plane, new, part in zip(base.planes, incoming.planes, (1, 2, 2), strict=True):
        shift = moved // part
        plane[:, : plane.shape[1] - shift] = plane[:, shift:].copy()
        plane[:, plane.shape[1] - shift :] = new[:, :shift]


def _wipe(base: Picture, incoming: Picture, progress: float) -> None:
    """A soft edge runs from left to right."""
    edge = progress * (1 + _WIPE_EDGE) - _WIPE_EDGE
    for plane, new in zip(base.planes, incoming.planes, strict=True):
        height, width = plane.shape
        across = (np.arange(width, dtype=np.float32) + 0.5) / width
        share = np.broadcast_to(np.clip(1 - (across - edge) / _WIPE_EDGE, 0, 1), (height, width))
        plane[:] = cv2.blendLinear(new, plane, np.ascontiguousarray(share), 1 - share)


_KINDS: dict[str, Callable[[Picture, Picture, float], None]] = {
    "dissolve": _dissolve,
    "fade": _fade,
    "slide": _slide,
    "wipe": _wipe,
}
