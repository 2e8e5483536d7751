"""The finished file, taken apart again by a decoder."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from painted import BLUE, GREEN, RED, photo, tone_file
from rendered import draft, near, planned, rendered, say, show

from nemovideo.local.render.compose import Composer
from nemovideo.local.render.engine import render
from nemovideo.local.render.errors import RenderCancelled, RenderError
from nemovideo.local.render.plan import Output
from nemovideo.local.render.planes import blank

if TYPE_CHECKING:
    from pathlib import Path

    from nemovideo.draft.model import Draft

DISSOLVE = {"type": "dissolve", "duration": 500}
MUSIC = {"d": 3000, "m": {"music": {"mood": "lo-fi", "seed": 1}, "volume": 0.35, "fade_out": 1000}}


def three_photos(folder: Path) -> Draft:
    """Three seconds of three colours, with dissolves, a title and music."""
    photos = [photo(folder / f"{index}.png", color) for index, color in enumerate((RED, GREEN, BLUE))]
    return draft(
        (
            0,
            [
                show(photos[0], 1000, motion="zoom_in"),
                show(photos[1], 1000, motion="pan_left", transition=DISSOLVE),
                show(photos[2], 1000, motion="zoom_out", transition=DISSOLVE),
            ],
        ),
        (1, [MUSIC]),
        (7, [say("NEMO", 1000, fade_in=300, fade_out=300)]),
    )


def test_the_main_job(tmp_path: Path) -> None:
    """Three photos, dissolves, a title and music: each is seen and heard in its time."""
    made = rendered(three_photos(tmp_path), tmp_path / "out.mp4")
    assert len(made.frames) == 90
    assert made.times == pytest.approx([number / 30 for number in range(90)], abs=1e-4)
    assert near(made.color(27), RED)
    assert near(made.color(55), GREEN)
    assert near(made.color(89), BLUE)
    halfway = tuple(round((a + b) / 2) for a, b in zip(RED, GREEN, strict=True))
    assert near(made.color(37), (halfway[0], halfway[1], halfway[2]), tolerance=12)
    title = made.frames[15][20:60].max(), made.frames[45][20:60].max()
    assert title[0] > 240
    assert title[1] < 200
    assert made.sound.shape[1] == pytest.approx(3 * 48_000, abs=1100)
    assert -35 < made.loudness(0.5, 1.5) < -18
    assert made.loudness(0.5, 1.5) - made.loudness(2.9, 3.0) > 12
    assert made.progress == sorted(made.progress)
    assert made.progress[-1] == 1
    assert made.progress[0] < 0.05


def test_the_file_is_what_players_expect(tmp_path: Path) -> None:
    """H.264 High, yuv420p, limited BT.709, AAC, the same length for both, and the index in front."""
    path = rendered(three_photos(tmp_path), tmp_path / "out.mp4").path
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        context = video.codec_context
        assert (context.name, context.profile, context.pix_fmt) == ("h264", "High", "yuv420p")
        assert (context.width, context.height) == (180, 320)
        assert video.average_rate == 30
        tags = context.color_range, context.colorspace, context.color_primaries, context.color_trc
        assert tags == (1, 1, 1, 1)
        assert (audio.codec_context.name, audio.rate, audio.channels) == ("aac", 48_000, 2)
        for stream in (video, audio):
            assert stream.start_time == 0
            assert stream.duration is not None
            assert stream.time_base is not None
            assert float(stream.duration * stream.time_base) == pytest.approx(3, abs=1e-6)
    content = path.read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_the_same_draft_gives_the_same_frames(tmp_path: Path) -> None:
    """To the bit, music included."""
    one, two = (rendered(three_photos(tmp_path), tmp_path / name) for name in ("one.mp4", "two.mp4"))
    assert all((a == b).all() for a, b in zip(one.frames, two.frames, strict=True))
    assert (one.sound == two.sound).all()


def test_what_is_over_is_let_go(tmp_path: Path) -> None:
    """However many photos there are, at most two are in memory: the one seen and the one before it."""
    source = photo(tmp_path / "a.png", RED)
    composer = Composer(planned(draft((0, [show(source, 200, transition=DISSOLVE) for _ in range(8)]))))
    kept = []
    for number in range(48):
        composer.draw(number, blank(180, 320))
        kept.append(len(composer._sources))
    assert max(kept) == 2
    assert kept[-1] == 0


@pytest.mark.parametrize("fps", [24, 25, 60])
def test_every_rate_is_exact(tmp_path: Path, fps: int) -> None:
    """Two seconds at a rate are that many frames, evenly spaced."""
    source = photo(tmp_path / "a.png", RED)
    made = rendered(draft((0, [show(source, 2000)])), tmp_path / "out.mp4", Output(fps=fps, quality="low"))
    assert len(made.frames) == 2 * fps
    assert [b - a for a, b in pairwise(made.times)] == pytest.approx(
        [1 / fps] * (len(made.frames) - 1), abs=1e-4
    )


@pytest.mark.parametrize(
    ("format_", "codecs"), [("mov", ["h264", "aac"]), ("webm", ["vp9", "opus"]), ("gif", ["gif"])]
)
def test_other_formats(tmp_path: Path, format_: str, codecs: list[str]) -> None:
    """QuickTime, WebM and GIF show the same colours at the same times."""
    made = rendered(
        three_photos(tmp_path), tmp_path / f"out.{format_}", Output(format=format_, quality="low")
    )
    with av.open(str(made.path)) as container:
        assert [stream.codec_context.name for stream in container.streams] == codecs
    rate = 15 if format_ == "gif" else 30
    assert len(made.frames) == 3 * rate
    assert near(made.color(int(0.9 * rate), y=0.1), RED, 14)
    assert near(made.color(-1), BLUE, 14)


@pytest.mark.parametrize(("quality", "other"), [("low", "medium"), ("medium", "high")])
def test_more_quality_is_more_bytes(tmp_path: Path, quality: str, other: str) -> None:
    """On a photo with detail, that is."""
    from PIL import Image

    noise = np.random.default_rng(5).integers(0, 255, (160, 90, 3), dtype=np.uint8)
    Image.fromarray(noise).resize((180, 320)).save(tmp_path / "a.png")
    timeline = draft((0, [show(tmp_path / "a.png", 500, motion="zoom_in")]))
    small, large = (
        rendered(timeline, tmp_path / f"{name}.mp4", Output(quality=name)).path.stat().st_size
        for name in (quality, other)
    )
    assert small < large


def test_a_cancelled_render_leaves_nothing_and_spares_what_was_there(tmp_path: Path) -> None:
    """Called off in the middle: no part file, and the old file untouched."""
    plan = planned(three_photos(tmp_path))
    destination = tmp_path / "out" / "video.mp4"
    destination.parent.mkdir()
    destination.write_bytes(b"old")
    cancelled = threading.Event()
    seen: list[float] = []

    def watch(share: float) -> None:
        seen.append(share)
        if share > 0.3:
            cancelled.set()

    with pytest.raises(RenderCancelled):
        render(plan, destination, on_progress=watch, cancelled=cancelled)
    assert 0.3 < seen[-1] < 0.5
    assert [path.name for path in destination.parent.iterdir()] == ["video.mp4"]
    assert destination.read_bytes() == b"old"


def test_a_photo_that_vanishes_fails_the_render_and_leaves_nothing(tmp_path: Path) -> None:
    """What the drawing thread raises comes out of `render`."""
    timeline = three_photos(tmp_path)
    plan = planned(timeline)
    (tmp_path / "2.png").unlink()
    (tmp_path / "out").mkdir()
    with pytest.raises(RenderError, match=r"2\.png"):
        render(plan, tmp_path / "out" / "a.mp4", on_progress=lambda _: None, cancelled=threading.Event())
    assert not list((tmp_path / "out").iterdir())


def test_a_sound_that_is_damaged_fails_the_render(tmp_path: Path) -> None:
    """The mixing thread's errors come out, too."""
    source = tone_file(tmp_path / "a.wav", 440, 1)
    plan = planned(draft((0, [show(photo(tmp_path / "a.png", RED), 1000)]), (1, [show(source, 1000)])))
    source.unlink()
    with pytest.raises(RenderError, match=r"a\.wav"):
        render(plan, tmp_path / "a.mp4", on_progress=lambda _: None, cancelled=threading.Event())
    assert not (tmp_path / "a.mp4").exists()


def test_a_destination_without_a_folder_is_refused(tmp_path: Path) -> None:
    """With a reason that names the file."""
    plan = planned(draft((0, [show(photo(tmp_path / "a.png", RED), 300)])))
    with pytest.raises(RenderError, match=r"out\.mp4 cannot be written"):
        render(plan, tmp_path / "no" / "out.mp4", on_progress=lambda _: None, cancelled=threading.Event())


def test_what_the_watcher_raises_comes_out(tmp_path: Path) -> None:
    """A broken progress callback is its owner's bug; nothing is left of the file."""

    def watch(share: float) -> None:
        raise ZeroDivisionError

    plan = planned(draft((0, [show(photo(tmp_path / "a.png", RED), 300)])))
    with pytest.raises(ZeroDivisionError):
        render(plan, tmp_path / "out.mp4", on_progress=watch, cancelled=threading.Event())
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
