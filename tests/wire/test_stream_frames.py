"""Payloads are read by the grammar, and nothing that a server sends raises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemovideo._wire.frames import Failure, Item, NoContent, Truncated, parse
from nemovideo._wire.turn import Ending, TurnAssembler
from nemovideo.events import (
    Heartbeat,
    Media,
    StateDelta,
    Text,
    TextDelta,
    Thought,
    ToolCall,
    ToolResult,
    UnknownEvent,
)


def items(frame: object) -> list[Item]:
    return parse(json.dumps(frame))[0]


def part(content: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"author": "a", "content": {"role": "model", "parts": [content]}} | fields


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ({"type": "text", "content": "hi"}, Text("hi")),
        ({"type": "tool_call", "name": "cut", "args": {"at": 1}}, ToolCall("cut", {"at": 1})),
        ({"type": "tool_result", "name": "cut", "result": ["ok"]}, ToolResult("cut", ["ok"])),
        ({"type": "heartbeat"}, Heartbeat()),
        (part({"text": "hi"}), Text("hi", "a")),
        (part({"text": "hi"}, partial=True), TextDelta("hi", "a")),
        (part({"text": "hm", "thought": True}), Thought("hm", "a")),
        (part({"text": "hm", "thought": True}, partial=True), Thought("hm", "a", partial=True)),
        (
            part({"functionCall": {"id": "1", "name": "cut", "args": {"at": 1}}}),
            ToolCall("cut", {"at": 1}, "1"),
        ),
        (part({"function_call": {"name": "cut", "args": None}}), ToolCall("cut")),
        (part({"functionResponse": {"id": "1", "name": "cut", "response": 3}}), ToolResult("cut", 3, "1")),
        (part({"function_response": {"name": "cut"}}), ToolResult("cut")),
        (part({"inlineData": {"mimeType": "image/png", "data": "AA=="}}), Media("image/png", data="AA==")),
        (part({"inline_data": {"mime_type": "image/png", "data": "AA=="}}), Media("image/png", data="AA==")),
        (part({"fileData": {"mimeType": "a/b", "fileUri": "u"}}), Media("a/b", uri="u")),
        (part({"file_data": {"file_uri": "u"}}), Media(uri="u")),
        (part({"executableCode": {"code": "1"}}), UnknownEvent({"executableCode": {"code": "1"}})),
        ({"author": "a", "content": {"parts": [7]}}, UnknownEvent(7)),
        ({"author": "a", "actions": {"stateDelta": {"k": 1}}}, StateDelta({"k": 1})),
        ({"author": "a", "actions": {"artifact_delta": {"f": 2}}}, StateDelta({}, {"f": 2})),
        ({"author": "a", "errorCode": "QUOTA", "errorMessage": "no more"}, Failure("QUOTA", "no more")),
        ({"author": "a", "error_code": 429, "error_message": "slow"}, Failure("429", "slow")),
        ({"errorCode": "QUOTA"}, Failure("QUOTA", "The agent failed with QUOTA.")),
        ({"author": "a", "errorCode": "MODEL_RETURNED_NO_CONTENT"}, NoContent()),
        ({"author": "a", "errorCode": "MAX_TOKENS"}, Truncated()),
        ({"author": "a", "finishReason": "MAX_TOKENS"}, Truncated()),
        ({"error": "boom"}, Failure("", "boom")),
        ({"error": {"code": 500, "message": "boom"}}, Failure("500", "boom")),
    ],
)
def test_one_frame_one_item(frame: dict[str, Any], expected: Item) -> None:
    """Both dialects, in camelCase and snake_case."""
    assert items(frame) == [expected]


def test_one_frame_yields_its_items_in_the_order_of_its_parts() -> None:
    frame = {
        "author": "a",
        "content": {
            "parts": [
                {"text": "hm", "thought": True},
                {"text": "one "},
                {"text": "two"},
                {"functionCall": {"name": "cut"}},
            ]
        },
        "actions": {"stateDelta": {"k": 1}},
        "errorCode": "X",
    }
    kinds = [type(item) for item in items(frame)]
    assert kinds == [Thought, Text, ToolCall, StateDelta, Failure]


@pytest.mark.parametrize(
    "frame",
    [
        part({"functionCall": {"name": "cut"}}, partial=True),
        {"author": "a", "errorCode": "X", "partial": True},
        {"author": "a", "actions": {"stateDelta": {}, "artifactDelta": {}}, "turnComplete": True},
    ],
    ids=["preview of a call", "error not yet final", "empty changes"],
)
def test_frames_that_say_nothing_new(frame: dict[str, Any]) -> None:
    assert items(frame) == []


@pytest.mark.parametrize("payload", ["", " ", "\t\n"])
def test_a_blank_payload_is_a_heartbeat(payload: str) -> None:
    assert parse(payload)[0] == [Heartbeat()]


@pytest.mark.parametrize(
    "payload",
    [
        "not json",
        '{"author": "a", "content"',
        '{"a": 1} trailing',
        '{"a": NaN}',
        '{"a": -Infinity}',
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        "9" * 5000,
        '{"a":' * 100_000,
    ],
    ids=[
        "words",
        "half",
        "trailing",
        "NaN",
        "infinity",
        "deep",
        "deep and closed",
        "long number",
        "deep objects",
    ],
)
def test_what_is_not_json_is_passed_on_as_its_text(payload: str) -> None:
    assert parse(payload)[0] == [UnknownEvent(payload)]


@pytest.mark.parametrize(
    "frame", [[], 1, "text", None, True, {}, {"what": 1}, {"type": "later"}, {"type": 7}]
)
def test_unknown_json_is_passed_on_as_it_is(frame: object) -> None:
    assert items(frame) == [UnknownEvent(frame)]


def test_half_characters_become_replacement_characters() -> None:
    """So that any text can be printed; the two halves of one character make a whole one."""
    for payload in (
        r'{"type": "text", "content": "a\ud83dz \ud83c\udfac"}',
        r'{"author": "", "content": {"parts": [{"text": "a\ud83d"}, {"text": "z \ud83c\udfac"}]}}',
    ):
        assert parse(payload)[0] == [Text("a\ufffdz 🎬")]


def test_an_error_that_old_servers_did_not_escape_is_an_error() -> None:
    assert parse('{"error": "quota "tier 1" exceeded"}')[0] == [Failure("", 'quota "tier 1" exceeded')]
    assert parse('{ "error" : quota }')[0] == [Failure("", "quota")]
    assert parse('{"error": ')[0] == [Failure("", "The agent failed without saying why.")]


def test_an_error_beside_an_author_is_not_fatal() -> None:
    assert items(part({"text": "hi"}, error="x")) == [Text("hi", "a")]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)


def maybe(**known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object with some of these keys, each holding what it should or anything; or no object at all."""
    keys = {key: value | anything for key, value in known.items()}
    return st.fixed_dictionaries({}, optional=keys) | anything


strings = st.sampled_from(
    ["", "a", "MAX_TOKENS", "MODEL_RETURNED_NO_CONTENT", "I encountered a temporary issue"]
)
calls = maybe(id=strings, name=strings, args=maybe(a=strings), response=anything)
media = maybe(mimeType=strings, data=strings, fileUri=strings)
some_part = maybe(
    text=strings,
    thought=st.just(True),
    functionCall=calls,
    functionResponse=calls,
    inlineData=media,
    fileData=media,
)
adk_frames = maybe(
    author=strings,
    branch=strings,
    partial=st.just(True),
    content=maybe(parts=st.lists(some_part, max_size=3)),
    actions=maybe(stateDelta=maybe(draft=anything), artifactDelta=maybe(a=anything)),
    errorCode=strings,
    errorMessage=strings,
    finishReason=strings,
)
simple_frames = maybe(
    type=st.sampled_from(["text", "tool_call", "tool_result", "heartbeat"]),
    name=strings,
    content=strings,
    args=maybe(a=strings),
    result=anything,
    error=maybe(code=strings, message=strings),
)


@given(
    st.lists((adk_frames | simple_frames).map(json.dumps) | st.text() | st.none(), max_size=6), st.booleans()
)
def test_no_payload_raises(payloads: list[str | None], broken: bool) -> None:
    """Any key may be missing or hold a value of any type, and a payload may be any text."""
    turn = TurnAssembler()
    for payload in payloads:
        turn.feed(payload)
    turn.finish(broken=broken)
    assert isinstance(turn.ending, Ending)
    assert isinstance(turn.text, str)
