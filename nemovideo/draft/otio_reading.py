"""Drafts from OpenTimelineIO (the extra `otio`): our own as they were, with what was edited elsewhere.

`otio_writing` tells what is under `metadata["nemovideo"]`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nemovideo.draft.codec import Object, is_number, read_segment, read_track
from nemovideo.draft.lane import assign
from nemovideo.draft.otio_writing import NAMESPACE, otio_library
from nemovideo.draft.segment import Segment
from nemovideo.draft.timeline import Track, TrackType
from nemovideo.draft.wording import one_line
from nemovideo.errors import DraftError

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_otio(timeline: Any) -> Object:
    """Return the wire of the draft that an `opentimelineio.schema.Timeline` describes.

    Raises:
        DraftError: It is none, or it holds what has no length.
    """
    otio = otio_library()
    if not isinstance(timeline, otio.schema.Timeline):
        raise DraftError("An OpenTimelineIO timeline is needed.")
    problem = ""
    try:
        return _read_timeline(otio, timeline)
    except otio.exceptions.OTIOError as error:
        problem = one_line(str(error))
    raise DraftError(f"OpenTimelineIO cannot tell its times: {problem}")


def _read_timeline(otio: Any, timeline: Any) -> Object:
    wire = _note(timeline)
    if not wire and timeline.name:
        wire["m"] = {"title": timeline.name}
    groups: dict[object, list[Any]] = {}
    for number, track in enumerate(timeline.tracks):
        index = _note(track).get("index")
        groups.setdefault(index if type(index) is int else f"new {number}", []).append(track)
    tracks = [_read_track(otio, layers) for layers in groups.values()]
    if tracks:
        wire["t"] = [track for track, _ in tracks]
    if any(is_edited for _, is_edited in tracks):
        wire["d"] = max(Track(track).end_ms for track, _ in tracks)
    return wire


def _read_track(otio: Any, layers: list[Any]) -> tuple[Object, bool]:
    """Return a track's wire, and whether it was edited elsewhere."""
    note = _note(layers[0])
    found = [clip for layer in layers for clip in _read_layer(otio, layer)]
    is_edited = len(found) != note.get("count") or any(clip["is_edited"] for clip in found)
    found.sort(key=lambda clip: clip["start_ms"] if is_edited else clip["index"])
    if is_edited:
        for clip in found:
            assign(clip["wire"], "start", clip["start_ms"])
    known = note.get("wire")
    wire: Object = {"tt": _foreign_type(layers[0])} if known is None else read_track(known)
    if found or not note:
        wire["sg"] = [clip["wire"] for clip in found]
    return wire, is_edited


def _read_layer(otio: Any, layer: Any) -> Iterator[Object]:
    start = otio.opentime.RationalTime(0, 1)
    transition = None
    for child in layer:
        if isinstance(child, otio.schema.Transition):
            transition = child
            continue
        duration = child.duration()
        if not isinstance(child, otio.schema.Gap):
            yield _read_clip(otio, child, start, duration, transition)
        start += duration
        transition = None


def _read_clip(otio: Any, clip: Any, start: Any, duration: Any, transition: Any) -> Object:
    note = _note(clip)
    ours = type(note.get("index")) is int and is_number(note.get("start_ms"))
    wire = read_segment(note.get("wire") if ours else {"d": 0, "m": {"name": clip.name} if clip.name else {}})
    before = Segment(wire).to_wire()
    source_start = clip.trimmed_range().start_time
    if source_start != _noted(otio, clip, "source_start") and (ours or _ms(source_start)):
        assign(wire, "source_start", _ms(source_start))
    if duration != _noted(otio, clip, "duration"):
        wire["d"] = _ms(duration)
        assign(wire, "end", None)
    comes_in = (
        transition.in_offset + transition.out_offset if transition else otio.opentime.RationalTime(0, 1)
    )
    if comes_in != _noted(otio, clip, "comes_in"):
        value = {"type": _transition_type(transition), "duration": _ms(comes_in)} if transition else None
        assign(wire, "transition", value)
    _read_reference(otio, getattr(clip, "media_reference", None), wire)
    stayed = ours and start == _noted(otio, clip, "start")
    return {
        "wire": wire,
        "start_ms": note["start_ms"] if stayed else _ms(start),
        "index": note.get("index"),
        "is_edited": not stayed or wire != before,
    }


def _read_reference(otio: Any, reference: Any, wire: Object) -> None:
    """Take over what a clip was linked to elsewhere."""
    segment = Segment(wire)
    if isinstance(reference, otio.schema.ExternalReference) and reference.target_url != segment.source:
        assign(wire, "source", reference.target_url)
    if isinstance(reference, otio.schema.GeneratorReference):
        text = reference.parameters.get("text")
        if isinstance(text, str) and text != segment.text:
            assign(wire, "text", text)


def _noted(otio: Any, clip: Any, key: str) -> Any:
    """Return a time that was written with a clip; one that no clip can have, where there is none."""
    note = clip.metadata.get(NAMESPACE)
    time = note.get(key) if hasattr(note, "get") else None
    return time if isinstance(time, otio.opentime.RationalTime) else otio.opentime.RationalTime(-1, 1)


def _note(holder: Any) -> Object:
    """Return the JSON that was written with an object; empty if there is none to be trusted."""
    note = holder.metadata.get(NAMESPACE)
    text = note.get("json") if hasattr(note, "get") else None
    try:
        value = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _transition_type(transition: Any) -> str:
    return "dissolve" if transition.transition_type == "SMPTE_Dissolve" else transition.name or "dissolve"


def _foreign_type(layer: Any) -> int:
    if layer.kind == "Audio":
        return int(TrackType.AUDIO)
    kinds = {getattr(clip.media_reference, "generator_kind", "") for clip in layer.find_clips()}
    return int(TrackType.TEXT if kinds == {"Text"} else TrackType.VIDEO)


def _ms(time: Any) -> int:
    ms: int = round(time.to_seconds() * 1000)
    return ms
