"""The timeline as a picture: well-formed, true to scale, and safe with any text."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from draft_strategies import drafts
from hypothesis import given

from nemovideo.draft import Draft, Segment, TrackType

SVG = "{http://www.w3.org/2000/svg}"


def _parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  # our own picture


def _bars(draft: Draft, **options: Any) -> list[tuple[str, str, str]]:
    """Each segment's tip, x and width, as drawn."""
    root = _parsed(draft.to_svg(**options))
    found = [(bar.find(f"{SVG}title"), bar) for bar in root.iter(f"{SVG}svg")]
    return [(tip.text or "", bar.attrib["x"], bar.attrib["width"]) for tip, bar in found if tip is not None]


def _texts(draft: Draft, **options: Any) -> list[str]:
    return [text.text or "" for text in _parsed(draft.to_svg(**options)).iter(f"{SVG}text")]


def _show() -> Draft:
    return (
        Draft()
        .append(Segment.of_source("a.jpg", 5))
        .append(Segment.of_source("b.jpg", 15, transition={"type": "dissolve", "duration": 1500}))
        .append(Segment.of_music("lo-fi", 20, volume=0.35, fade_out=2000), TrackType.AUDIO)
        .append(Segment.of_text("Hi", 2, start=4000), TrackType.TEXT)
    )


def test_bars_are_true_to_scale() -> None:
    assert _bars(_show()) == [
        ("a.jpg (0-5s)", "0%", "25%"),
        ("b.jpg (5-20s), dissolve 1.5s", "25%", "75%"),
        ("lo-fi (0-20s, 35%)", "0%", "100%"),
        ('"Hi" (4-6s)', "20%", "10%"),
    ]


def test_lanes_are_named_and_the_ruler_is_round() -> None:
    texts = _texts(_show())
    assert texts[:6] == ["20s · 1080x1920 · 30 fps", "0s", "5s", "10s", "15s", "20s"]
    assert {"1. Video", "2. BGM", "3. Title", "lo-fi · 35%"} <= set(texts)
    assert {"1. 视频", "2. 背景音乐", "3. 标题"} <= set(_texts(_show(), language="zh"))


@pytest.mark.parametrize("seconds", [0.05, 0.3, 1, 9, 59, 3600, 10**6])
def test_the_ruler_never_crowds(seconds: float) -> None:
    """At most eight marks, whatever the length: they stay apart at 400 pixels."""
    ticks = [
        text for text in _texts(Draft().append(Segment.of_source("a.jpg", seconds))) if text.endswith("s")
    ]
    assert 2 <= len(ticks) <= 9


def test_a_transition_and_a_fade_are_veiled_where_they_are() -> None:
    root = _parsed(_show().to_svg())
    wedges = [svg for svg in root.iter(f"{SVG}svg") if svg.find(f"{SVG}polygon") is not None]
    assert [(svg.attrib["x"], svg.attrib["width"]) for svg in wedges] == [("0%", "10%"), ("90%", "10%")]


def test_text_cannot_leave_its_place() -> None:
    """Markup, quotes and what XML does not allow are only letters, in labels, tips and the headline."""
    nasty = "</svg><script>alert('1')</script>\"&\x00\x1b\ufffe"
    draft = Draft.from_wire({"m": {"title": nasty}}).append(Segment.of_text(nasty, 5), TrackType.TEXT)
    svg = draft.to_svg()
    assert "<script" not in svg
    root = _parsed(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "style", "rect", "text", "title", "line", "polygon",
    }  # fmt: skip
    assert any("</svg><script>" in text for text in _texts(draft))


def test_what_overlaps_is_drawn_in_rows() -> None:
    draft = Draft.from_wire({"t": [{"tt": 1, "sg": [{"d": 3000}, {"d": 3000, "m": {"start": 1000}}]}]})
    tops = [svg.attrib["y"] for svg in _parsed(draft.to_svg()).iter(f"{SVG}svg") if "y" in svg.attrib]
    assert len(set(tops)) == 2


def test_a_crowded_lane_is_counted() -> None:
    """Ten thousand segments make a small picture."""
    draft = Draft.from_wire({"t": [{"tt": 0, "sg": [{"d": 1000}] * 10_000}]})
    assert _bars(draft) == [("10000 clips (0-10000s)", "0%", "100%")]
    assert len(draft.to_svg()) < 5000


def test_scattered_segments_make_a_bounded_picture() -> None:
    """However many there are and wherever: at most as many bars as can be told apart."""
    short = [{"d": 1, "m": {"start": index * 1000}} for index in range(5000)]
    assert len(_bars(Draft.from_wire({"t": [{"tt": 7, "sg": short}]}))) <= 500
    sparse = [{"d": 1, "m": {"start": index * 100_000}} for index in range(50)]
    assert len(_bars(Draft.from_wire({"t": [{"tt": 7, "sg": sparse}]}))) == 50


def test_the_end_is_marked_where_segments_go_on() -> None:
    draft = Draft.from_wire({"d": 1000, "t": [{"tt": 0, "sg": [{"d": 4000}]}]})
    marks = [line for line in _parsed(draft.to_svg()).iter(f"{SVG}line") if line.attrib["class"] == "end"]
    assert [mark.attrib["x1"] for mark in marks] == ["25%"]


def test_width_and_theme() -> None:
    root = _parsed(_show().to_svg(width=640, theme="dark"))
    assert root.attrib["width"] == "640"
    assert "prefers-color-scheme" not in _show().to_svg(theme="light")
    assert "prefers-color-scheme" in _show().to_svg()


def test_notebooks_show_the_picture() -> None:
    draft = _show()
    assert draft._repr_html_() == draft.to_svg()
    assert draft._repr_mimebundle_() == {"text/plain": repr(draft), "text/html": draft.to_svg()}


@given(drafts)
def test_any_draft_can_be_drawn(wire: dict[str, Any]) -> None:
    """The picture of any odd but legal draft is well-formed and stays within its frame."""
    for _, x, width in _bars(Draft.from_wire(wire)):
        assert 0 <= float(x.rstrip("%")) <= 100
        assert 0 < float(width.rstrip("%")) <= 100
