"""The timeline: read it, compare it, change it, draw it, exchange it. Names load on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nemovideo.draft.changes import Change, ChangeKind
    from nemovideo.draft.comparison import diff
    from nemovideo.draft.editing import SegmentRef
    from nemovideo.draft.model import Draft
    from nemovideo.draft.segment import Music, Segment, Transition
    from nemovideo.draft.slideshow import Source
    from nemovideo.draft.timeline import Canvas, TimedSegment, Track, TrackType
    from nemovideo.draft.validation import Finding, FindingKind, Severity

_HOMES = {
    "changes": ("Change", "ChangeKind"),
    "comparison": ("diff",),
    "editing": ("SegmentRef",),
    "model": ("Draft",),
    "segment": ("Music", "Segment", "Transition"),
    "slideshow": ("Source",),
    "timeline": ("Canvas", "TimedSegment", "Track", "TrackType"),
    "validation": ("Finding", "FindingKind", "Severity"),
}
_HOME_OF = {name: f"nemovideo.draft.{home}" for home, names in _HOMES.items() for name in names}

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


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
