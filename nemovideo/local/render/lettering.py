"""Titles, captions and subtitles: broken into balanced lines, set, outlined, and kept as stamps."""

from __future__ import annotations

import logging
import unicodedata
from typing import TYPE_CHECKING

import cv2
import numpy as np
from attrs import frozen
from PIL import Image, ImageDraw, features

from nemovideo.local.render.fonts import font_files, has_glyph, load_font
from nemovideo.local.render.planes import as_plane
from nemovideo.local.render.stamp import Stamp, stamp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL import ImageFont

    from nemovideo.local.render.scene import Cue

_logger = logging.getLogger("nemovideo.local.render")


@frozen
class Style:
    """How a role looks. Lengths are shares of the type size, which is a share of the short side.

    Attributes:
        size: The type size at its largest.
        weight: Of the font, 100 to 900.
        leading: From baseline to baseline.
        outline: Width of the dark edge.
        outline_opacity: Of that edge, 0 to 1.
        shadow: Radius of the soft shadow.
        shadow_opacity: Of that shadow, 0 to 1.
        max_lines: More text than this is set smaller.
    """

    size: float
    weight: int
    leading: float
    outline: float
    outline_opacity: float
    shadow: float
    shadow_opacity: float
    max_lines: int


STYLES = {
    "title": Style(
        size=0.105,
        weight=800,
        leading=1.12,
        outline=0.012,
        outline_opacity=0.45,
        shadow=0.16,
        shadow_opacity=0.7,
        max_lines=3,
    ),
    "caption": Style(
        size=0.058,
        weight=700,
        leading=1.22,
        outline=0.03,
        outline_opacity=0.6,
        shadow=0.14,
        shadow_opacity=0.55,
        max_lines=4,
    ),
    "subtitle": Style(
        size=0.05,
        weight=600,
        leading=1.25,
        outline=0.055,
        outline_opacity=0.85,
        shadow=0.08,
        shadow_opacity=0.4,
        max_lines=3,
    ),
}
"""Styles by the role that a track gives."""

_SIDE_MARGIN = 0.09  # of the width
_TOP_MARGIN = 0.1  # of the height
_BOTTOM_MARGIN = 0.08
_PORTRAIT_BOTTOM_MARGIN = 0.17  # where phone apps lay their buttons
_TALLEST = 0.27  # of the height: lines that would take more of the picture are set smaller
_SMALLEST = 0.45  # of the wanted size: a novel in a title is cut off rather than set illegibly
_STEP = 0.94
_DASHES = "\u2013\u2014"
_ASCENT = 0.82  # of the size: from the top of a line to its baseline


def letter(cue: Cue, width: int, height: int, font: Path | None = None) -> Stamp:
    """Draw a text.

    Args:
        cue: What it says, and in which role and position.
        width: Of the canvas.
        height: Of the canvas.
        font: A font file of the user's, asked before the installed ones.

    Raises:
        RenderError: That file is no font, or no font is installed.
    """
    style = STYLES.get(cue.role, STYLES["caption"])
    fonts = _fonts(font)
    if missing := missing_characters(cue.text, font):
        _logger.warning("No font has %r of the text %r: left out.", missing, cue.text)
    room = round(width * (1 - 2 * _SIDE_MARGIN)), round(height * _TALLEST)
    lines, type_ = _set(cue.text, style, min(width, height) * style.size, room, fonts)
    leading = round(type_.size * style.leading)
    stroke = max(1, round(type_.size * style.outline))
    edge = round(type_.size * (style.outline + 2.5 * style.shadow)) + 2
    widths = [type_.width(line) for line in lines]
    box_width = min(width // 2 * 2, (max(widths) + 2 * edge + 1) // 2 * 2)
    box_height = min(height // 2 * 2, (leading * len(lines) + 2 * edge + 1) // 2 * 2)
    ink, outlined = (Image.new("L", (box_width, box_height)) for _ in range(2))
    for index, (line, line_width) in enumerate(zip(lines, widths, strict=True)):
        corner = (box_width - line_width) / 2, edge + leading * index + round(type_.size * _ASCENT)
        type_.draw(line, corner, ink)
        type_.draw(line, corner, outlined, stroke)
    rgba = _shaded(np.asarray(ink), np.asarray(outlined), style, type_.size)
    x, y = _place(cue.position, box_width, box_height, edge, width, height)
    return stamp(rgba, x, y)


def missing_characters(text: str, font: Path | None = None) -> str:
    """Return the characters that no font at hand can draw, each once."""
    fonts = _fonts(font)
    return "".join(
        character
        for character in dict.fromkeys(text)
        if not any(has_glyph(path, character) for path in fonts)
    )


def runs(text: str, fonts: Sequence[Path]) -> list[tuple[Path, str]]:
    """Cut a line where the font must change; what no font has is left out."""
    cut: list[tuple[Path, str]] = []
    for character in text:
        last = cut[-1][0] if cut else None
        goes_along = last and not character.isalnum() and has_glyph(last, character)
        path = last if goes_along else next((path for path in fonts if has_glyph(path, character)), None)
        if path is None:
            continue
        if path == last:
            cut[-1] = path, cut[-1][1] + character
        else:
            cut.append((path, character))
    return cut


@frozen
class _Type:
    """Letters of one size and weight, from the first of the fonts that has them."""

    size: int
    weight: int
    fonts: Sequence[Path]

    def width(self, line: str) -> int:
        """Return how wide a line is, in pixels."""
        return round(sum(width for _, _, width in self._placed(line)))

    def draw(self, line: str, corner: tuple[float, int], on: Image.Image, stroke: int = 0) -> None:
        """Draw a line from the left end of its baseline, thicker by a stroke."""
        canvas, way = ImageDraw.Draw(on), _way(line)
        x, baseline = corner
        for font, run, width in self._placed(line):
            canvas.text(
                (x, baseline), run, fill=255, font=font, anchor="ls", stroke_width=stroke, direction=way
            )
            x += width

    def _placed(self, line: str) -> list[tuple[ImageFont.FreeTypeFont, str, float]]:
        """Return the runs of a line from left to right, each with its font and width."""
        way = _way(line)
        fonts = [(load_font(path, self.size, self.weight), run) for path, run in runs(line, self.fonts)]
        placed = [(font, run, font.getlength(run, direction=way)) for font, run in fonts]
        return placed[::-1] if way == "rtl" else placed


def _way(line: str) -> str | None:
    """Return which way a line runs: as its first letter does; None where Pillow cannot be told."""
    if not features.check_feature("raqm"):
        return None
    kinds = map(unicodedata.bidirectional, line)
    return "rtl" if next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L" else "ltr"


def _fonts(own: Path | None) -> tuple[Path, ...]:
    return ((own,) if own else ()) + font_files()


def _set(
    text: str, style: Style, wanted: float, room: tuple[int, int], fonts: Sequence[Path]
) -> tuple[list[str], _Type]:
    """Return lines, and the largest type in which they fit a room's width and height."""
    across, down = room
    size, smallest = max(6.0, wanted), max(6.0, wanted * _SMALLEST)
    while size >= smallest:
        type_ = _Type(round(size), style.weight, fonts)
        lines = _wrapped(text, across, type_)
        fitting = max(1, int(down / (size * style.leading)))
        if len(lines) <= min(style.max_lines, fitting) and all(type_.width(line) <= across for line in lines):
            return lines, type_
        size *= _STEP
    type_ = _Type(round(smallest), style.weight, fonts)
    lines = _wrapped(text, across, type_, anywhere=True)
    most = 2 * style.max_lines
    return (lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1] + "…"]), type_


def _wrapped(text: str, room: int, type_: _Type, *, anywhere: bool = False) -> list[str]:
    """Break at spaces, or anywhere between Chinese characters; as evenly as the number of lines allows."""
    lines: list[str] = []
    for paragraph in text.strip().splitlines():
        pieces = _pieces(unicodedata.normalize("NFC", " ".join(paragraph.split())))
        if anywhere:
            pieces = [
                part for piece in pieces for part in ([piece] if type_.width(piece) <= room else list(piece))
            ]
        widths = [type_.width(piece) for piece in pieces]
        fewest = len(_fill(pieces, widths, room))
        narrow, wide = max(widths, default=0) - 1, room
        while wide - narrow > 8:  # the narrowest column with no more lines has the most even ones
            middle = (narrow + wide) // 2
            if len(_fill(pieces, widths, middle)) <= fewest:
                wide = middle
            else:
                narrow = middle
        lines += _fill(pieces, widths, wide)
    return lines or [""]


def _pieces(paragraph: str) -> list[str]:
    """Cut after spaces and around Chinese characters; closing marks and dashes stay with what is before."""
    pieces: list[str] = []
    may_break = True
    for character in paragraph:
        category = unicodedata.category(character)
        is_ideograph = category == "Lo" and unicodedata.east_asian_width(character) in "WF"
        closes = category in ("Po", "Pe", "Pf") and pieces and not pieces[-1].endswith(" ")
        closes = closes or (character in _DASHES and pieces)
        if (may_break or is_ideograph) and not closes:
            pieces.append(character)
        else:
            pieces[-1] += character
        may_break = is_ideograph or character == " "
    return pieces


def _fill(pieces: Sequence[str], widths: Sequence[int], room: int) -> list[str]:
    lines: list[str] = []
    used = 0
    for piece, width in zip(pieces, widths, strict=True):
        if lines and used + width <= room:
            lines[-1] += piece
            used += width
        else:
            lines.append(piece)
            used = width
    return [line.strip() for line in lines]


def _shaded(ink: np.ndarray, outlined: np.ndarray, style: Style, size: int) -> np.ndarray:
    """White letters on their dark edge on their soft shadow, as RGBA."""
    shadow = cv2.GaussianBlur(outlined, (0, 0), max(0.5, size * style.shadow / 2))
    moved = np.roll(shadow, round(size * 0.03), axis=0).astype(np.float32) / 255
    dark = 1 - (1 - moved * style.shadow_opacity) * (1 - outlined / 255 * style.outline_opacity)
    light = ink.astype(np.float32) / 255
    opacity = 1 - (1 - dark) * (1 - light)
    white = np.divide(light, opacity, out=np.zeros_like(opacity), where=opacity > 0)
    rgba = np.dstack([white, white, white, opacity]) * 255
    return as_plane(np.rint(rgba).astype(np.uint8))


def _place(
    position: str, box_width: int, box_height: int, edge: int, width: int, height: int
) -> tuple[int, int]:
    if position == "top":
        y = height * _TOP_MARGIN - edge
    elif position == "bottom":
        margin = _PORTRAIT_BOTTOM_MARGIN if height > width else _BOTTOM_MARGIN
        y = height * (1 - margin) - box_height + edge
    else:
        y = (height - box_height) / 2
    y = min(max(0, y), height - box_height)
    return round((width - box_width) / 4) * 2, round(y / 2) * 2
