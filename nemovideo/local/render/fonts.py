"""Fonts come from installed packages, so that a title looks the same on every machine."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from nemovideo.local.render.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Latin and Cyrillic; Noto for other scripts, symbols and emoji; Noto for Chinese, Japanese and Korean.
_PACKAGES = ("fontpkg_montserrat", "manimgx_fonts", "manimgx_fonts_cjk")
_CJK_FACE = 2  # in Noto's collection: the forms of simplified Chinese

_NO_CHARACTER = "\U0010ffff"  # never assigned: every font draws its "missing" box for it
_INVISIBLE = frozenset(("Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"))  # no glyph of their own to miss


@functools.lru_cache(maxsize=64)
def load_font(path: Path, size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Return a font at a size in pixels; a variable one at a weight, 100 to 900.

    Raises:
        RenderError: The file is no font.
    """
    try:
        font = ImageFont.truetype(str(path), size, index=_CJK_FACE if path.suffix == ".ttc" else 0)
    except OSError:
        raise RenderError(f"{path} is no font file that can be used.") from None
    with contextlib.suppress(OSError):  # not a variable font: it has the weight that it has
        font.set_variation_by_axes(
            [
                weight if axis.get("name") == b"Weight" else axis["default"] or 0
                for axis in font.get_variation_axes()
            ]
        )
    return font


@functools.cache
def font_files() -> tuple[Path, ...]:
    """Return every upright font at hand, the house's own first: what one lacks, the next may have.

    Raises:
        RenderError: There is none: the extra `local` was not installed whole.
    """
    files = tuple(_font_files())
    if not files:
        raise RenderError('No font is installed: pip install "nemovideo[local]".')
    return files


def _font_files() -> Iterator[Path]:
    for package in _PACKAGES:
        spec = importlib.util.find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            fonts = [path for path in Path(folder).rglob("*") if path.suffix in (".ttf", ".otf", ".ttc")]
            # The plain family has the shortest name, and goes before the ones for single scripts.
            for path in sorted(fonts, key=lambda path: (len(path.name), path.name)):
                if "Italic" not in path.name:
                    yield path


@functools.lru_cache(maxsize=4096)
def has_glyph(path: Path, character: str) -> bool:
    """Return whether a font can draw a character; one that is never seen counts as drawn."""
    if unicodedata.category(character) in _INVISIBLE:
        return True
    return _drawn(path, character) != _drawn(path, _NO_CHARACTER)


def _drawn(path: Path, character: str) -> bytes:
    canvas = Image.new("L", (48, 48))
    ImageDraw.Draw(canvas).text((8, 40), character, fill=255, font=load_font(path, 32, 400), anchor="ls")
    return canvas.tobytes()
