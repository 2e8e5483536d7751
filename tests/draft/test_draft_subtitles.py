"""Texts leave as SubRip and WebVTT, and come back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nemovideo.draft import Draft, Segment, TrackType
from nemovideo.errors import ConfigurationError, DraftError

if TYPE_CHECKING:
    from nemovideo.draft.subtitles import SubtitleFormat

_SRT = """1
00:00:01,000 --> 00:00:02,500
<i>Good</i> morning

2
01:00:03,000 --> 01:00:04,000
two
lines
"""


def _spoken(*cues: tuple[str, int, int], role: str = "subtitle") -> Draft:
    segments = [{"d": length, "m": {"start": start, "text": text}} for text, start, length in cues]
    return Draft.from_wire({"t": [{"tt": 7, "m": {"role": role}, "sg": segments}]})


def _cues(draft: Draft) -> list[tuple[str, float, float]]:
    return [(one.segment.text, one.start_ms, one.segment.duration_ms) for one in draft.timed_segments]


def test_subrip() -> None:
    draft = _spoken(("later", 61_500, 1000), ("Hello\n\nthere", 0, 1250))
    assert draft.to_subtitles() == (
        "1\n00:00:00,000 --> 00:00:01,250\nHello\nthere\n\n2\n00:01:01,500 --> 00:01:02,500\nlater"
    )


def test_webvtt_escapes_markup() -> None:
    assert "\n00:00:00.000 --> 00:00:01.000\na &lt;b&gt; --&gt; &amp; c" in _spoken(
        ("a <b> --> & c", 0, 1000)
    ).to_subtitles("vtt")


def test_only_the_roles_asked_for() -> None:
    draft = _spoken(("spoken", 0, 1000)).append(Segment.of_text("A title", 2), TrackType.TEXT, role="title")
    assert "A title" in draft.to_subtitles()
    assert "A title" not in draft.to_subtitles(roles={"subtitle"})


def test_nothing_to_read_makes_no_cue() -> None:
    """Empty texts, and texts that take no time, are left out."""
    assert _spoken((" ", 0, 1000), ("x", 0, 0), ("y", -5000, 1000)).to_subtitles() == ""


@pytest.mark.parametrize("content", [_SRT, "\ufeff" + _SRT.replace("\n", "\r\n")])
def test_subrip_comes_in(content: str) -> None:
    draft = Draft().with_subtitles(content)
    assert _cues(draft) == [("Good morning", 1000, 1500), ("two\nlines", 3_603_000, 1000)]
    assert (draft.tracks[0].role, draft.duration_ms) == ("subtitle", 3_604_000)


def test_subtitles_come_on_top_of_what_is_there() -> None:
    draft = Draft().append(Segment.of_source("a.jpg", 5)).with_subtitles(_SRT)
    assert [track.type for track in draft.tracks] == [TrackType.VIDEO, TrackType.TEXT]
    assert draft.duration_ms == 5000


@pytest.mark.parametrize(
    "content", ["", "a letter", "WEBVTT", "WEBVTT\n\n1\nnot a time\nx", "1\n2\n3\n", "\x00"]
)
def test_what_is_no_subtitle_file(content: str) -> None:
    with pytest.raises(DraftError):
        Draft().with_subtitles(content)


_words = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=8)
_lines = st.lists(_words, min_size=1, max_size=3).map("\n".join)
_plain = _lines.filter(lambda text: not set(text) & set("<>&"))


@settings(deadline=None)
@given(
    st.sampled_from(["srt", "vtt"]).flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.lists(
                st.tuples(_lines if name == "vtt" else _plain, st.integers(0, 10**7), st.integers(1, 10**5)),
                min_size=1,
                max_size=5,
            ),
        )
    )
)
def test_cues_come_back_as_they_left(case: tuple[SubtitleFormat, list[tuple[str, int, int]]]) -> None:
    """To the millisecond, in any script; WebVTT keeps angle brackets and ampersands, too."""
    name, cues = case
    draft = Draft().with_subtitles(_spoken(*cues).to_subtitles(name))
    assert _cues(draft) == sorted(cues, key=lambda cue: cue[1])


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(content: str) -> None:
    try:
        Draft().with_subtitles(content)
    except DraftError as error:
        assert "SubRip" in str(error)


def test_without_the_library_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "webvtt", None)
    with pytest.raises(ConfigurationError, match=r"nemovideo\[subtitles\]"):
        _spoken(("x", 0, 1)).to_subtitles()
