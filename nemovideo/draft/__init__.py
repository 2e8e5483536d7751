"""The timeline: read it, compare it, change it, draw it, exchange it."""

from nemovideo.draft.model import Draft
from nemovideo.draft.segment import Music, Segment, Transition
from nemovideo.draft.timeline import Canvas, TimedSegment, Track, TrackType

__all__ = ["Canvas", "Draft", "Music", "Segment", "TimedSegment", "Track", "TrackType", "Transition"]
