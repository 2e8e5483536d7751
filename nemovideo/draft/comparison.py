"""Find what changed between two drafts, naming causes rather than consequences.

What shifts because something before it came, went or changed its length has not moved; music that ended
with the pictures and still does was not trimmed; a total length that follows its segments is no news.
Segments are paired by their contents, which outlive renumbered ids, then by id, by source or text, by place.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict, deque
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import frozen

from nemovideo.draft.changes import Change, ChangeKind
from nemovideo.draft.timeline import TimedSegment, Timeline, Track, TrackType

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from nemovideo.draft.codec import Object
    from nemovideo.draft.segment import Segment

_T = TypeVar("_T")


def diff(old: Timeline, new: Timeline) -> tuple[Change, ...]:
    """Return what changed from one draft to another.

    Args:
        old: The draft before.
        new: The draft now.

    Returns:
        The changes: of the draft itself, then by track of the new draft, then of tracks that are gone.
        Empty where both drafts show and sound the same: an id, or a start written out that was implied
        before, is no change.
    """
    return tuple(_Comparison(old, new).changes())


@frozen(slots=False)
class _Comparison:
    old: Timeline
    new: Timeline

    def changes(self) -> Iterator[Change]:
        yield from self._of_draft()
        pairs = _paired(self.old.tracks, self.new.tracks, _TRACK_KEYS)
        came_from = {new: old for old, new in pairs}
        in_order = _in_order(pairs, set())
        for index, track in enumerate(self.new.tracks):
            before = came_from.get(index)
            if before is None:
                yield from _whole_track(ChangeKind.ADDED, track, index)
                continue
            if before not in in_order:
                yield Change(ChangeKind.TRACK_MOVED, f"$.t[{index}]", before, index, track=track)
            yield from self._of_tracks(self.old.tracks[before], track, f"$.t[{index}]")
        for index in sorted(set(range(len(self.old.tracks))) - set(came_from.values())):
            yield from _whole_track(ChangeKind.REMOVED, self.old.tracks[index], index)

    def _of_draft(self) -> Iterator[Change]:
        old, new = self.old, self.new
        if old.duration_ms != new.duration_ms and not self._length_is_explained:
            yield Change(ChangeKind.DURATION, "$.d", old.duration_ms, new.duration_ms)
        before, after = _settings(old.to_wire(), "t"), _settings(new.to_wire(), "t")
        for key in _differing(before, after):
            if key == "canvas" and old.canvas != new.canvas:
                yield Change(ChangeKind.CANVAS, "$.m.canvas", old.canvas, new.canvas)
            elif key != "canvas" or None not in (before.get(key), after.get(key)):
                yield Change(ChangeKind.SETTING, "$", before.get(key), after.get(key), key)

    @property
    def _length_is_explained(self) -> bool:
        growth = self.new.duration_ms - self.old.duration_ms
        return any(
            growth == measure(self.new.tracks) - measure(self.old.tracks)
            for measure in (_end, lambda tracks: _pictures_end(tracks) or _end(tracks))
        )

    @cached_property
    def _pictures_set_the_length(self) -> bool:
        return self.old.duration_ms != self.new.duration_ms and all(
            timeline.duration_ms == _pictures_end(timeline.tracks) for timeline in (self.old, self.new)
        )

    def _of_tracks(self, old: Track, new: Track, path: str) -> Iterator[Change]:
        if old.volume != new.volume:
            yield Change(ChangeKind.VOLUME, path, old.volume, new.volume, "volume", new)
        before, after = _settings(old.to_wire(), "sg"), _settings(new.to_wire(), "sg")
        for key in _differing(before, after):
            if key != "volume":
                yield Change(ChangeKind.SETTING, path, before.get(key), after.get(key), key, new)
        yield from self._of_segments(old, new, path)

    def _of_segments(self, old: Track, new: Track, path: str) -> Iterator[Change]:
        pairs = _paired(old.timed_segments, new.timed_segments, _SEGMENT_KEYS)
        came_from = {new: old for old, new in pairs}
        in_order = _in_order(
            pairs,
            {
                before
                for before, after in pairs
                if old.timed_segments[before].start_ms == new.timed_segments[after].start_ms
            },
        )
        gaps_before, gaps_after = _Gaps.of(old), _Gaps.of(new)
        for index, after in enumerate(new.timed_segments):
            where = f"{path}.sg[{index}]"
            source = came_from.get(index)
            if source is None:
                yield Change(ChangeKind.ADDED, where, None, after, track=new, segment=after)
                continue
            before = old.timed_segments[source]
            explained = source in in_order and gaps_before.explain(source, gaps_after, index)
            cut_at_its_head = before.end_ms == after.end_ms
            if before.start_ms != after.start_ms and not explained and not cut_at_its_head:
                yield Change(ChangeKind.MOVED, where, before, after, track=new, segment=after)
            for kind, was, now, key in self._of_pair(before, after, new.type):
                yield Change(kind, where, was, now, key, new, after)
        for index in sorted(set(range(len(old.segments))) - set(came_from.values())):
            gone = old.timed_segments[index]
            where = f"$.t[{gone.track}].sg[{index}]"
            yield Change(ChangeKind.REMOVED, where, gone, None, track=old, segment=gone)

    def _of_pair(
        self, old: TimedSegment, new: TimedSegment, kind: TrackType
    ) -> Iterator[tuple[ChangeKind, Any, Any, str]]:
        was, now = old.segment, new.segment
        if was == now:
            return
        before, after = _settings(was.to_wire()), _settings(now.to_wire())
        if any(before.get(key) != after.get(key) for key in ("source", "music")):
            yield ChangeKind.REPLACED, old, new, ""
            return
        if self._is_trimmed(old, new, kind):
            yield ChangeKind.TRIMMED, old, new, ""
        for key in _differing(before, after):
            reader, reported = _READERS.get(key, ("", ChangeKind.SETTING))
            if reader and getattr(was, reader) != getattr(now, reader):
                yield reported, getattr(was, reader), getattr(now, reader), key
            elif not reader or None not in (before.get(key), after.get(key)):
                yield ChangeKind.SETTING, before.get(key), after.get(key), key

    def _is_trimmed(self, old: TimedSegment, new: TimedSegment, kind: TrackType) -> bool:
        was, now = old.segment, new.segment
        if was.source_start_ms != now.source_start_ms:
            return True
        if was.duration_ms == now.duration_ms:
            return False
        if was.speed != now.speed:  # a faster clip is shorter: its source span tells whether it was cut, too
            return abs(was.duration_ms * was.speed - now.duration_ms * now.speed) > max(was.speed, now.speed)
        follows = (
            kind != TrackType.VIDEO
            and self._pictures_set_the_length
            and (old.end_ms, new.end_ms) == (self.old.duration_ms, self.new.duration_ms)
        )
        return not follows


_READERS = {
    "text": ("text", ChangeKind.TEXT),
    "volume": ("volume", ChangeKind.VOLUME),
    "speed": ("speed", ChangeKind.SPEED),
    "transition": ("transition", ChangeKind.TRANSITION),
    "motion": ("motion", ChangeKind.MOTION),
    "filter": ("filter", ChangeKind.FILTER),
    "position": ("position", ChangeKind.POSITION),
    "fade_in": ("fade_in_ms", ChangeKind.FADE),
    "fade_out": ("fade_out_ms", ChangeKind.FADE),
}
"""Key of the wire → property that reads it, and the kind of its change."""

_PLACE = frozenset(("start", "end", "d", "id", "source_start"))


@frozen
class _Gaps:
    """For each segment of a track: the room between it and the one before, and since all before."""

    since_last: Sequence[float]
    since_all: Sequence[float]

    @classmethod
    def of(cls, track: Track) -> _Gaps:
        timed = track.timed_segments
        ends = [0, *(one.end_ms for one in timed)]
        lengths = accumulate((one.end_ms - one.start_ms for one in timed), initial=0)
        return cls(
            [one.start_ms - end for one, end in zip(timed, ends, strict=False)],
            [one.start_ms - length for one, length in zip(timed, lengths, strict=False)],
        )

    def explain(self, index: int, other: _Gaps, other_index: int) -> bool:
        """Return whether another start follows from what lies before it."""
        return (
            self.since_last[index] == other.since_last[other_index]
            or self.since_all[index] == other.since_all[other_index]
        )


def _settings(wire: Object, children: str = "") -> Object:
    """Return the keys of an object and of its `m` on one level, as they are read; not its children."""
    return {key: value for key, value in wire.items() if key not in ("m", children)} | (wire.get("m") or {})


def _differing(old: Object, new: Object) -> list[str]:
    return [key for key in dict.fromkeys((*old, *new)) if key not in _PLACE and old.get(key) != new.get(key)]


def _end(tracks: Sequence[Track]) -> float:
    return max((track.end_ms for track in tracks), default=0)


def _pictures_end(tracks: Sequence[Track]) -> float:
    return _end([track for track in tracks if track.type == TrackType.VIDEO])


def _whole_track(kind: ChangeKind, track: Track, index: int) -> Iterator[Change]:
    if not track.segments:
        added = kind is ChangeKind.ADDED
        whole = ChangeKind.TRACK_ADDED if added else ChangeKind.TRACK_REMOVED
        yield Change(whole, f"$.t[{index}]", None if added else track, track if added else None, track=track)
    for timed in track.timed_segments:
        where = f"$.t[{index}].sg[{timed.index}]"
        old, new = (None, timed) if kind is ChangeKind.ADDED else (timed, None)
        yield Change(kind, where, old, new, track=track, segment=timed)


def _content(segment: Segment) -> str:
    settings = {key: value for key, value in _settings(segment.to_wire()).items() if key not in _PLACE}
    return json.dumps([segment.duration_ms, segment.source_start_ms, settings], sort_keys=True)


def _essence(segment: Segment) -> Hashable:
    return (segment.source, segment.text, segment.music, segment.name) if segment.label else None


_SEGMENT_KEYS: tuple[Callable[[TimedSegment], Hashable], ...] = (
    lambda timed: _content(timed.segment),
    lambda timed: timed.segment.id or None,
    lambda timed: _essence(timed.segment),
    lambda timed: timed.start_ms,
)
_TRACK_KEYS: tuple[Callable[[Track], Hashable], ...] = (
    lambda track: (track.type, track.role, *map(_content, track.segments)),
    lambda track: (track.type, _essence(track.segments[0])) if track.segments else None,
    lambda track: (track.type, _essence(track.segments[-1])) if track.segments else None,
    lambda track: (track.type, track.role),
)


def _paired(
    old: Sequence[_T], new: Sequence[_T], keys: Sequence[Callable[[_T], Hashable]]
) -> list[tuple[int, int]]:
    """Return which of the old is which of the new, by index: by the first key that agrees, in order."""
    pairs: list[tuple[int, int]] = []
    left_old, left_new = list(range(len(old))), list(range(len(new)))
    for key in keys:
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for index in left_new:
            waiting[key(new[index])].append(index)
        waiting.pop(None, None)
        found = [
            (index, candidates.popleft())
            for index in left_old
            if (candidates := waiting.get(key(old[index])))
        ]
        pairs += found
        left_old = sorted(set(left_old) - {before for before, _ in found})
        left_new = sorted(set(left_new) - {after for _, after in found})
    return pairs


def _in_order(pairs: list[tuple[int, int]], fixed: set[int]) -> set[int]:
    """Return which of the old kept their order, as many as can be, the fixed ones first of all."""
    by_new = [old for _, old in sorted((new, old) for old, new in pairs)]
    anchors = sorted(_longest_rising([old for old in by_new if old in fixed]))
    passed = 0
    consistent = []
    for old in by_new:
        if passed < len(anchors) and old == anchors[passed]:
            passed += 1
            consistent.append(old)
        elif bisect_left(anchors, old) == passed:
            consistent.append(old)
    return _longest_rising(consistent)


def _longest_rising(numbers: list[int]) -> set[int]:
    """Return a longest rising subsequence: what kept its order while others moved."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(tails, number)
        before[number] = tails[place - 1] if place else None
        tails[place : place + 1] = [number]
    rising: set[int] = set()
    number_or_none = tails[-1] if tails else None
    while number_or_none is not None:
        rising.add(number_or_none)
        number_or_none = before[number_or_none]
    return rising
