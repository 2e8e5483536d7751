"""Every public coroutine may be cancelled at each of its awaits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from tiny_session import MAKE, photo, session_with_photo, tiny_draft

from nemovideo import NemoVideo, Timing
from nemovideo.local import LocalBackend
from nemovideo.session import Session

TIMING = Timing(recover_first=0.01, recover_every=0.01, recover_reads=2, render_poll=0.02)
CHARGED = "POST /run_sse"
SUBMIT = "POST /api/render/proxy/lambda"


class CancelledAt:
    """Awaits something, and cancels the task at its n-th suspension.

    Attributes:
        is_reached: Whether it suspended so often.
    """

    def __init__(self, work: Awaitable[object], suspension: int) -> None:
        self._work = work
        self._left = suspension
        self.is_reached = False

    def __await__(self) -> Generator[Any, Any, object]:
        steps: Any = self._work.__await__()
        send, value = steps.send, None
        while True:
            try:
                awaited = send(value)
            except StopIteration as end:
                return end.value
            self._left -= 1
            if self._left == 0:
                self.is_reached = True
                task = asyncio.current_task()
                assert task is not None
                task.cancel()
            try:
                send, value = steps.send, (yield awaited)
            except BaseException as problem:  # noqa: BLE001 - passed on into the work
                send, value = steps.throw, problem


@pytest.fixture(scope="module")
def backend() -> Iterator[LocalBackend]:
    """A backend on a loop of its own: what is left on the test's loop is the client's."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    backend = LocalBackend(silent_edits=0, pace=0.001)
    asyncio.run_coroutine_threadsafe(backend.start(), loop).result()
    yield backend
    asyncio.run_coroutine_threadsafe(backend.close(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@frozen
class Scene:
    """What a call may use.

    Attributes:
        nemo: A client with a journal.
        session: A session with a photo.
        folder: For files; nothing but whole ones may be left there.
        render_id: A job that is completed.
    """

    nemo: NemoVideo
    session: Session
    folder: Path
    render_id: str

    async def stream(self) -> object:
        async with self.session.stream(MAKE) as stream:
            async for _ in stream:
                pass
            return await stream.result()

    async def resume(self) -> object:
        draft = tiny_draft()
        await self.nemo.journal.begin_render(
            "render_resumed",
            self.session.session_id,
            draft,
            file_format="mp4",
            quality="low",
            to=str(self.folder / "resumed.mp4"),
        )
        entries = await self.nemo.journal.pending()
        return await self.nemo.resume(next(entry for entry in entries if entry.id == "render_resumed"))


@pytest.fixture
async def scene(backend: LocalBackend, tmp_path: Path) -> AsyncIterator[Scene]:
    folder = tmp_path / "out"
    folder.mkdir()
    async with NemoVideo(
        base_url=backend.url, timing=TIMING, config_dir=tmp_path / "home", journal=tmp_path / "jobs.db"
    ) as nemo:
        session = await session_with_photo(nemo, tmp_path)
        job = await nemo.renders.submit(session.session_id, tiny_draft())
        await nemo.renders.wait(job.id)
        yield Scene(nemo, session, folder, job.id)


CALLS: dict[str, Callable[[Scene], Awaitable[object]]] = {
    "sessions.create": lambda s: s.nemo.sessions.create(),
    "sessions.state": lambda s: s.nemo.sessions.state(s.session.session_id),
    "session.state": lambda s: s.session.state(),
    "session.claim_link": lambda s: s.session.claim_link(),
    "session.upload": lambda s: s.session.upload(photo(s.folder.parent), photo(s.folder.parent, "b.png")),
    "uploads.check": lambda s: s.nemo.uploads.check(photo(s.folder.parent)),
    "session.chat": lambda s: s.session.chat("what can you do?"),
    "session.stream": lambda s: s.stream(),
    "session.export": lambda s: s.session.export(s.folder / "out.mp4", draft=tiny_draft()),
    "renders.submit": lambda s: s.nemo.renders.submit(s.session.session_id, tiny_draft()),
    "renders.get": lambda s: s.nemo.renders.get(s.render_id),
    "renders.wait": lambda s: s.nemo.renders.wait(s.render_id),
    "renders.cancel": lambda s: s.nemo.renders.cancel(s.render_id),
    "renders.download": lambda s: s.nemo.renders.download(s.render_id, s.folder / "out.mp4"),
    "credits.balance": lambda s: s.nemo.credits.balance(),
    "journal.pending": lambda s: s.nemo.journal.pending(),
    "journal.forget": lambda s: s.nemo.journal.forget("nothing"),
    "resume": lambda s: s.resume(),
}


@pytest.mark.fault("F46")
@pytest.mark.parametrize("name", CALLS)
async def test_a_call_is_cancelled_at_each_of_its_awaits(
    backend: LocalBackend, scene: Scene, name: str
) -> None:
    """CancelledError comes out, nothing is left or sent twice, and the same call works afterwards."""
    await _sweep(backend, scene, CALLS[name], step=1)


@pytest.mark.fault("F46")
async def test_making_a_video_is_cancelled_on_its_way(backend: LocalBackend, scene: Scene) -> None:
    """All steps in one call, on a farm that is done at once: what it serves is what was rendered before."""

    async def make(scene: Scene) -> object:
        return await scene.nemo.make_video([photo(scene.folder.parent)], MAKE, to=scene.folder / "out.mp4")

    rendered = (await scene.nemo.renders.get(scene.render_id)).raw
    backend.faults.add(SUBMIT, "status", status=200, body=dict(rendered), times=None)
    try:
        await _sweep(backend, scene, make, step=3)
    finally:
        backend.faults.clear()


@pytest.mark.fault("F46")
async def test_the_first_call_of_a_client_is_cancelled_at_each_of_its_awaits(
    backend: LocalBackend, tmp_path: Path
) -> None:
    """It fetches a starter token, which outlives the caller that waited for it: one a client, never lost."""
    before = asyncio.all_tasks()
    seen = len(backend.requests)
    runs = 0
    is_over = False
    while not is_over:
        runs += 1
        async with NemoVideo(base_url=backend.url, config_dir=tmp_path / str(runs)) as nemo:
            cancelled = CancelledAt(nemo.credits.balance(), runs)
            try:
                await asyncio.create_task(_run(cancelled))
            except asyncio.CancelledError:
                assert cancelled.is_reached
            is_over = not cancelled.is_reached
            assert (await nemo.credits.balance()).available == 100
        assert asyncio.all_tasks() == before
    assert runs > 3
    paths = [request.path for request in backend.requests[seen:]]
    assert paths.count("/api/auth/anonymous-token") == runs


@pytest.mark.fault("F46")
async def test_opening_a_local_client_is_cancelled_at_each_of_its_awaits() -> None:
    """No backend is left running that nobody can close."""
    before = asyncio.all_tasks()
    runs = 0
    is_over = False
    while not is_over:
        runs += 1
        nemo = NemoVideo.local()
        cancelled = CancelledAt(nemo.__aenter__(), runs)
        try:
            await asyncio.create_task(_run(cancelled))
        except asyncio.CancelledError:
            assert cancelled.is_reached
        else:
            await nemo.close()
        is_over = not cancelled.is_reached
        assert asyncio.all_tasks() == before
    assert runs > 1


async def _sweep(
    backend: LocalBackend, scene: Scene, call: Callable[[Scene], Awaitable[object]], step: int
) -> None:
    before = asyncio.all_tasks()
    seen = len(backend.requests)
    runs = 0
    while True:
        cancelled = CancelledAt(call(scene), 1 + runs * step)
        runs += 1
        try:
            await asyncio.create_task(_run(cancelled))
        except asyncio.CancelledError:
            assert cancelled.is_reached
        else:
            assert not cancelled.is_reached, "a cancellation was swallowed"
            break
        await _settle(scene)
        assert asyncio.all_tasks() == before, "a task is left"
        assert _acquired(scene.nemo) == 0, "a connection is left"
        assert {path.name for path in scene.folder.iterdir()} <= {"out.mp4", "resumed.mp4"}
        assert runs < 300
    assert runs > 1, "it was cancelled at least once"
    requests = [f"{request.method} {request.path}" for request in backend.requests[seen:]]
    for route in (CHARGED, SUBMIT):
        assert requests.count(route) <= runs


async def _run(work: CancelledAt) -> object:
    return await work


async def _settle(scene: Scene) -> None:
    """Let what was cancelled end, and show that the client still works."""
    await scene.nemo.credits.balance()
    for _ in range(20):
        await asyncio.sleep(0)


def _acquired(nemo: NemoVideo) -> int:
    """Return how many connections are in use."""
    connections = nemo._transport.connections
    used = [session.connector for session in (connections.pooled, connections.fresh)]
    return sum(len(connector._acquired) for connector in used if connector is not None)
