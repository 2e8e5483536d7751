"""A draft goes through the model and comes out as it was; what is no draft is refused with its path."""

from __future__ import annotations

import copy
import enum
import json
import pickle
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import pytest
from draft_strategies import KNOWN_KEYS, READ, drafts, json_values
from hypothesis import HealthCheck, Phase, given, seed, settings

from nemovideo.draft import Draft, Segment, Track
from nemovideo.errors import DraftError

if TYPE_CHECKING:
    from collections.abc import Callable


@given(drafts)
def test_round_trip_is_byte_for_byte(wire: dict[str, Any]) -> None:
    """Every key, its place, and ints as ints and floats as floats."""
    assert json.dumps(wire) == json.dumps(Draft.from_wire(wire).to_wire())


@given(drafts)
def test_model_survives_its_own_wire(wire: dict[str, Any]) -> None:
    draft = Draft.from_wire(wire)
    assert draft == Draft.from_wire(draft.to_wire())
    assert draft == pickle.loads(pickle.dumps(draft))  # noqa: S301  # our own bytes
    assert draft == copy.deepcopy(draft)


@given(json_values)
def test_any_json_is_read_or_refused(value: Any) -> None:
    """Nothing but a draft or a DraftError comes of any JSON value."""
    try:
        Draft.from_wire(value)
    except DraftError as error:
        assert error.path.startswith("$")  # most values are refused, some are read


def _segments_of(wire: dict[str, Any]) -> list[dict[str, Any]]:
    return [segment for track in wire.get("t") or [] for segment in track.get("sg") or []]


_CORNERS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "foreign key in the draft": lambda wire: bool(wire.keys() - KNOWN_KEYS),
    "foreign key in a track": lambda wire: any(t.keys() - KNOWN_KEYS for t in wire.get("t") or []),
    "foreign key in a segment": lambda wire: any(s.keys() - KNOWN_KEYS for s in _segments_of(wire)),
    "foreign key in metadata": lambda wire: any((s.get("m") or {}).keys() - READ for s in _segments_of(wire)),
    "empty track": lambda wire: any(t.get("sg") == [] for t in wire.get("t") or []),
    "unknown type": lambda wire: any(t.get("tt") not in (None, 0, 1, 7) for t in wire.get("t") or []),
    "unicode": lambda wire: not json.dumps(wire, ensure_ascii=False).isascii(),
    "float duration": lambda wire: any(type(s.get("d")) is float for s in _segments_of(wire)),
    "several segments": lambda wire: any(len(t.get("sg") or []) > 1 for t in wire.get("t") or []),
}


def test_generator_reaches_every_corner() -> None:
    """The properties above are worth something: drafts of every kind they speak of are drawn."""
    reached: set[str] = set()

    @seed(1)
    @settings(
        max_examples=300, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(drafts)
    def draw(wire: dict[str, Any]) -> None:
        reached.update(name for name, is_there in _CORNERS.items() if is_there(wire))

    draw()
    assert _CORNERS.keys() == reached


def _nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def _cycle() -> dict[str, Any]:
    cycle: dict[str, Any] = {}
    cycle["again"] = [cycle]
    return cycle


@pytest.mark.parametrize(
    ("path", "wire"),
    [
        ("$", []),
        ("$", "draft"),
        ("$", 3),
        ("$.t", {"t": {}}),
        ("$.t[1]", {"t": [{}, 3]}),
        ("$.t[0].tt", {"t": [{"tt": "0"}]}),
        ("$.t[0].tt", {"t": [{"tt": True}]}),
        ("$.t[0].tt", {"t": [{"tt": 10**5000}]}),
        ("$.t[0].m", {"t": [{"m": "role"}]}),
        ("$.t[0].sg", {"t": [{"sg": "none"}]}),
        ("$.t[0].sg[1]", {"t": [{"sg": [{}, []]}]}),
        ("$.t[0].sg[0].d", {"t": [{"sg": [{"d": "5000"}]}]}),
        ("$.t[0].sg[0].d", {"t": [{"sg": [{"d": True, "m": {}}]}]}),
        ("$.t[0].sg[0].d", {"t": [{"sg": [{"d": 1e300}]}]}),
        ("$.t[0].sg[0].m", {"t": [{"sg": [{"d": 1, "m": []}]}]}),
        ("$.t[1].sg[0].d", {"t": [{}, {"sg": [{"d": float("nan")}]}]}),
        ("$.d", {"d": float("-inf")}),
        ("$.m['two words'].x[1]", {"m": {"two words": {"x": [0, "\ud800"]}}}),
        ("$.m['\\udfff']", {"m": {"\udfff": 1}}),
        ("$.m[1]", {"m": {1: "number as key"}}),
        ("$.m.when", {"m": {"when": (1, 2)}}),
    ],
)
def test_refused_with_path(path: str, wire: object) -> None:
    """Strings where numbers belong, NaN, lone surrogates and the like are DraftErrors that say where."""
    with pytest.raises(DraftError) as caught:
        Draft.from_wire(wire)
    assert path == caught.value.path
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("value", [_nested(10_000), _cycle()], ids=["10,000 levels", "cycle"])
def test_bottomless_metadata_is_refused(value: object) -> None:
    """A draft too deep to walk, or without an end, is a DraftError and never a RecursionError."""
    with pytest.raises(DraftError, match="More than 100 levels deep, or a cycle"):
        Draft.from_wire({"m": {"deep": value}})


@pytest.mark.parametrize("nothing", [None, {}])
def test_nothing_is_the_empty_draft(nothing: object) -> None:
    draft = Draft.from_wire(nothing)
    assert Draft() == draft
    assert draft.to_wire() == {}
    assert not draft.is_renderable


def test_draft_shares_nothing_with_its_source_or_its_copies() -> None:
    """Changing the object that was read, or one that was given out, does not change the draft."""
    wire: dict[str, Any] = {"t": [{"tt": 0, "sg": [{"d": 1, "m": {"x": [1]}}], "m": {}}], "m": {"y": {}}}
    draft = Draft.from_wire(wire)
    before = copy.deepcopy(wire)
    for given_out in (wire, draft.to_wire()):
        given_out["t"][0]["sg"][0]["m"]["x"].append(2)
    draft.metadata["y"]["z"] = 1
    draft.tracks[0].metadata["z"] = 1
    draft.tracks[0].segments[0].metadata["x"].append(3)
    assert before == draft.to_wire()


def test_subclasses_of_json_types_become_plain() -> None:
    """An IntEnum as `tt` or an OrderedDict is JSON all the same."""

    class Word(enum.StrEnum):
        WARM = "warm"

    wire = Draft.from_wire(OrderedDict(m=OrderedDict(filter=Word.WARM))).to_wire()
    assert wire == {"m": {"filter": "warm"}}
    assert type(wire["m"]["filter"]) is str


def test_parts_read_alone() -> None:
    """Tracks and segments have the same codec as the draft."""
    segment = {"d": 5, "x": None, "m": {"name": "a"}}
    assert segment == Segment.from_wire(segment).to_wire()
    assert {"sg": [segment], "tt": 99} == Track.from_wire({"sg": [segment], "tt": 99}).to_wire()
    with pytest.raises(DraftError, match=r"\$\.sg\[0\]\.d"):
        Track.from_wire({"sg": [{"d": "long"}]})
    with pytest.raises(DraftError, match=r"\$\.m"):
        Segment.from_wire({"m": 1})
