"""Sessions, their state, and whose they are."""

from __future__ import annotations

import aiohttp

from local.wire_client import WireClient
from nemovideo.local import LocalBackend


async def test_a_new_session_is_empty(wire: WireClient) -> None:
    """A session has its three ids, no draft, no media, and the default upright canvas."""
    assert all((wire.session_id, wire.task_id, wire.user_id))
    state = await wire.state()
    assert state["draft"] is None
    assert state["video_infos"] == state["generated_media"] == state["video_analyses"] == []
    assert state["canvas_config"] == {"width": 1080, "height": 1920, "fps": 30}


async def test_sessions_belong_to_their_user(
    backend: LocalBackend, wire: WireClient, http: aiohttp.ClientSession
) -> None:
    """To another account a session is not there: 1002 from every call that names it."""
    other = await WireClient(http, backend.url).sign_in()
    other.session_id = wire.session_id
    answers = [
        await other.get(f"/api/state/nemo_agent/me/{wire.session_id}/latest"),
        await other.post("/run_sse", other.message("hello")),
        await other.upload_photos(1),
        await other.render("r1", {"t": [{"tt": 0, "sg": [{"d": 1}]}], "d": 1}),
        await other.post("/api/auth/claim-token", {"task_id": wire.task_id, "session_id": wire.session_id}),
    ]
    assert [answer["code"] for answer in answers] == [1002] * 5
    assert backend.ledger.charges() == ()


async def test_the_state_tells_what_was_uploaded_and_made(wire: WireClient) -> None:
    """After a video was made, the state has its draft, the uploads, the canvas and the music."""
    await wire.upload_photos(2)
    await wire.chat("make a square 4-second video")
    state = await wire.state()
    assert state["draft"]["d"] == 4000
    assert state["canvas_config"]["width"] == state["canvas_config"]["height"] == 1080
    assert [item["filename"] for item in state["video_infos"]] == ["a.jpg", "b.jpg"]
    assert [item["name"] for item in state["generated_media"]] == ["lo-fi"]
    assert "40x30" in state["video_analyses"][0]["summary"]


async def test_bodies_are_strict(backend: LocalBackend, wire: WireClient) -> None:
    """What is no JSON object, or has wrong types, is refused with 422 and changes nothing."""
    path = f"{backend.url}/api/tasks/me/with-session/nemo_agent"
    for body in (b"", b"[]", b"null", b"{", b'{"a": NaN}', b"[" * 5000, b'{"task_name": 1}', b"\xff"):
        headers = {**wire.headers, "Content-Type": "application/json"}
        async with wire.http.post(path, data=body, headers=headers) as response:
            assert (response.status, (await response.json())["code"]) == (422, 422), body[:20]


async def test_unknown_paths_and_methods_have_envelopes(wire: WireClient) -> None:
    """Even a wrong path or method is answered with JSON."""
    assert (await wire.get("/nothing/here"))["code"] == 404
    assert (await wire.get("/run_sse"))["code"] == 405
