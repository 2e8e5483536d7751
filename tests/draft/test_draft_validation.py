"""Oddities are told with their place, and never raised."""

from __future__ import annotations

from typing import Any

import pytest
from draft_strategies import drafts
from hypothesis import given

from nemovideo.draft import Draft, FindingKind, Severity


def _photo(**fields: Any) -> dict[str, Any]:
    return {"d": 5000, "m": {"source": "https://cdn.x/a.jpg", **fields}}


def _draft(*tracks: dict[str, Any], **fields: Any) -> Draft:
    return Draft.from_wire({"t": list(tracks), **fields})


def _video(*segments: dict[str, Any]) -> dict[str, Any]:
    return {"tt": 0, "sg": list(segments)}


def test_a_sound_draft_has_no_findings() -> None:
    draft = _draft(
        _video(_photo(motion="zoom_in"), _photo(transition={"type": "dissolve", "duration": 500})),
        {"tt": 1, "sg": [{"d": 10000, "m": {"music": {"mood": "calm", "seed": 1}, "volume": 0.35}}]},
        {"tt": 7, "m": {"role": "title"}, "sg": [{"d": 3000, "m": {"text": "Hi", "fade_in": 300}}]},
        d=10000,
        m={"canvas": {"width": 1080, "height": 1920, "fps": 30}, "anything": ["else"]},
    )
    assert draft.validate() == ()
    assert draft.validate(["https://cdn.x/a.jpg"]) == ()


@pytest.mark.parametrize(
    ("kind", "path", "draft"),
    [
        (FindingKind.NOTHING_TO_RENDER, "$.t", _draft()),
        (FindingKind.OUT_OF_RANGE, "$.d", _draft(d=-1)),
        (FindingKind.WRONG_TYPE, "$.m.title", _draft(m={"title": 5})),
        (FindingKind.WRONG_TYPE, "$.m.canvas", _draft(m={"canvas": "square"})),
        (FindingKind.WRONG_TYPE, "$.m.canvas.width", _draft(m={"canvas": {"width": 10.5}})),
        (FindingKind.OUT_OF_RANGE, "$.m.canvas.fps", _draft(m={"canvas": {"fps": 0}})),
        (FindingKind.WRONG_TYPE, "$.t[0].m.volume", _draft({"tt": 1, "m": {"volume": "loud"}})),
        (FindingKind.UNKNOWN_TRACK_TYPE, "$.t[0].tt", _draft({"tt": 12})),
        (FindingKind.WRONG_TYPE, "$.t[0].sg[0].m.start", _draft(_video(_photo(start="0")))),
        (FindingKind.OUT_OF_RANGE, "$.t[0].sg[0].m.start", _draft(_video(_photo(start=-500)))),
        (FindingKind.UNKNOWN_WORD, "$.t[0].sg[0].m.motion", _draft(_video(_photo(motion="jump")))),
        (FindingKind.UNKNOWN_WORD, "$.t[0].sg[0].m.transition.type",
         _draft(_video(_photo(transition={"type": "explode"})))),
        (FindingKind.OUT_OF_RANGE, "$.t[0].sg[0].d", _draft(_video({**_photo(), "d": -5}))),
        (FindingKind.OUT_OF_RANGE, "$.t[0].sg[0].d", _draft(_video({**_photo(), "d": 0}))),
        (FindingKind.NO_CONTENT, "$.t[0].sg[0]", _draft(_video({"d": 1}))),
        (FindingKind.NO_CONTENT, "$.t[0].sg[0]", _draft({"tt": 1, "sg": [{"d": 1}]})),
        (FindingKind.NO_CONTENT, "$.t[0].sg[0]", _draft({"tt": 7, "sg": [{"d": 1, "m": {"text": " "}}]})),
        (FindingKind.DUPLICATE_ID, "$.t[0].sg[1]", _draft(_video(_photo(id="a"), _photo(id="a")))),
        (FindingKind.UNKNOWN_SOURCE, "$.t[0].sg[0].m.source", _draft(_video(_photo(source="file:///x")))),
        (FindingKind.OVERLAP, "$.t[0].sg[1]", _draft(_video(_photo(), _photo(start=4999)))),
        (FindingKind.OVERLAP, "$.t[0].sg[0]", _draft(_video(_photo(start=2000), _photo(start=0)))),
        (FindingKind.GAP, "$.t[0].sg[1]", _draft(_video(_photo(), _photo(start=5001)))),
        (FindingKind.PAST_END, "$.t[0].sg[0]", _draft(_video(_photo()), d=3000)),
        (FindingKind.TOO_LONG, "$.t[0].sg[0].m.fade_out", _draft(_video(_photo(fade_out=5001)))),
        (FindingKind.TOO_LONG, "$.t[0].sg[0].m.transition",
         _draft(_video(_photo(transition={"type": "fade", "duration": 6000})))),
    ],
)  # fmt: skip
def test_finding(kind: FindingKind, path: str, draft: Draft) -> None:
    assert (kind, path) in [(one.kind, one.path) for one in draft.validate(["https://cdn.x/a.jpg"])]


def test_every_kind_has_a_case() -> None:
    """The table above is complete."""
    cases = test_finding.pytestmark[0].args[1]  # type: ignore[attr-defined]  # pytest puts it there
    assert set(FindingKind) == {kind for kind, _, _ in cases}


def test_pictures_that_overlap_are_an_error_and_sounds_a_warning() -> None:
    sound = {"d": 5000, "m": {"source": "https://cdn.x/a.mp3"}}
    later = {"d": 5000, "m": {"source": "https://cdn.x/a.mp3", "start": 1000}}
    severities = {
        kind: [one.severity for one in _draft({"tt": kind, "sg": [sound, later]}).validate()]
        for kind in (0, 1)
    }
    assert severities == {0: [Severity.ERROR], 1: [Severity.WARNING]}


def test_a_picture_laid_over_others_may_begin_late() -> None:
    """There is no hole where another track shows something; the one after all of them is told."""
    below, above = _video(_photo(), _photo()), _video(_photo(start=2000), _photo(start=12000))
    (finding,) = _draft(below, above, d=17000).validate()
    assert str(finding) == "$.t[1].sg[1]: There is no picture at 10-12s."


def test_a_finding_reads_as_a_line() -> None:
    (finding,) = _draft(_video(_photo(), _photo(start=6000, name="b"))).validate()
    assert str(finding) == "$.t[0].sg[1]: There is no picture at 5-6s."


@given(drafts)
def test_odd_but_legal_drafts_are_findings_and_never_exceptions(wire: dict[str, Any]) -> None:
    for finding in Draft.from_wire(wire).validate(()):
        assert finding.path.startswith("$")
        assert finding.message
