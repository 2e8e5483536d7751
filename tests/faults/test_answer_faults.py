"""Answers that the wire does not promise: typed errors, or kept as they are; never a second POST."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import loopback
import pytest
import resident_memory
from aioresponses import aioresponses
from answering import EMPTY_STATE, TOKEN, HurriedClock, answering, envelope
from loopback import Received, http
from raised import assert_ours

from nemovideo import NemoVideo
from nemovideo.draft import Draft
from nemovideo.errors import NemoVideoError, ProtocolError, ServerError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Call = Callable[[NemoVideo], Awaitable[object]]

API = "https://api.example"
DRAFT = Draft.from_wire({"t": [{"tt": 0, "sg": [{"d": 1000, "m": {"source": "x"}}]}], "d": 1000})
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64)

CALLS: dict[str, Call] = {
    "create": lambda nemo: nemo.sessions.create(),
    "chat": lambda nemo: nemo.chat.send("s1", "add a title"),
    "upload files": lambda nemo: nemo.uploads.files("s1", "a.jpg"),
    "upload urls": lambda nemo: nemo.uploads.urls("s1", "https://example.com/a.jpg"),
    "submit render": lambda nemo: nemo.renders.submit("s1", DRAFT),
    "cancel render": lambda nemo: nemo.renders.cancel("r1"),
    "claim link": lambda nemo: nemo.sessions.claim_link("s1", "t1"),
}
EVERY_POST = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@pytest.fixture
def _photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jpg").write_bytes(JPEG)


async def failure(nemo: NemoVideo, call: Call) -> NemoVideoError:
    with pytest.raises(NemoVideoError) as caught:
        await call(nemo)
    assert_ours(caught.value, TOKEN)
    return caught.value


@pytest.mark.fault("F08")
@pytest.mark.usefixtures("_photo")
@pytest.mark.parametrize("status", ["307 Temporary Redirect", "308 Permanent Redirect"])
@EVERY_POST
async def test_no_post_follows_a_redirect(call: Call, status: str) -> None:
    """Expected: one POST, an error, and nothing at all at the other place."""
    async with answering(POST=EMPTY_STATE, GET=EMPTY_STATE) as elsewhere:
        moved = http(b"", status, "text/plain", f"Location: {elsewhere.url}/elsewhere")
        async with (
            answering(GET=EMPTY_STATE, POST=moved) as server,
            NemoVideo(token=TOKEN, base_url=server.url, clock=HurriedClock()) as nemo,
        ):
            error = await failure(nemo, call)
        assert isinstance(error, ProtocolError)
        assert "redirect refused" in error.message
        assert server.count("POST") == 1
        assert elsewhere.requests == []


@pytest.mark.fault("F23")
@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("", "$"), ("null", "$"), ("[]", "$"), ("0", "$"), ('"ok"', "$"), ("{}", "$.code"),
        ('{"data": {}}', "$.code"), ('{"code": "0", "data": {}}', "$.code"),
        ('{"code": null, "data": {}}', "$.code"), ('{"code": 0}', "$.data"),
        ('{"code": 0, "data": null}', "$.data"), ('{"code": 0, "data": []}', "$.data"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["create", "upload urls", "claim link"])
async def test_an_envelope_that_is_none_is_a_protocol_error(name: str, body: str, path: str) -> None:
    """Its path says what is wrong, and the call is not made again."""
    with aioresponses() as service:
        service.post(re.compile(API), body=body, repeat=True)
        async with NemoVideo(token=TOKEN, base_url=API) as nemo:
            error = await failure(nemo, CALLS[name])
        assert isinstance(error, ProtocolError)
        assert error.path == path
        assert sum(len(calls) for calls in service.requests.values()) == 1


@pytest.mark.fault("F24")
async def test_a_gateways_page_is_a_server_error_and_a_read_is_repeated() -> None:
    """Four tries at most; one that is answered ends them."""
    page = http(b"<html><h1>502 Bad Gateway</h1>", "502 Bad Gateway", "text/html")
    good = envelope({"available": 7})
    clock = HurriedClock()
    async with (
        answering(GET=[page, page, good, page]) as server,
        NemoVideo(token=TOKEN, base_url=server.url, clock=clock) as nemo,
    ):
        assert (await nemo.credits.balance()).available == 7
        assert (server.count("GET"), len(clock.waits)) == (3, 2)
        error = await failure(nemo, lambda nemo: nemo.credits.balance())
        assert isinstance(error, ServerError)
        assert error.status == 502
        assert server.count("GET") == 3 + 4


@pytest.mark.fault("F24")
@pytest.mark.usefixtures("_photo")
@EVERY_POST
async def test_a_gateways_page_repeats_only_what_is_safe(call: Call) -> None:
    """Cancelling and claiming may be done twice; no other POST is."""
    page = http(b"<html>", "502 Bad Gateway", "text/html")
    async with (
        answering(GET=EMPTY_STATE, POST=page) as server,
        NemoVideo(token=TOKEN, base_url=server.url, clock=HurriedClock()) as nemo,
    ):
        error = await failure(nemo, call)
        assert isinstance(error, ServerError)
        safe = call in {CALLS["cancel render"], CALLS["claim link"]}
        assert server.count("POST") == (4 if safe else 1)


@pytest.mark.fault("F25")
@pytest.mark.parametrize(
    ("name", "data", "path"),
    [
        ("create", {"session_id": None}, "$.data.session_id"),
        ("create", {"session_id": 7}, "$.data.session_id"),
        ("create", {"task_id": "t"}, "$.data.session_id"),
        ("upload urls", {"files": [{"filename": "a"}, {"filename": None}]}, "$.data.files[1].filename"),
        ("upload urls", {"files": [{"filename": "a", "width": "12"}]}, "$.data.files[0].width"),
        ("upload urls", {"files": [{"filename": "a", "duration": True}]}, "$.data.files[0].duration"),
        ("upload urls", {"files": {}}, "$.data.files"),
        ("claim link", {"claim_token": None}, "$.data.claim_token"),
        ("cancel render", {"id": None, "status": "pending"}, "$.data.id"),
        ("cancel render", {"status": 3}, "$.data.status"),
    ],
)
async def test_a_wrong_type_is_a_protocol_error_with_its_path(name: str, data: object, path: str) -> None:
    """Null is no id, a numeral no number, true not 1; and the call is not made again."""
    async with (
        answering(POST=envelope(data)) as server,
        NemoVideo(token=TOKEN, base_url=server.url) as nemo,
    ):
        error = await failure(nemo, CALLS[name])
        assert isinstance(error, ProtocolError)
        assert error.path == path
        assert len(server.requests) == 1


@pytest.mark.fault("F26")
async def test_what_is_not_known_yet_is_kept() -> None:
    """A track type 42, foreign keys at every level, and a status that nobody knows."""
    draft = {
        "new": 1,
        "t": [{"tt": 42, "x": None, "sg": [{"d": 10, "m": {"y": 1.0}, "z": [{"w": "🎬"}]}]}],
        "d": 10,
    }

    def answer(request: Received) -> bytes:
        if request.path.startswith("/api/state"):
            return envelope({"state": {"draft": draft, "novelty": [1]}, "more": 2})
        return envelope({"id": "r1", "status": "teleporting", "progress": 40, "mood": "good"})

    async with answering(GET=answer) as server, NemoVideo(token=TOKEN, base_url=server.url) as nemo:
        state = await nemo.sessions.state("s1")
        assert json.dumps(state.draft.to_wire()) == json.dumps(draft)
        assert state.raw["novelty"] == [1]
        job = await nemo.renders.get("r1")
        assert (job.status, job.is_completed, job.is_failed) == ("teleporting", False, False)
        assert job.raw["data"] == {"id": "r1", "status": "teleporting", "progress": 40, "mood": "good"}
        assert len(server.requests) == 2


@pytest.mark.fault("F27")
@pytest.mark.parametrize(
    "state",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        '{"draft": {"d": NaN}}',
        '{"draft": {"d": -Infinity}}',
        '{"draft": {"d": 1e999}}',
        '{"draft": {"d": ' + "9" * 5000 + "}}",
    ],
    ids=["deep lists", "deep objects", "NaN", "infinity", "too large", "too long"],
)
async def test_json_that_breaks_parsers_is_a_protocol_error(state: str) -> None:
    body = f'{{"code": 0, "data": {{"state": {state}}}}}'.encode()
    async with (
        answering(GET=http(body)) as server,
        NemoVideo(token=TOKEN, base_url=server.url) as nemo,
    ):
        error = await failure(nemo, lambda nemo: nemo.sessions.state("s1"))
        assert isinstance(error, ProtocolError)
        assert len(server.requests) == 1


@pytest.mark.fault("F27")
@pytest.mark.parametrize("depth", [100, 300, 900, 5_000])
async def test_a_draft_of_any_depth_is_read_or_refused(depth: int) -> None:
    """What the JSON parser just lets through does not break what reads on."""
    deep: Any = '{"a":' * depth + "1" + "}" * depth
    body = f'{{"code": 0, "data": {{"state": {{"draft": {{"t": [], "d": 0, "m": {deep}}}}}}}}}'.encode()
    async with (
        answering(GET=http(body)) as server,
        NemoVideo(token=TOKEN, base_url=server.url) as nemo,
    ):
        try:
            state = await nemo.sessions.state("s1")
        except ProtocolError as error:
            assert_ours(error)
        else:
            assert json.dumps(state.draft.to_wire()["m"]) == deep.replace(":", ": ")
        assert len(server.requests) == 1


@pytest.mark.fault("F27")
async def test_of_a_key_given_twice_the_last_counts() -> None:
    body = b'{"code": 1001, "code": 0, "data": {"available": 1, "available": 2}}'
    async with (
        answering(GET=http(body)) as server,
        NemoVideo(token=TOKEN, base_url=server.url) as nemo,
    ):
        assert (await nemo.credits.balance()).available == 2
        assert len(server.requests) == 1


BOMB = """
import asyncio, sys
sys.path[:0] = {paths!r}
import resident_memory
from loopback import Loopback, http
from nemovideo import NemoVideo
from nemovideo.errors import ProtocolError

small = open({bomb!r}, "rb").read()

async def answer(request, writer):
    writer.write(http(small, "200 OK", "application/json", "Content-Encoding: gzip"))

async def main():
    async with Loopback(answer) as server, NemoVideo(token="t", base_url=server.url) as nemo:
        before = resident_memory.forget_peak()
        try:
            await nemo.credits.balance()
        except ProtocolError as error:
            grown = resident_memory.peak() - before
            print(error.message, "|", grown // 1024**2, "|", len(server.requests))

asyncio.run(main())
"""


@pytest.mark.fault("F28")
@pytest.mark.skipif(not resident_memory.CAN_MEASURE, reason="only Linux tells the peak of a process's memory")
def test_a_small_answer_that_unpacks_to_300_mib_ends_at_the_cap(tmp_path: Path) -> None:
    """In a process of its own: the resident memory grows by the cap's 64 MiB and some, not by 300."""
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(bytes(300 * 1024**2), 1))
    program = BOMB.format(
        paths=[str(Path(module.__file__ or "").parent) for module in (loopback, resident_memory)],
        bomb=str(bomb),
    )
    told = subprocess.run(  # noqa: S603 - our own program, above
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True
    ).stdout
    message, grown_mib, requests = told.split("|")
    assert "longer than 64 MiB" in message
    assert int(grown_mib) < 160
    assert int(requests) == 1
