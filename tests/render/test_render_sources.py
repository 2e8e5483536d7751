"""Photos, clips and animated images as they appear in the finished video."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from painted import BLUE, GREEN, GREY, RED, WHITE, clip, halves, photo, tone_file
from PIL import Image, ImageCms, ImageDraw
from rendered import draft, near, rendered, say, show

from nemovideo.local.render.media import probe

if TYPE_CHECKING:
    from pathlib import Path


def test_a_photo_stands_upright_as_the_camera_was_held(tmp_path: Path) -> None:
    """Each of the eight EXIF orientations shows red above green."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = halves(RED, GREEN, (180, 320))
    segments = []
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        stored = upright.transpose(undo[orientation]) if orientation in undo else upright
        path = tmp_path / f"{orientation}.jpg"
        stored.save(path, exif=exif, quality=95)
        segments.append(show(path, 100))
    made = rendered(draft((0, segments)), tmp_path / "out.mp4")
    for index in range(8):
        assert near(made.color(index * 3 + 1, y=0.25), RED, 10), index + 1
        assert near(made.color(index * 3 + 1, y=0.75), GREEN, 10), index + 1


def test_a_landscape_photo_is_framed_over_its_own_colours(tmp_path: Path) -> None:
    """In the middle the photo itself, above it a darker, blurred copy rather than black."""
    path = photo(tmp_path / "wide.png", (90, 160, 220), (480, 320))
    made = rendered(draft((0, [show(path, 300)])), tmp_path / "out.mp4")
    assert near(made.color(4), (90, 160, 220))
    above = made.color(4, y=0.08)
    assert 40 < above[2] < 200
    assert above[2] > above[1] > above[0]


@pytest.mark.parametrize("motion", ["none", "zoom_in"])
def test_a_circle_stays_round(tmp_path: Path, motion: str) -> None:
    """Cropping never stretches."""
    image = Image.new("RGB", (403, 601), WHITE)
    ImageDraw.Draw(image).ellipse((151, 250, 251, 350), fill=RED)
    image.save(tmp_path / "a.png")
    made = rendered(draft((0, [show(tmp_path / "a.png", 300, motion=motion)])), tmp_path / "out.mp4")
    rows, columns = np.nonzero(made.frames[5][:, :, 1] < 120)
    assert np.ptp(rows) == pytest.approx(np.ptp(columns), abs=2)
    assert np.ptp(rows) > 40


@pytest.mark.parametrize("motion", ["zoom_in", "pan_right", "pan_down"])
def test_the_camera_does_not_shake(tmp_path: Path, motion: str) -> None:
    """Measured on decoded frames: a dot's way is smooth to 0.05 px rms."""
    y, x = np.mgrid[0:960, 0:540]
    light = 60 + 150 * np.exp(-((x - 200) ** 2 + (y - 400) ** 2) / (2 * 18.0**2))
    Image.fromarray(np.dstack([light] * 3).astype(np.uint8)).save(tmp_path / "dot.png")
    made = rendered(draft((0, [show(tmp_path / "dot.png", 2000, motion=motion)])), tmp_path / "out.mp4")
    track = []
    for frame in made.frames:
        weight = np.clip(frame[:, :, 1].astype(float) - 90, 0, None)
        rows, columns = np.mgrid[0 : frame.shape[0], 0 : frame.shape[1]]
        track.append([(weight * columns).sum() / weight.sum(), (weight * rows).sum() / weight.sum()])
    steps = np.arange(len(track))
    way = np.array(track)
    smooth = np.stack([np.polyval(np.polyfit(steps, axis, 4), steps) for axis in way.T], axis=1)
    assert np.ptp(way, axis=0).max() > 1
    assert np.sqrt(np.mean((way - smooth) ** 2, axis=0)).max() < 0.05


def test_photos_of_every_kind_keep_their_colour(tmp_path: Path) -> None:
    """Palette, grey, CMYK, 16 bits, a single pixel and odd sizes."""
    plain = Image.new("RGB", (91, 163), RED)
    plain.quantize(8).save(tmp_path / "palette.png")
    plain.convert("CMYK").save(tmp_path / "cmyk.jpg", quality=95)
    plain.save(tmp_path / "odd.webp", lossless=True)
    Image.new("RGB", (1, 1), RED).save(tmp_path / "pixel.png")
    Image.new("L", (90, 160), 128).save(tmp_path / "grey.png")
    Image.fromarray(np.full((160, 90), 128 * 257, np.uint16)).save(tmp_path / "deep.png")
    names = ["palette.png", "cmyk.jpg", "odd.webp", "pixel.png", "grey.png", "deep.png"]
    made = rendered(draft((0, [show(tmp_path / name, 100) for name in names])), tmp_path / "out.mp4")
    colors = [made.color(index * 3 + 1, x=0.4, y=0.5) for index in range(6)]
    assert all(near(color, RED, 10) for color in colors[:4]), colors
    assert all(near(color, GREY, 10) for color in colors[4:]), colors


def test_colours_of_a_profile_are_converted(tmp_path: Path) -> None:
    """A photo whose profile has red and blue swapped is shown with them swapped; a damaged one as it is."""
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = swapped.index(b"rXYZ"), swapped.index(b"bXYZ")  # entries of its table of contents
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"
    name = swapped.index("sRGB".encode("utf-16-be"))
    swapped[name + 1] = ord("x")
    plain = Image.new("RGB", (90, 160), RED)
    plain.save(tmp_path / "a.png", icc_profile=bytes(swapped))
    plain.save(tmp_path / "b.png", icc_profile=b"no profile at all")
    made = rendered(
        draft((0, [show(tmp_path / "a.png", 200), show(tmp_path / "b.png", 200)])), tmp_path / "out.mp4"
    )
    assert near(made.color(3), (RED[2], RED[1], RED[0]), 10)
    assert near(made.color(9), RED)


def test_a_cut_out_stands_before_paper_that_it_stands_out_from(tmp_path: Path) -> None:
    """A dark thing before light paper, a white one before dark."""
    for name, color in (("dark", (30, 30, 40, 255)), ("light", (250, 250, 250, 255))):
        image = Image.new("RGBA", (180, 320))
        ImageDraw.Draw(image).ellipse((40, 110, 140, 210), fill=color)
        image.save(tmp_path / f"{name}.png")
    made = rendered(
        draft((0, [show(tmp_path / "dark.png", 200), show(tmp_path / "light.png", 200)])),
        tmp_path / "out.mp4",
    )
    assert made.color(2, y=0.1)[0] > 200
    assert made.color(8, y=0.1)[0] < 60
    assert made.color(8)[0] > 230


def test_a_clip_is_trimmed_and_sped_up(tmp_path: Path) -> None:
    """From 0.5 s on, at double speed: frame n shows the source's frame 15 + 2n."""
    levels = list(range(20, 200, 3))
    source = clip(tmp_path / "a.mp4", levels)
    made = rendered(draft((0, [show(source, 500, source_start=500, speed=2)])), tmp_path / "out.mp4")
    for number in (0, 5, 10, 14):
        assert made.color(number)[1] == pytest.approx(levels[15 + 2 * number], abs=4)


def test_a_clip_that_is_too_short_holds_its_last_frame(tmp_path: Path) -> None:
    """It does not go black, and does not start again."""
    source = clip(tmp_path / "a.mp4", [60] * 10 + [180] * 5)
    made = rendered(draft((0, [show(source, 1000)])), tmp_path / "out.mp4")
    assert made.color(29)[1] == pytest.approx(180, abs=4)


def test_a_clip_is_turned_as_the_phone_was_held(tmp_path: Path) -> None:
    """A quarter turn clockwise, as phones write it: what was at the top is on the right."""
    path = tmp_path / "a.mp4"
    pictures = np.full((6, 96, 64, 3), 40, np.uint8)
    pictures[:, :48] = 200
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 96, "yuv420p"
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    content = bytearray(path.read_bytes())
    matrix = content.index(b"tkhd") + 44  # ISO/IEC 14496-12, 8.3.2: nine numbers after 40 bytes of others
    content[matrix : matrix + 36] = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30)
    path.write_bytes(content)
    info = probe(path)
    assert (info.width, info.height) == (96, 64)
    made = rendered(
        draft((0, [show(path, 200)]), canvas={"width": 192, "height": 128, "fps": 30}), tmp_path / "out.mp4"
    )
    assert made.color(3, x=0.75)[1] == pytest.approx(200, abs=6)
    assert made.color(3, x=0.25)[1] == pytest.approx(40, abs=6)


def test_a_clip_is_heard_at_its_volume(tmp_path: Path) -> None:
    """Its own sound comes along."""
    source = clip(tmp_path / "a.mp4", [90] * 60, tone=440)
    loud, quiet = (
        rendered(draft((0, [show(source, 1500, volume=volume)])), tmp_path / f"{volume}.mp4")
        for volume in (1, 0.5)
    )
    assert loud.loudness(0.3, 1.2) == pytest.approx(-11, abs=1.5)
    assert loud.loudness(0.3, 1.2) - quiet.loudness(0.3, 1.2) == pytest.approx(6, abs=0.5)


def test_an_animated_gif_goes_round(tmp_path: Path) -> None:
    """Two pictures of 200 ms, shown for 0.8 s: each is seen twice."""
    pictures = [Image.new("RGB", (90, 160), color) for color in (RED, BLUE)]
    pictures[0].save(tmp_path / "a.gif", save_all=True, append_images=pictures[1:], duration=200, loop=0)
    made = rendered(draft((0, [show(tmp_path / "a.gif", 800)])), tmp_path / "out.mp4")
    seen = [made.color(number) for number in (3, 9, 15, 21)]
    assert all(near(color, wanted, 12) for color, wanted in zip(seen, (RED, BLUE, RED, BLUE), strict=True)), (
        seen
    )


def test_filters_reach_photos_and_clips(tmp_path: Path) -> None:
    """Black and white is grey in the file."""
    still, moving = photo(tmp_path / "a.png", RED), clip(tmp_path / "a.mp4", [120] * 10)
    made = rendered(
        draft((0, [show(still, 300, filter="black_and_white"), show(moving, 300, filter="warm")])),
        tmp_path / "out.mp4",
    )
    red, green, blue = made.color(4)
    assert max(red, green, blue) - min(red, green, blue) <= 3
    warm = made.color(14)
    assert warm[0] > 124 > warm[2]


def test_a_later_track_lies_over_an_earlier_one(tmp_path: Path) -> None:
    """A logo with transparency covers its corner only; a photo covers everything, in its time."""
    logo = Image.new("RGBA", (180, 320))
    ImageDraw.Draw(logo).rectangle((120, 20, 160, 60), fill=(*WHITE, 255))
    logo.save(tmp_path / "logo.png")
    made = rendered(
        draft(
            (0, [show(photo(tmp_path / "r.png", RED), 900)]),
            (0, [show(tmp_path / "logo.png", 600), show(photo(tmp_path / "g.png", GREEN), 300)]),
        ),
        tmp_path / "out.mp4",
    )
    assert near(made.color(5, x=0.78, y=0.12), WHITE)
    assert near(made.color(5), RED)
    assert near(made.color(24), GREEN)


def test_a_gap_is_black_and_silent(tmp_path: Path) -> None:
    """Where nothing is planned, nothing is seen or heard."""
    made = rendered(
        draft(
            (0, [show(photo(tmp_path / "a.png", BLUE), 500, start=500)]),
            (1, [show(tone_file(tmp_path / "a.wav", 440, 1), 400, start=500)]),
        ),
        tmp_path / "out.mp4",
    )
    assert near(made.color(5), (0, 0, 0), 3)
    assert near(made.color(20), BLUE)
    assert made.loudness(0, 0.45) < -60
    assert made.loudness(0.55, 0.85) > -15


def test_a_subtitle_is_seen_in_its_time_at_the_foot(tmp_path: Path) -> None:
    """White letters with a dark edge, readable on white too."""
    made = rendered(
        draft(
            (0, [show(photo(tmp_path / "a.png", WHITE), 1000)]),
            (7, [say("Hello there", 500, start=300, position="bottom")]),
        ),
        tmp_path / "out.mp4",
    )
    darkest = [int(frame[220:290].min()) for frame in made.frames]
    assert darkest[4] > 240
    assert darkest[15] < 150
    assert darkest[28] > 240
