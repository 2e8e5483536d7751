"""One payload of the chat stream, read by the grammar of docs/wire.md.

Two dialects are told apart frame by frame: the simple one [P] and the events of the Agent Development Kit
[A], in camelCase or snake_case. Nothing here raises: what is not understood becomes an `UnknownEvent`.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn, TypeAlias

from attrs import frozen

from nemovideo._wire.surrogates import mend
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


@frozen
class Failure:
    """The agent gave up.

    Attributes:
        code: Its word for it; empty in an error frame without one.
        message: What it said.
    """

    code: str
    message: str


@frozen
class Truncated:
    """The answer stopped at the model's token limit."""


@frozen
class NoContent:
    """The model ended its run properly, and without words."""


Item: TypeAlias = (
    TextDelta
    | Text
    | Thought
    | ToolCall
    | ToolResult
    | StateDelta
    | Media
    | Heartbeat
    | UnknownEvent
    | Failure
    | Truncated
    | NoContent
)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


_decode = json.JSONDecoder(parse_constant=_refuse_constant).raw_decode
_JSON_SPACE = " \t\n\r"
_ERROR_START = re.compile(r'\{\s*"error"\s*:\s*"?')


def parse(payload: str) -> tuple[list[Item], str]:
    """Read one payload; never raises.

    Returns:
        What it says, in the order of its parts, texts with all their repetitions; and the branch it is said
        on, which with an author tells apart agents that speak at the same time.
    """
    payload = payload.strip(_JSON_SPACE)
    if not payload:
        return [Heartbeat()], ""
    try:
        frame, end = _decode(payload)
    except (ValueError, RecursionError):
        frame, end = None, -1
    if end != len(payload):
        if start := _ERROR_START.match(payload):  # old servers do not escape the message they put in [A]
            return [_failure(payload[start.end() :].removesuffix("}").rstrip().removesuffix('"'))], ""
        return [UnknownEvent(payload)], ""
    if type(frame) is not dict:
        return [UnknownEvent(frame)], ""
    if frame.get("author") is None:
        if frame.get("type") is not None:
            return [_simple(frame)], ""
        if frame.get("error") is not None:
            return [_failure(frame["error"])], ""
    return _adk(frame)


def _simple(frame: dict[str, Any]) -> Item:
    kind = frame["type"]
    if kind == "text":
        text = frame.get("content")
        return Text(mend(text)) if type(text) is str else UnknownEvent(frame)
    if kind == "tool_call":
        return ToolCall(_string(frame.get("name")), _object(frame.get("args")))
    if kind == "tool_result":
        return ToolResult(_string(frame.get("name")), frame.get("result"))
    return Heartbeat() if kind == "heartbeat" else UnknownEvent(frame)


def _adk(frame: dict[str, Any]) -> tuple[list[Item], str]:
    author = _string(frame.get("author"))
    partial = frame.get("partial") is True
    content = frame.get("content")
    parts = content.get("parts") if type(content) is dict else None
    items = _parts(parts, author, partial=partial) if type(parts) is list else []
    actions = frame.get("actions")
    if type(actions) is dict:
        delta = _object(_either(actions, "stateDelta", "state_delta"))
        artifacts = _object(_either(actions, "artifactDelta", "artifact_delta"))
        if delta or artifacts:
            items.append(StateDelta(delta, artifacts))
    if _either(frame, "finishReason", "finish_reason") == "MAX_TOKENS":
        items.append(Truncated())
    error = _either(frame, "errorCode", "error_code")
    if error is not None and not partial and (code := _code(error)):
        items.append(_model_error(code, _string(_either(frame, "errorMessage", "error_message"))))
    if not items and not author and parts is None:
        items.append(UnknownEvent(frame))
    return items, _string(frame.get("branch", ""))


def _parts(parts: list[object], author: str, *, partial: bool) -> list[Item]:
    """Read an event's parts; neighbouring texts are one text, as its deltas were."""
    items: list[Item] = []
    texts: list[str] = []
    kind = TextDelta if partial else Text
    for part in parts:
        if type(part) is not dict:
            items.append(UnknownEvent(part))
            continue
        text = part.get("text")
        if type(text) is str and part.get("thought") is not True:
            texts.append(text)
            continue
        if texts:
            items.append(kind(mend("".join(texts)), author))
            texts.clear()
        if type(text) is str:
            items.append(Thought(mend(text), author, partial))
        else:
            items.extend(_other_part(part, partial=partial))
    if texts:
        items.append(kind(mend("".join(texts)), author))
    return items


def _other_part(part: dict[str, Any], *, partial: bool) -> list[Item]:
    """Read a part that is not text."""
    call = _either(part, "functionCall", "function_call")
    if type(call) is dict:
        if partial:  # a preview: the whole call follows, under the same id
            return []
        return [ToolCall(_string(call.get("name")), _object(call.get("args")), _id(call.get("id")))]
    answer = _either(part, "functionResponse", "function_response")
    if type(answer) is dict:
        return [ToolResult(_string(answer.get("name")), answer.get("response"), _id(answer.get("id")))]
    data = _either(part, "inlineData", "inline_data")
    if type(data) is dict:
        mime_type = _string(_either(data, "mimeType", "mime_type"))
        return [Media(mime_type, data=_string(data.get("data")))]
    file = _either(part, "fileData", "file_data")
    if type(file) is dict:
        mime_type = _string(_either(file, "mimeType", "mime_type"))
        return [Media(mime_type, uri=_string(_either(file, "fileUri", "file_uri")))]
    return [UnknownEvent(part)]


def _model_error(code: str, message: str) -> Item:
    if code == "MODEL_RETURNED_NO_CONTENT":
        return NoContent()
    if code == "MAX_TOKENS":
        return Truncated()
    return Failure(code, message or f"The agent failed with {code}.")


def _failure(error: object) -> Failure:
    """Read the `error` of an error frame: a sentence, or an object with a code and a message."""
    code = ""
    if type(error) is dict:
        code, error = _code(error.get("code")), error.get("message")
    return Failure(code, _string(error) or "The agent failed without saying why.")


def _either(mapping: dict[str, Any], camel: str, snake: str) -> object:
    value = mapping.get(camel)
    return mapping.get(snake) if value is None else value


def _string(value: object) -> str:
    return mend(value) if type(value) is str else ""


def _object(value: object) -> dict[str, Any]:
    return value if type(value) is dict else {}


def _id(value: object) -> str | None:
    return value if type(value) is str else None


def _code(value: object) -> str:
    return str(value) if type(value) in {str, int} else ""
