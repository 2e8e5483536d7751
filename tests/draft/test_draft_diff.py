"""What changed between two drafts, by cause, in lines for a person."""
# ruff: noqa: RUF001 - it reads Chinese, whose punctuation is no mistake here

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING, Any

import pytest
from draft_strategies import drafts
from hypothesis import given

from nemovideo.draft import Change, ChangeKind, Draft, diff

if TYPE_CHECKING:
    from collections.abc import Callable


def _photo(name: str, **fields: Any) -> dict[str, Any]:
    return {"d": 5000, "m": {"source": f"https://cdn.x/{name}.jpg", **fields}}


def _wire() -> dict[str, Any]:
    return {
        "t": [
            {"tt": 0, "sg": [_photo("a"), _photo("b"), _photo("c")]},
            {"tt": 1, "sg": [{"d": 15000, "m": {"music": {"mood": "lo-fi", "seed": 1}, "name": "Lo-fi"}}]},
            {"tt": 7, "sg": [{"d": 3000, "m": {"text": "Spring"}}]},
        ],
        "d": 15000,
    }


def _set(track: int, index: int, **fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda wire: wire["t"][track]["sg"][index]["m"].update(fields)


def _remove_second_photo(wire: dict[str, Any]) -> None:
    """As a service does it: the rest moves up, the music is cut with the pictures."""
    del wire["t"][0]["sg"][1]
    wire["t"][1]["sg"][0]["d"] = wire["d"] = 10000


def _write_starts(wire: dict[str, Any]) -> None:
    for track in wire["t"]:
        for index, segment in enumerate(track["sg"]):
            segment["m"].update(start=index * 5000, id=f"{track['tt']}-{index}")


def _swap(wire: dict[str, Any]) -> None:
    wire["t"][0]["sg"].reverse()


_EDITS: list[tuple[list[str], Callable[[dict[str, Any]], object]]] = [
    ([], lambda wire: wire.update(m=None)),
    ([], _write_starts),
    (['Title added: "Paradise Found" (0-3s)'],
     lambda wire: wire["t"].append({"tt": 7, "sg": [{"d": 3000, "m": {"text": "Paradise Found"}}]})),
    (['Title removed: "Spring" (0-3s)'], lambda wire: wire["t"].pop()),
    (['Title removed: "Spring" (0-3s)'], lambda wire: wire["t"][2]["sg"].clear()),
    (["Video removed: b.jpg (5-10s)"], _remove_second_photo),
    (["Video added: x.jpg (0-5s)"], lambda wire: wire["t"][0]["sg"].insert(0, _photo("x"))),
    (["Video moved: c.jpg (10-15s → 0-5s)"],
     lambda wire: wire["t"][0]["sg"].insert(0, wire["t"][0]["sg"].pop())),
    (["Video moved: c.jpg (10-15s → 0-5s)", "Video moved: a.jpg (0-5s → 10-15s)"], _swap),
    (['Title moved: "Spring" (0-3s → 2-5s)'], _set(2, 0, start=2000)),
    (["Video trimmed: a.jpg (0-5s → 0-4s)"], lambda wire: wire["t"][0]["sg"][0].update(d=4000)),
    (["Video extended: c.jpg (10-15s → 10-17s)"],
     lambda wire: (wire["t"][0]["sg"][2].update(d=7000), wire.update(d=17000))),
    (["Video trimmed: a.jpg (0-5s → 0-5s)"], _set(0, 0, source_start=500)),
    (["Video replaced: b.jpg → z.jpg (5-10s, 20%)"],
     _set(0, 1, source="https://cdn.x/z.jpg", volume=0.2, name=None)),
    (['Title text: "Spring" → "Summer" (0-3s)'], _set(2, 0, text="Summer")),
    (["BGM volume: Lo-fi 100% → 35%"], _set(1, 0, volume=0.35)),
    (["BGM volume: 100% → 35%"], lambda wire: wire["t"][1].update(m={"volume": 0.35})),
    (["Video speed: a.jpg 1x → 2x"],
     lambda wire: (_set(0, 0, speed=2)(wire), wire["t"][0]["sg"][0].update(d=2500))),
    (["Video transition: b.jpg none → dissolve (0.5s)"],
     _set(0, 1, transition={"type": "dissolve", "duration": 500})),
    (["Video motion: b.jpg none → zoom in"], _set(0, 1, motion="zoom_in")),
    (["Video filter: b.jpg none → warm"], _set(0, 1, filter="warm")),
    (['Title position: "Spring" none → top'], _set(2, 0, position="top")),
    (["BGM fade out: Lo-fi 0s → 1.5s"], _set(1, 0, fade_out=1500)),
    (['Video grade: b.jpg none → {"lut": "teal"}'], _set(0, 1, grade={"lut": "teal"})),
    (["BGM track added: empty"], lambda wire: wire["t"].append({"tt": 1})),
    (["Title track moved: 3 → 1"], lambda wire: wire["t"].insert(0, wire["t"].pop())),
    (["Draft canvas: 1080x1920, 30 fps → 1920x1080, 25 fps"],
     lambda wire: wire.update(m={"canvas": {"width": 1920, "height": 1080, "fps": 25}})),
    (["Draft duration: 15s → 20s"], lambda wire: wire.update(d=20000)),
    (['Draft title: none → "Launch"'], lambda wire: wire.update(m={"title": "Launch"})),
    (["Draft revision: none → 3"], lambda wire: wire.update(revision=3)),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "edit"), _EDITS, ids=[" ".join(lines) or "none" for lines, _ in _EDITS])
def test_an_edit_is_named_and_nothing_else(
    expected: list[str], edit: Callable[[dict[str, Any]], object]
) -> None:
    """Without any id: what merely shifts, or follows the pictures' length, is not in the list."""
    wire = _wire()
    edit(wire)
    assert expected == [str(change) for change in diff(Draft.from_wire(_wire()), Draft.from_wire(wire))]


def _kinds(old: dict[str, Any], new: dict[str, Any]) -> list[ChangeKind]:
    return [change.kind for change in diff(Draft.from_wire(old), Draft.from_wire(new))]


def test_undoing_a_removal_is_an_addition() -> None:
    wire = _wire()
    _remove_second_photo(wire)
    assert _kinds(wire, _wire()) == [ChangeKind.ADDED]
    wire = _wire()
    del wire["t"][2]
    wire["t"].append({"tt": 12})
    assert _kinds(wire, {**wire, "t": wire["t"][:2]}) == [ChangeKind.TRACK_REMOVED]


def test_an_id_pairs_what_nothing_else_would() -> None:
    """A segment that changed its picture and its place at once is still the same one."""
    old = {"t": [{"tt": 0, "sg": [{"id": "x", "d": 5, "m": {"source": "a"}}]}]}
    new = {"t": [{"tt": 0, "sg": [{"id": "x", "d": 5, "m": {"source": "b", "start": 9}}]}]}
    assert _kinds(old, new) == [ChangeKind.MOVED, ChangeKind.REPLACED]


def test_renumbered_ids_confuse_nobody() -> None:
    """A service that numbers segments by place gives the ids of those that went to those that stay."""
    old = {"t": [{"tt": 0, "sg": [_photo(name, id=f"v{index}") for index, name in enumerate("abc")]}]}
    new = {"t": [{"tt": 0, "sg": [_photo(name, id=f"v{index}") for index, name in enumerate("bc")]}]}
    assert [str(change) for change in diff(Draft.from_wire(old), Draft.from_wire(new))] == [
        "Video removed: a.jpg (0-5s)"
    ]


def test_tracks_are_paired_by_what_is_in_them() -> None:
    """Of two title tracks the first goes: the second has not changed its text."""
    titles = [{"tt": 7, "sg": [{"d": 5, "m": {"text": text}}]} for text in ("one", "two")]
    assert [
        str(change) for change in diff(Draft.from_wire({"t": titles}), Draft.from_wire({"t": titles[1:]}))
    ] == ['Title removed: "one" (0-0.005s)']


def test_a_caption_is_no_title_that_changed() -> None:
    """Where a track of one role goes and one of another comes, both are told."""
    before, after = (
        Draft.from_wire({"t": [{"tt": 7, "m": {"role": role}, "sg": [{"d": 3000, "m": {"text": text}}]}]})
        for role, text in (("title", "Spring"), ("caption", "Hi"))
    )
    lines = ['Caption added: "Hi" (0-3s)', 'Title removed: "Spring" (0-3s)']
    assert [str(change) for change in diff(before, after)] == lines


def test_a_change_carries_its_values() -> None:
    wire = _wire()
    _set(1, 0, volume=0.35)(wire)
    (change,) = diff(Draft.from_wire(_wire()), Draft.from_wire(wire))
    assert change == Change(ChangeKind.VOLUME, "$.t[1].sg[0]", 1, 0.35, "volume")
    assert change.segment is not None
    assert change.segment.segment.name == "Lo-fi"


def test_lines_in_chinese() -> None:
    wire = _wire()
    wire["t"][2]["sg"].append({"d": 1000, "m": {"text": "夏天"}})
    _set(1, 0, fade_in=500)(wire)
    lines = [change.line("zh-CN") for change in diff(Draft.from_wire(_wire()), Draft.from_wire(wire))]
    assert lines == ["背景音乐淡入：Lo-fi 0 秒 → 0.5 秒", "标题新增：“夏天”（3-4 秒）"]


@given(drafts)
def test_equal_drafts_do_not_differ(wire: dict[str, Any]) -> None:
    assert diff(Draft.from_wire(wire), Draft.from_wire(copy.deepcopy(wire))) == ()


@given(drafts, drafts)
def test_no_difference_means_the_same_timeline(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Any two drafts can be compared, a line is one line, and silence means that nothing visible changed."""
    before, after = Draft.from_wire(old), Draft.from_wire(new)
    changes = diff(before, after)
    assert all("\n" not in change.line() + change.line("zh") for change in changes)
    if not changes:
        assert before.summary() == after.summary()
        assert (before.duration_ms, before.canvas) == (after.duration_ms, after.canvas)


def test_a_long_draft_is_compared_in_linear_time() -> None:
    """Twenty times the segments take about twenty times as long, not four hundred times."""

    def elapsed(count: int) -> float:
        wire: dict[str, Any] = {"t": [{"tt": 0, "sg": [_photo(str(index)) for index in range(count)]}]}
        old = Draft.from_wire(wire)
        wire["t"][0]["sg"].pop(count // 2)
        new = Draft.from_wire(wire)
        started = time.process_time()
        assert len(diff(old, new)) == 1
        return time.process_time() - started

    assert elapsed(4000) < 100 * elapsed(200)


def test_a_change_reads_in_chinese_to_its_last_word() -> None:
    """The words of the draft are translated, too, not only the sentence around them."""
    before = Draft.from_wire(_wire())
    after = before.set((0, 0), filter="black_and_white")
    assert [change.line("zh") for change in diff(before, after)] == ["视频滤镜：a.jpg 无 → 黑白"]
