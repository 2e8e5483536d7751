"""Sample number -> finished sound: every source at its volume, faded, mixed and kept from clipping."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import av.filter
import numpy as np
from av.error import FFmpegError

from nemovideo.local.render import music
from nemovideo.local.render.errors import UnreadableMedia
from nemovideo.local.render.instruments import SAMPLE_RATE
from nemovideo.local.render.scene import Music

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from nemovideo.local.render.media import MediaInfo
    from nemovideo.local.render.scene import Plan, Sound

    Samples = NDArray[np.float32]

CEILING = 0.92
"""No sample goes beyond this: the encoder's own overshoot needs the rest."""

_EDGE = SAMPLE_RATE // 200  # every sound fades this much: 5 ms, or a cut would click
_RELEASE = 0.04  # how much of the lost loudness the limiter gives back for each frame


class Mixer:
    """Mixes a plan's sounds, a video frame's worth at a time.

    Args:
        plan: What is heard.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._voices: dict[int, _Loop | _File] = {}
        self._number = 0
        self._next = self._mix(0)
        self._gain = _headroom(self._next)

    def block(self) -> Samples:
        """Return the next frame's sound, of shape (2, samples).

        Raises:
            UnreadableMedia: A file is gone or damaged.
        """
        current = self._next
        self._number += 1
        self._next = self._mix(self._number)
        # Known one block ahead, the gain can already be down when a loud block begins: no step, no overshoot.
        target = min(_headroom(current), _headroom(self._next), self._gain + _RELEASE)
        ramp = np.linspace(self._gain, target, current.shape[1], endpoint=False, dtype=np.float32)
        self._gain = target
        return current * ramp

    def _mix(self, number: int) -> Samples:
        start = round(number * SAMPLE_RATE / self._plan.fps)
        stop = round((number + 1) * SAMPLE_RATE / self._plan.fps)
        mixed = np.zeros((2, stop - start), np.float32)
        for index, sound in enumerate(self._plan.sounds):
            first, end = max(start, sound.first), min(stop, sound.end)
            if first >= end:
                self._voices.pop(index, None)
                continue
            if index not in self._voices:
                self._voices[index] = _open(sound)
            heard = self._voices[index].read(end - first)
            mixed[:, first - start : first - start + heard.shape[1]] += heard * _envelope(
                sound, first, first + heard.shape[1]
            )
        return mixed


def _open(sound: Sound) -> _Loop | _File:
    if isinstance(sound.source, Music):
        return _Loop(music.loop(sound.source.mood, sound.source.seed))
    return _File(sound.source, sound.source_start, sound.speed)


class _Loop:
    """Music that never ends."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self._at = 0

    def read(self, count: int) -> Samples:
        places = np.arange(self._at, self._at + count) % self._samples.shape[1]
        self._at += count
        return self._samples[:, places]


class _File:
    """A file's sound, read in order; after its end there is nothing."""

    def __init__(self, media: MediaInfo, start: float, speed: float) -> None:
        self._decoded = _at_speed(_decode(media, start), speed)
        self._left = np.zeros((2, 0), np.float32)

    def read(self, count: int) -> Samples:
        pieces = [self._left]
        have = self._left.shape[1]
        while have < count and (piece := next(self._decoded, None)) is not None:
            pieces.append(piece)
            have += piece.shape[1]
        joined = np.concatenate(pieces, axis=1)
        self._left = joined[:, count:]
        return joined[:, :count]


def _decode(media: MediaInfo, start: float) -> Iterator[Samples]:
    """Yield a file's sound from a time on, as stereo at our rate."""
    try:
        with av.open(str(media.path)) as container:
            if start > 1:
                container.seek(int((start - 0.5) * av.time_base))  # a little early: then cut to the sample
            resampler = av.AudioResampler(format="fltp", layout="stereo", rate=SAMPLE_RATE)
            for frame in container.decode(container.streams.audio[0]):
                for even in resampler.resample(frame):
                    early = max(0, round((start - (even.time or 0.0)) * SAMPLE_RATE))
                    if early < even.samples:
                        yield _samples(even)[:, early:]
    except (OSError, FFmpegError) as error:
        raise UnreadableMedia(f"{media.path.name} cannot be read: {error.strerror}.") from None


def _at_speed(pieces: Iterator[Samples], speed: float) -> Iterator[Samples]:
    """Play faster or slower at the same pitch."""
    if speed == 1:
        yield from pieces
        return
    graph = av.filter.Graph()
    rate = Fraction(1, SAMPLE_RATE)
    last = graph.add_abuffer(format="fltp", sample_rate=SAMPLE_RATE, layout="stereo", time_base=rate)
    for tempo in _tempo_steps(speed):
        step = graph.add("atempo", f"{tempo:.6f}")
        last.link_to(step)
        last = step
    planar = graph.add("aformat", "sample_fmts=fltp:channel_layouts=stereo")
    last.link_to(planar)
    planar.link_to(graph.add("abuffersink"))
    graph.configure()
    taken = 0
    for piece in pieces:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, taken, rate
        taken += piece.shape[1]
        graph.push(frame)
        yield from _pulled(graph)
    graph.push(None)
    yield from _pulled(graph)


def _pulled(graph: av.filter.Graph) -> Iterator[Samples]:
    with contextlib.suppress(BlockingIOError, EOFError):  # it wants more, or is at its end
        while isinstance(frame := graph.pull(), av.AudioFrame):
            yield _samples(frame)


def _samples(frame: av.AudioFrame) -> Samples:
    return cast("Samples", frame.to_ndarray())  # fltp: float32, one row a channel


def _tempo_steps(speed: float) -> Iterator[float]:
    """Cut a tempo into factors of 0.5 to 2: beyond them the filter leaves samples out."""
    while not 0.5 <= speed <= 2:
        step = 2.0 if speed > 2 else 0.5
        yield step
        speed /= step
    yield speed


def _headroom(samples: Samples) -> float:
    """Return the gain, at most 1, that keeps samples under the ceiling."""
    peak = float(np.abs(samples).max(initial=0.0))
    return min(1.0, CEILING / peak) if peak else 1.0


def _envelope(sound: Sound, first: int, end: int) -> Samples:
    """Return the loudness of a sound from one sample of the timeline to another."""
    places = np.arange(first, end, dtype=np.float32) + 0.5
    coming = np.clip((places - sound.first) / max(_EDGE, sound.fade_in), 0, 1)
    going = np.clip((sound.end - places) / max(_EDGE, sound.fade_out), 0, 1)
    return (sound.volume * np.sin(coming * np.pi / 2) * np.sin(going * np.pi / 2)).astype(np.float32)
