"""Drafts to OpenTimelineIO (the extra `otio`), for editing programs; lossless for `otio_reading`.

Times become whole frames at the canvas's rate, each edge rounded by itself, so that rounding never adds up.
Beside what other programs understand, each object carries its JSON, and the times written for it, under
`metadata["nemovideo"]`. Reading takes the JSON where those times still hold, and what was edited elsewhere.
The JSON is text, because OTIO sorts the keys of its metadata and has no integers beyond 64 bits.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nemovideo.draft.timeline import TrackType
from nemovideo.draft.wording import one_line, track_name
from nemovideo.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nemovideo.draft.codec import Object
    from nemovideo.draft.segment import Segment
    from nemovideo.draft.timeline import TimedSegment, Timeline

NAMESPACE = "nemovideo"


def write_otio(timeline: Timeline) -> Any:
    """Return a draft as an `opentimelineio.schema.Timeline`."""
    otio = otio_library()
    rate = float(timeline.canvas.fps)
    wire = timeline.to_wire()
    whole = _frames(otio, max(timeline.duration_ms, *(track.end_ms for track in timeline.tracks), 0), rate)
    written = otio.schema.Timeline(
        name=one_line(timeline.title),
        metadata={NAMESPACE: {"json": json.dumps(_childless(wire, "t"))}},
    )
    for track in timeline.tracks:
        own = _childless(track.to_wire(), "sg")
        note = {"json": json.dumps({"wire": own, "count": len(track.segments), "index": track.index})}
        for layer in track.layers or [[]]:
            written.tracks.append(
                otio.schema.Track(
                    name=track_name(track),
                    kind=_KINDS.get(track.type, track_name(track)),
                    children=list(_children(otio, layer, rate, whole)),
                    metadata={NAMESPACE: note},
                )
            )
        if track.type == TrackType.TEXT:
            written.tracks.markers.extend(
                otio.schema.Marker(name=one_line(timed.segment.text), marked_range=_range(otio, timed, rate))
                for timed in track.timed_segments
            )
    return written


_KINDS = {TrackType.VIDEO: "Video", TrackType.TEXT: "Video", TrackType.AUDIO: "Audio"}


def otio_library() -> Any:
    """Return the module `opentimelineio`; raises `ConfigurationError` where it is not installed."""
    try:
        import opentimelineio  # type: ignore[import-untyped,unused-ignore]  # it ships no types
    except ImportError:
        message = "OpenTimelineIO is not installed."
        raise ConfigurationError(message, hint='pip install "nemovideo[otio]"') from None
    return opentimelineio


def _childless(wire: Object, children: str) -> Object:
    return {**wire, children: []} if isinstance(wire.get(children), list) else wire


def _children(otio: Any, layer: Iterable[TimedSegment], rate: float, whole: Any) -> Iterator[Any]:
    nothing = otio.opentime.RationalTime(0, rate)
    end = nothing
    for timed in layer:
        segment = timed.segment
        where = _range(otio, timed, rate)
        source_start = _frames(otio, segment.source_start_ms, rate)
        comes_in = nothing
        if where.start_time > end:
            yield otio.schema.Gap(duration=where.start_time - end)
        elif segment.transition and end > nothing:
            comes_in = min(_frames(otio, segment.transition.duration_ms, rate), where.duration)
        if comes_in > nothing and segment.transition:
            dissolves = segment.transition.type == "dissolve"
            yield otio.schema.Transition(
                name=segment.transition.type,
                transition_type="SMPTE_Dissolve" if dissolves else "Custom_Transition",
                in_offset=nothing,
                out_offset=comes_in,
            )
        known = {"wire": segment.to_wire(), "start_ms": timed.start_ms, "index": timed.index}
        yield otio.schema.Clip(
            name=one_line(segment.label),
            media_reference=_reference(otio, segment),
            source_range=otio.opentime.TimeRange(source_start, where.duration),
            effects=[] if segment.speed == 1 else [otio.schema.LinearTimeWarp(time_scalar=segment.speed)],
            metadata={
                NAMESPACE: {
                    "json": json.dumps(known),
                    "start": where.start_time,
                    "duration": where.duration,
                    "source_start": source_start,
                    "comes_in": comes_in,
                }
            },
        )
        end = where.end_time_exclusive()
    if end < whole:  # OTIO's own tools want tracks of one length
        yield otio.schema.Gap(duration=whole - end)


def _reference(otio: Any, segment: Segment) -> Any:
    if segment.source:
        return otio.schema.ExternalReference(target_url=segment.source)
    if segment.text:
        return otio.schema.GeneratorReference(generator_kind="Text", parameters={"text": segment.text})
    if segment.music:
        return otio.schema.GeneratorReference(generator_kind="Music", parameters={"mood": segment.music.mood})
    return otio.schema.MissingReference()


def _frames(otio: Any, ms: float, rate: float) -> Any:
    return otio.opentime.RationalTime(max(round(ms * rate / 1000), 0), rate)


def _range(otio: Any, timed: TimedSegment, rate: float) -> Any:
    start, end = _frames(otio, timed.start_ms, rate), _frames(otio, timed.end_ms, rate)
    return otio.opentime.TimeRange(start, end - start)
