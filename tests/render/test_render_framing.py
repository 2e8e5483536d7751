"""Where pictures stand, and what the camera sees of them."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nemovideo.local.render.framing import Frame, frame_for, framing

sides = st.integers(1, 9000)
canvases = st.sampled_from([(1080, 1920), (1920, 1080), (1080, 1080), (1080, 1350), (180, 320)])
motions = st.sampled_from(
    ["none", "zoom_in", "zoom_out", "pan_left", "pan_right", "pan_up", "pan_down", "orbit"]
)


@given(width=sides, height=sides, canvas=canvases)
def test_a_frame_lies_on_the_canvas_in_even_pixels(width: int, height: int, canvas: tuple[int, int]) -> None:
    """Whatever the picture's shape, down to a single line of pixels."""
    frame = frame_for(width, height, *canvas)
    assert frame.width >= 2
    assert frame.height >= 2
    assert frame.x + frame.width <= canvas[0]
    assert frame.y + frame.height <= canvas[1]
    assert all(side % 2 == 0 for side in (frame.x, frame.y, frame.width, frame.height))


@given(width=sides, height=sides, canvas=canvases, motion=motions, seconds=st.floats(0.03, 60))
def test_the_camera_never_looks_past_the_picture(
    width: int, height: int, canvas: tuple[int, int], motion: str, seconds: float
) -> None:
    """At every moment of every move the window lies inside, and is sampled finely or copied."""
    made = framing(width, height, frame_for(width, height, *canvas), motion, seconds)
    for progress in (0.0, 0.3, 0.5, 1.0):
        window = made.window(progress)
        assert window.x >= 0
        assert window.y >= 0
        assert window.x + made.frame.width * window.scale <= made.width + 1e-6
        assert window.y + made.frame.height * window.scale <= made.height + 1e-6
        assert window.scale >= 1.03 or (window.scale == 1 and window.x % 2 == window.y % 2 == 0)


@given(width=st.integers(50, 9000), height=st.integers(50, 9000), canvas=canvases, motion=motions)
def test_nothing_is_distorted(width: int, height: int, canvas: tuple[int, int], motion: str) -> None:
    """Across and down, the picture is scaled alike, to the pixel that rounding costs."""
    made = framing(width, height, frame_for(width, height, *canvas), motion, 5)
    assume(min(made.width, made.height) > 8)  # of a sliver, one pixel is a lot
    across, down = made.width / width, made.height / height
    assert across / down == pytest.approx(1, abs=2.01 / (min(made.width, made.height) - 2))


@pytest.mark.parametrize(
    ("size", "fills"),
    [
        ((1080, 1920), True),
        ((3000, 4000), True),
        ((1000, 1000), True),
        ((3000, 2000), False),
        ((4000, 3000), False),
    ],
)
def test_a_picture_that_would_lose_nearly_half_is_framed_instead(size: tuple[int, int], fills: bool) -> None:
    """On a phone's canvas, portraits and squares fill it; landscapes stand over a backdrop."""
    assert (frame_for(*size, 1080, 1920) == Frame(0, 0, 1080, 1920)) == fills


def test_a_framed_picture_shows_at_least_four_fifths_of_itself() -> None:
    """It gives up a fifth of its longer side at most, to stand larger."""
    made = framing(3000, 2000, frame_for(3000, 2000, 1080, 1920), "none", 5)
    assert made.frame.width / made.width == pytest.approx(0.8, abs=0.01)
    assert made.frame.height == made.height


@pytest.mark.parametrize(
    ("motion", "across", "down", "nearer"),
    [
        ("zoom_in", 0, 0, 1),
        ("zoom_out", 0, 0, -1),
        ("pan_left", -1, 0, 0),
        ("pan_right", 1, 0, 0),
        ("pan_up", 0, -1, 0),
        ("pan_down", 0, 1, 0),
        ("none", 0, 0, 0),
    ],
)
def test_each_move_goes_where_its_name_says(motion: str, across: int, down: int, nearer: int) -> None:
    """The camera's centre goes left, right, up or down, or the camera comes nearer."""
    made = framing(1080, 1920, Frame(0, 0, 1080, 1920), motion, 5)
    centers = [
        (window.x + 540 * window.scale, window.y + 960 * window.scale) for window in (made.start, made.stop)
    ]
    moved = centers[1][0] - centers[0][0], centers[1][1] - centers[0][1]
    closer = made.start.scale - made.stop.scale
    assert [sign(value) for value in (*moved, closer)] == [across, down, nearer]


def sign(value: float) -> int:
    return 0 if abs(value) < 1e-6 else 1 if value > 0 else -1
