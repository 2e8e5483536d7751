"""Every public coroutine may be cancelled at each of its awaits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from every_call import CALLS, Scene, open_scene

from nemovideo import NemoVideo
from nemovideo.local import LocalBackend

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


@pytest.fixture
async def scene(backend: LocalBackend, tmp_path: Path) -> AsyncIterator[Scene]:
    async with open_scene(backend.url, tmp_path) as scene:
        yield scene


@pytest.mark.fault("F46")
@pytest.mark.parametrize("name", sorted(CALLS.keys() - {"NemoVideo.make_video"}))
async def test_a_call_is_cancelled_at_each_of_its_awaits(
    backend: LocalBackend, scene: Scene, name: str
) -> None:
    """CancelledError comes out, nothing is left or sent twice, and the same call works afterwards."""
    await _sweep(backend, scene, CALLS[name], step=1)


@pytest.mark.fault("F46")
async def test_making_a_video_is_cancelled_on_its_way(backend: LocalBackend, scene: Scene) -> None:
    """All steps in one call, on a farm that is done at once: what it serves is what was rendered before."""
    rendered = (await scene.nemo.renders.get(scene.render_id)).raw
    backend.faults.add(SUBMIT, "status", status=200, body=dict(rendered), times=None)
    try:
        await _sweep(backend, scene, CALLS["NemoVideo.make_video"], step=3)
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


@pytest.mark.fault("F46")
async def test_closing_is_cancelled_at_each_of_its_awaits() -> None:
    """All is closed all the same: the connections, and the embedded backend with its port."""
    before = asyncio.all_tasks()
    runs = 0
    is_over = False
    while not is_over:
        runs += 1
        nemo = NemoVideo.local()
        session = await nemo.sessions.create()
        await session.state()
        backend = nemo.backend
        assert backend is not None
        address = urlsplit(backend.url)
        connections = nemo._transport.connections
        opened = (connections.pooled, connections.fresh)
        cancelled = CancelledAt(nemo.close(), runs)
        try:
            await asyncio.create_task(_run(cancelled))
        except asyncio.CancelledError:
            assert cancelled.is_reached
        is_over = not cancelled.is_reached
        assert [one.closed for one in opened] == [True, True]
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(address.hostname, address.port)
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
        assert {path.name for path in scene.folder.iterdir()} <= {"out.mp4"}
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
