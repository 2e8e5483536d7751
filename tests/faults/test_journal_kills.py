"""Clients are killed with SIGKILL at each step; a second process finishes the work from the journal."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from chat_service import PING, ChatService, titled
from loopback import STREAM_HEAD
from proxy import Plan, Proxy

from nemovideo import NemoVideo
from nemovideo.local import LocalBackend

TESTS = Path(__file__).parent.parent
SUBMIT = "/api/render/proxy/lambda"


@asynccontextmanager
async def child(*arguments: object, token: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a client in a process of its own; it is dead afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error",
        TESTS / "faults" / "journal_child.py",
        *map(str, arguments),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "NEMO_TOKEN": token, "PYTHONPATH": str(TESTS / "client")},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def line(process: asyncio.subprocess.Process) -> str:
    """Return what a child says next."""
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


async def resumed(url: str, journal: Path, token: str) -> list[str]:
    """Resume what is pending in a second process, and return what it says."""
    async with child(url, journal, "resume", token=token) as process:
        said, _ = await process.communicate()
        assert process.returncode == 0
        return said.decode().split("\n")[:-1]


class BrokenOffChat:
    """Begins to answer, as far as `pieces` go, and never ends."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces
        self.received = asyncio.Event()

    async def __call__(self, service: ChatService, writer: asyncio.StreamWriter) -> None:
        writer.writelines(self._pieces)
        self.received.set()
        await asyncio.Event().wait()


@pytest.mark.fault("F52")
async def test_killed_before_the_message_left(tmp_path: Path) -> None:
    """It was written down, and is not sent by a resume either: the outcome stays unknown, the entry stays."""
    chat = BrokenOffChat()
    plans = (Plan(), Plan(delay=3600))  # the first connection reads the state
    async with ChatService(chat) as service, Proxy(service.url, *plans) as proxy:
        async with child(proxy.url, tmp_path / "jobs.db", "chat", token="t"):
            await proxy.until("delay")
        assert await resumed(proxy.url, tmp_path / "jobs.db", "t") == ["OutcomeUnknownError", "1 pending"]
        assert service.chats == 0
        assert service.reads == 1 + 2


@pytest.mark.fault("F52")
async def test_killed_before_the_answer(tmp_path: Path) -> None:
    """The message was sent and done: the state shows it, and it is not sent again."""
    chat = BrokenOffChat()
    async with ChatService(chat) as service:
        async with child(service.url, tmp_path / "jobs.db", "chat", token="t"):
            await chat.received.wait()
        service.draft = titled("after")
        assert await resumed(service.url, tmp_path / "jobs.db", "t") == ["Outcome.RECOVERED", "0 pending"]
        assert service.chats == 1


@pytest.mark.fault("F52")
async def test_killed_in_mid_stream(tmp_path: Path) -> None:
    """Some of the answer had come: the rest is found in the state, and nothing is sent again."""
    chat = BrokenOffChat(STREAM_HEAD, PING)
    async with ChatService(chat) as service:
        async with child(service.url, tmp_path / "jobs.db", "chat", token="t") as process:
            assert await line(process) == "Heartbeat"
        service.draft = titled("after")
        assert await resumed(service.url, tmp_path / "jobs.db", "t") == ["Outcome.RECOVERED", "0 pending"]
        assert service.chats == 1


@pytest.fixture
async def backend() -> AsyncIterator[LocalBackend]:
    async with LocalBackend() as backend:
        yield backend


@asynccontextmanager
async def account(backend: LocalBackend, folder: Path) -> AsyncIterator[tuple[str, str]]:
    """Yield the token and the session of a new account."""
    async with NemoVideo(base_url=backend.url, config_dir=folder / "home") as nemo:
        session = await nemo.sessions.create()
        token = backend.requests[-1].headers["Authorization"].removeprefix("Bearer ")
        yield token, session.session_id


@pytest.mark.fault("F53")
@pytest.mark.parametrize("step", ["before the submit", "before its answer", "rendering", "downloading"])
async def test_killed_while_a_render_runs(backend: LocalBackend, tmp_path: Path, step: str) -> None:
    """The job is found again by its id and becomes the file that it was meant for: one job, no rest."""
    plan = {"before the submit": Plan(delay=3600), "before its answer": Plan(stall_down=1)}.get(step, Plan())
    hold = {"rendering": "render", "downloading": "download"}.get(step, "")
    if step == "downloading":
        backend.faults.add("GET /cdn/", "cut_after_bytes", bytes=1000)
    out = tmp_path / "films" / "out.mp4"
    out.parent.mkdir()
    journal = tmp_path / "jobs.db"
    async with account(backend, tmp_path) as (token, session_id), Proxy(backend.url, plan) as proxy:
        async with child(proxy.url, journal, "export", session_id, out, hold, token=token) as process:
            if hold:
                assert (await line(process)).startswith(hold)
            else:
                await proxy.until("delay" if plan.delay else "stall_down")
        assert not out.exists()
        assert len(list(out.parent.iterdir())) == (1 if step == "downloading" else 0), "the part file"

        said = await resumed(proxy.url, journal, token)
        assert said[0].startswith("Video(")
        assert said[1:] == ["0 pending"]
        assert [path.name for path in out.parent.iterdir()] == ["out.mp4"]
        submits = [request for request in backend.requests if request.path == SUBMIT]
        assert len(submits) == 1
        ids = {r.path.rsplit("/", 1)[-1] for r in backend.requests if r.path.startswith(f"{SUBMIT}/")}
        assert len(ids) == 1
        async with NemoVideo(base_url=backend.url, token=token) as nemo:
            again = await nemo.renders.download(ids.pop(), tmp_path / "again.mp4")
        assert out.read_bytes() == again.path.read_bytes()
        if step == "downloading":
            assert backend.faults.fired["GET /cdn/", "cut_after_bytes"] == 1
