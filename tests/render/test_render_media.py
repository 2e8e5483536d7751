"""What a file is, by its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from painted import GREEN, RED, clip, halves, photo, tone_file
from PIL import Image

from nemovideo.local.render.errors import UnreadableMedia
from nemovideo.local.render.media import probe

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif"])
def test_photos_of_every_format_are_stills(tmp_path: Path, name: str) -> None:
    """A still has its size and no duration, whatever its format."""
    info = probe(photo(tmp_path / name, RED, (31, 17)))
    assert (info.file_type, info.width, info.height, info.duration) == ("image", 31, 17, 0)
    assert not info.is_moving


def test_the_size_is_the_one_seen(tmp_path: Path) -> None:
    """A photo that EXIF turns by 90 degrees is as wide as it is high in the file."""
    exif = Image.Exif()
    exif[0x0112] = 6
    halves(RED, GREEN, (40, 20)).save(tmp_path / "turned.jpg", exif=exif)
    info = probe(tmp_path / "turned.jpg")
    assert (info.width, info.height) == (20, 40)


def test_a_jpeg_with_a_second_picture_inside_is_a_photo(tmp_path: Path) -> None:
    """Phones and stereo cameras write such files; the first picture is the one meant."""
    first, second = (Image.new("RGB", size, RED) for size in ((40, 20), (10, 5)))
    first.save(tmp_path / "phone.jpg", format="MPO", save_all=True, append_images=[second])
    info = probe(tmp_path / "phone.jpg")
    assert (info.file_type, info.width, info.height, info.is_moving) == ("image", 40, 20, False)


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    """A PNG called .jpg is still a photo."""
    Image.new("RGB", (8, 8)).save(tmp_path / "real.png")
    (tmp_path / "real.png").rename(tmp_path / "wrong.jpg")
    assert probe(tmp_path / "wrong.jpg").file_type == "image"


def test_a_video_tells_size_length_rate_and_sound(tmp_path: Path) -> None:
    """Two seconds at 25 frames with a tone are probed as such."""
    info = probe(clip(tmp_path / "a.mp4", [90] * 50, fps=25, tone=440))
    assert (info.file_type, info.width, info.height) == ("video", 64, 96)
    assert (info.fps, info.has_sound) == (25, True)
    assert info.duration == pytest.approx(2, abs=0.01)


def test_a_clip_without_sound_says_so(tmp_path: Path) -> None:
    """No audio stream means no sound."""
    assert not probe(clip(tmp_path / "a.mp4", [90] * 10)).has_sound


def test_an_animated_gif_is_an_image_that_moves(tmp_path: Path) -> None:
    """Five pictures of 100 ms make half a second."""
    pictures = [Image.fromarray(np.full((20, 30, 3), level, np.uint8)) for level in (0, 60, 120, 180, 240)]
    pictures[0].save(tmp_path / "a.gif", save_all=True, append_images=pictures[1:], duration=100, loop=0)
    info = probe(tmp_path / "a.gif")
    assert (info.file_type, info.width, info.height) == ("image", 30, 20)
    assert info.duration == pytest.approx(0.5, abs=0.01)
    assert info.is_moving


def test_sound_is_audio(tmp_path: Path) -> None:
    """A wav file has a length and no size."""
    info = probe(tone_file(tmp_path / "a.wav", 440, 1.5))
    assert (info.file_type, info.width) == ("audio", 0)
    assert info.duration == pytest.approx(1.5, abs=0.01)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Dear diary, this is no photo.\n" * 40,
        b"\xff\xd8\xff\xe0" + b"\0" * 400,
        b"\x89PNG\r\n\x1a\n",
        b"\0" * 999,
    ],
    ids=["empty", "text", "JPEG header only", "PNG header only", "zeros"],
)
def test_what_is_no_media_is_refused(tmp_path: Path, content: bytes) -> None:
    """An empty file, a text or a bare header is refused by name, though it is called .jpg."""
    (tmp_path / "fake.jpg").write_bytes(content)
    with pytest.raises(UnreadableMedia, match=r"fake\.jpg"):
        probe(tmp_path / "fake.jpg")


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_a_photo_that_is_cut_short_is_refused(tmp_path: Path, name: str) -> None:
    """Half a photo is found out when it is probed, not when it is rendered."""
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableMedia):
        probe(tmp_path / name)


def test_a_video_without_its_index_is_refused(tmp_path: Path) -> None:
    """An mp4 that lost its second half, with the index, cannot be used."""
    path = clip(tmp_path / "a.mp4", list(range(0, 200, 4)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableMedia):
        probe(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    """Neither is a crash."""
    for path in (tmp_path / "none.jpg", tmp_path):
        with pytest.raises(UnreadableMedia):
            probe(path)
