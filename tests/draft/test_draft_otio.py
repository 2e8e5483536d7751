"""Drafts leave for editing programs as OpenTimelineIO, and come back as they were, or as they were edited."""

from __future__ import annotations

import json
import sys
from typing import Any

import opentimelineio as otio  # type: ignore[import-untyped]  # it ships no types
import pytest
from draft_strategies import drafts
from hypothesis import given

from nemovideo.draft import ChangeKind, Draft, Segment, TrackType, diff
from nemovideo.errors import ConfigurationError, DraftError

_RationalTime = otio.opentime.RationalTime


def _show(fps: float = 30) -> Draft:
    return (
        Draft.from_wire({"m": {"title": "Spring", "canvas": {"fps": fps, "width": 640, "height": 360}}})
        .append(Segment.of_source("https://cdn.x/a.jpg", 5, id="a"))
        .append(Segment.of_source("https://cdn.x/b.mp4", 2.5, source_start=1000, speed=2, id="b"))
        .append(Segment.of_source("https://cdn.x/c.jpg", 7.5, id="c"))
        .set_transition("b", "dissolve", 0.5)
        .set_transition("c", "wipe", 1)
        .append(Segment.of_music("lo-fi", 15, volume=0.35), TrackType.AUDIO)
        .append(Segment.of_text("Hello 🌏", 3, start=2000), TrackType.TEXT)
    )


def _through_a_file(timeline: Any) -> Any:
    return otio.adapters.read_from_string(timeline.to_json_string(), "otio_json")


@given(drafts)
def test_our_own_round_trip_is_lossless(wire: dict[str, Any]) -> None:
    """Through the text of an .otio file, every key of any draft comes back, in its place."""
    draft = Draft.from_wire(wire)
    again = Draft.from_otio(_through_a_file(draft.to_otio()))
    assert json.dumps(draft.to_wire()) == json.dumps(again.to_wire())


@pytest.mark.parametrize("fps", [24, 25, 30, 29.97, 60])
def test_otio_agrees_on_the_times(fps: float) -> None:
    """What OTIO itself computes from the file is within half a frame of the draft, and never adds up."""
    draft = _show(fps)
    timeline = _through_a_file(draft.to_otio())
    assert timeline.duration().to_seconds() == pytest.approx(15, abs=0.5 / fps)
    assert timeline.duration().rate == fps
    for clips, track in zip(timeline.tracks, draft.tracks, strict=True):
        for clip, timed in zip(clips.find_clips(), track.timed_segments, strict=True):
            place = clip.range_in_parent()
            assert place.start_time.to_seconds() * 1000 == pytest.approx(timed.start_ms, abs=500 / fps)
            assert place.end_time_exclusive().to_seconds() * 1000 == pytest.approx(
                timed.end_ms, abs=500 / fps
            )
            assert place.start_time.value == int(place.start_time.value)


def test_all_tracks_last_as_long_as_the_draft() -> None:
    """A tail of black counts, too: OTIO's length is the draft's."""
    timeline = Draft.from_wire(_show().to_wire() | {"d": 20000}).to_otio()
    assert [track.duration().to_seconds() for track in timeline.tracks] == [20, 20, 20]


def test_other_programs_find_their_own_words() -> None:
    timeline = _show().to_otio()
    video, music, title = timeline.tracks
    assert [track.kind for track in timeline.tracks] == ["Video", "Audio", "Video"]
    assert [type(child).__name__ for child in video] == ["Clip", "Transition", "Clip", "Transition", "Clip"]
    assert [child.transition_type for child in video if isinstance(child, otio.schema.Transition)] == [
        "SMPTE_Dissolve",
        "Custom_Transition",
    ]
    assert video[2].media_reference.target_url == "https://cdn.x/b.mp4"
    assert video[2].source_range.start_time == _RationalTime(30, 30)
    assert video[2].effects[0].time_scalar == 2
    assert music[0].media_reference.generator_kind == "Music"
    assert [type(child).__name__ for child in title] == ["Gap", "Clip", "Gap"]
    assert title[1].media_reference.parameters["text"] == "Hello 🌏"
    (marker,) = timeline.tracks.markers
    assert (marker.name, marker.marked_range.start_time) == ("Hello 🌏", _RationalTime(60, 30))


def test_a_dissolve_begins_where_its_picture_does() -> None:
    """The picture before goes on beneath it: all of the offset lies after the cut."""
    transition = _show().to_otio().tracks[0][1]
    assert (transition.in_offset, transition.out_offset) == (_RationalTime(0, 30), _RationalTime(15, 30))


def test_what_overlaps_gets_tracks_of_its_own() -> None:
    sounds = [{"d": 4000, "m": {"start": start, "source": f"{start}.mp3"}} for start in (0, 1000, 4000)]
    draft = Draft.from_wire({"t": [{"tt": 1, "sg": sounds}]})
    timeline = draft.to_otio()
    assert [len(list(track.find_clips())) for track in timeline.tracks] == [2, 1]
    assert Draft.from_otio(timeline) == draft


def test_a_cut_made_elsewhere_is_taken_over() -> None:
    """Two seconds off a clip in an editing program: the rest moves up, all else is as it was."""
    timeline = _through_a_file(_show().to_otio())
    clip = timeline.tracks[0][2]
    clip.source_range = otio.opentime.TimeRange(_RationalTime(60, 30), _RationalTime(45, 30))
    edited = Draft.from_otio(timeline)
    (change,) = diff(_show(), edited)
    assert (change.kind, str(change)) == (ChangeKind.TRIMMED, "Video trimmed: b.mp4 (5-7.5s → 5-6.5s)")
    assert edited.tracks[0].segments[1].source_start_ms == 2000
    assert [one.start_ms for one in edited.tracks[0].timed_segments] == [0, 5000, 6500]


def test_order_and_links_and_texts_changed_elsewhere_are_taken_over() -> None:
    timeline = _through_a_file(_show().to_otio())
    first = timeline.tracks[0].pop(0)
    timeline.tracks[0].append(first)
    first.media_reference.target_url = "https://cdn.x/better.jpg"
    timeline.tracks[2][1].media_reference.parameters["text"] = "Goodbye"
    del timeline.tracks[0][2]
    edited = Draft.from_otio(timeline)
    assert edited.summary() == (
        "Timeline (3 tracks): 1. Video: b.mp4 (0-2.5s), c.jpg (2.5-10s), better.jpg (10-15s) "
        '2. BGM: lo-fi (0-15s, 35%) 3. Title: "Goodbye" (2-5s)'
    )
    assert [s.transition and s.transition.type for s in edited.tracks[0].segments] == ["dissolve", None, None]


def test_a_timeline_from_elsewhere() -> None:
    """Clips, gaps, generators and transitions that another program made become a draft."""
    video = otio.schema.Track("V1", kind="Video")
    clip_range = otio.opentime.TimeRange(_RationalTime(24, 24), _RationalTime(48, 24))
    clip = otio.schema.Clip(
        "shot", otio.schema.ExternalReference(target_url="https://cdn.x/shot.mov"), source_range=clip_range
    )
    offset = _RationalTime(6, 24)
    video.extend(
        [
            otio.schema.Gap(duration=_RationalTime(24, 24)),
            clip,
            otio.schema.Transition("d", "SMPTE_Dissolve", in_offset=offset, out_offset=offset),
            otio.schema.Clip("gone", otio.schema.MissingReference(), source_range=clip_range),
        ]
    )
    text = otio.schema.GeneratorReference(generator_kind="Text", parameters={"text": "Hi"})
    titles = otio.schema.Track("T1", children=[otio.schema.Clip("t", text, source_range=clip_range)])
    timeline = otio.schema.Timeline("Cut 3")
    timeline.tracks.extend([video, titles, otio.schema.Track("A1", kind="Audio")])
    draft = Draft.from_otio(timeline)
    assert draft.summary() == (
        'Timeline (3 tracks): 1. Video: shot (1-3s), gone (3-5s) 2. Title: "Hi" (0-2s) 3. BGM: empty'
    )
    first, second = draft.tracks[0].segments
    assert (draft.title, first.source, first.source_start_ms) == ("Cut 3", "https://cdn.x/shot.mov", 1000)
    assert second.transition is not None
    assert second.transition.duration_ms == 500
    assert draft.duration_ms == 5000


@pytest.mark.parametrize(
    "note", [{"json": "[" * 50_000}, {"json": "nonsense"}, {"json": 3}, "text", {"json": "[]"}]
)
def test_notes_that_cannot_be_trusted_are_ignored(note: object) -> None:
    timeline = _show().to_otio()
    timeline.metadata["nemovideo"] = note
    timeline.tracks[0].metadata["nemovideo"] = note
    timeline.tracks[0][0].metadata["nemovideo"] = note
    assert [one.start_ms for one in Draft.from_otio(timeline).tracks[0].timed_segments] == [0, 5000, 7500]


def test_what_is_no_timeline() -> None:
    with pytest.raises(DraftError, match="timeline is needed"):
        Draft.from_otio({"t": []})
    timeline = otio.schema.Timeline()
    timeline.tracks.append(otio.schema.Track(children=[otio.schema.Clip("no length")]))
    with pytest.raises(DraftError, match="cannot tell its times"):
        Draft.from_otio(timeline)


def test_without_the_library_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentimelineio", None)
    with pytest.raises(ConfigurationError, match=r"nemovideo\[otio\]"):
        _show().to_otio()
