"""What a draft says about itself: lengths, places, labels and the line of words."""
# ruff: noqa: RUF001 - it reads Chinese, whose punctuation is no mistake here

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from draft_strategies import drafts
from hypothesis import given

from nemovideo.draft import Canvas, Draft, Music, Segment, Track, TrackType, Transition

CITY: dict[str, Any] = {
    "t": [
        {"tt": 0, "sg": [{"d": 10000, "m": {"name": "city timelapse"}}]},
        {"tt": 1, "sg": [{"d": 10000, "m": {"name": "Lo-fi", "volume": 0.35}}]},
        {"tt": 7, "sg": [{"d": 3000, "m": {"text": "Urban Dreams"}}]},
    ],
    "d": 10000,
}


def _track(**fields: Any) -> Draft:
    return Draft.from_wire({"t": [fields]})


def test_summary_in_the_documents_format() -> None:
    expected = (
        "Timeline (3 tracks): 1. Video: city timelapse (0-10s) 2. BGM: Lo-fi (0-10s, 35%) "
        '3. Title: "Urban Dreams" (0-3s)'
    )
    assert expected == Draft.from_wire(CITY).summary()
    assert expected == str(Draft.from_wire(CITY))


def test_summary_in_chinese() -> None:
    expected = (
        "时间线（3 条轨道）：1. 视频：city timelapse（0-10 秒） 2. 背景音乐：Lo-fi（0-10 秒，35%） "
        "3. 标题：“Urban Dreams”（0-3 秒）"
    )
    for language in ("zh", "zh-CN", "zh_TW"):
        assert expected == Draft.from_wire(CITY).summary(language)


@pytest.mark.parametrize(
    ("expected", "fields"),
    [
        ("Video: empty", {"tt": 0}),
        ("Video: clip (0-0.5s)", {"tt": 0, "sg": [{"d": 500}]}),
        ("Video: a.jpg (0-5s), b b.jpg (5-10s)", {"tt": 0, "sg": [
            {"d": 5000, "m": {"source": "https://cdn.x/u/a.jpg?sig=1"}},
            {"d": 5000, "m": {"source": "https://cdn.x/b%20b.jpg"}}]}),
        ("Video: 7 clips (0-14s)", {"tt": 0, "sg": [{"d": 2000}] * 7}),
        ("Subtitle: 7 lines (1-8s)", {"tt": 7, "m": {"role": "subtitle"}, "sg": [
            {"d": 1000, "m": {"start": 1000}}, *[{"d": 1000}] * 6]}),
        ("Voice: v1 (0-2s, 50%)", {"tt": 1, "m": {"role": "voice", "volume": 0.5}, "sg": [
            {"id": "v1", "d": 2000}]}),
        ("BGM: lo-fi (0-2s, 0%)", {"tt": 1, "sg": [
            {"d": 2000, "m": {"music": {"mood": "lo-fi"}, "volume": 0}}]}),
        ("Track type 12: clip (0-1s)", {"tt": 12, "sg": [{"d": 1000}]}),
        ("Track: empty", {}),
        ('Title: "two lines" (0-1.234s)', {"tt": 7, "sg": [{"d": 1234, "m": {"text": "two\nlines"}}]}),
        ('Title: "مرحبا 🎬" (0-1s)', {"tt": 7, "sg": [{"d": 1000, "m": {"text": "مرحبا 🎬"}}]}),
    ],
)  # fmt: skip
def test_summary_of_one_track(expected: str, fields: dict[str, Any]) -> None:
    assert f"Timeline (1 track): 1. {expected}" == _track(**fields).summary()


def test_summary_of_the_empty_draft() -> None:
    assert Draft().summary() == "Timeline (0 tracks)"


def test_segments_follow_each_other_unless_they_say_where() -> None:
    """Own start if given, else the end of the one before, else 0; a negative length takes no time."""
    draft = _track(
        sg=[{"d": 1000}, {"d": 500, "m": {"start": 4000}}, {"d": 100}, {"d": -50}, {"start": 7, "end": 9}]
    )
    places = [(timed.start_ms, timed.end_ms) for timed in draft.timed_segments]
    assert places == [(0, 1000), (4000, 4500), (4500, 4600), (4600, 4600), (7, 9)]
    assert [(0, index) for index in range(5)] == [(t.track, t.index) for t in draft.timed_segments]


def test_duration_is_the_drafts_own_else_the_last_end() -> None:
    assert Draft.from_wire({"d": 7000, "t": [{"sg": [{"d": 9000}]}]}).duration_ms == 7000
    assert Draft.from_wire({"t": [{"sg": [{"d": 9000}]}, {"sg": [{"d": 100}]}]}).duration_ms == 9000
    assert Draft().duration_ms == 0


@pytest.mark.parametrize(
    ("renderable", "tracks"),
    [(False, []), (False, [{"tt": 0}, {"tt": 1, "sg": []}]), (True, [{"tt": 0, "sg": []}, {"sg": [{}]}])],
)
def test_renderable_means_some_track_has_a_segment(renderable: bool, tracks: list[Any]) -> None:
    assert renderable is Draft.from_wire({"t": tracks}).is_renderable


def test_unknown_track_type_survives() -> None:
    kind = _track(tt=12).tracks[0].type
    assert kind == 12
    assert isinstance(kind, TrackType)
    assert kind.name == "TYPE_12"
    assert _track().tracks[0].type is TrackType.UNKNOWN
    assert [TrackType.VIDEO, TrackType.AUDIO, TrackType.TEXT] == [0, 1, 7]
    with pytest.raises(ValueError, match="video"):
        TrackType("video")  # type: ignore[arg-type]  # what must fail


def test_segment_reads_what_it_is_given() -> None:
    wire = {
        "d": 5000,
        "m": {
            "id": "s1", "start": 250.5, "source": "https://cdn.x/a.mp4", "name": "Take 2",
            "source_start": 1000, "speed": 2, "volume": 0.5, "fade_in": 10, "fade_out": 20,
            "text": "Hi", "position": "top", "motion": "pan_left", "filter": "warm",
            "transition": {"type": "wipe", "duration": 400}, "music": {"mood": "calm", "seed": 3},
        },
    }  # fmt: skip
    segment = Segment.from_wire(wire)
    assert wire["m"] == segment.metadata
    assert (segment.id, segment.start_ms, segment.duration_ms) == ("s1", 250.5, 5000)
    assert (segment.source, segment.source_start_ms, segment.speed) == ("https://cdn.x/a.mp4", 1000, 2)
    assert (segment.volume, segment.fade_in_ms, segment.fade_out_ms) == (0.5, 10, 20)
    assert (segment.name, segment.label, segment.text, segment.position) == ("Take 2", "Take 2", "Hi", "top")
    assert (segment.motion, segment.filter) == ("pan_left", "warm")
    assert Transition("wipe", 400) == segment.transition
    assert Music("calm", 3) == segment.music


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {
            "id": 1, "start": "0", "source": [], "name": {}, "source_start": None,
            "speed": -1, "volume": "loud", "fade_in": True, "fade_out": [], "text": 5, "position": 0,
            "motion": None, "filter": {}, "transition": "dissolve", "music": {"mood": 1},
        },
        {"speed": 0, "start": 10**400, "transition": {"type": "none", "duration": 5}, "music": "lo-fi"},
    ],
    ids=["missing", "of a wrong type", "senseless"],
)  # fmt: skip
def test_segment_reads_defaults(metadata: dict[str, Any]) -> None:
    """What is missing or senseless reads as its default, and stays on the wire."""
    segment = Segment.from_wire({"m": metadata})
    assert (segment.id, segment.start_ms, segment.duration_ms, segment.label) == ("", None, 0, "")
    assert (segment.source, segment.source_start_ms, segment.speed, segment.volume) == ("", 0, 1, 1)
    assert (segment.fade_in_ms, segment.fade_out_ms, segment.text, segment.position) == (0, 0, "", "")
    assert (segment.motion, segment.filter) == ("none", "")
    assert segment.transition is None
    assert segment.music is None
    assert {"m": metadata} == segment.to_wire()


@pytest.mark.parametrize(
    ("expected", "canvas"),
    [
        (Canvas(), None),
        (Canvas(1920, 1080, 23.976), {"width": 1920, "height": 1080, "fps": 23.976}),
        (Canvas(640, 1920, 30), {"width": 640, "height": -1, "fps": 0}),
        (Canvas(), "square"),
    ],
)
def test_canvas_reads_what_makes_sense(expected: Canvas, canvas: object) -> None:
    assert expected == Draft.from_wire({"m": {"canvas": canvas}}).canvas


def test_title_is_the_projects_name() -> None:
    assert Draft.from_wire({"m": {"title": "Spring"}}).title == "Spring"
    assert Draft.from_wire({"m": {"title": 5}}).title == ""


@given(drafts)
def test_any_legal_draft_can_be_read(wire: dict[str, Any]) -> None:
    """No odd but legal draft makes a reader fail."""
    draft = Draft.from_wire(wire)
    assert "\n" not in draft.summary() + draft.summary("zh")
    assert len(draft.timed_segments) == sum(len(track.segments) for track in draft.tracks)
    for timed in draft.timed_segments:
        assert timed.end_ms >= timed.start_ms
        assert isinstance(timed.segment.label, str)
    assert isinstance(draft.canvas, Canvas)
    assert repr(draft)


def test_a_broken_source_url_is_no_label() -> None:
    assert Segment.from_wire({"m": {"source": "http://[broken"}}).label == ""


def test_recorded_drafts_are_understood() -> None:
    """Drafts that a real agent server kept: segments with id, start, end and text at their own level."""
    recording = Path(__file__).parent / "recorded_drafts.json"
    summaries = [Draft.from_wire(wire).summary() for wire in json.loads(recording.read_text())]
    assert summaries[0] == 'Timeline (2 tracks): 1. Video: v1 (0-8s) 2. Title: "Paradise Found" (0-3s)'


def test_values_are_frozen_and_equal_by_content() -> None:
    one, other = (Track.from_wire({"tt": 0, "sg": [{"d": 1}]}) for _ in range(2))
    assert one == other
    assert repr(one) == "Track({'tt': 0, 'sg': [{'d': 1}]})"
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
    with pytest.raises(AttributeError):
        one.type = TrackType.AUDIO  # type: ignore[misc]  # what must fail
