"""The timeline in one line of words, as the service's own assistant says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nemovideo.draft.timeline import TrackType
from nemovideo.draft.wording import aside, described, labelled, span, track_name, words

if TYPE_CHECKING:
    from nemovideo.draft.timeline import Timeline, Track

MAX_LISTED = 6
"""A track with more segments than this is counted rather than listed."""


def summarize(timeline: Timeline, language: str = "en") -> str:
    """Return such as `Timeline (1 track): 1. Video: city timelapse (0-10s)`."""
    names = words(language)
    count = len(timeline.tracks)
    head = names["timeline"] + aside(f"{count} {names['track' if count == 1 else 'tracks']}", language)
    lines = (
        labelled(f"{number}. {track_name(track, language)}", _contents(track, language), language)
        for number, track in enumerate(timeline.tracks, 1)
    )
    return labelled(head, " ".join(lines), language) if count else head


def _contents(track: Track, language: str) -> str:
    timed = track.timed_segments
    if not timed:
        return words(language)["empty"]
    if len(timed) <= MAX_LISTED:
        return words(language)["comma"].join(described(one, track, language) for one in timed)
    unit = words(language)["lines" if track.type == TrackType.TEXT else "clips"]
    start = min(one.start_ms for one in timed)
    return f"{len(timed)} {unit}" + aside(span(start, track.end_ms, language), language)
