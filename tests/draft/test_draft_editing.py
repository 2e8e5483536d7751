"""Edits make new drafts, keep pictures close and sound fitting, and are what the comparison then names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from draft_strategies import drafts, texts
from hypothesis import given
from hypothesis import strategies as st

from nemovideo.draft import ChangeKind, Draft, Segment, Severity, TrackType, diff
from nemovideo.errors import DraftError

if TYPE_CHECKING:
    from collections.abc import Callable


def _show() -> Draft:
    """Three photos of 5 s with dissolves between them, music under all of it, a title for 3 s."""
    dissolve = {"type": "dissolve", "duration": 500}
    return Draft.from_wire(
        {
            "t": [
                {"tt": 0, "sg": [
                    {"d": 5000, "m": {"id": "a", "source": "a.jpg"}},
                    {"d": 5000, "m": {"id": "b", "source": "b.jpg", "transition": dissolve}},
                    {"d": 5000, "m": {"id": "c", "source": "c.jpg", "transition": dissolve}},
                ]},
                {"tt": 1, "sg": [{"d": 15000, "m": {"id": "lofi", "music": {"mood": "lo-fi", "seed": 0}}}]},
                {"tt": 7, "sg": [{"d": 3000, "m": {"id": "t", "start": 1000, "text": "Hi"}}]},
            ],
            "d": 15000,
        }
    )  # fmt: skip


def _places(draft: Draft, track: int = 0) -> list[tuple[str, float, float]]:
    return [(one.segment.label, one.start_ms, one.end_ms) for one in draft.tracks[track].timed_segments]


def _photo(name: str, seconds: float = 5) -> Segment:
    return Segment.of_source(f"{name}.jpg", seconds)


def test_a_draft_from_nothing() -> None:
    draft = (
        Draft()
        .append(_photo("a"))
        .append(Segment.of_text("Hello", 3, position="top"), TrackType.TEXT)
        .append(Segment.of_music("calm", 5, seed=4, volume=0.4), TrackType.AUDIO)
        .append(Segment.of_text("spoken", 2), TrackType.TEXT, role="subtitle")
        .append(_photo("b", 2.5))
        .set_aspect("16:9")
    )
    assert draft.summary() == (
        'Timeline (4 tracks): 1. Video: a.jpg (0-5s), b.jpg (5-7.5s) 2. Title: "Hello" (0-3s) '
        '3. BGM: calm (0-7.5s, 40%) 4. Subtitle: "spoken" (0-2s)'
    )
    assert (draft.canvas.width, draft.canvas.height, draft.duration_ms) == (1920, 1080, 7500)
    assert draft.validate() == ()


def test_pictures_are_put_below_what_lies_above_them() -> None:
    titled = Draft().append(Segment.of_text("Hi", 1), TrackType.TEXT).append(_photo("a"))
    assert [track.type for track in titled.tracks] == [TrackType.VIDEO, TrackType.TEXT]


def test_removing_closes_up_and_cuts_the_music() -> None:
    draft = _show().remove("b")
    assert _places(draft) == [("a.jpg", 0, 5000), ("c.jpg", 5000, 10000)]
    assert (draft.tracks[1].end_ms, draft.duration_ms) == (10000, 10000)
    assert _places(draft, 2) == [("Hi", 1000, 4000)]


def test_removing_the_last_segment_of_a_track_removes_the_track() -> None:
    assert [track.type for track in _show().remove("lofi").tracks] == [0, 7]
    assert [track.type for track in _show().remove_track(2).tracks] == [0, 1]
    assert _show().remove_track(0).duration_ms == 15000
    assert _show().remove_track(0).remove_track(0).remove_track(0).duration_ms == 0


def test_inserting_makes_room_and_music_grows() -> None:
    draft = _show().insert(_photo("x", 2), 0, 1)
    assert _places(draft) == [
        ("a.jpg", 0, 5000), ("x.jpg", 5000, 7000), ("b.jpg", 7000, 12000), ("c.jpg", 12000, 17000),
    ]  # fmt: skip
    assert (draft.tracks[1].end_ms, draft.duration_ms) == (17000, 17000)
    assert _places(_show().insert(_photo("x", 2), 0, 3))[-1] == ("x.jpg", 15000, 17000)
    assert _places(_show().insert(Segment.of_text("Yo", 1), 2, 1), 2)[-1] == ("Yo", 4000, 5000)


def test_uploaded_sound_is_cut_but_not_stretched() -> None:
    """Where the pictures grow past the end of a recording, there is nothing more to play."""
    draft = _show().set("lofi", music=None, source="song.mp3")
    assert draft.remove("c").tracks[1].end_ms == 10000
    assert draft.append(_photo("d")).tracks[1].end_ms == 15000


def test_a_tail_of_black_is_kept() -> None:
    wire = _show().to_wire() | {"d": 18000}
    assert Draft.from_wire(wire).remove("a").duration_ms == 13000


def test_reordering_leaves_transitions_between_pictures() -> None:
    """The first picture still comes with a cut, all others with their dissolve."""
    for draft in (_show().reorder(0, [2, 0, 1]), _show().move("c", index=0)):
        assert [place[0] for place in _places(draft)] == ["c.jpg", "a.jpg", "b.jpg"]
        assert [one.segment.transition is None for one in draft.tracks[0].timed_segments] == [
            True,
            False,
            False,
        ]
        assert draft.duration_ms == 15000


def test_moving_a_title_moves_nothing_else() -> None:
    draft = _show().append(Segment.of_text("Bye", 1), TrackType.TEXT).move("t", start=7.25)
    assert _places(draft, 2) == [("Hi", 7250, 10250), ("Bye", 4000, 5000)]


def test_trimming_pictures_closes_up() -> None:
    draft = _show().trim("b", head=1, tail=0.5)
    assert _places(draft) == [("a.jpg", 0, 5000), ("b.jpg", 5000, 8500), ("c.jpg", 8500, 13500)]
    assert draft.tracks[0].segments[1].source_start_ms == 1000
    assert draft.duration_ms == 13500


def test_trimming_a_title_keeps_what_is_left_in_place() -> None:
    assert _places(_show().trim("t", head=0.5, tail=1), 2) == [("Hi", 1500, 3000)]


def test_trimming_a_fast_clip_skips_more_of_its_source() -> None:
    draft = _show().retime("a", speed=2).trim("a", head=0.5)
    assert draft.tracks[0].segments[0].source_start_ms == 1000
    assert _places(draft)[:2] == [("a.jpg", 0, 2000), ("b.jpg", 2000, 7000)]


def test_splitting_plays_as_before() -> None:
    draft = _show().set("b", fade_in=100, fade_out=200).split("b", 2)
    assert _places(draft) == [
        ("a.jpg", 0, 5000), ("b.jpg", 5000, 7000), ("b.jpg", 7000, 10000), ("c.jpg", 10000, 15000),
    ]  # fmt: skip
    first, second = draft.tracks[0].segments[1:3]
    assert (first.id, first.fade_in_ms, first.fade_out_ms, first.transition is None) == ("b", 100, 0, False)
    assert (second.id, second.fade_in_ms, second.fade_out_ms, second.transition) == ("", 0, 200, None)
    assert second.source_start_ms == 2000


def test_retiming() -> None:
    assert _places(_show().retime("a", seconds=2))[1] == ("b.jpg", 2000, 7000)
    slow = _show().retime("a", speed=0.5)
    assert slow.tracks[0].segments[0].speed == 0.5
    assert slow.duration_ms == 20000


def test_replacing_takes_the_place() -> None:
    draft = _show().replace("b", _photo("x", 1))
    assert _places(draft) == [("a.jpg", 0, 5000), ("x.jpg", 5000, 6000), ("c.jpg", 6000, 11000)]


def test_values_stay_where_a_server_put_them() -> None:
    """A segment with its times and text at its own level is edited there, and gets no second copy."""
    draft = Draft.from_wire(
        {"t": [{"tt": 7, "sg": [{"id": "x", "start": 0, "end": 3000, "text": "a", "k": 1}]}]}
    )
    edited = draft.set_text("x", "b").move("x", start=1).trim("x", tail=1)
    assert edited.to_wire()["t"][0]["sg"] == [{"id": "x", "start": 1000, "end": 3000, "text": "b", "k": 1}]


def test_starts_are_written_only_where_they_do_not_follow() -> None:
    assert "start" not in str(_show().remove("t").remove("b").to_wire())
    later = _show().move("b", start=6)
    assert [segment.start_ms for segment in later.tracks[0].segments] == [None, 6000, 10000]


def test_an_edit_keeps_no_hold_on_what_it_was_given() -> None:
    """Changing a list after it was set does not change the draft."""
    note = [1]
    draft = _show().set("a", note=note)
    note.append(2)
    assert draft.tracks[0].segments[0].metadata["note"] == [1]


def test_other_segments_of_a_track_are_not_rewritten() -> None:
    """What an edit does not touch stays as the server wrote it, odd as it may be."""
    odd = {"x": 1, "start": 9000, "end": 1, "d": 4, "m": None}
    draft = Draft.from_wire({"t": [{"tt": 1, "sg": [{"d": 5000, "m": {"id": "a"}}, odd, {}]}]})
    assert draft.trim("a", tail=1).to_wire()["t"][0]["sg"][1:] == [odd, {}]


def test_canvas() -> None:
    draft = Draft.from_wire({"m": {"canvas": {"fps": 24, "background": "red"}, "title": "x"}}).set_canvas(
        640, 360
    )
    assert draft.to_wire() == {
        "m": {"canvas": {"fps": 24, "background": "red", "width": 640, "height": 360}, "title": "x"}
    }
    assert draft.set_canvas(640, 360, 60).canvas.fps == 60


@pytest.mark.parametrize(
    ("ratio", "size"),
    [("9:16", (1080, 1920)), ("16:9", (1920, 1080)), ("1:1", (1080, 1080)), ("4:5", (1080, 1350)),
     ("21:9", (1920, 822)), ("1080:1920", (1080, 1920)), ("1:1000", (2, 1920))],
)  # fmt: skip
def test_aspect(ratio: str, size: tuple[int, int]) -> None:
    """As large as is exported, in even numbers."""
    canvas = Draft().set_aspect(ratio).canvas
    assert (canvas.width, canvas.height) == size


@pytest.mark.parametrize(
    "edit",
    [
        lambda draft: draft.remove("nobody"),
        lambda draft: draft.remove(""),
        lambda draft: draft.append(Segment.of_text("x", 1, id="a")).remove("a"),
        lambda draft: draft.remove((0, 3)),
        lambda draft: draft.remove((0, -1)),
        lambda draft: draft.remove_track(5),
        lambda draft: draft.insert(_photo("x"), 0, 9),
        lambda draft: draft.insert(_photo("x"), 9, 0),
        lambda draft: draft.move("a"),
        lambda draft: draft.move("a", start=1, index=1),
        lambda draft: draft.move("a", start=-1),
        lambda draft: draft.move("a", start=float("nan")),
        lambda draft: draft.move("a", index=3),
        lambda draft: draft.reorder(0, [0, 0, 1]),
        lambda draft: draft.trim("a", head=3, tail=2),
        lambda draft: draft.trim("a", head=-1),
        lambda draft: draft.split("a", 0),
        lambda draft: draft.split("a", 5),
        lambda draft: draft.retime("a"),
        lambda draft: draft.retime("a", seconds=0),
        lambda draft: draft.retime("a", seconds="2"),
        lambda draft: draft.retime("a", seconds=1, speed=1),
        lambda draft: draft.retime("a", speed=0),
        lambda draft: draft.retime("a", speed=1e15),
        lambda draft: draft.set("a", start=5),
        lambda draft: draft.set("a", note={1, 2}),
        lambda draft: draft.set_volume("a", -0.1),
        lambda draft: draft.set_volume("a", float("inf")),
        lambda draft: draft.set_canvas(0, 100),
        lambda draft: draft.set_canvas(10.5, 100),
        lambda draft: draft.set_canvas(10, 100, -1),
        lambda draft: draft.set_aspect("wide"),
        lambda draft: draft.set_aspect("0:9"),
        lambda draft: draft.remove("a").remove(draft.timed_segments[0]),
    ],
)
def test_an_edit_that_cannot_be_made(edit: Callable[[Draft], Draft]) -> None:
    """It is a DraftError, and the draft is as it was."""
    draft = _show()
    with pytest.raises(DraftError):
        edit(draft)
    assert draft == _show()


@st.composite
def shows(draw: st.DrawFn) -> Draft:
    """A draft of pictures that differ, with or without ids, written starts, music and titles."""
    draft = Draft()
    for number in range(draw(st.integers(1, 6))):
        seconds = draw(st.integers(1, 8))
        draft = draft.append(
            Segment.of_source(f"p{number}.jpg", seconds, id=draw(st.sampled_from(["", f"p{number}"])))
        )
    if draw(st.booleans()):
        draft = draft.append(Segment.of_music("calm", draft.duration_ms / 1000), TrackType.AUDIO)
    for number in range(draw(st.integers(0, 2))):
        draft = draft.append(Segment.of_text(f"title {number}", draw(st.integers(1, 3))), TrackType.TEXT)
    if draw(st.booleans()):
        wire = draft.to_wire()
        for timed in draft.timed_segments:
            wire["t"][timed.track]["sg"][timed.index]["m"]["start"] = timed.start_ms
        draft = Draft.from_wire(wire)
    return draft


Edit = tuple[set[ChangeKind], "Callable[[Draft, Any], Draft]"]
_ONE: dict[str, Edit] = {
    "remove": ({ChangeKind.REMOVED}, lambda draft, at: draft.remove(at)),
    "append": ({ChangeKind.ADDED}, lambda draft, at: draft.append(_photo("new", 3 + at.index))),
    "insert": ({ChangeKind.ADDED}, lambda draft, at: draft.insert(_photo("new", 3), at.track, at.index)),
    "trim the head": ({ChangeKind.TRIMMED}, lambda draft, at: draft.trim(at, head=0.5)),
    "trim the tail": ({ChangeKind.TRIMMED}, lambda draft, at: draft.trim(at, tail=0.5)),
    "lengthen": ({ChangeKind.TRIMMED}, lambda draft, at: draft.retime(at, seconds=99)),
    "speed": ({ChangeKind.SPEED}, lambda draft, at: draft.retime(at, speed=2)),
    "split": ({ChangeKind.TRIMMED, ChangeKind.ADDED}, lambda draft, at: draft.split(at, 0.5)),
    "replace": ({ChangeKind.REPLACED}, lambda draft, at: draft.replace(at, _photo("new", 3))),
    "volume": ({ChangeKind.VOLUME}, lambda draft, at: draft.set_volume(at, 0.5)),
    "text": ({ChangeKind.TEXT}, lambda draft, at: draft.set_text(at, "something else")),
    "transition": ({ChangeKind.TRANSITION}, lambda draft, at: draft.set_transition(at, "wipe", 0.3)),
    "motion": ({ChangeKind.MOTION}, lambda draft, at: draft.set_motion(at, "pan_up")),
    "filter": ({ChangeKind.FILTER}, lambda draft, at: draft.set(at, filter="warm")),
    "fade": ({ChangeKind.FADE}, lambda draft, at: draft.set(at, fade_in=250)),
    "own key": ({ChangeKind.SETTING}, lambda draft, at: draft.set(at, grain=3)),
    "canvas": ({ChangeKind.CANVAS}, lambda draft, at: draft.set_canvas(640, 360 + at.index)),
    "move": ({ChangeKind.MOVED}, lambda draft, at: draft.move(at, start=999)),
    "reorder": (
        {ChangeKind.MOVED},
        lambda draft, at: draft.move(at, index=0 if at.index else len(draft.tracks[at.track].segments) - 1),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", _ONE)
@given(draft=shows(), pick=st.integers(0, 99))
def test_one_edit_is_one_kind_of_change(name: str, draft: Draft, pick: int) -> None:
    """Apply one edit to any draft: the comparison names that edit, of that segment, and nothing else."""
    kinds, edit = _ONE[name]
    if name in ("insert", "replace", "speed", "reorder"):
        draft = draft.append(_photo("last"))
        candidates = draft.tracks[0].timed_segments
    elif name == "text":
        draft = draft.append(Segment.of_text("last", 1), TrackType.TEXT)
        candidates = draft.tracks[-1].timed_segments
    else:
        candidates = draft.timed_segments
    at = candidates[pick % len(candidates)]
    edited = edit(draft, at)
    changes = diff(draft, edited)
    assert {change.kind for change in changes} == kinds
    assert len(changes) == len(kinds) or name == "reorder"
    assert diff(edited, Draft.from_wire(edited.to_wire())) == ()
    assert len(diff(edited, draft)) == len(changes) or name in ("split", "reorder")


@given(shows(), st.lists(st.tuples(st.sampled_from(sorted(_ONE)), st.integers(0, 99)), max_size=5))
def test_edited_drafts_are_sound(draft: Draft, edits: list[tuple[str, int]]) -> None:
    """Whatever is done to the pictures, they neither overlap nor leave holes, and the draft renders."""
    for name, pick in edits:
        pictures = draft.tracks[0].timed_segments
        if name not in ("move", "text") and pictures[0].segment.source:
            at = pictures[pick % len(pictures)]
            try:
                draft = _ONE[name][1](draft, at)
            except DraftError:  # too short by now to be cut again
                continue
        if not draft.tracks or draft.tracks[0].type != TrackType.VIDEO:
            return
    assert [one for one in draft.validate() if one.severity is Severity.ERROR] == []
    assert draft.tracks[0].timed_segments[0].start_ms == 0
    assert draft.duration_ms == draft.tracks[0].end_ms
    ends = [one.end_ms for one in draft.tracks[0].timed_segments]
    assert [one.start_ms for one in draft.tracks[0].timed_segments] == [0, *ends[:-1]]


@given(drafts, texts, st.integers(0, 99))
def test_any_draft_can_be_edited(wire: dict[str, Any], text: str, pick: int) -> None:
    """Odd but legal drafts too; foreign keys elsewhere stay."""
    draft = Draft.from_wire(wire)
    edited = draft.append(Segment.of_text("new", 1), TrackType.TEXT, role="caption")
    assert any(one.segment.text == "new" for one in edited.timed_segments)
    if not draft.timed_segments:
        return
    at = draft.timed_segments[pick % len(draft.timed_segments)]
    assert draft.set(at, note=text).tracks[at.track].segments[at.index].metadata["note"] == text
    assert len(draft.remove(at).timed_segments) == len(draft.timed_segments) - 1
