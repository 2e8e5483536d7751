"""Titles, captions and subtitles: broken into balanced lines, set, outlined, and kept as stamps."""

from __future__ import annotations

import logging
import unicodedata
from typing import TYPE_CHECKING

import cv2
import numpy as np
from attrs import frozen
from PIL import Image, ImageDraw

from nemovideo.local.render.fonts import font_files, has_glyph, load_font
from nemovideo.local.render.planes import as_plane
from nemovideo.local.render.stamp import Stamp, stamp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nemovideo.local.render.plan import Cue


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
    "title": Style(0.105, 800, 1.12, 0.012, 0.45, 0.16, 0.7, 3),
    "caption": Style(0.058, 700, 1.22, 0.03, 0.6, 0.14, 0.55, 4),
    "subtitle": Style(0.05, 600, 1.25, 0.055, 0.85, 0.08, 0.4, 3),
}

_SIDE_MARGIN = 0.09  # of the width
_TOP_MARGIN = 0.1  # of the height
_BOTTOM_MARGIN = {
    True: 0.17,
    False: 0.08,
}  # of the height; phone apps lay their buttons over a portrait's foot
_SMALLEST = 0.45  # of the wanted size; a novel in a title is cut off rather than set illegibly
_STEP = 0.94


@frozen
class Setting:
    """Text in lines, at the size where it fits."""

    lines: tuple[str, ...]
    size: int


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
    room = round(width * (1 - 2 * _SIDE_MARGIN))
    setting = _set(cue.text, style, min(width, height) * style.size, room, fonts)
    leading = round(setting.size * style.leading)
    edge = round(setting.size * (style.outline + 2.5 * style.shadow)) + 2
    widths = [measure(line, setting.size, style.weight, fonts) for line in setting.lines]
    box_width = min(width // 2 * 2, (max(widths) + 2 * edge + 1) // 2 * 2)
    box_height = min(height // 2 * 2, (leading * len(setting.lines) + 2 * edge + 1) // 2 * 2)
    ink, outlined = (Image.new("L", (box_width, box_height)) for _ in range(2))
    for index, (line, line_width) in enumerate(zip(setting.lines, widths, strict=True)):
        x = (box_width - line_width) / 2
        baseline = edge + leading * index + round(setting.size * 0.82)
        stroke = max(1, round(setting.size * style.outline))
        _draw_line(line, x, baseline, setting.size, style.weight, fonts, ink, 0)
        _draw_line(line, x, baseline, setting.size, style.weight, fonts, outlined, stroke)
    rgba = _shaded(np.asarray(ink), np.asarray(outlined), style, setting.size)
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


def measure(text: str, size: int, weight: int, fonts: Sequence[Path]) -> int:
    """Return how wide a line is, in pixels."""
    return round(sum(load_font(path, size, weight).getlength(run) for path, run in runs(text, fonts)))


def runs(text: str, fonts: Sequence[Path]) -> list[tuple[Path, str]]:
    """Cut a line where the font must change; what no font has is left out."""
    cut: list[tuple[Path, str]] = []
    for character in text:
        able = [path for path in fonts if has_glyph(path, character)]
        if not able:
            continue
        if cut and cut[-1][0] in able:
            cut[-1] = cut[-1][0], cut[-1][1] + character
        else:
            cut.append((able[0], character))
    return cut


def _fonts(own: Path | None) -> tuple[Path, ...]:
    return ((own,) if own else ()) + font_files()


def _set(text: str, style: Style, wanted: float, room: int, fonts: Sequence[Path]) -> Setting:
    size, smallest = max(6.0, wanted), max(6.0, wanted * _SMALLEST)
    while size >= smallest:
        measured = _Measured(round(size), style.weight, fonts)
        lines = _wrapped(text, room, measured)
        if len(lines) <= style.max_lines and all(measured(line) <= room for line in lines):
            return Setting(tuple(lines), round(size))
        size *= _STEP
    lines = _wrapped(text, room, _Measured(round(smallest), style.weight, fonts), anywhere=True)
    return Setting(tuple(lines[: style.max_lines * 2]), round(smallest))


@frozen
class _Measured:
    """How wide a text is, in pixels, in a certain type."""

    size: int
    weight: int
    fonts: Sequence[Path]

    def __call__(self, text: str) -> int:
        return measure(text, self.size, self.weight, self.fonts)


def _wrapped(text: str, room: int, measured: _Measured, *, anywhere: bool = False) -> list[str]:
    """Break at spaces, or anywhere between Chinese characters; as evenly as the number of lines allows."""
    lines: list[str] = []
    for paragraph in text.strip().splitlines():
        pieces = _pieces(unicodedata.normalize("NFC", " ".join(paragraph.split())))
        if anywhere:
            pieces = [
                part for piece in pieces for part in ([piece] if measured(piece) <= room else list(piece))
            ]
        widths = [measured(piece) for piece in pieces]
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
    pieces: list[str] = []
    breakable = True
    for character in paragraph:
        wide = unicodedata.east_asian_width(character) in "WF" and unicodedata.category(character) == "Lo"
        if breakable or wide:
            pieces.append(character)
        else:
            pieces[-1] += character
        breakable = (wide and unicodedata.category(character) != "Po") or character == " "
        if (
            len(pieces) > 1
            and unicodedata.category(character) in ("Po", "Pe", "Pf")
            and pieces[-1] == character
        ):
            pieces.pop()
            pieces[-1] += character
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


def _draw_line(
    line: str,
    x: float,
    baseline: int,
    size: int,
    weight: int,
    fonts: Sequence[Path],
    on: Image.Image,
    stroke: int,
) -> None:
    draw = ImageDraw.Draw(on)
    for path, run in runs(line, fonts):
        font = load_font(path, size, weight)
        draw.text((x, baseline), run, fill=255, font=font, anchor="ls", stroke_width=stroke)
        x += font.getlength(run)


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
        y = height * (1 - _BOTTOM_MARGIN[height > width]) - box_height + edge
    else:
        y = (height - box_height) / 2
    y = min(max(0, y), height - box_height)
    return round((width - box_width) / 4) * 2, round(y / 2) * 2
