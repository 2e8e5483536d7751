"""Tracks and the whole timeline, for reading."""

from __future__ import annotations

import enum
import heapq
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import field, frozen

from nemovideo.draft.codec import Object, copy_tree, is_number, read_track
from nemovideo.draft.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterator


class TrackType(enum.IntEnum):
    """What a track holds. Numbers that a newer service may send survive: `TrackType(12) == 12`."""

    UNKNOWN = -1
    """The track does not say."""
    VIDEO = 0
    AUDIO = 1
    TEXT = 7

    @classmethod
    def _missing_(cls, value: object) -> TrackType | None:
        if type(value) is not int:
            return None
        member = int.__new__(cls, value)
        member._name_ = f"TYPE_{value}"
        member._value_ = value
        return member


_DEFAULT_ROLES = {TrackType.AUDIO: "bgm", TrackType.TEXT: "title"}


@frozen
class Canvas:
    """The picture's size and rate.

    Attributes:
        width: In pixels.
        height: In pixels.
        fps: Frames a second.
    """

    width: int = 1080
    height: int = 1920
    fps: float = 30


@frozen
class TimedSegment:
    """A segment with its place on the timeline.

    Attributes:
        segment: The segment.
        start_ms: Its own start, else the end of the segment before it.
        track: The index of its track in the draft.
        index: Its index in the track.
    """

    segment: Segment
    start_ms: float
    track: int
    index: int

    @property
    def end_ms(self) -> float:
        """Start plus duration; a negative duration counts as none."""
        return self.start_ms + max(self.segment.duration_ms, 0)


@frozen(repr=False)
class Track:
    """A lane of segments of one type. Immutable; equal when its JSON is.

    Attributes:
        index: Its place in the draft, from 0: the lowest.
    """

    _wire: Object = field(factory=dict)
    index: int = field(default=0, eq=False)

    @classmethod
    def from_wire(cls, value: object) -> Track:
        """Return the track that a JSON object describes; raises `DraftError` where it cannot."""
        return cls(read_track(value))

    def to_wire(self) -> Object:
        """Return the JSON object, a copy, with every key it came with, in order."""
        copy: Object = copy_tree(self._wire)
        return copy

    @property
    def type(self) -> TrackType:
        """What it holds."""
        kind = self._wire.get("tt")
        return TrackType.UNKNOWN if kind is None else TrackType(kind)

    @property
    def metadata(self) -> Object:
        """All of `m`, a copy."""
        copy: Object = copy_tree(self._wire.get("m") or {})
        return copy

    @property
    def role(self) -> str:
        """What it is for.

        Audio: `bgm` (default), `voice` or `sfx`. Text: `title` (default), `caption` or `subtitle`.
        """
        role = (self._wire.get("m") or {}).get("role")
        return role if isinstance(role, str) and role else _DEFAULT_ROLES.get(self.type, "")

    @property
    def volume(self) -> float:
        """A factor on the volume of each segment; 1 by default."""
        volume = (self._wire.get("m") or {}).get("volume")
        return volume if is_number(volume) else 1

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Its segments, in the order of the wire."""
        return tuple(map(Segment, self._wire.get("sg") or ()))

    @cached_property
    def timed_segments(self) -> tuple[TimedSegment, ...]:
        """Its segments with resolved starts: their own if given, else the end of the one before, else 0."""
        return tuple(self._resolve())

    @property
    def layers(self) -> list[list[TimedSegment]]:
        """Its segments by time, in so many layers that none overlaps another: one, if none does."""
        layers: list[list[TimedSegment]] = []
        ends: list[tuple[float, int]] = []
        for timed in sorted(self.timed_segments, key=lambda timed: timed.start_ms):
            if ends and ends[0][0] <= timed.start_ms:
                _, layer = heapq.heappop(ends)
            else:
                layer = len(layers)
                layers.append([])
            layers[layer].append(timed)
            heapq.heappush(ends, (timed.end_ms, layer))
        return layers

    def _resolve(self) -> Iterator[TimedSegment]:
        end: float = 0
        for index, segment in enumerate(self.segments):
            own = segment.start_ms
            timed = TimedSegment(segment, end if own is None else own, self.index, index)
            end = timed.end_ms
            yield timed

    @property
    def end_ms(self) -> float:
        """Where its last segment ends; 0 if it is empty."""
        return max((timed.end_ms for timed in self.timed_segments), default=0)

    def __repr__(self) -> str:
        return f"Track({self._wire!r})"


@frozen(repr=False)
class Timeline:
    """A draft for reading: what the summary, the picture, the checks and the edits build on."""

    _wire: Object = field(factory=dict)

    def to_wire(self) -> Object:
        """Return the JSON object, a copy, with every key it came with, in order."""
        copy: Object = copy_tree(self._wire)
        return copy

    @property
    def metadata(self) -> Object:
        """All of the draft's own `m`, a copy."""
        copy: Object = copy_tree(self._wire.get("m") or {})
        return copy

    @cached_property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks, in the order of the wire: later ones lie above earlier ones."""
        return tuple(Track(track, index) for index, track in enumerate(self._wire.get("t") or ()))

    @property
    def duration_ms(self) -> float:
        """The whole length: the draft's own `d`, else where the last segment ends."""
        duration: float | None = self._wire.get("d")
        return max((track.end_ms for track in self.tracks), default=0) if duration is None else duration

    @property
    def is_renderable(self) -> bool:
        """Whether at least one track has a segment: what the service asks of a draft before it exports it."""
        return any(track.segments for track in self.tracks)

    @property
    def title(self) -> str:
        """The project's name; empty if none. Not a title in the picture: that is a text track."""
        title = (self._wire.get("m") or {}).get("title")
        return title if isinstance(title, str) else ""

    @property
    def canvas(self) -> Canvas:
        """The picture's size and rate: `m.canvas`; what is missing or senseless there is 1080x1920 at 30."""
        given = (self._wire.get("m") or {}).get("canvas")
        given = given if isinstance(given, dict) else {}
        size = {
            key: given[key] for key in ("width", "height") if type(given.get(key)) is int and given[key] > 0
        }
        fps = given.get("fps")
        return Canvas(**size, fps=fps if is_number(fps) and fps > 0 else 30)

    @cached_property
    def timed_segments(self) -> tuple[TimedSegment, ...]:
        """Every segment of every track with its resolved start, track by track."""
        return tuple(timed for track in self.tracks for timed in track.timed_segments)
