"""Colour profiles: phones save photos in wider colours than video shows; here they become sRGB's."""

from __future__ import annotations

import functools
import io

from PIL import Image, ImageCms


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return an RGB image in sRGB.

    Args:
        image: Its pixels mean what its file's profile says.
        profile: That profile (ICC); None, a damaged one, or one of another kind of colours leaves the image.
    """
    if not profile:
        return image
    try:
        transform = _transform(profile)
        return image if transform is None else ImageCms.applyTransform(image, transform) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


@functools.lru_cache(maxsize=8)
def _transform(profile: bytes) -> ImageCms.ImageCmsTransform | None:
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if "sRGB" in ImageCms.getProfileDescription(source):
        return None
    return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), "RGB", "RGB")
