"""A draft's length after an edit: it follows the pictures, and what ran to the end still does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nemovideo.draft.lane import Lane
from nemovideo.draft.timeline import Timeline, Track, TrackType

if TYPE_CHECKING:
    from nemovideo.draft.codec import Object


def settle_length(before: Timeline, wire: Object) -> None:
    """Write the new length into a draft's object, and fit sound and text to it.

    The length grows and shrinks with the pictures; without pictures it is where the last segment ends. What
    ended with the draft is cut with it; music that is made, which has no end of its own, grows with it.

    Args:
        before: The draft before the edit.
        wire: Its object after the edit, to be changed in place.
    """
    after = Timeline(wire)
    pictures_before, pictures_after = _pictures_end(before), _pictures_end(after)
    if pictures_before and pictures_after:
        length = max(before.duration_ms + pictures_after - pictures_before, 0)
    else:
        length = pictures_after or max((track.end_ms for track in after.tracks), default=0)
    if pictures_after and length != before.duration_ms:
        for track in wire["t"]:
            _fit(track, before.duration_ms, length)
    wire["d"] = length


def _pictures_end(timeline: Timeline) -> float:
    return max((track.end_ms for track in timeline.tracks if track.type == TrackType.VIDEO), default=0)


def _fit(track: Object, old_ms: float, new_ms: float) -> None:
    if Track(track).type not in (TrackType.AUDIO, TrackType.TEXT):
        return
    lane = Lane(track)
    for row in lane.rows:
        grows = row.segment.music is not None
        if row.end_ms == old_ms and row.start_ms < new_ms and (new_ms < old_ms or grows):
            row.duration_ms = new_ms - row.start_ms
    lane.write()
