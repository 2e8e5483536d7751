"""Every recorded stream gives its expected turn, whatever its bytes go through on the way."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nemovideo._wire.sse import EventParser
from nemovideo._wire.turn import TurnAssembler
from nemovideo.events import TextDelta

if TYPE_CHECKING:
    from nemovideo.events import ChatEvent

RECORDED = Path(__file__).parent.parent / "fixtures" / "sse"
STREAMS = sorted(RECORDED.glob("*.sse"))


def run(chunks: list[bytes]) -> tuple[TurnAssembler, list[ChatEvent]]:
    parser, turn = EventParser(), TurnAssembler()
    events = [event for chunk in chunks for item in parser.feed(chunk) for event in turn.feed(item)]
    return turn, events + turn.finish(broken=parser.close())


def told(turn: TurnAssembler) -> dict[str, Any]:
    return {
        "ending": turn.ending.name,
        "text": turn.text,
        "segments": list(turn.segments),
        "tool_calls": [{"name": call.name, "args": call.args, "id": call.id} for call in turn.tool_calls],
        "tool_results": [
            {"name": result.name, "result": result.result, "id": result.id} for result in turn.tool_results
        ],
        "state": turn.state,
        "truncated": turn.truncated,
        "error": list(turn.error) if turn.error else None,
    }


def test_there_are_recordings() -> None:
    """Ten turns of the kit, streamed and not, and three in the simple dialect."""
    assert len(STREAMS) == 23


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_recorded_stream_gives_its_turn(path: Path) -> None:
    turn, events = run([path.read_bytes()])
    assert told(turn) == json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == turn.text


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_the_way_of_the_bytes_changes_nothing(path: Path) -> None:
    """One byte at a time, in random pieces, with other line ends, behind a BOM: the same events."""
    stream = path.read_bytes()
    _, expected = run([stream])
    chance = random.Random(path.stem)
    for variant in (
        stream,
        stream.replace(b"\n", b"\r"),
        stream.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + stream,
    ):
        cuts = sorted(chance.sample(range(len(variant)), 20))
        pieces = [variant[start:end] for start, end in zip([0, *cuts], [*cuts, len(variant)], strict=True)]
        assert run([variant])[1] == expected
        assert run([variant[at : at + 1] for at in range(len(variant))])[1] == expected
        assert run(pieces)[1] == expected


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_stream_that_stops_inside_an_event_is_cut(path: Path) -> None:
    """No half event is taken for a whole one."""
    stream = path.read_bytes().rstrip(b"\n")
    turn, _ = run([stream])
    assert turn.ending.name == "CUT"
