"""From a draft to a plan: milliseconds end here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from nemovideo.draft.timeline import TrackType
from nemovideo.local.render.errors import RenderError
from nemovideo.local.render.filters import LOOKS
from nemovideo.local.render.instruments import SAMPLE_RATE
from nemovideo.local.render.music import MOODS
from nemovideo.local.render.scene import Cue, Music, Plan, Shot, Sound, Transition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nemovideo.draft.model import Draft
    from nemovideo.draft.timeline import Canvas, TimedSegment, Track
    from nemovideo.local.render.media import MediaInfo

MAX_LONG_SIDE = 1920
MAX_AREA = 1080 * 1920
"""Export is up to 1080x1920 [S]."""

MAX_SECONDS = 1800
"""A longer draft is refused: it would keep the next one waiting for an hour [D]."""

LOUDEST = 10.0
"""More than this factor, 20 dB, is only more distortion [D]."""

SPEEDS = (0.1, 16.0)
"""The slowest and the fastest that a clip is played [D]."""

GIF_LONG_SIDE = 640
GIF_FPS = 15
"""A GIF keeps neither a phone's pixels nor its frame rate within a sensible size [D]."""

TRANSITIONS = ("dissolve", "fade", "slide", "wipe")
MOTIONS = ("zoom_in", "zoom_out", "pan_left", "pan_right", "pan_up", "pan_down", "none")

FORMATS = ("mp4", "mov", "webm", "gif")
QUALITIES = ("low", "medium", "high")


@frozen
class Output:
    """How the file is wanted.

    Attributes:
        format: Its container.
        quality: What to spend on it: low is quick, high is for keeping.
        width: Pixels; None keeps the shape of the draft's canvas, which is 1080x1920 by default.
        height: Likewise.
        fps: Frames per second, 1 to 60; None takes the draft's canvas, else 30.
    """

    format: str = "mp4"
    quality: str = "high"
    width: int | None = None
    height: int | None = None
    fps: int | None = None


def plan(draft: Draft, sources: Mapping[str, MediaInfo], output: Output) -> Plan:
    """Turn a draft into numbered frames.

    Args:
        draft: The timeline.
        sources: What each segment's `source` is, by its name in the draft.
        output: How the file is wanted.

    Raises:
        RenderError: The draft is empty, names a source that is not there, or asks for what cannot be made.
    """
    if output.format not in FORMATS:
        raise RenderError(f"There is no output format {output.format!r}: use mp4, mov, webm or gif.")
    if output.quality not in QUALITIES:
        raise RenderError(f"There is no quality {output.quality!r}: use low, medium or high.")
    width, height, fps = _geometry(draft.canvas, output)
    if draft.duration_ms > MAX_SECONDS * 1000:
        minutes = draft.duration_ms / 60_000
        raise RenderError(f"The timeline is {minutes:.0f} minutes long; at most 30 can be rendered.")
    frames = _frame(draft.duration_ms, fps)
    if not draft.is_renderable or not frames:
        raise RenderError("The timeline is empty.")
    reading = _Reading(sources, fps, frames)
    layers, cues, sounds = [], [], []
    for track in draft.tracks:
        if track.type == TrackType.VIDEO:
            layers.append(reading.shots(track))
            sounds.extend(reading.clip_sounds(track))
        elif track.type == TrackType.AUDIO:
            sounds.extend(reading.sounds(track))
        elif track.type == TrackType.TEXT:
            cues.extend(reading.cues(track))
    return Plan(
        width=width,
        height=height,
        fps=fps,
        frames=reading.frames,
        format=output.format,
        quality=output.quality,
        layers=tuple(filter(None, layers)),
        cues=tuple(cues),
        sounds=tuple(sounds),
        warnings=tuple(_warnings(draft)),
    )


def _geometry(canvas: Canvas, output: Output) -> tuple[int, int, int]:
    shape = canvas.width / canvas.height
    width = output.width or round((output.height or canvas.height) * shape)
    height = output.height or round(width / shape)
    fps = round(output.fps or canvas.fps)
    if not 1 <= fps <= 60:
        raise RenderError(f"{fps} frames per second cannot be made: use 1 to 60.")
    long_side = GIF_LONG_SIDE if output.format == "gif" else MAX_LONG_SIDE
    if output.format == "gif":
        fps = min(fps, GIF_FPS)
    shrink = min(1.0, long_side / max(width, height), math.sqrt(MAX_AREA / (width * height)))
    width, height = (int(side * shrink + 1e-6) // 2 * 2 for side in (width, height))
    if min(width, height) < 16:
        raise RenderError(f"A canvas of {canvas.width}x{canvas.height} pixels cannot be rendered.")
    return width, height, fps


def _frame(time_ms: float, fps: int) -> int:
    return max(0, round(time_ms * fps / 1000))


class _Reading:
    """One pass over a draft's tracks."""

    def __init__(self, sources: Mapping[str, MediaInfo], fps: int, frames: int) -> None:
        self._sources = sources
        self._fps = fps
        self.frames = frames

    def shots(self, track: Track) -> tuple[Shot, ...]:
        """Return a video track's shots; where two overlap, the later one is seen."""
        shots: list[Shot] = []
        for timed in sorted(track.timed_segments, key=lambda timed: timed.start_ms):
            segment = timed.segment
            first, end = self._span(timed)
            if first >= end:
                continue
            transition = segment.transition
            length = 0 if transition is None else min(self._frame(transition.duration_ms), end - first)
            if shots and shots[-1].end >= first:
                shots[-1] = evolve(shots[-1], end=first, until=first + length)
            kind = transition.type if transition and transition.type in TRANSITIONS else "dissolve"
            shots.append(
                Shot(
                    media=self._media(timed),
                    first=first,
                    end=end,
                    until=end,
                    source_start=self._source_start(timed),
                    speed=self._speed(timed),
                    motion=segment.motion,
                    look=segment.filter if segment.filter in LOOKS else "",
                    transition=Transition(kind, length) if length else None,
                )
            )
        return tuple(shots)

    def clip_sounds(self, track: Track) -> list[Sound]:
        """Return what is heard of a video track's clips."""
        return [
            sound
            for timed in track.timed_segments
            if timed.segment.source and (sound := self._sound(timed, track, self._media(timed)))
        ]

    def sounds(self, track: Track) -> list[Sound]:
        """Return what an audio track plays."""
        heard = []
        for timed in track.timed_segments:
            music = timed.segment.music
            source = Music(music.mood, music.seed) if music else self._media(timed)
            heard.append(self._sound(timed, track, source))
        return [sound for sound in heard if sound is not None]

    def cues(self, track: Track) -> list[Cue]:
        """Return a text track's texts."""
        cues = []
        for timed in track.timed_segments:
            segment = timed.segment
            first, end = self._span(timed)
            if first < end and segment.text.strip():
                cues.append(
                    Cue(
                        text=segment.text,
                        role=track.role,
                        position=segment.position or ("top" if track.role == "title" else "bottom"),
                        first=first,
                        end=end,
                        fade_in=self._frame(segment.fade_in_ms),
                        fade_out=self._frame(segment.fade_out_ms),
                    )
                )
        return cues

    def _sound(self, timed: TimedSegment, track: Track, source: MediaInfo | Music) -> Sound | None:
        segment = timed.segment
        volume = min(segment.volume * track.volume, LOUDEST)
        last = round(self.frames * SAMPLE_RATE / self._fps)
        first = min(last, _frame(timed.start_ms, SAMPLE_RATE))
        end = min(last, _frame(timed.end_ms, SAMPLE_RATE))
        silent = not isinstance(source, Music) and not source.has_sound
        if first >= end or volume <= 0 or silent:
            return None
        return Sound(
            source=source,
            first=first,
            end=end,
            source_start=self._source_start(timed),
            speed=self._speed(timed),
            volume=volume,
            fade_in=min(end - first, _frame(segment.fade_in_ms, SAMPLE_RATE)),
            fade_out=min(end - first, _frame(segment.fade_out_ms, SAMPLE_RATE)),
        )

    def _frame(self, time_ms: float) -> int:
        return _frame(time_ms, self._fps)

    def _span(self, timed: TimedSegment) -> tuple[int, int]:
        return min(self._frame(timed.start_ms), self.frames), min(self._frame(timed.end_ms), self.frames)

    def _source_start(self, timed: TimedSegment) -> float:
        start = max(0.0, timed.segment.source_start_ms / 1000)
        if not timed.segment.source:
            return start
        media = self._media(timed)
        if media.file_type != "image" and start >= media.duration:
            raise RenderError(f"{_place(timed)} begins after the end of {timed.segment.label!r}.")
        return start

    def _speed(self, timed: TimedSegment) -> float:
        slowest, fastest = SPEEDS
        if not slowest <= timed.segment.speed <= fastest:
            raise RenderError(
                f"{_place(timed)} plays at {timed.segment.speed:g}x: use {slowest:g} to {fastest:g}."
            )
        return timed.segment.speed

    def _media(self, timed: TimedSegment) -> MediaInfo:
        source = timed.segment.source
        if not source:
            raise RenderError(f"{_place(timed)} names no source.")
        if source not in self._sources:
            raise RenderError(f"{_place(timed)} uses {timed.segment.label!r}, which was not uploaded.")
        return self._sources[source]


def _place(timed: TimedSegment) -> str:
    return f"Segment {timed.index + 1} of track {timed.track + 1}"


def _warnings(draft: Draft) -> Iterator[str]:
    for timed in draft.timed_segments:
        segment = timed.segment
        if segment.filter and segment.filter not in LOOKS:
            yield f"{_place(timed)}: there is no filter {segment.filter!r}; it stays as it is."
        if segment.motion not in MOTIONS:
            yield f"{_place(timed)}: there is no motion {segment.motion!r}; it stands still."
        if segment.transition and segment.transition.type not in TRANSITIONS:
            yield f"{_place(timed)}: there is no transition {segment.transition.type!r}; it dissolves."
        if segment.music and segment.music.mood not in MOODS:
            yield f"{_place(timed)}: there is no mood {segment.music.mood!r}; it plays lo-fi."
