"""A track on the workbench: segments with resolved places, changed in place and written back once.

Pictures keep close: what comes, goes or changes its length in a video track shifts what lies after it.
Sounds and texts stay where they are. Starts are written out only where they do not follow by themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define

from nemovideo.draft.segment import Segment
from nemovideo.draft.timeline import Track, TrackType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nemovideo.draft.codec import Object


@define(eq=False)
class Row:
    """A segment on the workbench.

    Attributes:
        wire: Its JSON object, to be changed in place.
        start_ms: Its resolved start.
        duration_ms: Its length.
        placed: Start and length as its object has them; None for a new one.
    """

    wire: Object
    start_ms: float
    duration_ms: float
    placed: tuple[float, float] | None = None

    @property
    def end_ms(self) -> float:
        """Where it ends; a negative length counts as none."""
        return self.start_ms + max(self.duration_ms, 0)

    @property
    def segment(self) -> Segment:
        """It, for reading."""
        return Segment(self.wire)


class Lane:
    """The rows of one track.

    Args:
        wire: The track's JSON object, which `write` changes in place.

    Attributes:
        wire: The same.
        rows: Its segments.
        ripples: Whether later rows shift when one comes, goes or changes its length: in video tracks.
    """

    def __init__(self, wire: Object) -> None:
        track = Track(wire)
        self.wire = wire
        self.ripples = track.type == TrackType.VIDEO
        self.rows = [
            Row(segment, start := timed.start_ms, length := timed.segment.duration_ms, (start, length))
            for segment, timed in zip(wire.get("sg") or (), track.timed_segments, strict=True)
        ]

    @property
    def end_ms(self) -> float:
        """Where the last row ends."""
        return max((row.end_ms for row in self.rows), default=0)

    def insert(self, index: int, row: Row) -> None:
        """Put a row at an index; in a video track, later ones make room."""
        self._shift(row.start_ms, max(row.duration_ms, 0))
        self.rows.insert(index, row)

    def remove(self, row: Row) -> None:
        """Take a row out; in a video track, later ones close up."""
        self.rows.remove(row)
        self._shift(row.start_ms, -max(row.duration_ms, 0))

    def resize(self, row: Row, duration_ms: float) -> None:
        """Give a row another length; in a video track, later ones follow."""
        growth = duration_ms - max(row.duration_ms, 0)
        row.duration_ms = duration_ms
        self._shift(row.start_ms, growth, but=row)

    def reorder(self, order: Sequence[int]) -> None:
        """Lay the rows end to end in another order; transitions keep their places, not their pictures."""
        transitions = [row.segment.transition and _pop(row.wire, "transition") for row in self.rows]
        start = min((row.start_ms for row in self.rows), default=0)
        self.rows = [self.rows[index] for index in order]
        for row, transition in zip(self.rows, transitions, strict=True):
            row.start_ms, start = start, start + max(row.duration_ms, 0)
            if transition:
                assign(row.wire, "transition", transition)

    def write(self) -> None:
        """Write the rows back into the track's object, and into theirs what has changed."""
        following: float = 0
        for row in self.rows:
            if row.start_ms != (following if row.segment.start_ms is None else row.segment.start_ms):
                assign(row.wire, "start", row.start_ms)
            has_length, has_end = row.wire.get("d") is not None, _home(row.wire, "end") is not None
            is_changed = (row.start_ms, row.duration_ms) != row.placed
            if is_changed and (has_length or not has_end):
                row.wire["d"] = row.duration_ms
            if has_end and (is_changed or not has_length):
                assign(row.wire, "end", row.start_ms + row.duration_ms)
            following = row.end_ms
        self.wire["sg"] = [row.wire for row in self.rows]

    def _shift(self, since_ms: float, by_ms: float, but: Row | None = None) -> None:
        if self.ripples:
            for row in self.rows:
                if row.start_ms >= since_ms and row is not but:
                    row.start_ms += by_ms


def assign(wire: Object, key: str, value: Any) -> None:
    """Set a key of a segment or a track where it stands, else in its `m`; None takes it away."""
    home = _home(wire, key)
    if value is None:
        while home is not None:
            del home[key]
            home = _home(wire, key)
        return
    if home is None:
        home = wire["m"] = wire.get("m") or {}
    home[key] = value


def _home(wire: Object, key: str) -> Object | None:
    """Return the object in which a reader finds the key."""
    for place in (wire.get("m") or {}, wire):
        if place.get(key) is not None:
            return place
    return None


def _pop(wire: Object, key: str) -> Any:
    home = _home(wire, key)
    return None if home is None else home.pop(key)
