"""The timeline: read it, compare it, change it, draw it, exchange it. Names load on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nemovideo._lazy import lazy_names

if TYPE_CHECKING:
    from nemovideo.draft.changes import Change, ChangeKind
    from nemovideo.draft.comparison import diff
    from nemovideo.draft.editing import SegmentRef
    from nemovideo.draft.model import Draft
    from nemovideo.draft.segment import Music, Segment, Transition
    from nemovideo.draft.slideshow import Source
    from nemovideo.draft.timeline import Canvas, TimedSegment, Track, TrackType
    from nemovideo.draft.validation import Finding, FindingKind, Severity

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "nemovideo.draft.changes": ("Change", "ChangeKind"),
        "nemovideo.draft.comparison": ("diff",),
        "nemovideo.draft.editing": ("SegmentRef",),
        "nemovideo.draft.model": ("Draft",),
        "nemovideo.draft.segment": ("Music", "Segment", "Transition"),
        "nemovideo.draft.slideshow": ("Source",),
        "nemovideo.draft.timeline": ("Canvas", "TimedSegment", "Track", "TrackType"),
        "nemovideo.draft.validation": ("Finding", "FindingKind", "Severity"),
    },
)

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
