"""Edits: each returns a new draft, so that they chain and the old one stays.

Arguments are seconds. A segment is named by its id, by (track, index), or by the `TimedSegment` itself.
Editing and rendering an edited draft cost no credits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeAlias

from attrs import frozen

from nemovideo.draft.codec import is_number, milliseconds, read_draft
from nemovideo.draft.lane import Lane, Row, assign
from nemovideo.draft.length import settle_length
from nemovideo.draft.timeline import TimedSegment, Timeline, TrackType
from nemovideo.errors import DraftError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nemovideo.draft.codec import Object
    from nemovideo.draft.segment import Segment
    from nemovideo.draft.timeline import Track

SegmentRef: TypeAlias = str | tuple[int, int] | TimedSegment
"""A segment's id, its (track, index), or the segment with its place as a draft gives it."""

SHORT_SIDE, LONG_SIDE = 1080, 1920
"""The largest picture that is exported [S]."""


@frozen(repr=False)
class EditableTimeline(Timeline):
    """A timeline with edits.

    Pictures keep close: in a video track, what follows an edit shifts with it, the draft's length follows
    the pictures, and sound or text that ran to the end is cut with them (music that is made grows with them,
    too). Sounds and texts are never shifted.
    """

    def append(self, segment: Segment, kind: TrackType = TrackType.VIDEO, *, role: str = "") -> Self:
        """Return the draft with a segment after the last one of a track.

        Args:
            segment: What to add. Its own start is kept if it has one.
            kind: The first track of this type and role takes it; where there is none, a new one is made.
            role: The track's role; empty for the default one: `bgm`, `title`.
        """
        wire = self.to_wire()
        tracks = wire["t"] = wire.get("t") or []
        matching = [
            index
            for index, track in enumerate(self.tracks)
            if track.type == kind and (not role or track.role == role)
        ]
        if matching:
            index = matching[0]
        else:
            pictures = [index for index, track in enumerate(self.tracks) if track.type == TrackType.VIDEO]
            index = max(pictures, default=-1) + 1 if kind == TrackType.VIDEO else len(tracks)
            tracks.insert(index, {"tt": int(kind), **({"m": {"role": role}} if role else {}), "sg": []})
        lane = Lane(tracks[index])
        lane.rows.append(_row(segment, lane.end_ms))
        return self._settled(wire, lane)

    def insert(self, segment: Segment, track: int, index: int) -> Self:
        """Return the draft with a segment before another one of a track.

        Args:
            segment: What to add. In a video track it begins where the one at `index` began; in others at
                its own start if it has one.
            track: The track's index.
            index: Which place it takes; the number of segments appends.

        Raises:
            DraftError: There is no such place.
        """
        wire = self.to_wire()
        lane = self._lane(wire, track)
        if not 0 <= index <= len(lane.rows):
            raise DraftError("There is no such place.", path=f"$.t[{track}].sg[{index}]")
        row = _row(segment, lane.rows[index - 1].end_ms if index else 0)
        if lane.ripples:
            row.start_ms = lane.rows[index].start_ms if index < len(lane.rows) else lane.end_ms
        lane.insert(index, row)
        return self._settled(wire, lane)

    def remove(self, ref: SegmentRef) -> Self:
        """Return the draft without a segment; a track that it leaves empty goes with it."""
        wire, lane, row = self._take(ref)
        lane.remove(row)
        return self._settled(wire, lane)

    def append_track(self, track: Track) -> Self:
        """Return the draft with one more track, above all others."""
        wire = self.to_wire()
        added = track.to_wire()
        wire["t"] = [*(wire.get("t") or []), added]
        return self._settled(wire, Lane(added))

    def remove_track(self, track: int) -> Self:
        """Return the draft without a track."""
        wire = self.to_wire()
        lane = self._lane(wire, track)
        lane.rows.clear()
        return self._settled(wire, lane)

    def replace(self, ref: SegmentRef, segment: Segment) -> Self:
        """Return the draft with another segment in the place of one, which begins where that began."""
        wire, lane, row = self._take(ref)
        new = _row(segment, row.start_ms)
        lane.resize(row, new.duration_ms)
        row.wire = new.wire
        return self._settled(wire, lane)

    def move(self, ref: SegmentRef, *, start: float | None = None, index: int | None = None) -> Self:
        """Return the draft with a segment at another time, or at another place in the order.

        Args:
            ref: The segment.
            start: Where it shall begin, in seconds; nothing else moves.
            index: Which place in its track it shall take, as with `reorder`.

        Raises:
            DraftError: Not exactly one of the two is given, or there is no such place.
        """
        wire, lane, row = self._take(ref)
        if start is not None and index is None:
            row.start_ms = milliseconds(start)
        elif index is not None and start is None:
            order = list(range(len(lane.rows)))
            if index not in order:
                raise DraftError(f"There is no place {index} in its track.")
            order.insert(index, order.pop(lane.rows.index(row)))
            lane.reorder(order)
        else:
            raise DraftError("Say either where it shall begin or which place it shall take.")
        return self._settled(wire, lane)

    def reorder(self, track: int, order: Sequence[int]) -> Self:
        """Return the draft with a track's segments in another order, end to end.

        Transitions keep their places: the first picture still comes with a cut.

        Args:
            track: The track's index.
            order: The present index of each segment, such as `[2, 0, 1]` to put the third one first.

        Raises:
            DraftError: The order does not name each segment once.
        """
        wire = self.to_wire()
        lane = self._lane(wire, track)
        if sorted(order) != list(range(len(lane.rows))):
            raise DraftError("The order has to name each segment once.", path=f"$.t[{track}].sg")
        lane.reorder(order)
        return self._settled(wire, lane)

    def trim(self, ref: SegmentRef, *, head: float = 0.0, tail: float = 0.0) -> Self:
        """Return the draft with a segment cut at its ends.

        Args:
            ref: The segment.
            head: Seconds to take off its beginning.
            tail: Seconds to take off its end.

        Raises:
            DraftError: Nothing would be left.
        """
        wire, lane, row = self._take(ref)
        head_ms = milliseconds(head)
        left = row.duration_ms - head_ms - milliseconds(tail)
        if left <= 0:
            raise DraftError("Nothing would be left of it.")
        lane.resize(row, left)
        _skip(row, head_ms)
        if not lane.ripples:
            row.start_ms += head_ms
        return self._settled(wire, lane)

    def split(self, ref: SegmentRef, at: float) -> Self:
        """Return the draft with a segment cut in two, which play as before.

        The first part keeps the id, the transition and the fade-in, the second one the fade-out.

        Args:
            ref: The segment.
            at: Seconds after its start.

        Raises:
            DraftError: That is not inside of it.
        """
        wire, lane, row = self._take(ref)
        first_ms = milliseconds(at)
        if not 0 < first_ms < row.duration_ms:
            raise DraftError(f"It cannot be split at {at}s: that is not inside of it.")
        second = Row(row.segment.to_wire(), row.start_ms + first_ms, row.duration_ms - first_ms)
        _skip(second, first_ms)
        for key in ("id", "transition", "fade_in"):
            assign(second.wire, key, None)
        assign(row.wire, "fade_out", None)
        row.duration_ms = first_ms
        lane.rows.insert(lane.rows.index(row) + 1, second)
        return self._settled(wire, lane)

    def retime(self, ref: SegmentRef, *, seconds: float | None = None, speed: float | None = None) -> Self:
        """Return the draft with a segment that lasts longer or shorter.

        Args:
            ref: The segment.
            seconds: How long it shall last, at its present speed.
            speed: How fast it shall play (1 is as filmed); it lasts the shorter, the faster it is.

        Raises:
            DraftError: Not exactly one of the two is given, or it is not above 0.
        """
        if (seconds is None) == (speed is None):
            raise DraftError("Say either how long it shall last or how fast it shall play.")
        wire, lane, row = self._take(ref)
        if speed is not None:
            if not is_number(speed) or speed <= 0:
                raise DraftError("A speed is a number above 0.")
            duration: float = round(row.duration_ms * row.segment.speed / speed)
            assign(row.wire, "speed", speed)
        else:
            duration = milliseconds(seconds)
        if duration <= 0:
            raise DraftError("It has to last some time.")
        lane.resize(row, duration)
        return self._settled(wire, lane)

    def set(self, ref: SegmentRef, **settings: Any) -> Self:
        """Return the draft with other values of a segment's keys, as the wire has them.

        Args:
            ref: The segment.
            settings: Keys of `m`, such as `filter="warm"`, `fade_out=1500` (ms); None takes a key away.

        Raises:
            DraftError: A value is no JSON, or the key is a time, which has edits of its own.
        """
        if timing := settings.keys() & {"d", "start", "end"}:
            raise DraftError(f"{min(timing)} follows from its place: use move, trim or retime.")
        wire, lane, row = self._take(ref)
        for key, value in settings.items():
            assign(row.wire, key, value)
        return self._settled(wire, lane)

    def set_text(self, ref: SegmentRef, text: str) -> Self:
        """Return the draft with another text."""
        return self.set(ref, text=text)

    def set_volume(self, ref: SegmentRef, volume: float) -> Self:
        """Return the draft with another volume: a factor, 1 is as it is, 0 is silence."""
        if not is_number(volume) or volume < 0:
            raise DraftError("A volume is a number, 0 or more.")
        return self.set(ref, volume=volume)

    def set_transition(self, ref: SegmentRef, type: str, seconds: float = 0.5) -> Self:  # noqa: A002  # the wire's word
        """Return the draft with another way for a segment to come in.

        Args:
            ref: The segment that comes in.
            type: `dissolve`, `fade`, `slide`, `wipe`; `none` for a cut.
            seconds: How long it takes, from the segment's start on.
        """
        transition = None if type == "none" else {"type": type, "duration": milliseconds(seconds)}
        return self.set(ref, transition=transition)

    def set_motion(self, ref: SegmentRef, motion: str) -> Self:
        """Return the draft with another motion of a still: `zoom_in`, `pan_left`…; `none` for rest."""
        return self.set(ref, motion=None if motion == "none" else motion)

    def set_canvas(self, width: int, height: int, fps: float | None = None) -> Self:
        """Return the draft with another picture size, in pixels, and frame rate; None keeps the rate.

        Raises:
            DraftError: One of them is not above 0.
        """
        canvas = {"width": width, "height": height} | ({} if fps is None else {"fps": fps})
        for key, value in canvas.items():
            if not is_number(value) or value <= 0 or (key != "fps" and not isinstance(value, int)):
                raise DraftError(
                    "A canvas has whole numbers of pixels and a rate above 0.", path=f"$.m.canvas.{key}"
                )
        wire = self.to_wire()
        metadata = wire["m"] = wire.get("m") or {}
        present = metadata.get("canvas")
        metadata["canvas"] = {**(present if isinstance(present, dict) else {}), **canvas}
        return type(self)(wire)

    def set_aspect(self, ratio: str) -> Self:
        """Return the draft with another shape of the picture, as large as is exported.

        Args:
            ratio: Width to height: `9:16` gives 1080x1920, `16:9`, `1:1`, `4:5`…

        Raises:
            DraftError: It is no ratio of two whole numbers.
        """
        return self.set_canvas(*_size(ratio))

    def _timed(self, ref: SegmentRef) -> TimedSegment:
        if isinstance(ref, str):
            found = [timed for timed in self.timed_segments if timed.segment.id == ref]
            if len(found) != 1 or not ref:
                raise DraftError(f"{len(found) if ref else 'No'} segments have the id {ref!r}.")
            return found[0]
        track, index = (ref.track, ref.index) if isinstance(ref, TimedSegment) else ref
        path = f"$.t[{track}].sg[{index}]"
        if track not in range(len(self.tracks)) or index not in range(len(self.tracks[track].segments)):
            raise DraftError("There is no such segment.", path=path)
        timed = self.tracks[track].timed_segments[index]
        if isinstance(ref, TimedSegment) and ref.segment.label != timed.segment.label:
            raise DraftError(
                f"By now, {timed.segment.label!r} stands there: take it from this draft.", path=path
            )
        return timed

    def _lane(self, wire: Object, track: int) -> Lane:
        if track not in range(len(self.tracks)):
            raise DraftError("There is no such track.", path=f"$.t[{track}]")
        return Lane(wire["t"][track])

    def _take(self, ref: SegmentRef) -> tuple[Object, Lane, Row]:
        timed = self._timed(ref)
        wire = self.to_wire()
        lane = self._lane(wire, timed.track)
        return wire, lane, lane.rows[timed.index]

    def _settled(self, wire: Object, lane: Lane) -> Self:
        lane.write()
        if not lane.rows:
            wire["t"] = [track for track in wire["t"] if track is not lane.wire]
        settle_length(self, wire)
        return type(self)(read_draft(wire))


def _row(segment: Segment, start_ms: float) -> Row:
    own = segment.start_ms
    return Row(segment.to_wire(), start_ms if own is None else own, segment.duration_ms)


def _skip(row: Row, skipped_ms: float) -> None:
    """Begin later in the source."""
    segment = row.segment
    if skipped_ms and segment.source:
        assign(row.wire, "source_start", round(segment.source_start_ms + skipped_ms * segment.speed))


def _size(ratio: str) -> tuple[int, int]:
    """Return the largest even size of a shape: the short side 1080 unless the long one passes 1920."""
    left, _, right = ratio.partition(":")
    if not (left.isascii() and left.isdigit() and right.isascii() and right.isdigit()):
        raise DraftError(f"{ratio!r} is no ratio such as 9:16.", path="$.m.canvas")
    width, height = int(left), int(right)
    if not width or not height:
        raise DraftError(f"{ratio!r} is no ratio such as 9:16.", path="$.m.canvas")
    scale = min(SHORT_SIDE / min(width, height), LONG_SIDE / max(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)
