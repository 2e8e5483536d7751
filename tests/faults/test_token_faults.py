"""Tokens that expire, and the files that keep them."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from answering import TOKEN, HurriedClock, answering, envelope, refusal
from loopback import Loopback, Received, http
from raised import assert_ours

from nemovideo import NemoVideo
from nemovideo.errors import AuthenticationError, RateLimitError

FAR = "2099-01-01T00:00:00Z"


class Issuer(Loopback):
    """Gives out `nmv_usr_token_1`, `…2`, …; the credits are told to the newest token only."""

    def __init__(self) -> None:
        super().__init__(self._respond)
        self.issued = 0

    async def _respond(self, request: Received, writer: asyncio.StreamWriter) -> None:
        if request.path == "/api/auth/anonymous-token":
            self.issued += 1
            await asyncio.sleep(0)  # others may come meanwhile
            writer.write(envelope({"token": self.newest, "user_id": "anon_1", "expires_at": FAR}))
        elif request.headers["authorization"] == f"Bearer {self.newest}":
            writer.write(envelope({"available": 100}))
        else:
            writer.write(refusal(1001, "token expired"))

    @property
    def newest(self) -> str:
        return f"nmv_usr_token_{self.issued}"

    def expire(self) -> None:
        """The token in use is refused from now on, as if another had been issued."""
        self.issued += 1


def client_ids(server: Loopback) -> list[str]:
    return [r.headers["x-client-id"] for r in server.requests if "x-client-id" in r.headers]


@pytest.mark.fault("F39")
async def test_fifty_calls_share_one_renewal(tmp_path: Path) -> None:
    """All are refused, one token is asked for, with the same client id, and each call is made once more."""
    async with Issuer() as server, NemoVideo(base_url=server.url, config_dir=tmp_path) as nemo:
        await nemo.credits.balance()
        server.expire()
        server.requests.clear()
        balances = await asyncio.gather(*(nemo.credits.balance() for _ in range(50)))
        assert {balance.available for balance in balances} == {100}
        assert server.count("POST /api/auth/anonymous-token") == 1
        by_token = Counter(request.headers.get("authorization") for request in server.requests)
        assert by_token == {None: 1, "Bearer nmv_usr_token_1": 50, "Bearer nmv_usr_token_3": 50}
        client_id = (tmp_path / "client_id").read_text().strip()
        assert [r.headers["x-client-id"] for r in server.requests if "x-client-id" in r.headers] == [
            client_id
        ]


@pytest.mark.fault("F39")
async def test_fifty_first_calls_share_one_token(tmp_path: Path) -> None:
    async with Issuer() as server, NemoVideo(base_url=server.url, config_dir=tmp_path) as nemo:
        await asyncio.gather(*(nemo.credits.balance() for _ in range(50)))
        assert server.count("POST /api/auth/anonymous-token") == 1
        assert server.count("GET") == 50


@pytest.mark.fault("F39")
async def test_a_renewal_outlives_the_caller_that_began_it(tmp_path: Path) -> None:
    """The token was asked for; that its first caller gave up loses it for nobody."""
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def answer(request: Received, writer: asyncio.StreamWriter) -> None:
        if request.method == "POST":
            arrived.set()
            await go_on.wait()
            writer.write(envelope({"token": TOKEN, "user_id": "anon_1", "expires_at": FAR}))
        else:
            writer.write(envelope({"available": 1}))

    async with Loopback(answer) as server, NemoVideo(base_url=server.url, config_dir=tmp_path) as nemo:
        first = asyncio.create_task(nemo.credits.balance())
        await arrived.wait()
        second = asyncio.create_task(nemo.credits.balance())
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        go_on.set()
        assert (await second).available == 1
        assert (server.count("POST"), server.count("GET")) == (1, 1)


@pytest.mark.fault("F39")
async def test_a_given_token_is_never_replaced(tmp_path: Path) -> None:
    """No other is asked for, none is stored, and the call is not made again."""
    async with (
        answering(GET=refusal(1001, f"bad token {TOKEN}"), POST=envelope({})) as server,
        NemoVideo(token=TOKEN, base_url=server.url, config_dir=tmp_path) as nemo,
    ):
        with pytest.raises(AuthenticationError) as caught:
            await nemo.credits.balance()
        assert_ours(caught.value, TOKEN)
        assert caught.value.message == "bad token [token]"
        assert [request.line for request in server.requests] == ["GET /api/credits/balance/simple"]
        assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 - an empty folder


@pytest.mark.fault("F39")
async def test_a_new_token_that_is_refused_too_ends_it(tmp_path: Path) -> None:
    """One renewal for a call, not one after another."""
    token = envelope({"token": TOKEN, "user_id": "anon_1", "expires_at": FAR})
    async with (
        answering(GET=refusal(1001), POST=token) as server,
        NemoVideo(base_url=server.url, config_dir=tmp_path) as nemo,
    ):
        with pytest.raises(AuthenticationError):
            await nemo.credits.balance()
        assert (server.count("POST"), server.count("GET")) == (2, 2)


@pytest.mark.fault("F39")
async def test_one_token_in_seven_days_is_told_as_that(tmp_path: Path) -> None:
    """A 429 that asks for days is not waited for: the error says when."""
    limited = http(b"", "429 Too Many Requests", "text/plain", "Retry-After: 600000")
    clock = HurriedClock()
    async with (
        answering(POST=limited) as server,
        NemoVideo(base_url=server.url, config_dir=tmp_path, clock=clock) as nemo,
    ):
        with pytest.raises(RateLimitError) as caught:
            await nemo.credits.balance()
        assert caught.value.retry_after == 600_000
        assert (len(server.requests), clock.waits) == (1, [])


# --- the files ----------------------------------------------------------------------------------------


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.fault("F44")
async def test_the_kept_token_is_for_its_owner_only(tmp_path: Path) -> None:
    """Mode 0600 in a folder of mode 0700, whatever the umask; a looser one is mended when it is read."""
    home = tmp_path / "home" / "nemovideo"
    old = os.umask(0)
    try:
        async with Issuer() as server:
            async with NemoVideo(base_url=server.url, config_dir=home) as nemo:
                await nemo.credits.balance()
            assert mode(home) == 0o700
            assert {path.name: mode(path) for path in home.iterdir() if path.name != "token.lock"} == {
                "tokens.json": 0o600,
                "client_id": 0o600,
            }
            (home / "tokens.json").chmod(0o644)
            async with NemoVideo(base_url=server.url, config_dir=home) as nemo:
                await nemo.credits.balance()
            assert mode(home / "tokens.json") == 0o600
            assert server.count("POST") == 1
    finally:
        os.umask(old)


@pytest.mark.fault("F44")
@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"\xff\xfe\x00", b"[]", b"null", b"[" * 100_000, b'{"%s": 7}', b'{"%s": {"token": 7}}', None],
)
async def test_a_damaged_cache_means_a_new_token(tmp_path: Path, damage: bytes | None) -> None:
    """Not a crash; and what is written then is whole."""
    async with Issuer() as server:
        if damage is None:
            (tmp_path / "tokens.json").symlink_to(tmp_path / "nowhere")
        else:
            (tmp_path / "tokens.json").write_bytes(damage.replace(b"%s", f"{server.url} client-1".encode()))
        async with NemoVideo(base_url=server.url, client_id="client-1", config_dir=tmp_path) as nemo:
            await nemo.credits.balance()
        assert server.count("POST") == 1
        kept = json.loads((tmp_path / "tokens.json").read_text())
        assert kept[f"{server.url} client-1"]["token"] == server.newest


@pytest.mark.fault("F44")
async def test_an_expired_token_is_not_tried(tmp_path: Path) -> None:
    async with Issuer() as server:
        old = {"token": "nmv_usr_old", "user_id": "anon_1", "expires_at": "2020-01-01T00:00:00+00:00"}
        (tmp_path / "tokens.json").write_text(json.dumps({f"{server.url} client-1": old}))
        async with NemoVideo(base_url=server.url, client_id="client-1", config_dir=tmp_path) as nemo:
            await nemo.credits.balance()
        assert [request.method for request in server.requests] == ["POST", "GET"]


@pytest.mark.fault("F44")
async def test_a_token_goes_to_its_own_api_only(tmp_path: Path) -> None:
    """Two services, one home: each gets its own."""
    async with Issuer() as one, Issuer() as other:
        other.issued = 70
        for _ in range(2):
            for server in (one, other):
                async with NemoVideo(base_url=server.url, config_dir=tmp_path) as nemo:
                    await nemo.credits.balance()
        for server in (one, other):
            assert (server.count("POST"), server.count("GET")) == (1, 2)


@pytest.mark.fault("F44")
async def test_a_token_belongs_to_one_client_id(tmp_path: Path) -> None:
    """Another client id is another person, whose token another call must not use."""
    async with answering(
        POST=lambda r: envelope(
            {"token": f"nmv_{r.headers['x-client-id']}", "user_id": "u", "expires_at": FAR}
        ),
        GET=envelope({"available": 1}),
    ) as server:
        for client_id in ("one", "two", "one"):
            async with NemoVideo(base_url=server.url, client_id=client_id, config_dir=tmp_path) as nemo:
                await nemo.credits.balance()
        used = [request.headers.get("authorization") for request in server.requests]
        assert used == [None, "Bearer nmv_one", None, "Bearer nmv_two", "Bearer nmv_one"]


@pytest.mark.fault("F44")
@pytest.mark.parametrize("home", ["a file", "below a file", "/proc/nemovideo"])
async def test_a_home_that_cannot_be_written_is_replaced_by_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, home: str
) -> None:
    """One warning, one token, and the calls go on; the token is in no log."""
    (tmp_path / "file").write_text("not a folder")
    places = {"a file": tmp_path / "file", "below a file": tmp_path / "file" / "nemovideo"}
    async with Issuer() as server:
        with caplog.at_level(logging.DEBUG):
            async with NemoVideo(base_url=server.url, config_dir=places.get(home, home)) as nemo:
                await asyncio.gather(*(nemo.credits.balance() for _ in range(5)))
                server.expire()
                await nemo.credits.balance()
        warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
        assert len(warnings) == 1
        assert "in memory" in warnings[0].getMessage()
        assert "nmv_usr" not in caplog.text
        assert server.count("POST") == 2
        assert len(set(client_ids(server))) == 1


@pytest.mark.fault("F44")
async def test_a_token_in_a_home_that_became_read_only_is_still_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No lock can be made there and nothing be written; what is there is read."""
    async with Issuer() as server:
        async with NemoVideo(base_url=server.url, config_dir=tmp_path) as nemo:
            await nemo.credits.balance()
        (tmp_path / "token.lock").unlink(missing_ok=True)
        (tmp_path / "token.lock").mkdir()  # binds root as well, whom modes do not
        async with NemoVideo(base_url=server.url, config_dir=tmp_path) as nemo:
            await nemo.credits.balance()
        assert server.count("POST") == 1
        assert len(caplog.records) == 1


PROGRAM = """
import asyncio, sys
from nemovideo import NemoVideo

async def main():
    async with NemoVideo(base_url=sys.argv[1], config_dir=sys.argv[2]) as nemo:
        print("ready", flush=True)
        sys.stdin.readline()
        await asyncio.gather(*(nemo.credits.balance() for _ in range(3)))

asyncio.run(main())
"""


@pytest.mark.fault("F44")
async def test_processes_that_need_a_token_at_once_share_one(tmp_path: Path) -> None:
    """Three processes and this one begin together, with no token at hand: one is asked for."""
    async with Issuer() as server:
        children = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", PROGRAM, server.url, str(tmp_path),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )
            for _ in range(3)
        ]  # fmt: skip
        for child in children:
            assert child.stdout is not None
            assert await child.stdout.readline() == b"ready\n"
        async with NemoVideo(base_url=server.url, config_dir=tmp_path) as nemo:
            await asyncio.gather(*(child.communicate(b"go\n") for child in children), nemo.credits.balance())
        assert [child.returncode for child in children] == [0, 0, 0]
        assert server.count("POST") == 1
        assert server.count("GET") == 3 * 3 + 1
        assert (tmp_path / "client_id").read_text().strip() == server.requests[0].headers["x-client-id"]
