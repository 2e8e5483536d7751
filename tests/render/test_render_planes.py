"""YUV pictures: colours, sampling between pixels, transitions, filters, stamps."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from painted import BLUE, GREEN, RED, WHITE, Color

from nemovideo.local.render.filters import LOOKS, apply_look
from nemovideo.local.render.planes import PAD, Picture, as_plane, blank, from_rgb, mix, pad, sample
from nemovideo.local.render.stamp import stamp
from nemovideo.local.render.transitions import combine


def plain(color: Color, width: int = 40, height: int = 20) -> Picture:
    return from_rgb(np.full((height, width, 3), color, np.uint8))


def values(picture: Picture, x: int = 20, y: int = 10) -> tuple[int, int, int]:
    return int(picture.y[y, x]), int(picture.u[y // 2, x // 2]), int(picture.v[y // 2, x // 2])


@pytest.mark.parametrize(
    ("color", "yuv"),
    [
        ((0, 0, 0), (16, 128, 128)),
        (WHITE, (235, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 0, 255), (32, 240, 118)),
    ],
)
def test_colours_are_bt709_in_limited_range(color: Color, yuv: tuple[int, int, int]) -> None:
    """The corners of Rec. 709, as its tables give them."""
    assert values(plain(color)) == yuv


@pytest.mark.parametrize("interpolation", [cv2.INTER_LINEAR, cv2.INTER_CUBIC])
def test_a_window_lies_where_it_was_asked_for(interpolation: int) -> None:
    """Over a slow zoom and pan, the picture is off by at most 0.05 px rms: it does not shake."""
    across = np.arange(460)

    def wave(x: np.ndarray) -> np.ndarray:
        return np.asarray(128 + 90 * np.sin(x / 9))

    row = np.rint(wave(across)).astype(np.uint8)
    source = np.broadcast_to(row, (80, 460))
    padded = pad(Picture(as_plane(source), as_plane(source[::2, ::2]), as_plane(source[::2, ::2])))
    shifts = []
    for number in range(60):
        x, scale = 3 + 0.371 * number, 1.151 - 0.0019 * number
        target = blank(300, 40)
        sample(padded, x, 7.3, scale, target, interpolation)
        asked = x + (np.arange(300) + 0.5) * scale - 0.5
        slope = 10 * np.cos(asked / 9)
        shifts.append(np.sum((target.y[20] - wave(asked)) * slope) / np.sum(slope**2))
    assert np.sqrt(np.mean(np.square(shifts))) < 0.05


def test_a_window_that_does_not_move_is_copied() -> None:
    """At scale 1 every pixel is the very one of the picture."""
    noise = np.random.default_rng(3).integers(16, 235, (60, 90), dtype=np.uint8)
    picture = Picture(noise, noise[::2, ::2].copy(), noise[::2, ::2].copy())
    target = blank(40, 20)
    sample(pad(picture), 6, 4, 1, target, cv2.INTER_CUBIC)
    assert (target.y == noise[4:24, 6:46]).all()
    assert (target.v == noise[::2, ::2][2:12, 3:23]).all()


def test_padding_repeats_the_edge() -> None:
    """Sampling at the very edge sees the edge, not black."""
    padded = pad(plain(RED))
    assert padded.y.shape[0] > 20 + PAD
    assert (padded.y == padded.y[0, 0]).all()


@pytest.mark.parametrize("kind", ["dissolve", "fade", "slide", "wipe"])
def test_a_transition_begins_with_the_old_and_ends_with_the_new(kind: str) -> None:
    """Whatever happens in between."""
    for progress, color in ((0.0, RED), (1.0, GREEN)):
        base = plain(RED)
        combine(kind, base, plain(GREEN), progress)
        assert all(abs(a - b) <= 1 for a, b in zip(values(base), values(plain(color)), strict=True))


@pytest.mark.parametrize(
    ("kind", "left", "right"),
    [("fade", (0, 0, 0), (0, 0, 0)), ("slide", RED, GREEN), ("wipe", GREEN, RED)],
)
def test_the_middle_of_a_transition(kind: str, left: Color, right: Color) -> None:
    """Fade is black; slide has the new one come from the right; wipe has it come from the left."""
    base = plain(RED, 80)
    combine(kind, base, plain(GREEN, 80), 0.5 if kind != "slide" else 0.2)
    for x, color in ((2, left), (77, right)):
        assert all(abs(a - b) <= 2 for a, b in zip(values(base, x), values(plain(color)), strict=True))


def test_a_dissolve_is_half_and_half_in_the_middle() -> None:
    """Every plane is the mean of the two."""
    base = plain(RED)
    mix(base, plain(BLUE), 0.5)
    mean = [(a + b) / 2 for a, b in zip(values(plain(RED)), values(plain(BLUE)), strict=True)]
    assert values(base) == pytest.approx(mean, abs=1)


@pytest.mark.parametrize("name", LOOKS)
def test_every_filter_changes_the_picture_and_stays_in_range(name: str) -> None:
    """No filter leaves the levels that video allows."""
    ramp = np.dstack([np.tile(np.arange(0, 256, 4, dtype=np.uint8), (20, 1))] * 3)
    ramp[:, :, 0] = ramp[:, ::-1, 0]
    before = from_rgb(ramp)
    after = apply_look(before, name)
    assert any((a != b).any() for a, b in zip(before.planes, after.planes, strict=True))
    assert all(plane.min() >= 16 and plane.max() <= 240 for plane in after.planes)


def test_filters_do_what_their_names_say() -> None:
    """Black and white has no colour, warm is redder and less blue, bright is lighter."""
    before = values(plain((120, 110, 100)))
    grey, warm, bright = (
        values(apply_look(plain((120, 110, 100)), name)) for name in ("black_and_white", "warm", "bright")
    )
    assert grey[1:] == (128, 128)
    assert warm[1] < before[1]
    assert warm[2] > before[2]
    assert bright[0] > before[0] + 8


def test_a_stamp_covers_as_much_as_it_is_opaque() -> None:
    """Opaque pixels replace, clear ones leave, and a share draws it half there."""
    rgba = np.zeros((8, 8, 4), np.uint8)
    rgba[:, :4] = (*WHITE, 255)
    target = plain((0, 0, 0))
    stamp(rgba, 10, 6).put(target)
    assert int(target.y[9, 11]) == 235
    assert int(target.y[9, 16]) == 16
    faint = plain((0, 0, 0))
    stamp(rgba, 10, 6).put(faint, 0.5)
    assert int(faint.y[9, 11]) == pytest.approx(126, abs=1)
