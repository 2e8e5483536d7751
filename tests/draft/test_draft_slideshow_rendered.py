"""A slideshow made in Python, and an edit of it, are what the embedded renderer then shows."""

from __future__ import annotations

import threading
from pathlib import Path

import av
import numpy as np
import pytest
from attrs import frozen
from PIL import Image

from nemovideo.draft import Canvas, Draft
from nemovideo.local.render.engine import render
from nemovideo.local.render.media import probe
from nemovideo.local.render.plan import Output, plan

COLOURS = {
    "red": (220, 30, 30), "green": (30, 170, 40), "blue": (30, 40, 220), "yellow": (230, 220, 40),
    "magenta": (210, 40, 210), "cyan": (40, 210, 210), "white": (235, 235, 235), "black": (20, 20, 20),
}  # fmt: skip


@frozen
class _Photo:
    path: Path
    file_type: str = "image"
    duration: float | None = None

    @property
    def cdn_url(self) -> str:
        return str(self.path)

    @property
    def filename(self) -> str:
        return self.path.name


@pytest.fixture
def photos(tmp_path: Path) -> list[_Photo]:
    for name, colour in COLOURS.items():
        Image.new("RGB", (240, 320), colour).save(tmp_path / f"{name}.png")
    return [_Photo(tmp_path / f"{name}.png") for name in COLOURS]


def _shown(draft: Draft, path: Path) -> tuple[list[str], int]:
    """Render a draft; return the colour in the middle of each second, and how many frames there are."""
    sources = {timed.segment.source for timed in draft.timed_segments if timed.segment.source}
    planned = plan(draft, {source: probe(Path(source)) for source in sources}, Output(quality="low"))
    render(planned, path, on_progress=lambda _: None, cancelled=threading.Event())
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    fps = round(draft.canvas.fps)
    middles = [frame[8:24, 8:24].mean(axis=(0, 1)) for frame in frames[fps // 2 :: fps]]
    nearest = [
        min(COLOURS, key=lambda name: float(np.abs(colour - COLOURS[name]).sum())) for colour in middles
    ]
    return nearest, len(frames)


def test_each_photo_shows_in_its_time(photos: list[_Photo], tmp_path: Path) -> None:
    """Eight photos in sixteen seconds: two seconds each, in order, in exactly as many frames as asked for."""
    draft = Draft.slideshow(photos, 16, title="Colours", music="calm", canvas=Canvas(90, 160, 10))
    shown, frames = _shown(draft, tmp_path / "out.mp4")
    assert frames == 160
    assert shown[1::2] == list(COLOURS)


def test_an_edit_is_seen(photos: list[_Photo], tmp_path: Path) -> None:
    """A photo removed, one moved to the front, one shortened: the film shows just that."""
    draft = (
        Draft.slideshow(photos[:5], 10, transition="none", canvas=Canvas(90, 160, 10))
        .remove((0, 1))
        .move((0, 3), index=0)
        .retime((0, 1), seconds=1)
    )
    shown, frames = _shown(draft, tmp_path / "out.mp4")
    assert frames == 70
    assert shown == ["magenta", "magenta", "red", "blue", "blue", "yellow", "yellow"]
