"""What is odd about a draft: findings with their place, never an exception."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from attrs import frozen

from nemovideo.draft import vocabulary
from nemovideo.draft.codec import is_number
from nemovideo.draft.timeline import TrackType
from nemovideo.draft.wording import seconds, segment_name, span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from nemovideo.draft.codec import Object
    from nemovideo.draft.timeline import TimedSegment, Timeline, Track
    from nemovideo.draft.vocabulary import Key


class Severity(enum.StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """It cannot be rendered as it reads."""
    WARNING = "warning"
    """It renders, perhaps not as meant."""


class FindingKind(enum.StrEnum):
    """What is odd."""

    NOTHING_TO_RENDER = "nothing to render"
    WRONG_TYPE = "wrong type"
    OUT_OF_RANGE = "out of range"
    UNKNOWN_WORD = "unknown word"
    UNKNOWN_TRACK_TYPE = "unknown track type"
    DUPLICATE_ID = "duplicate id"
    NO_CONTENT = "no content"
    UNKNOWN_SOURCE = "unknown source"
    OVERLAP = "overlap"
    GAP = "gap"
    PAST_END = "past the end"
    TOO_LONG = "too long"


@frozen
class Finding:
    """One oddity of a draft.

    Attributes:
        kind: What is odd.
        severity: How much it matters.
        path: Where, such as `$.t[0].sg[2].m.volume`.
        message: In a sentence.
    """

    kind: FindingKind
    severity: Severity
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


def validate(timeline: Timeline, sources: Collection[str] | None = None) -> tuple[Finding, ...]:
    """Return all that is odd about a draft.

    Args:
        timeline: The draft.
        sources: The URLs that segments may show and play; None: any.
    """
    return tuple(_findings(timeline, None if sources is None else frozenset(sources)))


def _error(kind: FindingKind, path: str, message: str) -> Finding:
    return Finding(kind, Severity.ERROR, path, message)


def _warning(kind: FindingKind, path: str, message: str) -> Finding:
    return Finding(kind, Severity.WARNING, path, message)


def _findings(timeline: Timeline, sources: frozenset[str] | None) -> Iterator[Finding]:
    if not timeline.is_renderable:
        yield _error(FindingKind.NOTHING_TO_RENDER, "$.t", "No track has a segment.")
    if timeline.duration_ms < 0:
        yield _error(FindingKind.OUT_OF_RANGE, "$.d", "The draft is shorter than nothing.")
    yield from _metadata(timeline.metadata, vocabulary.DRAFT, "$.m")
    seen: set[str] = set()
    for index, track in enumerate(timeline.tracks):
        path = f"$.t[{index}]"
        if track.type not in (TrackType.VIDEO, TrackType.AUDIO, TrackType.TEXT):
            message = "What this track holds is not known here; it is kept."
            yield _warning(FindingKind.UNKNOWN_TRACK_TYPE, f"{path}.tt", message)
        yield from _metadata(track.metadata, vocabulary.TRACK, f"{path}.m")
        for timed in track.timed_segments:
            where = f"{path}.sg[{timed.index}]"
            yield from _of_segment(timed, track, where, sources)
            if timed.end_ms > timeline.duration_ms + 1:
                message = (
                    f"It ends at {seconds(timed.end_ms)}s, the draft at {seconds(timeline.duration_ms)}s."
                )
                yield _warning(FindingKind.PAST_END, where, message)
            if timed.segment.id and timed.segment.id in seen:
                message = f"Another segment has the id {timed.segment.id!r}."
                yield _warning(FindingKind.DUPLICATE_ID, where, message)
            seen.add(timed.segment.id)
        yield from _overlaps(track, path)
    yield from _holes(timeline)


def _of_segment(
    timed: TimedSegment, track: Track, path: str, sources: frozenset[str] | None
) -> Iterator[Finding]:
    segment = timed.segment
    wire = segment.to_wire()
    yield from _metadata({**wire, **segment.metadata}, vocabulary.SEGMENT, f"{path}.m")
    if segment.duration_ms <= 0:
        amount = "less than no" if segment.duration_ms < 0 else "no"
        severity = Severity.ERROR if segment.duration_ms < 0 else Severity.WARNING
        yield Finding(FindingKind.OUT_OF_RANGE, severity, f"{path}.d", f"It takes {amount} time.")
    if sources is not None and segment.source and segment.source not in sources:
        yield _error(FindingKind.UNKNOWN_SOURCE, f"{path}.m.source", "No upload has this URL.")
    if track.type == TrackType.VIDEO and not segment.source:
        yield _error(FindingKind.NO_CONTENT, path, "It has no source to show.")
    if track.type == TrackType.AUDIO and not segment.source and segment.music is None:
        yield _error(FindingKind.NO_CONTENT, path, "It has neither a source nor music to play.")
    if track.type == TrackType.TEXT and not segment.text.strip():
        yield _warning(FindingKind.NO_CONTENT, path, "It has no text.")
    coming_in = segment.transition.duration_ms if segment.transition else 0
    for key, length in (
        ("transition", coming_in),
        ("fade_in", segment.fade_in_ms),
        ("fade_out", segment.fade_out_ms),
    ):
        if length > max(segment.duration_ms, 0):
            yield _warning(FindingKind.TOO_LONG, f"{path}.m.{key}", "It is longer than its segment.")


def _overlaps(track: Track, path: str) -> Iterator[Finding]:
    """Tell where segments of a track overlap."""
    end: float = 0
    last = ""
    severity = Severity.ERROR if track.type == TrackType.VIDEO else Severity.WARNING
    for timed in sorted(track.timed_segments, key=lambda timed: timed.start_ms):
        name = segment_name(timed.segment)
        if last and timed.start_ms < min(end, timed.end_ms):
            message = f"{name} ({span(timed.start_ms, timed.end_ms)}) begins before {last} ends."
            yield Finding(FindingKind.OVERLAP, severity, f"{path}.sg[{timed.index}]", message)
        if timed.end_ms >= end:
            end, last = timed.end_ms, name


def _holes(timeline: Timeline) -> Iterator[Finding]:
    """Tell where there is no picture, on whatever track, before one that comes."""
    end: float = 0
    tracks = [track for track in timeline.tracks if track.type == TrackType.VIDEO]
    pictures = [timed for track in tracks for timed in track.timed_segments]
    for timed in sorted(pictures, key=lambda timed: timed.start_ms):
        if timed.start_ms > end:
            where = f"$.t[{timed.track}].sg[{timed.index}]"
            yield _warning(FindingKind.GAP, where, f"There is no picture at {span(end, timed.start_ms)}.")
        end = max(end, timed.end_ms)


def _metadata(metadata: Object, keys: Sequence[Key], path: str) -> Iterator[Finding]:
    """Hold the values that are there to the vocabulary; foreign keys are nobody's business."""
    for key in keys:
        value: Any = metadata
        for step in key.name.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            yield from _value(value, key, f"{path}.{key.name}")


def _value(value: Any, key: Key, path: str) -> Iterator[Finding]:
    if not _JSON_TYPES[key.json](value):
        yield _warning(FindingKind.WRONG_TYPE, path, f"It is no {key.json}, and is ignored.")
    elif key.words and value not in key.words:
        yield _warning(FindingKind.UNKNOWN_WORD, path, f"Known here: {', '.join(key.words)}.")
    elif key.least is not None and value < key.least:
        yield _warning(FindingKind.OUT_OF_RANGE, path, f"The least that makes sense is {key.least:g}.")


_JSON_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
    "number": is_number,
    "integer": lambda value: is_number(value) and isinstance(value, int),
}
