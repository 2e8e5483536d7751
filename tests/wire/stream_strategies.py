"""Event streams as a server, a proxy and a bad line may send them, with what they mean."""

from __future__ import annotations

import itertools
import json
from typing import Any

from attrs import frozen
from hypothesis import Phase, settings
from hypothesis import strategies as st

from nemovideo._wire.turn import NOISE

FIRST_FOUND = settings(max_examples=5000, database=None, phases=[Phase.generate])
"""To show that a generator reaches a case; the smallest one is of no interest."""

LINE_ENDS = ("\n", "\r", "\r\n")
line_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=8)


@frozen
class Stream:
    """A stream in chunks, and the items that it means."""

    chunks: tuple[bytes, ...]
    items: tuple[str | None, ...]


@st.composite
def chunked(draw: st.DrawFn, stream: bytes) -> tuple[bytes, ...]:
    """The same bytes, cut anywhere."""
    cuts = sorted(draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    edges = [0, *cuts, len(stream)]
    return tuple(stream[start:end] for start, end in itertools.pairwise(edges))


@st.composite
def blocks(draw: st.DrawFn, data: st.SearchStrategy[str]) -> tuple[list[str], list[str | None]]:
    """Lines up to and with a blank one, and the items that they mean."""
    lines: list[str] = []
    comments: list[str | None] = []
    event: list[str] = []
    for kind in draw(st.lists(st.sampled_from(["data", "data", "comment", "other"]), max_size=3)):
        if kind == "data":
            for line in draw(data).split("\n"):
                prefix = draw(st.sampled_from(["data: ", "data:"])) if line and line[0] != " " else "data: "
                lines.append("data" if not line and draw(st.booleans()) else prefix + line)
                event.append(line)
        elif kind == "comment":
            lines.append(f":{draw(line_texts)}")
            comments.append(None)
        else:
            name = draw(st.sampled_from(["id", "event", "retry", "datum", " data", "Data"]))
            lines.append(f"{name}: {draw(st.sampled_from(['0', '-1', '9' * 400, 'x', '']))}")
    return [*lines, ""], [*comments, *(["\n".join(event)] if event else [])]


@st.composite
def streams(draw: st.DrawFn, data: st.SearchStrategy[str] | None = None) -> Stream:
    """Any legal stream."""
    payloads = data or st.lists(line_texts, min_size=1, max_size=3).map("\n".join)
    drawn = draw(st.lists(blocks(payloads), max_size=5))
    text = ""
    for line in (line for lines, _ in drawn for line in lines):
        end = draw(st.sampled_from(LINE_ENDS))
        if line == "" and text.endswith("\r") and end == "\n":
            end = "\r"  # or it would be the second half of one line end
        text += line + end
    body = draw(st.sampled_from(["", "\ufeff"])) + (text or "\n")
    return Stream(draw(chunked(body.encode())), tuple(item for _, items in drawn for item in items))


# --- conversations ------------------------------------------------------------------------------------

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
answers = st.lists(words | st.sampled_from([NOISE[:1], NOISE[:12]]), min_size=1, max_size=4)


@frozen
class Conversation:
    """The payloads of a turn that ends well, and what was said and done in it."""

    payloads: tuple[str | None, ...]
    segments: tuple[str, ...]
    tools: tuple[str, ...]
    has_noise: bool


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """A turn in one dialect or both, streamed or not, with heartbeats between its frames."""
    payloads: list[str | None] = []
    segments: list[str] = []
    tools: list[str] = []

    def send(frame: dict[str, Any]) -> None:
        payloads.append(json.dumps(frame, ensure_ascii=draw(st.booleans())))
        payloads.extend(draw(st.sampled_from([[], [], [None], [""], ['{"type": "heartbeat"}']])))

    def say(pieces: list[str]) -> None:
        text = "".join(pieces)
        dialect = draw(st.sampled_from(["simple", "adk", "snake", "streamed"]))
        if dialect == "simple":
            send({"type": "text", "content": text})
            return
        if dialect == "streamed":
            for piece in pieces:
                send({"author": "a", "partial": True, "content": {"parts": [{"text": piece}]}})
        send({"author": "a", "content": {"parts": [{"text": text}]}})

    for step in draw(st.lists(st.sampled_from(["say", "say", "work"]), max_size=4)):
        if step == "say":
            pieces = draw(answers)
            segments.append("".join(pieces))
            say(pieces)
            continue
        tools.append(draw(words))
        if draw(st.booleans()):
            send({"type": "tool_call", "name": tools[-1], "args": {}})
            send({"type": "tool_result", "name": tools[-1], "result": {"status": "ok"}})
        else:
            camel = draw(st.booleans())
            call = {"id": f"c{len(tools)}", "name": tools[-1], "args": {}}
            answer = {"id": f"c{len(tools)}", "name": tools[-1], "response": {"status": "ok"}}
            call_key, answer_key = (
                ("functionCall", "functionResponse") if camel else ("function_call", "function_response")
            )
            if draw(st.booleans()):
                send({"author": "a", "partial": True, "content": {"parts": [{call_key: call}]}})
            send({"author": "a", "content": {"parts": [{call_key: call}]}})
            send({"author": "a", "content": {"parts": [{answer_key: answer}]}})
    closing = draw(answers)
    segments.append("".join(closing))
    say(closing)
    has_noise = draw(st.booleans())
    if has_noise:
        say([NOISE[:9], NOISE[9:], ". Please try again."])
    return Conversation(tuple(payloads), tuple(segments), tuple(tools), has_noise)
