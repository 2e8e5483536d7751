"""The chat stream: both dialects, silence, heartbeats, and listeners who leave."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from local.wire_client import WireClient, parts, payloads
from nemovideo._clock import ManualClock
from nemovideo.local import LocalBackend
from nemovideo.local.answers import envelope_errors

RECORDED = Path(__file__).parent.parent / "fixtures" / "sse"


def shape(value: Any) -> Any:
    """Return the keys of an event, in order, with the types of what they hold."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items() if key not in ("args", "response", "draft")}
    return [shape(item) for item in value[:1]] if isinstance(value, list) else type(value).__name__


async def test_an_edit_is_a_call_a_result_and_a_text(wire: WireClient) -> None:
    """An edit streams a preview and its call, a result with the new draft, deltas, and their final."""
    await wire.upload_photos(2)
    await wire.chat("make a 4-second video")
    events = await wire.chat("add a title 'Hi'")
    kinds = [next(iter(event["content"]["parts"][0])) for event in events]
    assert kinds[:3] == ["functionCall", "functionCall", "functionResponse"]
    preview, call, result = events[:3]
    assert preview["partial"] is True
    assert call["partial"] is False
    assert preview["id"] == call["id"] != result["id"]
    assert preview["content"] == call["content"]
    [called], [answered] = parts(events, "functionCall"), parts(events, "functionResponse")
    assert called["id"] == answered["id"]
    assert called["args"]["op"] == answered["response"]["op"] == "add_text"
    assert result["actions"]["stateDelta"]["draft"] == (await wire.state())["draft"]
    deltas = [event["content"]["parts"][0]["text"] for event in events[3:-1]]
    assert all(event["partial"] for event in events[3:-1])
    assert [("".join(deltas))] == parts(events, "text")
    assert len({event["invocationId"] for event in events}) == 1


async def test_events_have_the_shape_of_recorded_ones(wire: WireClient) -> None:
    """Every frame has the very keys, in order, of some frame that a real server sent."""
    recorded = [
        json.dumps(shape(event))
        for path in RECORDED.glob("adk-*.sse")
        for event in payloads(path.read_bytes().replace(b"\r\n", b"\n"))
    ]
    await wire.upload_photos(2)
    for event in [*await wire.chat("make a video"), *await wire.chat("remove the title")]:
        assert json.dumps(shape(event)) in recorded


async def test_making_a_video_has_two_stages(wire: WireClient) -> None:
    """First the raw video and a word about it; then music and a title nobody asked for; then an answer."""
    await wire.upload_photos()
    events = await wire.chat("turn these photos into a smooth 15-second video with transitions")
    calls = [call["name"] + ":" + call["args"]["op"] for call in parts(events, "functionCall")]
    assert calls == [
        "generate_video:generate_video",
        "edit_multitrack:add_bgm",
        "edit_multitrack:add_text",
    ]
    raw, ready = parts(events, "text")
    assert "raw video is ready" in raw
    assert "Export button" in ready
    drafts = [event["actions"]["stateDelta"].get("draft") for event in events]
    assert [len(draft["t"]) for draft in drafts if draft] == [1, 2, 3]


async def test_the_simple_dialect(http: aiohttp.ClientSession) -> None:
    """With `dialect="simple"` the frames are typed, one for each event, and a silent turn ends in `data:`."""
    async with LocalBackend(dialect="simple", pace=0, silent_edits=1) as backend:
        wire = await WireClient(http, backend.url).open()
        await wire.upload_photos(1)
        events = await wire.chat("make a video")
        assert [event["type"] for event in events[:3]] == ["tool_call", "tool_result", "text"]
        assert events[-1]["type"] == "text"
        async with wire.start_chat("remove the title") as response:
            frames = (await response.text()).split("\n\n")
        assert [json.loads(frame[5:])["type"] for frame in frames[:2]] == ["tool_call", "tool_result"]
        assert frames[2:] == ["data:", ""]


async def test_silent_edits_change_the_draft_without_a_word(http: aiohttp.ClientSession) -> None:
    """With `silent_edits=1` an edit ends in MODEL_RETURNED_NO_CONTENT, and the draft has it."""
    async with LocalBackend(pace=0, silent_edits=1) as backend:
        wire = await WireClient(http, backend.url).open()
        await wire.upload_photos(1)
        await wire.chat("make a video")
        events = await wire.chat("make it warmer")
        assert parts(events, "text") == []
        assert events[-1]["errorCode"] == "MODEL_RETURNED_NO_CONTENT"
        assert (await wire.state())["draft"]["t"][0]["sg"][0]["m"]["filter"] == "warm"


@pytest.mark.parametrize(
    "message", ["what is on the timeline?", "juggle!", "remove the third photo", "make a video"]
)
async def test_what_needs_words_is_never_silent(http: aiohttp.ClientSession, message: str) -> None:
    """Questions, what was not understood, what cannot be done, and a new video are answered with text."""
    async with LocalBackend(pace=0, silent_edits=1) as backend:
        wire = await WireClient(http, backend.url).open()
        await wire.upload_photos(1)
        await wire.chat("make a video")
        assert parts(await wire.chat(message), "text")


async def test_about_a_third_of_the_edits_is_silent_and_the_seed_says_which(
    http: aiohttp.ClientSession,
) -> None:
    """By default about 30 % of edits bring no text; the same seed gives the same ones."""

    async def silence(seed: int) -> list[bool]:
        async with LocalBackend(pace=0, seed=seed) as backend:
            wire = await WireClient(http, backend.url).open()
            await wire.upload_photos(1)
            await wire.chat("make a video")
            turns = [await wire.chat(f"add a title 'Take {number}'") for number in range(40)]
            return ["errorCode" in turn[-1] for turn in turns]

    first = await silence(1)
    assert 5 <= sum(first) <= 20
    assert await silence(1) == first
    assert await silence(2) != first


async def test_snake_case_and_camel_case(wire: WireClient) -> None:
    """/run_sse takes the stock server's camelCase as well."""
    body = {
        "appName": "nemo_agent",
        "userId": "me",
        "sessionId": wire.session_id,
        "newMessage": {"role": "user", "parts": [{"text": "hello"}]},
        "streaming": False,
    }
    async with wire.http.post(f"{wire.url}/run_sse", json=body, headers=wire.headers) as response:
        [event] = payloads(await response.read())
    assert "partial" not in event


@pytest.mark.parametrize(
    "change",
    [{"app_name": "other"}, {"app_name": None}, {"user_id": "someone"}, {"session_id": 5},
     {"new_message": "hi"},
     {"new_message": {}}, {"new_message": {"parts": []}}, {"new_message": {"parts": [{"text": " "}]}},
     {"new_message": {"parts": [{"text": 3}, "x"]}}, {"new_message": {"parts": [{"text": "x" * 20_001}]}}],
)  # fmt: skip
async def test_a_wrong_chat_body_is_refused(
    backend: LocalBackend, wire: WireClient, change: dict[str, Any]
) -> None:
    """Wrong or missing fields get 422, and nothing is charged."""
    assert (await wire.post("/run_sse", {**wire.message("hi"), **change}))["code"] == 422
    assert backend.ledger.charges() == ()


async def test_heartbeats_come_by_the_clock(http: aiohttp.ClientSession, clock: ManualClock) -> None:
    """While a slow turn works, a blank event comes with every interval of the driven clock."""
    async with LocalBackend(clock=clock, pace=900, heartbeat=60, silent_edits=0) as backend:
        wire = await WireClient(http, backend.url).open()
        async with wire.start_chat("hello") as response:
            await clock.advance(899)
            early = await response.content.readexactly(14 * len(b"data:\n\n"))
            assert early == b"data:\n\n" * 14
            await clock.advance(2)
            rest = await response.read()
    assert parts(payloads(rest), "text")


@pytest.mark.parametrize(("on_disconnect", "expected"), [("continue", 3000), ("cancel", None)])
async def test_a_listener_leaves(
    http: aiohttp.ClientSession, clock: ManualClock, on_disconnect: Any, expected: int | None
) -> None:
    """When the client disconnects the turn goes on by default, or is cancelled; both have cost a credit."""
    async with LocalBackend(clock=clock, pace=1, on_disconnect=on_disconnect) as backend:
        wire = await WireClient(http, backend.url).open()
        await wire.upload_photos(1)
        async with wire.start_chat("make a 3-second video") as response:
            response.close()
        for _ in range(20):  # the loopback socket tells the server
            await wire.credits()
        await clock.advance(60)
        draft = (await wire.state())["draft"]
        assert (draft and draft["d"]) == expected
        assert await wire.credits() == 99


async def test_a_listener_who_left_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    """What can no longer be written is not logged as a fault of the backend."""

    async def write(_: web.Request) -> web.StreamResponse:
        raise ConnectionResetError("Cannot write to closing transport")

    await envelope_errors(make_mocked_request("POST", "/run_sse"), write)
    assert not caplog.records


async def test_turns_of_one_session_do_not_mix(wire: WireClient) -> None:
    """Two messages at once are answered one after the other, and both edits are in the draft."""
    await wire.upload_photos(2)
    await wire.chat("make a video")
    await asyncio.gather(wire.chat("make it warmer"), wire.chat("remove the music"))
    draft = (await wire.state())["draft"]
    assert [track["tt"] for track in draft["t"]] == [0, 7]
    assert draft["t"][0]["sg"][0]["m"]["filter"] == "warm"


async def test_many_turns_at_once(http: aiohttp.ClientSession) -> None:
    """200 sessions can talk at the same time, and each gets its whole answer."""
    async with LocalBackend() as backend:
        clients = [await WireClient(http, backend.url).open() for _ in range(200)]
        answers = await asyncio.gather(*(client.chat("help") for client in clients))
    assert all(parts(answer, "text") for answer in answers)


async def test_a_turn_that_breaks_ends_in_an_error_frame(
    wire: WireClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug in the agent is logged, and the stream ends in an event with an errorCode, not in a hang."""

    def broken(message: str, scene: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("nemovideo.local.turns.respond", broken)
    [event] = await wire.chat("hello")
    assert event["errorCode"] == "INTERNAL"
    assert "RuntimeError: broken" in caplog.text
    monkeypatch.undo()
    assert parts(await wire.chat("hello"), "text")


async def test_closing_ends_a_running_turn(http: aiohttp.ClientSession, clock: ManualClock) -> None:
    """`close` cuts open streams at once and leaves no task behind."""
    before = asyncio.all_tasks()
    backend = LocalBackend(clock=clock, pace=900)
    await backend.start()
    await backend.start()
    wire = await WireClient(http, backend.url).open()
    response = await wire.start_chat("hello")
    await backend.close()
    await backend.close()
    with pytest.raises(aiohttp.ClientPayloadError):
        await response.read()
    response.close()
    assert {task for task in asyncio.all_tasks() - before if "nemovideo" in repr(task.get_coro())} == set()
