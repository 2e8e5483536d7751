"""A chat message is sent at most once, wherever the stream breaks."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from loopback import STREAM_HEAD, Loopback, Received, http

from nemovideo import NemoVideo, Outcome, Timing
from nemovideo.errors import OutcomeUnknownError

FIXTURES = Path(__file__).parent.parent / "fixtures" / "sse"
IMPATIENT = Timing(recover_first=0.001, recover_every=0.001, recover_reads=2, idle=5, request=5)


class CuttingServer:
    """Answers a chat with the first `cut` bytes of a recording, and a state that never changes."""

    def __init__(self, recording: bytes) -> None:
        self.recording = recording
        self.cut = 0

    async def __call__(self, request: Received, writer: asyncio.StreamWriter) -> None:
        if request.line == "POST /run_sse":
            writer.write(STREAM_HEAD + self.recording[: self.cut])
        else:
            writer.write(http(json.dumps({"code": 0, "data": {"state": {}}}).encode()))


@pytest.mark.parametrize(
    "name", ["adk-text-stream.sse", "adk-silent-nostream.sse", "simple-noise.sse", "simple-silent.sse"]
)
async def test_a_stream_cut_after_any_byte_is_one_post(name: str) -> None:
    """Expected: one POST a call; a turn whose text was said whole, or the typed error."""
    script = CuttingServer((FIXTURES / name).read_bytes())
    step = 1 if len(script.recording) < 500 else len(script.recording) // 150
    cuts = [*range(0, len(script.recording), step), len(script.recording)]
    turns = unknown = 0
    async with (
        Loopback(script) as server,
        NemoVideo(token="t", base_url=server.url, timing=IMPATIENT) as nemo,
    ):
        for sent, script.cut in enumerate(cuts, 1):
            try:
                turn = await nemo.chat.send("s1", "add a title")
                turns += 1
                assert turn.outcome in {Outcome.ANSWERED, Outcome.SILENT, Outcome.UNCHANGED}
            except OutcomeUnknownError as error:
                unknown += 1
                assert error.may_have_charged
                assert error.session_id == "s1"
            assert server.count("POST /run_sse") == sent
    assert turns, "the whole recording is a turn"
    assert unknown, "some cut must have been noticed"
