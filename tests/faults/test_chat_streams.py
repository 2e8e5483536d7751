"""What becomes of a stream: its events come whole and once, and a turn that it leaves open is found."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from chat_service import CALL, PING, QUICK, RESULT, ChatService, frame, hear, saying, text_frame
from loopback import STREAM_HEAD
from proxy import Plan, Proxy
from tiny_session import MAKE, session_with_photo

from nemovideo import NemoVideo, Outcome, Timing, Turn
from nemovideo._wire.sse import MAX_EVENT_BYTES
from nemovideo.errors import OutcomeUnknownError
from nemovideo.events import StateDelta, StillWorking, Text, TextDelta, UnknownEvent
from nemovideo.local import LocalBackend

FIXTURES = Path(__file__).parent.parent / "fixtures" / "sse"
RECORDINGS = {path.stem: path.read_bytes() for path in sorted(FIXTURES.glob("*.sse"))}


@pytest.mark.fault("F01")
@pytest.mark.parametrize(
    ("pieces", "edit", "outcome"),
    [
        ((CALL, RESULT), True, Outcome.SILENT),
        ((CALL, RESULT), False, Outcome.UNCHANGED),
        ((), True, Outcome.RECOVERED),
        ((PING, PING), True, Outcome.RECOVERED),
        ((CALL,), True, Outcome.RECOVERED),
        ((text_frame("Half an ans", partial=True),), True, Outcome.RECOVERED),
        ((text_frame("I begin."), CALL, RESULT), True, Outcome.ANSWERED),
    ],
    ids=["silent", "unchanged", "empty", "pings", "in a call", "in a text", "unconfirmed"],
)
async def test_a_clean_close_is_no_proof_the_state_is(
    pieces: tuple[bytes, ...], edit: bool, outcome: Outcome
) -> None:
    """A stream that closes in good order without a whole answer: the state says what happened."""
    async with ChatService(saying(*pieces, edit=edit)) as service, service.client() as nemo:
        turn = await nemo.chat.send("s1", "add a title")
        assert turn.outcome is outcome
        assert bool(turn.changes) is edit
        assert service.chats == 1
        assert service.reads == 2, "one before the message, one after"


@pytest.mark.fault("F01")
@pytest.mark.parametrize("pieces", [(), (CALL,), (text_frame("Half", partial=True),)])
async def test_a_close_that_left_no_trace_is_unknown(pieces: tuple[bytes, ...]) -> None:
    """The state is read as often as `Timing` says; then the error says that it may have been charged."""
    async with ChatService(saying(*pieces)) as service, service.client() as nemo:
        with pytest.raises(OutcomeUnknownError, match=r'nemo\.sessions\.state\("s1"\)') as caught:
            await nemo.chat.send("s1", "add a title")
        assert caught.value.may_have_charged
        assert (service.chats, service.reads) == (1, 1 + 3)


@pytest.mark.fault("F02")
@pytest.mark.parametrize("reset", [False, True], ids=["cut", "reset"])
async def test_a_stream_cut_on_its_way_is_recovered_from_the_state(tmp_path: Path, reset: bool) -> None:
    """The backend goes on; the same `async for` goes on by reading the state, and ends in RECOVERED."""
    plans = (Plan(), Plan(cut_down=400, reset=reset))  # the first connection reads the state
    async with LocalBackend(silent_edits=0) as backend, Proxy(backend.url, *plans) as proxy:
        async with NemoVideo(base_url=backend.url, config_dir=tmp_path) as nemo:
            session_id = (await session_with_photo(nemo, tmp_path)).session_id
        token = backend.requests[-1].headers["Authorization"].removeprefix("Bearer ")
        timing = Timing(recover_first=0.05, recover_every=0.05, recover_reads=99)
        async with NemoVideo(token=token, base_url=proxy.url, timing=timing) as nemo:
            events, turn = await hear(nemo.chat.stream(session_id, MAKE))
        assert isinstance(turn, Turn)
        assert turn.outcome is Outcome.RECOVERED
        assert turn.changes
        signs = [event for event in events if isinstance(event, StillWorking)]
        assert signs
        assert all(sign.recovering for sign in signs)
        assert proxy.fired["reset" if reset else "cut_down"] == 1
        assert [request.path for request in backend.requests].count("/run_sse") == 1
        assert len(backend.ledger.charges(session_id)) == 1


@pytest.mark.fault("F02")
async def test_a_reset_stream_is_no_success_even_after_a_whole_text() -> None:
    """The text was said, and then the connection broke: only a change in the state makes it a turn."""

    async def chat(service: ChatService, writer: asyncio.StreamWriter) -> None:
        writer.write(
            STREAM_HEAD.replace(b"Connection: close", b"Transfer-Encoding: chunked")
            + chunk(text_frame("Done."))
        )
        await writer.drain()
        writer.close()  # without the last chunk

    async with ChatService(chat) as service, service.client() as nemo:
        with pytest.raises(OutcomeUnknownError):
            await nemo.chat.send("s1", "add a title")
        assert (service.chats, service.reads) == (1, 1 + 3)


@pytest.mark.fault("F12")
async def test_a_stalled_stream_is_left_and_the_state_read() -> None:
    """The connection stays open and nothing more comes: after `Timing.idle` the state is read."""
    timing = Timing(recover_first=0.001, recover_every=0.001, recover_reads=3, idle=0.05)
    head = len(STREAM_HEAD)
    script = saying(text_frame("Half", partial=True), PING, edit=True)
    async with ChatService(script) as service:
        plans = (Plan(), Plan(stall_down=head + 20))
        async with (
            Proxy(service.url, *plans) as proxy,
            NemoVideo(token="t", base_url=proxy.url, timing=timing) as nemo,
        ):
            turn = await nemo.chat.send("s1", "add a title")
        assert turn.outcome is Outcome.RECOVERED
        assert proxy.fired["stall_down"] == 1
        assert service.chats == 1


@pytest.mark.fault("F14")
async def test_an_event_of_5_mib_is_delivered() -> None:
    """A tool result may be as long as a timeline is; the text after it comes, too."""
    long = "x" * (5 * 1024**2)
    script = saying(frame(author="a", actions={"stateDelta": {"note": long}}), text_frame("Done."))
    async with ChatService(script) as service, service.client() as nemo:
        async with nemo.chat.stream("s1", "add a title") as stream:
            notes = [event.delta["note"] async for event in stream if isinstance(event, StateDelta)]
            turn = await stream.result()
        assert notes == [long]
        assert turn.text == "Done."
        assert service.chats == 1


@pytest.mark.fault("F15")
@pytest.mark.parametrize("line_end", [b"", b"\n"], ids=["one endless line", "endless lines"])
async def test_an_event_without_end_breaks_the_stream(line_end: bytes) -> None:
    """Past the cap the stream is left, and the state tells no more; the server cannot push much more."""
    pushed = 0
    piece = b"data: " + b"x" * (1024**2 - 7) + line_end

    async def chat(service: ChatService, writer: asyncio.StreamWriter) -> None:
        nonlocal pushed
        writer.write(STREAM_HEAD)
        while pushed < 4 * MAX_EVENT_BYTES:
            writer.write(piece)
            await writer.drain()
            pushed += len(piece)

    async with ChatService(chat) as service, service.client() as nemo:
        with pytest.raises(OutcomeUnknownError) as caught:
            await nemo.chat.send("s1", "add a title")
        assert caught.value.may_have_charged
        assert service.chats == 1
        assert MAX_EVENT_BYTES * 0.9 < pushed < MAX_EVENT_BYTES * 1.2


@pytest.mark.fault("F16")
@pytest.mark.parametrize("recording", RECORDINGS)
async def test_one_byte_at_a_time_gives_the_same_events(recording: str) -> None:
    """Sliced into single bytes on its way, with a BOM and CR line ends: the same events, in order."""
    plain = RECORDINGS[recording]
    other = b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r")
    assert await _events(plain) == await _events(other, slice_bytes=1)


async def _events(stream: bytes, slice_bytes: int | None = None) -> list[object]:
    plans = (Plan(), Plan(slice_bytes=slice_bytes))
    async with ChatService(saying(stream, edit=True)) as service, Proxy(service.url, *plans) as proxy:
        async with NemoVideo(token="t", base_url=proxy.url, timing=QUICK) as nemo:
            events, end = await hear(nemo.chat.stream("s1", "add a title"))
        assert service.chats == 1
        assert (proxy.fired["slice_bytes"] > 100) is (slice_bytes is not None)
    return [event for event in events if not isinstance(event, StillWorking)] + [repr(end)]


@pytest.mark.fault("F17")
async def test_invalid_utf8_becomes_replacement_characters() -> None:
    """Bytes that are no text are shown as such, and the stream goes on."""
    broken = text_frame("Caf?").replace(b"?", b"\xff\xfe")
    async with ChatService(saying(broken, text_frame("Done."))) as service, service.client() as nemo:
        turn = await nemo.chat.send("s1", "add a title")
        assert turn.segments == ("Caf\ufffd\ufffd", "Done.")
        assert service.chats == 1


@pytest.mark.fault("F18")
@pytest.mark.parametrize("value", ["0", "-1", "99999999999999999999", "1e9", ""])
async def test_retry_fields_are_ignored(value: str) -> None:
    """A chat stream is never reconnected, whatever its `retry` says."""
    retry = f"retry: {value}\n\n".encode()
    script = saying(retry, text_frame("Done."), retry)
    async with ChatService(script) as service, service.client() as nemo:
        assert (await nemo.chat.send("s1", "add a title")).text == "Done."
        assert service.chats == 1


@pytest.mark.fault("F19")
@pytest.mark.parametrize("missing", [1, 2], ids=["its blank line", "its line end, too"])
async def test_a_last_event_without_its_blank_line_is_a_cut(missing: int) -> None:
    """Half an event is not given out, and the turn is not taken for answered."""
    script = saying(text_frame("Hello"), text_frame("Secret half")[:-missing])
    async with ChatService(script) as service, service.client() as nemo:
        events, end = await hear(nemo.chat.stream("s1", "add a title"))
        assert isinstance(end, OutcomeUnknownError)
        assert [event.text for event in events if isinstance(event, Text)] == ["Hello"]
        assert service.chats == 1


@pytest.mark.fault("F20")
@pytest.mark.parametrize(
    "payload", ['{"author": "a", "content":', "not json", "[1, 2]", "NaN", "[" * 100_000]
)
async def test_an_event_of_broken_json_is_passed_on_and_the_rest_read(payload: str) -> None:
    """Frames that cannot be understood are `UnknownEvent`; those after them count."""
    script = saying(f"data: {payload}\n\n".encode(), text_frame("Done."))
    async with ChatService(script) as service, service.client() as nemo:
        async with nemo.chat.stream("s1", "add a title") as stream:
            events = [event async for event in stream]
            turn = await stream.result()
        assert isinstance(events[0], UnknownEvent)
        assert turn.text == "Done."
        assert turn.outcome is Outcome.ANSWERED
        assert service.chats == 1


async def test_deltas_together_are_the_text_once() -> None:
    """A live reader who prints every delta, and nothing else, prints the answer exactly once."""
    for name, recording in RECORDINGS.items():
        expected = json.loads((FIXTURES / f"{name}.json").read_text())
        async with ChatService(saying(recording)) as service, service.client() as nemo:
            events, _ = await hear(nemo.chat.stream("s1", "add a title"))
            shown = "".join(event.text for event in events if isinstance(event, TextDelta))
            assert shown == expected["text"], name
            assert service.chats == 1


def chunk(data: bytes) -> bytes:
    """Return one chunk of a chunked body."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"
