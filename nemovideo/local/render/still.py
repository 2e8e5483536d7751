"""Photos: decoded once, kept just a little finer than the canvas, then sampled for each frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

from nemovideo.local.render.errors import UnreadableMedia
from nemovideo.local.render.filters import apply_look
from nemovideo.local.render.framing import inside
from nemovideo.local.render.media import ORIENTATION_TAG
from nemovideo.local.render.planes import as_plane, from_rgb, pad
from nemovideo.local.render.profiles import to_srgb
from nemovideo.local.render.stamp import stamp

if TYPE_CHECKING:
    from pathlib import Path

    from nemovideo.local.render.planes import Picture, Plane
    from nemovideo.local.render.scene import Shot
    from nemovideo.local.render.stage import Stage

_MARGIN = 4  # kept pixels around what a window sees: the cubic kernel's reach and rounding
_BACKDROP_SIDE = 256  # pixels of the small copy that a backdrop is made from
_LIGHT, _DARK = (244, 244, 242), (28, 28, 32)  # behind a cut-out: whichever it stands out from


class StillShot:
    """A photo as its shot shows it, drawn in the camera's move.

    Args:
        shot: Its media is a still.
        stage: Where it is shown.

    Raises:
        UnreadableMedia: The file is gone or damaged.
    """

    def __init__(self, shot: Shot, stage: Stage) -> None:
        self._stage = stage
        part, around = self._decode(shot.media.path)
        self._picture = pad(apply_look(from_rgb(part), shot.look))
        self._backdrop: Picture | None = None
        if around is not None:
            self._backdrop = stage.backdrop(apply_look(from_rgb(around), shot.look))

    def _decode(self, path: Path) -> tuple[Plane, Plane | None]:
        """Return what the camera ever sees, and the whole in small where there is room around it.

        The photo itself is let go before anything is made of them: it may be the largest thing in memory.
        """
        whole = self._stage.framing
        image = open_upright(path, (whole.width, whole.height))
        profile = image.info.get("icc_profile")
        image = flatten(image)
        self._left, self._top, right, lower = whole.seen(_MARGIN)
        across, down = image.width / whole.width, image.height / whole.height
        box = self._left * across, self._top * down, right * across, lower * down
        part = pixels(to_srgb(resized(image, (right - self._left, lower - self._top), box), profile))
        if self._stage.fills_canvas:
            return part, None
        image.thumbnail((_BACKDROP_SIDE, _BACKDROP_SIDE), reducing_gap=2.0)
        small = resized(image, (_even(image.width), _even(image.height)))
        return part, pixels(to_srgb(small, profile))

    def draw(self, number: int, target: Picture) -> None:
        """Draw the photo as frame `number` of the video shows it."""
        if self._backdrop is not None:
            target.paste(self._backdrop)
        self._stage.show(self._picture, self._left, self._top, number, target)


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
            orientation = image.getexif().get(ORIENTATION_TAG, 1)
            image.draft("RGB", (enough[1], enough[0]) if orientation >= 5 else enough)
            image.load()
            if image.mode.startswith("I"):  # 16 bits of grey, which convert() would clip to white
                grey = np.clip(np.asarray(image, dtype=np.float32) / 257, 0, 255)
                return Image.fromarray(grey.astype(np.uint8)).convert("RGB")
            # Each step copies all the pixels: none is taken for nothing.
            upright = image if orientation == 1 else ImageOps.exif_transpose(image)
            mode = "RGBA" if upright.has_transparency_data else "RGB"
            return upright if upright.mode == mode else upright.convert(mode)
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
) -> Image.Image:
    """Return a part of an image at another size, without aliasing."""
    return image.resize(size, Image.Resampling.BICUBIC, box=box, reducing_gap=2.0)


def pixels(image: Image.Image) -> Plane:
    """Return an RGB image as an array of shape (height, width, 3)."""
    return as_plane(np.asarray(image))


def _even(pixels: int) -> int:
    return max(2, pixels + pixels % 2)
