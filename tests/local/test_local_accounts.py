"""Starter tokens, credits and claim links."""

from __future__ import annotations

import datetime

import aiohttp
import pytest

from local.wire_client import WireClient
from nemovideo._clock import ManualClock
from nemovideo.local import LocalBackend

DAY = 24 * 3600.0


async def test_a_starter_token_is_what_the_wire_says(
    backend: LocalBackend, http: aiohttp.ClientSession
) -> None:
    """An anonymous token comes with its user, 100 credits, and an expiry seven days away."""
    client = WireClient(http, backend.url)
    answer = await client.post("/api/auth/anonymous-token", headers={"X-Client-Id": client.client_id})
    assert answer["code"] == 0
    data = answer["data"]
    assert data["token"].startswith("nmv_usr_")
    assert data["user_id"].startswith("anon_")
    assert data["credits"] == 100
    expires = datetime.datetime.fromisoformat(data["expires_at"])
    assert expires.timestamp() == pytest.approx(1_800_000_000 + 7 * DAY, abs=1)


@pytest.mark.parametrize("client_id", [None, "", "not-a-uuid"])
async def test_a_client_id_is_needed(
    backend: LocalBackend, http: aiohttp.ClientSession, client_id: str | None
) -> None:
    """Without a UUID in X-Client-Id the answer is HTTP 400, code 400."""
    headers = {} if client_id is None else {"X-Client-Id": client_id}
    async with http.post(f"{backend.url}/api/auth/anonymous-token", headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["code"] == 400


async def test_one_token_for_a_client_in_seven_days(
    backend: LocalBackend, http: aiohttp.ClientSession, clock: ManualClock
) -> None:
    """A second token is refused with 429 and the time left; after seven days the same user gets a new one."""
    client = await WireClient(http, backend.url).sign_in()
    first, user = client.token, client.user_id
    await clock.advance(2 * DAY)
    headers = {"X-Client-Id": client.client_id.upper()}
    async with http.post(f"{backend.url}/api/auth/anonymous-token", headers=headers) as response:
        assert response.status == 429
        assert int(response.headers["Retry-After"]) == 5 * DAY
        assert (await response.json())["code"] == 429
    await clock.advance(5 * DAY)
    assert (await client.get("/api/credits/balance/simple"))["code"] == 1001
    await client.sign_in()
    assert client.token != first
    assert client.user_id == user
    assert await client.credits() == 100


async def test_a_token_that_was_expired_by_hand_can_be_renewed(
    backend: LocalBackend, wire: WireClient
) -> None:
    """After `accounts.expire_tokens` calls are refused with 1001 until the client asks for a new token."""
    backend.accounts.expire_tokens()
    assert (await wire.get("/api/credits/balance/simple"))["code"] == 1001
    await wire.sign_in()
    assert await wire.credits() == 100


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer nmv_usr_wrong", "Basic abc", "nmv_usr_wrong"])
async def test_every_call_wants_a_valid_token(backend: LocalBackend, wire: WireClient, header: str) -> None:
    """Each call but the token's own and the downloads answers 1001 with HTTP 200 to a wrong bearer."""
    session = wire.session_id
    calls = [
        ("POST", "/api/tasks/me/with-session/nemo_agent"),
        ("POST", "/run_sse"),
        ("POST", f"/api/upload-video/nemo_agent/me/{session}"),
        ("GET", "/api/credits/balance/simple"),
        ("GET", f"/api/state/nemo_agent/me/{session}/latest"),
        ("POST", "/api/render/proxy/lambda"),
        ("GET", "/api/render/proxy/lambda/x"),
        ("POST", "/api/render/proxy/lambda/x/cancel"),
        ("GET", "/api/render/proxy/x/download"),
        ("POST", "/api/auth/claim-token"),
    ]
    for method, path in calls:
        headers = {"Authorization": header} if header else {}
        async with wire.http.request(method, backend.url + path, headers=headers) as response:
            assert (response.status, (await response.json())["code"]) == (200, 1001), path


async def test_the_balance_counts_turns(backend: LocalBackend, wire: WireClient) -> None:
    """An accepted turn costs one credit, one without an edit too; the ledger has an entry for each."""
    await wire.chat("make a video")
    await wire.chat("what can you do?")
    assert await wire.get("/api/credits/balance/simple") == {
        "code": 0,
        "message": "success",
        "data": {"available": 98, "frozen": 0, "total": 98},
    }
    assert [charge.message for charge in backend.ledger.charges(wire.session_id)] == [
        "make a video",
        "what can you do?",
    ]
    assert backend.ledger.charges("another") == ()


async def test_without_credits_a_turn_is_refused(http: aiohttp.ClientSession) -> None:
    """Code 2001 with the user id for the register link; nothing is charged and nothing changes."""
    async with LocalBackend(credits=1, pace=0) as backend:
        wire = await WireClient(http, backend.url).open()
        await wire.chat("hello")
        answer = await wire.post("/run_sse", wire.message("hello again"))
        assert answer["code"] == 2001
        assert answer["data"]["user_id"] == wire.user_id
        assert len(backend.ledger.charges()) == 1


async def test_a_registered_account(backend: LocalBackend, http: aiohttp.ClientSession) -> None:
    """`accounts.open_registered` gives a token for a user who is not anonymous."""
    account = backend.accounts.open_registered(7)
    wire = WireClient(http, backend.url, token=account.token)
    assert await wire.credits() == 7
    assert account.user_id.startswith("user_")
    assert account.token not in repr(account)


async def test_a_claim_token(wire: WireClient) -> None:
    """A claim token names its lifetime; another session's task is refused with 1002."""
    body = {"task_id": wire.task_id, "session_id": wire.session_id}
    data = (await wire.post("/api/auth/claim-token", body))["data"]
    assert data["claim_token"].startswith("clm_")
    assert data["expires_in"] == 1800
    assert (await wire.post("/api/auth/claim-token", {**body, "task_id": "task_x"}))["code"] == 1002
