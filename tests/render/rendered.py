"""Drafts made files, and files taken apart again by another decoder."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from attrs import frozen
from av.video.reformatter import Colorspace
from numpy.typing import NDArray

from nemovideo.draft.model import Draft
from nemovideo.local.render.engine import render
from nemovideo.local.render.media import probe
from nemovideo.local.render.plan import Output, plan
from nemovideo.local.render.scene import Plan

Samples = NDArray[np.float32]

CANVAS = {"width": 180, "height": 320, "fps": 30}


def show(source: Path, duration: int, **more: Any) -> dict[str, Any]:
    """Return a segment that shows or plays a file."""
    return {"d": duration, "m": {"source": str(source), **more}}


def say(text: str, duration: int, **more: Any) -> dict[str, Any]:
    """Return a segment of text."""
    return {"d": duration, "m": {"text": text, **more}}


def draft(*tracks: tuple[int, list[dict[str, Any]]], canvas: dict[str, int] | None = None) -> Draft:
    """Return a draft of (track type, segments), on a small canvas."""
    return Draft.from_wire(
        {"t": [{"tt": kind, "sg": sg} for kind, sg in tracks], "m": {"canvas": canvas or CANVAS}}
    )


def planned(timeline: Draft, output: Output | None = None) -> Plan:
    """Plan a draft whose sources are named by their paths."""
    names = {timed.segment.source for timed in timeline.timed_segments} - {""}
    return plan(timeline, {name: probe(Path(name)) for name in names}, output or Output(quality="medium"))


@frozen(eq=False)
class Rendered:
    """What a decoder found in a file."""

    path: Path
    frames: list[NDArray[np.uint8]]
    times: list[float]
    sound: Samples
    progress: list[float]

    def color(self, number: int, x: float = 0.5, y: float = 0.5) -> tuple[int, int, int]:
        """Return the mean colour around a place, in shares of width and height."""
        frame = self.frames[number]
        row, column = int(frame.shape[0] * y), int(frame.shape[1] * x)
        red, green, blue = frame[row - 2 : row + 3, column - 2 : column + 3].mean(axis=(0, 1))
        return round(red), round(green), round(blue)

    def loudness(self, start: float, end: float) -> float:
        """Return the loudness between two times, in dB of full scale."""
        part = self.sound[:, int(start * 48_000) : int(end * 48_000)]
        return float(20 * np.log10(np.sqrt(np.mean(part**2)) + 1e-9))


def rendered(timeline: Draft, path: Path, output: Output | None = None) -> Rendered:
    """Render a draft and decode the file."""
    progress: list[float] = []
    render(planned(timeline, output), path, on_progress=progress.append, cancelled=threading.Event())
    return decoded(path, progress)


def decoded(path: Path, progress: list[float]) -> Rendered:
    """Decode all of a file."""
    frames, times, sound = [], [], [cast("Samples", np.zeros((2, 0), np.float32))]
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            # Older PyAV looks at the source's matrix only where the target's differs; RGB has none.
            rgb = frame.to_ndarray(
                format="rgb24", src_colorspace=Colorspace.ITU709, dst_colorspace=Colorspace.ITU601
            )
            frames.append(cast("NDArray[np.uint8]", rgb))
            times.append(frame.time or 0.0)
        if container.streams.audio:
            container.seek(0)
            resampler = av.AudioResampler(format="fltp", layout="stereo", rate=48_000)
            for heard in container.decode(audio=0):
                sound += [cast("Samples", even.to_ndarray()) for even in resampler.resample(heard)]
    return Rendered(path, frames, times, np.concatenate(sound, axis=1), progress)


def near(color: tuple[int, int, int], other: tuple[int, int, int], tolerance: int = 8) -> bool:
    """Return whether two colours are about the same."""
    return all(abs(mine - theirs) <= tolerance for mine, theirs in zip(color, other, strict=True))
