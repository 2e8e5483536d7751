"""Photos: decoded once, kept just a little finer than the canvas, then sampled for each frame."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

from nemovideo.local.render.backdrop import backdrop
from nemovideo.local.render.errors import UnreadableMedia
from nemovideo.local.render.filters import apply_look
from nemovideo.local.render.framing import frame_for, framing, inside
from nemovideo.local.render.media import ORIENTATION_TAG
from nemovideo.local.render.planes import as_plane, from_rgb, pad, sample
from nemovideo.local.render.stamp import stamp

if TYPE_CHECKING:
    from pathlib import Path

    from nemovideo.local.render.plan import Shot
    from nemovideo.local.render.planes import Picture, Plane

_MARGIN = 4  # kept pixels around what a window sees: the cubic kernel's reach and rounding
_BACKDROP_SIDE = 256  # pixels of the small copy that a backdrop is made from
_LIGHT, _DARK = (244, 244, 242), (28, 28, 32)  # behind a cut-out: whichever it stands out from


class StillShot:
    """A photo as its shot shows it, drawn in the camera's move.

    Args:
        shot: Its media is a still.
        width: Of the canvas.
        height: Of the canvas.
        fps: Of the video.
        interpolation: One of OpenCV's constants.

    Raises:
        UnreadableMedia: The file is gone or damaged.
    """

    def __init__(self, shot: Shot, width: int, height: int, fps: int, interpolation: int) -> None:
        media = shot.media
        frame = frame_for(media.width, media.height, width, height)
        self._shot = shot
        self._interpolation = interpolation
        frames = shot.until - shot.first
        self._framing = framing(media.width, media.height, frame, shot.motion, frames / fps)
        image = flatten(open_upright(media.path, (self._framing.width, self._framing.height)))

        windows = self._framing.start, self._framing.stop
        self._left = max(0, math.floor(min(window.x for window in windows)) - _MARGIN) // 2 * 2
        self._top = max(0, math.floor(min(window.y for window in windows)) - _MARGIN) // 2 * 2
        right = max(math.ceil(window.x + frame.width * window.scale) for window in windows) + _MARGIN
        lower = max(math.ceil(window.y + frame.height * window.scale) for window in windows) + _MARGIN
        size = (
            _even(min(right, self._framing.width) - self._left),
            _even(min(lower, self._framing.height) - self._top),
        )
        kept = resized(
            image,
            size,
            (
                self._left * image.width / self._framing.width,
                self._top * image.height / self._framing.height,
                min(image.width, (self._left + size[0]) * image.width / self._framing.width),
                min(image.height, (self._top + size[1]) * image.height / self._framing.height),
            ),
        )
        self._picture = pad(apply_look(from_rgb(kept), shot.look))
        self._backdrop: Picture | None = None
        if (frame.width, frame.height) != (width, height):
            image.thumbnail((_BACKDROP_SIDE, _BACKDROP_SIDE), reducing_gap=2.0)
            small = resized(image, (_even(image.width), _even(image.height)))
            self._backdrop = backdrop(apply_look(from_rgb(small), shot.look), frame, width, height)

    def draw(self, number: int, target: Picture) -> None:
        """Draw the photo as frame `number` of the video shows it."""
        if self._backdrop is not None:
            target.paste(self._backdrop)
        frame = self._framing.frame
        steps = max(1, self._shot.until - self._shot.first - 1)
        window = self._framing.window((number - self._shot.first) / steps)
        sample(
            self._picture,
            window.x - self._left,
            window.y - self._top,
            window.scale,
            target.box(frame.x, frame.y, frame.width, frame.height),
            self._interpolation,
        )


class CutOutShot:
    """A picture with transparency over other layers: shown whole, standing still."""

    def __init__(self, shot: Shot, width: int, height: int) -> None:
        frame = inside(shot.media.width, shot.media.height, width, height)
        image = open_upright(shot.media.path, (frame.width, frame.height)).convert("RGBa")
        premultiplied = image.resize((frame.width, frame.height), Image.Resampling.LANCZOS)
        self._stamp = stamp(np.asarray(premultiplied.convert("RGBA")), frame.x, frame.y)

    def draw(self, number: int, target: Picture) -> None:  # noqa: ARG002 - every shot is asked by frame
        """Draw it over what is there."""
        self._stamp.put(target)


def has_transparency(path: Path) -> bool:
    """Return whether a still lets anything show through it."""
    with Image.open(path) as image:
        return image.has_transparency_data


def open_upright(path: Path, enough: tuple[int, int]) -> Image.Image:
    """Decode a still, turned as the camera was held, as RGB or RGBA.

    Args:
        path: The file.
        enough: Width and height that suffice: a JPEG is decoded no larger than it must be.

    Raises:
        UnreadableMedia: The file is gone or damaged.
    """
    try:
        with Image.open(path) as image:
            turned = image.getexif().get(ORIENTATION_TAG, 1) >= 5
            image.draft("RGB", enough[::-1] if turned else enough)
            image.load()
            upright = ImageOps.exif_transpose(image)
            if upright.mode.startswith("I"):  # 16 bits of grey, which convert() would clip to white
                grey = np.asarray(upright, dtype=np.float32) / 257
                return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).convert("RGB")
            return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise UnreadableMedia(f"{path.name} cannot be read: {error}.") from None


def flatten(image: Image.Image) -> Image.Image:
    """Return an image without transparency: a cut-out stands before the paper that suits it."""
    if image.mode != "RGBA":
        return image
    small = np.asarray(image.resize((32, 32)), dtype=np.float64)
    opacity = small[:, :, 3].sum()
    brightness = (small[:, :, :3].mean(axis=2) * small[:, :, 3]).sum() / opacity if opacity else 0
    paper = Image.new("RGBA", image.size, _DARK if brightness > 190 else _LIGHT)
    return Image.alpha_composite(paper, image).convert("RGB")


def resized(
    image: Image.Image, size: tuple[int, int], box: tuple[float, float, float, float] | None = None
) -> Plane:
    """Return an RGB array of a part of an image, at another size, without aliasing."""
    return as_plane(np.asarray(image.resize(size, Image.Resampling.BICUBIC, box=box, reducing_gap=2.0)))


def _even(pixels: int) -> int:
    return max(2, pixels + pixels % 2)
