"""An account, its credits and its sessions, shared by all processes of a home."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tiny_session import MAKE, photo, session_with_photo

from nemovideo import NemoVideo, Progress, Timing
from nemovideo.errors import (
    ConfigurationError,
    DownloadError,
    EmptyDraftError,
    InsufficientCreditsError,
    NemoVideoError,
    SessionNotFoundError,
)
from nemovideo.local import LocalBackend

PEEK = """
import asyncio, json, sys
from nemovideo import NemoVideo

async def main():
    async with NemoVideo() as nemo:
        session = nemo.sessions.attach(sys.argv[1])
        state = await session.state()
        balance = await nemo.credits.balance()
        print(json.dumps([state.draft.summary(), balance.available]))

asyncio.run(main())
"""


@pytest.fixture
async def backend() -> AsyncIterator[LocalBackend]:
    async with LocalBackend(silent_edits=0) as backend:
        yield backend


def paths(backend: LocalBackend) -> list[str]:
    return [request.path for request in backend.requests]


async def test_a_second_process_shares_the_token_and_picks_the_session_up(
    backend: LocalBackend, tmp_path: Path
) -> None:
    """The same home: one starter token, and the session's id is all that the other one needs."""
    home = tmp_path / "home"
    async with NemoVideo(base_url=backend.url, config_dir=home / ".config" / "nemovideo") as nemo:
        session = await session_with_photo(nemo, tmp_path)
        turn = await session.chat(MAKE)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("NEMO_", "XDG_"))}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PEEK, session.session_id,
        env={**environment, "HOME": str(home), "NEMO_API_URL": backend.url},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert turn.draft is not None
    assert json.loads(said) == [turn.draft.summary(), 99]
    assert paths(backend).count("/api/auth/anonymous-token") == 1


async def test_credits_are_spent_by_turns_and_by_nothing_else(backend: LocalBackend, tmp_path: Path) -> None:
    """Uploads, states and exports cost none."""
    async with NemoVideo(base_url=backend.url, config_dir=tmp_path / "home") as nemo:
        assert (await nemo.credits.balance()).total == 100
        session = await session_with_photo(nemo, tmp_path)
        await session.chat(MAKE)
        await session.export(tmp_path / "out.mp4", quality="low")
        balance = await nemo.credits.balance()
        assert (balance.available, balance.frozen, balance.total) == (99, 0, 99)
        assert [charge.message for charge in backend.ledger.charges(session.session_id)] == [MAKE]


async def test_without_credits_a_turn_says_where_to_register(tmp_path: Path) -> None:
    """An anonymous user keeps the work by registering with the user id; nothing was charged."""
    async with NemoVideo.local(credits=0) as nemo:
        session = await session_with_photo(nemo, tmp_path)
        with pytest.raises(InsufficientCreditsError) as caught:
            await session.chat(MAKE)
        assert nemo.backend is not None
        assert caught.value.register_url == f"{nemo.backend.web_url}/register?bind={session.user_id}"
        assert caught.value.register_url in str(caught.value)
        assert caught.value.code == 2001
        assert not nemo.backend.ledger.charges()
        assert paths(nemo.backend).count("/run_sse") == 1


async def test_a_given_token_has_nowhere_to_register(backend: LocalBackend, tmp_path: Path) -> None:
    """It may belong to a registered user: the hint is to top up."""
    async with NemoVideo(base_url=backend.url, config_dir=tmp_path) as nemo:
        session = await nemo.sessions.create()
    token = backend.requests[-1].headers["Authorization"].removeprefix("Bearer ")
    backend.faults.add("POST /run_sse", "code", code=2001)
    async with NemoVideo(token=token, base_url=backend.url) as nemo:
        with pytest.raises(InsufficientCreditsError, match="Top up") as caught:
            await nemo.chat.send(session.session_id, "what can you do?")
        assert caught.value.register_url is None
        assert backend.faults.fired["POST /run_sse", "code"] == 1


async def test_a_claim_link_leads_to_the_web_site(backend: LocalBackend, tmp_path: Path) -> None:
    """Of a new session as of one picked up with its task; each link is good for one browser."""
    web = "https://web.example"
    async with NemoVideo(base_url=backend.url, web_url=web, config_dir=tmp_path) as nemo:
        session = await nemo.sessions.create()
        again = nemo.sessions.attach(session.session_id, task_id=session.task_id)
        links = {await session.claim_link(), await again.claim_link()}
        assert len(links) == 2
        assert all(link.startswith(f"{web}/workspace/claim?ct=clm_") for link in links)


async def test_a_claim_link_without_a_task_is_refused_before_anything_is_sent(backend: LocalBackend) -> None:
    """A session that was picked up without its task says where to get it."""
    async with NemoVideo(token="t", base_url=backend.url) as nemo:
        with pytest.raises(ConfigurationError, match=r"Keep Session\.task_id"):
            await nemo.sessions.attach("s1").claim_link()
    assert not backend.requests


@pytest.mark.parametrize("session_id", ["", "..", "half \ud800"])
async def test_what_is_no_session_id_is_refused_before_anything_is_sent(
    backend: LocalBackend, session_id: str
) -> None:
    async with NemoVideo(token="t", base_url=backend.url) as nemo:
        with pytest.raises(ConfigurationError, match="is no session id"):
            await nemo.sessions.state(session_id)
    assert not backend.requests


async def test_a_session_that_is_not_there_is_a_typed_error_and_costs_nothing(
    backend: LocalBackend, tmp_path: Path
) -> None:
    """Attaching sends nothing; the first call finds out, before a message is sent."""
    async with NemoVideo(base_url=backend.url, config_dir=tmp_path) as nemo:
        session = nemo.sessions.attach("gone")
        assert not backend.requests
        with pytest.raises(SessionNotFoundError):
            await session.state()
        with pytest.raises(SessionNotFoundError):
            await session.chat("add a title")
        assert "/run_sse" not in paths(backend)
        for wrong in ("", None, 7):
            with pytest.raises(ConfigurationError):
                nemo.sessions.attach(wrong)  # type: ignore[arg-type]  # that is the point
        with pytest.raises(ConfigurationError):
            await nemo.sessions.create("")


async def test_make_video_does_all_steps_and_tells_each(tmp_path: Path) -> None:
    """Photos and a wish become a file: one session, one upload, one message, one render."""
    told: list[Progress] = []
    async with NemoVideo.local(timing=Timing(render_poll=0.02)) as nemo:
        video = await nemo.make_video(
            iter((str(photo(tmp_path)), str(photo(tmp_path, "b.png")))),
            "make a 1-second video",
            to=tmp_path / "out.mp4",
            on_progress=told.append,
        )
        assert nemo.backend is not None
        asked = paths(nemo.backend)
        assert len(nemo.backend.ledger.charges()) == 1
    assert video.path == tmp_path / "out.mp4"
    assert video.size == video.path.stat().st_size > 0
    assert video.duration == pytest.approx(1, abs=0.05)
    assert asked.count("/run_sse") == asked.count("/api/render/proxy/lambda") == 1
    phases = list(dict.fromkeys(progress.phase for progress in told))
    assert phases == ["upload", "chat", "render", "download"]
    last = {progress.phase: progress.fraction for progress in told}
    assert (last["upload"], last["render"], last["download"]) == (1, 1, 1)


async def test_make_video_says_what_the_agent_said_where_it_made_nothing(tmp_path: Path) -> None:
    async with NemoVideo.local() as nemo:
        with pytest.raises(EmptyDraftError, match="made no timeline"):
            await nemo.make_video([photo(tmp_path)], "what can you do?", to=tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()


@pytest.mark.parametrize(
    ("photos", "prompt", "to", "error"),
    [
        ([], MAKE, "out.mp4", ConfigurationError),
        ("red.png", MAKE, "out.mp4", ConfigurationError),
        (Path("red.png"), MAKE, "out.mp4", ConfigurationError),
        (["missing.png"], MAKE, "out.mp4", ConfigurationError),
        (["red.png"], "  ", "out.mp4", ConfigurationError),
        (["red.png"], MAKE, "no/folder/out.mp4", DownloadError),
        (["red.png"], MAKE, ".", DownloadError),
        (["red.png"], MAKE, 5, DownloadError),
        (iter([]), MAKE, "out.mp4", ConfigurationError),
    ],
    ids=[
        "no photos",
        "a string",
        "a path",
        "missing",
        "no wish",
        "no folder",
        "a folder",
        "a number",
        "used up",
    ],
)
async def test_make_video_checks_all_before_it_sends_anything(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    photos: list[str | os.PathLike[str]],
    prompt: str,
    to: str,
    error: type[NemoVideoError],
) -> None:
    monkeypatch.chdir(tmp_path)
    photo(tmp_path)
    async with NemoVideo.local() as nemo:
        with pytest.raises(error):
            await nemo.make_video(photos, prompt, to=to)
        assert nemo.backend is not None
        assert not nemo.backend.requests
