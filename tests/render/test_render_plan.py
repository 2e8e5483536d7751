"""A draft in frames and samples."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nemovideo.draft.model import Draft
from nemovideo.local.render.errors import RenderError
from nemovideo.local.render.media import MediaInfo
from nemovideo.local.render.plan import MAX_AREA, MAX_LONG_SIDE, Output, plan
from nemovideo.local.render.scene import Music, Plan

SOURCES = {
    "a": MediaInfo(Path("a.jpg"), "image", 3000, 2000),
    "b": MediaInfo(Path("b.jpg"), "image", 2000, 3000),
    "v": MediaInfo(Path("v.mp4"), "video", 1920, 1080, duration=8, fps=30, has_sound=True),
    "s": MediaInfo(Path("s.wav"), "audio", duration=8, has_sound=True),
}


def planned(*tracks: tuple[int, list[dict[str, Any]]], output: Output | None = None, **top: Any) -> Plan:
    wire = {"t": [{"tt": kind, "sg": segments} for kind, segments in tracks], **top}
    return plan(Draft.from_wire(wire), SOURCES, output or Output())


def seg(duration: float, source: str = "a", **more: Any) -> dict[str, Any]:
    return {"d": duration, "m": {"source": source, **more}}


def test_three_photos_in_fifteen_seconds_take_exactly_five_each() -> None:
    """Shots do not overlap; the old one stays visible under the new one's transition."""
    dissolve = {"type": "dissolve", "duration": 500}
    [shots] = planned((0, [seg(5000), seg(5000, transition=dissolve), seg(5000, transition=dissolve)])).layers
    assert [(shot.first, shot.end, shot.until) for shot in shots] == [
        (0, 150, 165),
        (150, 300, 315),
        (300, 450, 450),
    ]


def test_a_draft_without_a_canvas_is_a_phone_at_thirty_frames() -> None:
    """1080x1920 at 30 is the default; the length is the timeline's."""
    made = planned((0, [seg(15000)]))
    assert (made.width, made.height, made.fps, made.frames, made.samples) == (1080, 1920, 30, 450, 720_000)


@example(durations=[1, 1, 98, 9000, 9000], fps=25)  # ends on half a frame
@given(
    durations=st.lists(st.integers(1, 9000), min_size=1, max_size=30), fps=st.sampled_from([24, 25, 30, 60])
)
def test_consecutive_shots_leave_no_gap_and_end_with_the_video(durations: list[int], fps: int) -> None:
    """Rounding to frames is done once for each border: neighbours share it."""
    if sum(durations) * fps < 500:
        durations = [*durations, 1000]
    made = planned((0, [seg(duration) for duration in durations]), output=Output(fps=fps))
    borders = [(shot.first, shot.end) for shot in made.layers[0]]
    assert borders[0][0] == 0
    assert all(end == first for (_, end), (first, _) in itertools.pairwise(borders))
    assert borders[-1][1] == made.frames


def test_where_shots_overlap_the_later_one_is_seen() -> None:
    """An odd but legal draft is rendered."""
    [shots] = planned((0, [seg(3000, start=0), seg(3000, "b", start=2000)])).layers
    assert [(shot.first, shot.end) for shot in shots] == [(0, 60), (60, 150)]


def test_a_gap_stays_a_gap() -> None:
    """What comes after a gap does not keep the shot before it alive."""
    move = {"type": "wipe", "duration": 500}
    [shots] = planned((0, [seg(1000), seg(1000, "b", start=2000, transition=move)])).layers
    assert [(shot.first, shot.end, shot.until) for shot in shots] == [(0, 30, 30), (60, 90, 90)]


def test_volumes_of_segment_and_track_multiply_and_silence_is_left_out() -> None:
    """A clip's own sound is heard, too."""
    made = plan(
        Draft.from_wire(
            {
                "t": [
                    {"tt": 0, "sg": [seg(2000, "v", volume=0.5)]},
                    {
                        "tt": 1,
                        "m": {"volume": 0.5},
                        "sg": [seg(1000, "s", volume=0.6), seg(1000, "s", volume=0)],
                    },
                    {
                        "tt": 1,
                        "sg": [{"d": 2000, "m": {"music": {"mood": "calm", "seed": 4}, "fade_out": 500}}],
                    },
                ]
            }
        ),
        SOURCES,
        Output(),
    )
    assert [(sound.first, sound.end, sound.volume) for sound in made.sounds] == [
        (0, 96_000, 0.5),
        (0, 48_000, 0.3),
        (0, 96_000, 1.0),
    ]
    assert made.sounds[2].source == Music("calm", 4)
    assert made.sounds[2].fade_out == 24_000


def test_absurd_numbers_are_bounded() -> None:
    """A fade of ages, a start in the past and a volume beyond reason are brought to what can be computed."""
    odd = seg(1000, "v", volume=1e300, fade_in=1e300, fade_out=1e300, start=-5e300)
    made = planned((0, [odd, seg(1000, "a", start=0)]), d=1000)
    assert all(0 <= shot.first <= shot.end <= 30 for shot in made.layers[0])
    assert all(sound.volume <= 10 and sound.fade_in <= 48_000 for sound in made.sounds)


def test_text_stands_where_its_role_wants_it() -> None:
    """Titles in the middle, subtitles at the foot; blank text is no text."""
    made = plan(
        Draft.from_wire(
            {
                "d": 3000,
                "t": [
                    {
                        "tt": 7,
                        "sg": [
                            {"d": 1000, "m": {"text": "Hello", "fade_in": 500}},
                            {"d": 1, "m": {"text": " "}},
                        ],
                    },
                    {
                        "tt": 7,
                        "m": {"role": "subtitle"},
                        "sg": [{"id": "x", "start": 1000, "end": 2000, "text": "Hi"}],
                    },
                ],
            }
        ),
        {},
        Output(),
    )
    assert [(cue.text, cue.role, cue.position, cue.first, cue.end, cue.fade_in) for cue in made.cues] == [
        ("Hello", "title", "top", 0, 30, 15),
        ("Hi", "subtitle", "bottom", 30, 60, 0),
    ]


@given(width=st.integers(16, 8000), height=st.integers(16, 8000))
def test_no_canvas_goes_beyond_what_is_exported(width: int, height: int) -> None:
    """Every size ends up even, within 1080x1920 pixels in any direction, in about its own shape."""
    output = Output(width=width, height=height)
    try:
        made = planned((0, [seg(1000)]), output=output)
    except RenderError:
        assert min(width, height) / max(width, height) < 18 / 1920
        return
    assert made.width % 2 == made.height % 2 == 0
    assert max(made.width, made.height) <= MAX_LONG_SIDE
    assert made.width * made.height <= MAX_AREA
    assert made.width / made.height == pytest.approx(width / height, rel=0.15)


def test_one_side_alone_keeps_the_shape() -> None:
    """Asked for 540 pixels across or 960 down, a phone's canvas is halved."""
    for output in (Output(width=540), Output(height=960)):
        made = planned((0, [seg(1000)]), output=output)
        assert (made.width, made.height) == (540, 960)


@pytest.mark.parametrize(
    ("segments", "output", "words"),
    [
        ([seg(1000, "unknown.jpg")], Output(), "'unknown.jpg', which was not uploaded"),
        ([{"d": 1000, "m": {}}], Output(), "Segment 1 of track 1 names no source"),
        ([], Output(), "empty"),
        ([seg(0)], Output(), "empty"),
        ([seg(3_600_000)], Output(), "60 minutes"),
        ([seg(1000)], Output(format="avi"), "avi"),
        ([seg(1000)], Output(quality="best"), "best"),
        ([seg(1000)], Output(fps=240), "240"),
        ([seg(1000)], Output(width=4), "cannot be rendered"),
        ([seg(1000, "v", speed=99)], Output(), "99x"),
        ([seg(1000, "v", source_start=8000)], Output(), "after the end of 'v'"),
    ],
)
def test_what_cannot_be_made_is_refused_with_a_reason(
    segments: list[dict[str, Any]], output: Output, words: str
) -> None:
    """The reason is one that a person can act upon."""
    with pytest.raises(RenderError, match=words):
        planned((0, segments), output=output)


def test_words_that_it_does_not_know_are_told_and_passed_over() -> None:
    """A newer draft renders, with a warning for each thing left out."""
    made = planned(
        (0, [seg(1000, filter="neon", motion="orbit", transition={"type": "explode", "duration": 300})]),
        (1, [{"d": 1000, "m": {"music": {"mood": "polka", "seed": 1}}}]),
    )
    assert [word for word in ("neon", "orbit", "explode", "polka") if word in " ".join(made.warnings)] == [
        "neon",
        "orbit",
        "explode",
        "polka",
    ]


def test_a_gif_is_kept_small() -> None:
    """A phone's pixels at 30 frames would be a hundred megabytes."""
    made = planned((0, [seg(2000)]), output=Output(format="gif"))
    assert (made.width, made.height, made.fps, made.frames) == (360, 640, 15, 30)
