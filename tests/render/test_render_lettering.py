"""Titles and subtitles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nemovideo.local.render.compose import Composer
from nemovideo.local.render.errors import RenderError
from nemovideo.local.render.fonts import font_files
from nemovideo.local.render.lettering import letter, missing_characters, runs
from nemovideo.local.render.planes import Picture, blank
from nemovideo.local.render.scene import Cue, Plan

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT = 540, 960


def drawn(
    text: str, role: str = "title", position: str = "center", size: tuple[int, int] = (WIDTH, HEIGHT)
) -> Picture:
    """Draw a text on black."""
    canvas = blank(*size)
    letter(Cue(text, role, position, 0, 30), *size).put(canvas)
    return canvas


def ink(canvas: Picture) -> tuple[float, float, float, float]:
    """Return left, top, right and lower edge of what is white, in shares."""
    rows, columns = np.nonzero(canvas.y > 180)
    height, width = canvas.y.shape
    return columns.min() / width, rows.min() / height, columns.max() / width, rows.max() / height


def lines(canvas: Picture) -> int:
    """Count lines of text: stretches of rows with white in them, gaps for dots on letters aside."""
    rows = np.flatnonzero((canvas.y > 180).any(axis=1))
    return 1 + int((np.diff(rows) > HEIGHT // 100).sum())


@pytest.mark.parametrize("role", ["title", "caption", "subtitle"])
@pytest.mark.parametrize("position", ["top", "center", "bottom"])
def test_text_keeps_to_the_safe_area(role: str, position: str) -> None:
    """Not at the edges, and above the foot where phones lay their buttons."""
    left, top, right, lower = ink(drawn("A long line of text that must be broken", role, position))
    assert left >= 0.08
    assert right <= 0.92
    assert top >= 0.08
    assert lower <= 0.86


@pytest.mark.parametrize("position", ["top", "center", "bottom"])
def test_texts_of_several_roles_do_not_cover_one_another(position: str) -> None:
    """In one place at one time they stand below each other: subtitles lowest, titles highest."""
    cues = [
        Cue("Hand made", "caption", position, 0, 30),
        Cue("Once upon a time\nthere was a board", "subtitle", position, 10, 20),
        Cue("My Story", "title", position, 5, 30),
    ]
    stamps = Composer(Plan(WIDTH, HEIGHT, 30, 30, cues=tuple(cues)))
    together = {}
    for cue in cues:
        alone = blank(WIDTH, HEIGHT)
        stamps.stamp(cue).put(alone)
        together[cue.role] = ink(alone)
    assert together["title"][3] < together["caption"][1]
    assert together["caption"][3] < together["subtitle"][1]


def test_text_stands_where_it_was_asked_to() -> None:
    """Top is above center, center is in the middle, bottom is below."""
    top, center, bottom = (ink(drawn("NEMO", "title", place)) for place in ("top", "center", "bottom"))
    assert top[3] < center[1]
    assert center[3] < bottom[1]
    assert (center[1] + center[3]) / 2 == pytest.approx(0.5, abs=0.02)
    assert (center[0] + center[2]) / 2 == pytest.approx(0.5, abs=0.01)


def test_a_long_title_is_broken_into_lines_of_about_one_length() -> None:
    """Two lines rather than one line and a widow."""
    canvas = drawn("Paradise Found Again")
    assert lines(canvas) == 2
    rows = np.flatnonzero((canvas.y > 180).any(axis=1))
    border = rows[np.diff(rows).argmax()] + 1
    widths = [np.ptp(np.nonzero(half > 180)[1]) for half in (canvas.y[:border], canvas.y[border:])]
    assert min(widths) > 0.4 * max(widths)


@pytest.mark.parametrize("size", [(WIDTH, HEIGHT), (HEIGHT, WIDTH), (WIDTH, WIDTH)])
def test_a_title_leaves_room_for_the_picture(size: tuple[int, int]) -> None:
    """However long, it takes about a quarter of the height at most, in any shape."""
    _, top, _, lower = ink(drawn("A rather long title that needs to wrap over lines", size=size))
    assert lower - top < 0.28


def test_no_line_begins_with_a_dash() -> None:
    """It stays with the word before it: the first line is the longer one."""
    canvas = drawn("Summer — sea")
    rows = np.flatnonzero((canvas.y > 180).any(axis=1))
    border = rows[np.diff(rows).argmax()] + 1
    first, second = (np.ptp(np.nonzero(half > 180)[1]) for half in (canvas.y[:border], canvas.y[border:]))
    assert lines(canvas) == 2
    assert first > 2 * second


def test_a_novel_is_set_smaller_and_still_fits() -> None:
    """The more text, the smaller; it never leaves the canvas."""
    left, top, right, lower = ink(drawn("word " * 60))
    assert left > 0.05
    assert right < 0.95
    assert top > 0
    assert lower < 1


def test_one_endless_word_stays_on_the_canvas() -> None:
    """It is set as small as legible."""
    left, _, right, _ = ink(drawn("Donaudampfschifffahrtsgesellschaft"))
    assert left > 0
    assert right < 1


def test_given_line_breaks_are_kept() -> None:
    """A person's own lines stay lines."""
    assert lines(drawn("ONE\nTWO\nTEN")) == 3


@pytest.mark.parametrize("text", ["Ünïcode ÇĞ", "Привет", "Καλημέρα", "नमस्ते", "שלום", "مرحبا", "ok 🎬 go"])
def test_many_scripts_can_be_written(text: str) -> None:
    """Fonts for them are installed with the renderer, and each letter finds one."""
    assert missing_characters(text) == ""
    assert (drawn(text).y > 180).sum() > 200


@pytest.mark.parametrize("text", ["מים l", "l מים"])
def test_a_line_runs_as_its_first_letter_does(text: str) -> None:
    """What follows a right-to-left word stands left of it, also in another font."""
    columns = np.flatnonzero((drawn(text).y > 180).any(axis=0))
    letters = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    assert len(letters[0]) < min(map(len, letters[1:]))


def test_what_no_font_has_is_named_and_left_out(caplog: pytest.LogCaptureFixture) -> None:
    """A private character gives a warning, and no box is drawn for it."""
    assert missing_characters("a\ue123b\ue123") == "\ue123"
    assert (drawn("a\ue123b").y == drawn("ab").y).all()
    assert r"No font has '\ue123'" in caplog.text


def test_a_font_changes_only_where_it_must() -> None:
    """Latin letters around a sign from another font keep theirs."""
    made = runs("go 🎬 on", font_files())
    assert [text for _, text in made] == ["go ", "🎬 ", "on"]
    assert made[0][0] == made[2][0] != made[1][0]


def test_a_font_that_is_none_is_refused(tmp_path: Path) -> None:
    """A user's own font file is checked."""
    (tmp_path / "fake.ttf").write_text("not a font")
    with pytest.raises(RenderError, match=r"fake\.ttf"):
        letter(Cue("a", "title", "center", 0, 1), WIDTH, HEIGHT, tmp_path / "fake.ttf")
