"""The timeline: read it, compare it, change it, draw it, exchange it."""

from nemovideo.draft.changes import Change, ChangeKind
from nemovideo.draft.comparison import diff
from nemovideo.draft.editing import SegmentRef
from nemovideo.draft.model import Draft
from nemovideo.draft.segment import Music, Segment, Transition
from nemovideo.draft.slideshow import Source
from nemovideo.draft.timeline import Canvas, TimedSegment, Track, TrackType
from nemovideo.draft.validation import Finding, FindingKind, Severity

__all__ = [
    "Canvas",
    "Change",
    "ChangeKind",
    "Draft",
    "Finding",
    "FindingKind",
    "Music",
    "Segment",
    "SegmentRef",
    "Severity",
    "Source",
    "TimedSegment",
    "Track",
    "TrackType",
    "Transition",
    "diff",
]
