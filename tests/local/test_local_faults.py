"""Faults: each does what its row says, as often as it was asked to, and is counted."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from local.wire_client import WireClient
from nemovideo._clock import ManualClock
from nemovideo.errors import ConfigurationError
from nemovideo.local import LocalBackend
from nemovideo.local.faults import KINDS

CHAT = "POST /run_sse"
BALANCE = "GET /api/credits"
LOST = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


async def test_a_fault_fires_as_often_as_asked(backend: LocalBackend, wire: WireClient) -> None:
    """`times=2` breaks two calls of the route and no other; each is counted, and seen in `requests`."""
    backend.faults.add(BALANCE, "status", status=503, times=2)
    path = f"{backend.url}/api/credits/balance/simple"
    statuses = []
    for _ in range(3):
        await wire.state()
        async with wire.http.get(path, headers=wire.headers) as response:
            statuses.append(response.status)
    assert statuses == [503, 503, 200]
    assert backend.faults.fired == {(BALANCE, "status"): 2}
    seen = [r.status for r in backend.requests if r.path.startswith("/api/credits")]
    assert seen == [503, 503, 200]


async def test_faults_act_in_order_and_can_be_cleared(backend: LocalBackend, wire: WireClient) -> None:
    """Of two entries the older one goes first; `times=None` never ends; `clear` ends it."""
    backend.faults.add(BALANCE, "code", code=1001)
    backend.faults.add(BALANCE, "code", code=429, retry_after=7, times=None)
    path = "/api/credits/balance/simple"
    assert [(await wire.get(path))["code"] for _ in range(4)] == [1001, 429, 429, 429]
    backend.faults.clear()
    assert (await wire.get(path))["code"] == 0
    assert backend.faults.fired[BALANCE, "code"] == 4


@pytest.mark.parametrize(
    ("kind", "options"),
    [("explode", {}), ("status", {}), ("delay", {"minutes": 1}), ("reset_after_request", {"bytes": 1})],
)
def test_a_wrong_entry_is_refused(kind: str, options: dict[str, Any]) -> None:
    """An unknown kind, an unknown option or a missing one is a configuration error."""
    with pytest.raises(ConfigurationError, match=kind):
        LocalBackend().faults.add(CHAT, kind, **options)


@pytest.mark.parametrize("kind", ["reset_before_request", "reset_after_request"])
async def test_a_reset_before_anything_is_done(backend: LocalBackend, wire: WireClient, kind: str) -> None:
    """The connection is reset without an answer, and the message was not charged."""
    backend.faults.add(CHAT, kind)
    with pytest.raises(LOST):
        await wire.chat("hello")
    assert backend.ledger.charges() == ()
    assert backend.requests[-1].status is None
    assert backend.faults.fired[CHAT, kind] == 1


async def test_the_answer_of_an_accepted_turn_is_lost(backend: LocalBackend, wire: WireClient) -> None:
    """`reset_after_accept`: no headers come back, yet the turn was charged and its edit is there."""
    await wire.upload_photos(1)
    backend.faults.add(CHAT, "reset_after_accept")
    with pytest.raises(LOST):
        await wire.chat("make a 3-second video")
    assert len(backend.ledger.charges(wire.session_id)) == 1
    for _ in range(100):
        if (await wire.state())["draft"]:
            break
    assert (await wire.state())["draft"]["d"] == 3000


async def test_an_accepted_render_loses_its_answer(backend: LocalBackend, wire: WireClient) -> None:
    """`reset_after_accept` on a submit: the job is there all the same."""
    backend.faults.add("POST /api/render", "reset_after_accept")
    with pytest.raises(LOST):
        await wire.render("r", {"t": [{"tt": 0, "sg": [{"d": 1000, "m": {"source": "x"}}]}], "d": 1000})
    assert (await wire.rendered("r"))["status"] == "failed"


@pytest.mark.parametrize("count", [0, 1, 100, 700])
async def test_a_stream_is_cut_after_bytes(backend: LocalBackend, wire: WireClient, count: int) -> None:
    """The stream breaks, not closes, after exactly that many bytes; the turn is done."""
    backend.faults.add(CHAT, "cut_after_bytes", bytes=count)
    received = b""
    async with wire.start_chat("help") as response:
        with contextlib.suppress(aiohttp.ClientPayloadError):
            while not response.content.at_eof():
                received += await response.content.readany()
        assert isinstance(response.content.exception(), aiohttp.ClientPayloadError)
    assert len(received) == count
    assert len(backend.ledger.charges()) == 1


async def test_any_answer_and_download_can_be_cut(backend: LocalBackend, wire: WireClient) -> None:
    """A JSON answer and a file announce their length and break off before it."""
    url = (await wire.upload_photos(1))["data"]["files"][0]["cdn_url"]
    for route, target in ((BALANCE, f"{backend.url}/api/credits/balance/simple"), ("GET /cdn", url)):
        backend.faults.add(route, "cut_after_bytes", bytes=10)
        async with wire.http.get(target, headers=wire.headers) as response:
            with pytest.raises(aiohttp.ClientPayloadError):
                await response.read()
        assert backend.faults.fired[route, "cut_after_bytes"] == 1


async def test_a_stream_closes_early_as_if_complete(backend: LocalBackend, wire: WireClient) -> None:
    """`cut_clean_after_events`: that many events, then a proper end."""
    for count in (0, 2):
        backend.faults.add(CHAT, "cut_clean_after_events", events=count)
        assert len(await wire.chat("help")) == count


@pytest.mark.parametrize("after", [0, 1, 10_000])
async def test_bytes_are_put_into_a_stream(backend: LocalBackend, wire: WireClient, after: int) -> None:
    """`insert`: the bytes come after that many events, at the end where there are fewer."""
    backend.faults.add(CHAT, "insert", body={"type": "odd"}, after_events=after)
    backend.faults.add(CHAT, "insert", body="retry: 0\n\n")
    events = await wire.chat("help")
    assert events.index({"type": "odd"}) == min(after, len(events) - 1)
    async with wire.start_chat("help") as response:
        assert (await response.read()).startswith(b"retry: 0\n\n")


async def test_a_status_with_headers_and_body(backend: LocalBackend, wire: WireClient) -> None:
    """`status`: exactly this HTTP answer, and nothing is done."""
    backend.faults.add(
        CHAT, "status", status=429, retry_after="soon", body="<h1>no</h1>", headers={"X-A": "b"}
    )
    async with wire.start_chat("hello") as response:
        assert response.status == 429
        assert response.headers["Retry-After"] == "soon"
        assert response.headers["X-A"] == "b"
        assert response.content_type == "text/html"
        assert await response.text() == "<h1>no</h1>"
    assert backend.ledger.charges() == ()


async def test_garbage_and_codes(backend: LocalBackend, wire: WireClient) -> None:
    """`garbage` is no JSON; `code` is an envelope with the code, its HTTP status as told."""
    path = f"{backend.url}/api/credits/balance/simple"
    backend.faults.add(BALANCE, "garbage")
    async with wire.http.get(path, headers=wire.headers) as response:
        assert not (await response.read()).startswith((b"{", b"["))
    backend.faults.add(BALANCE, "code", code=402, status=200)
    async with wire.http.get(path, headers=wire.headers) as response:
        assert (response.status, (await response.json())["code"]) == (200, 402)


async def test_a_redirect(backend: LocalBackend, wire: WireClient) -> None:
    """`redirect`: the status and the place, and the message was not taken."""
    backend.faults.add(CHAT, "redirect", status=308, location="http://127.0.0.1:9/")
    async with wire.http.post(
        f"{backend.url}/run_sse", json=wire.message("hi"), headers=wire.headers, allow_redirects=False
    ) as response:
        assert (response.status, response.headers["Location"]) == (308, "http://127.0.0.1:9/")
    assert backend.ledger.charges() == ()


async def test_a_stall_and_heartbeats_by_the_clock(
    backend: LocalBackend, wire: WireClient, clock: ManualClock
) -> None:
    """15 minutes of silence, and 15 of heartbeats only, pass in no time on a driven clock."""
    backend.faults.add(CHAT, "stall", seconds=900)
    backend.faults.add(CHAT, "heartbeats_only", seconds=900, every=10)
    for expected in (b"", b"data:\n\n" * 90):
        async with wire.start_chat("hello") as response:
            assert response.content_type == "text/event-stream"
            await clock.advance(901)
            assert await response.read() == expected


async def test_a_delay_by_the_clock(backend: LocalBackend, wire: WireClient, clock: ManualClock) -> None:
    """`delay`: the call is done, later."""
    backend.faults.add(BALANCE, "delay", seconds=30)
    call = asyncio.create_task(wire.credits())
    for _ in range(5):
        await wire.state()
    await clock.advance(29)
    assert not call.done()
    await clock.advance(2)
    assert await call == 100


async def test_downloads_that_do_not_keep_their_word(backend: LocalBackend, wire: WireClient) -> None:
    """`ignore_range` answers a range with 200 and all; `changed_etag` pretends another file."""
    url = (await wire.upload_photos(1))["data"]["files"][0]["cdn_url"]
    async with wire.http.get(url) as response:
        whole, tag = await response.read(), response.headers["ETag"]
    backend.faults.add("GET /cdn", "ignore_range")
    backend.faults.add("GET /cdn", "changed_etag")
    resume = {"Range": "bytes=10-", "If-Range": tag}
    async with wire.http.get(url, headers=resume) as response:
        assert (response.status, await response.read()) == (200, whole)
    async with wire.http.get(url, headers=resume) as response:
        assert (response.status, response.headers["ETag"]) == (200, '"changed"')
    async with wire.http.get(url, headers=resume) as response:
        assert response.status == 206


def test_every_kind_was_tried_here() -> None:
    """No kind is without a test in this file."""
    source = Path(__file__).read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f'"{kind}"' not in source] == []


async def test_requests_hide_the_token(backend: LocalBackend, wire: WireClient) -> None:
    """The log of requests has the headers for a test to look at, and shows none of them."""
    await wire.chat("hello")
    request = backend.requests[-1]
    assert (request.method, request.path, request.status) == ("POST", "/run_sse", 200)
    assert request.headers["authorization"] == f"Bearer {wire.token}"
    assert wire.token not in repr(backend.requests)
