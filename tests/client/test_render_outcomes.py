"""A render ends in a video, or in an error that says whether its job goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tiny_session import tiny_draft

from nemovideo import NemoVideo, Timing
from nemovideo._clock import ManualClock
from nemovideo.draft import Draft
from nemovideo.errors import (
    ConfigurationError,
    EmptyDraftError,
    NemoVideoError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitError,
    RenderFailedError,
    RenderTimeoutError,
    ServerError,
)
from nemovideo.local import LocalBackend

SUBMIT = "POST /api/render/proxy/lambda"
LOOK = "GET /api/render/proxy/lambda/"


@pytest.fixture
async def backend() -> AsyncIterator[LocalBackend]:
    async with LocalBackend() as backend:
        yield backend


@pytest.fixture
async def nemo(backend: LocalBackend, tmp_path: Path) -> AsyncIterator[NemoVideo]:
    timing = Timing(render_poll=0.01, render=10)
    async with NemoVideo(base_url=backend.url, timing=timing, config_dir=tmp_path / "home") as nemo:
        yield nemo


def count(backend: LocalBackend, route: str) -> int:
    """Return how many requests came for `METHOD /path`, the path being the beginning of theirs."""
    return sum(f"{request.method} {request.path}".startswith(route) for request in backend.requests)


def job_ids(backend: LocalBackend) -> set[str]:
    """Return the ids that were asked for."""
    return {request.path.rsplit("/", 1)[-1] for request in backend.requests if "/lambda/" in request.path}


async def test_a_render_becomes_a_file(backend: LocalBackend, nemo: NemoVideo, tmp_path: Path) -> None:
    """The video knows its file, its job and its size; the ids are ours."""
    session = await nemo.sessions.create()
    video = await session.export(tmp_path / "out.mp4", draft=tiny_draft())
    assert video.path == tmp_path / "out.mp4"
    assert video.size == video.path.stat().st_size > 0
    assert (video.width, video.height, video.duration) == (64, 64, 0.2)
    assert job_ids(backend) == {video.render_id}
    assert count(backend, SUBMIT) == 1
    assert not backend.ledger.charges()


@pytest.mark.fault("F42")
@pytest.mark.parametrize("status", ["failed", "cancelled"])
async def test_a_failed_job_is_an_error_at_once(
    backend: LocalBackend, nemo: NemoVideo, tmp_path: Path, status: str
) -> None:
    """The error has the job, its status and the farm's reason; no file is written."""
    body = {"success": True, "data": {"id": "x", "status": status, "error": "out of paint"}}
    backend.faults.add(LOOK, "status", status=200, body=body)
    session = await nemo.sessions.create()
    with pytest.raises(RenderFailedError, match="out of paint") as caught:
        await session.export(tmp_path / "out.mp4", draft=tiny_draft())
    assert caught.value.status == status
    assert job_ids(backend) == {caught.value.render_id}
    assert backend.faults.fired[LOOK, "status"] == 1
    assert (count(backend, SUBMIT), count(backend, LOOK)) == (1, 1)
    assert not (tmp_path / "out.mp4").exists()


@pytest.mark.fault("F42")
async def test_a_job_that_vanishes_is_an_error(backend: LocalBackend, nemo: NemoVideo) -> None:
    """The service no longer knows the id: waiting would never end."""
    session = await nemo.sessions.create()
    job = await nemo.renders.submit(session.session_id, tiny_draft())
    backend.faults.add(LOOK, "code", code=404, status=404, times=None)
    with pytest.raises(RenderFailedError) as caught:
        await nemo.renders.wait(job.id)
    assert (caught.value.render_id, caught.value.status) == (job.id, "unknown")
    assert backend.faults.fired[LOOK, "code"] == 1
    assert count(backend, SUBMIT) == 1


async def test_a_wait_that_no_token_is_given_for_ends_at_once(backend: LocalBackend, nemo: NemoVideo) -> None:
    """The token is refused, and a new one is given once in 7 days: later looks would fare no better."""
    session = await nemo.sessions.create()
    job = await nemo.renders.submit(session.session_id, tiny_draft())
    backend.faults.add(LOOK, "code", code=1001, times=None)
    with pytest.raises(RateLimitError) as caught:
        await nemo.renders.wait(job.id)
    assert (caught.value.retry_after or 0) > 86_400
    assert backend.faults.fired[LOOK, "code"] == count(backend, LOOK) == 1


@pytest.mark.fault("F42")
async def test_an_unknown_status_is_waited_on_to_the_deadline_with_one_warning(
    backend: LocalBackend, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A word of a newer service may mean anything: one warning, and the job's id for later."""
    body = {"id": "render_1", "status": "painting", "progress": 3}
    backend.faults.add(LOOK, "status", status=200, body=body, times=None)
    clock = ManualClock()
    async with NemoVideo(token="t", base_url=backend.url, timing=Timing(), clock=clock) as nemo:
        waiting = asyncio.create_task(nemo.renders.wait("render_1", timeout=300))
        with caplog.at_level(logging.WARNING, "nemovideo"):
            await pass_time(clock, waiting, 301)
        with pytest.raises(RenderTimeoutError, match=r'nemo\.renders\.wait\("render_1"\)') as caught:
            await waiting
    assert caught.value.status == "painting"
    assert [record.getMessage() for record in caplog.records] == [
        "render render_1 has the unknown status 'painting'; waiting on"
    ]
    assert count(backend, LOOK) == backend.faults.fired[LOOK, "status"] == 11


@pytest.mark.parametrize(
    ("name", "asked", "begins"),
    [("a.gif", None, b"GIF8"), ("a.GIF", "mp4", b"\0\0\0"), ("a.video", None, b"\0\0\0")],
)
async def test_the_name_tells_the_format_unless_it_is_asked_for(
    nemo: NemoVideo, tmp_path: Path, name: str, asked: str | None, begins: bytes
) -> None:
    """A .gif is a GIF; a name that ends in nothing known becomes an MP4."""
    session = await nemo.sessions.create()
    video = await session.export(tmp_path / name, draft=tiny_draft(), file_format=asked)
    assert video.path.read_bytes().startswith(begins)


async def pass_time(clock: ManualClock, task: asyncio.Task[object], seconds: float) -> None:
    """Move the clock in steps of a second until the task is done or the time is over."""
    end = clock.monotonic() + seconds
    while not task.done() and clock.monotonic() < end:
        await clock.advance(1)


@pytest.mark.fault("F40")
async def test_a_wall_clock_that_jumps_moves_no_deadline_of_a_render(backend: LocalBackend) -> None:
    """An hour forward or back in the middle: the wait ends when its seconds are over."""
    backend.faults.add(LOOK, "status", status=200, body={"id": "r", "status": "processing"}, times=None)
    clock = ManualClock()
    async with NemoVideo(token="t", base_url=backend.url, timing=Timing(), clock=clock) as nemo:
        for jump in (3600, -7200):
            begun = clock.monotonic()
            waiting = asyncio.create_task(nemo.renders.wait("render_1", timeout=300))
            await pass_time(clock, waiting, 100)
            clock.jump(jump)
            await pass_time(clock, waiting, 1000)
            with pytest.raises(RenderTimeoutError):
                await waiting
            assert clock.monotonic() - begun == pytest.approx(300, abs=3)
    assert count(backend, LOOK) == backend.faults.fired[LOOK, "status"] == 22


async def test_a_look_that_hangs_does_not_outlast_the_wait(backend: LocalBackend) -> None:
    """The deadline of a wait bounds the calls inside it, whatever `Timing.request` says."""
    clock = ManualClock()
    backend.faults.add(LOOK, "delay", seconds=3600, times=None)
    async with NemoVideo(token="t", base_url=backend.url, timing=Timing(request=900), clock=clock) as nemo:
        waiting = asyncio.create_task(nemo.renders.wait("render_1", timeout=60))
        await pass_time(clock, waiting, 70)
        assert waiting.done()
        with pytest.raises(RenderTimeoutError):
            await waiting
    assert backend.faults.fired[LOOK, "delay"] >= 1


async def test_a_network_that_fails_only_delays_the_next_look(
    backend: LocalBackend, nemo: NemoVideo, tmp_path: Path
) -> None:
    """A look that breaks, its repeats included, ends no wait, and the job stays one job."""
    backend.faults.add(LOOK, "reset_after_request", times=4)
    session = await nemo.sessions.create()
    video = await session.export(tmp_path / "out.mp4", draft=tiny_draft())
    assert video.size
    assert backend.faults.fired[LOOK, "reset_after_request"] == 4
    assert count(backend, SUBMIT) == 1
    assert job_ids(backend) == {video.render_id}


@pytest.mark.fault("F43")
@pytest.mark.parametrize(("kind", "submits"), [("reset_after_accept", 1), ("reset_after_request", 2)])
async def test_a_lost_answer_to_a_submit_never_makes_a_second_job(
    backend: LocalBackend, nemo: NemoVideo, tmp_path: Path, kind: str, submits: int
) -> None:
    """The id is looked up before it is submitted again, and only if the service does not know it."""
    backend.faults.add(SUBMIT, kind)
    session = await nemo.sessions.create()
    video = await session.export(tmp_path / "out.mp4", draft=tiny_draft())
    assert backend.faults.fired[SUBMIT, kind] == 1
    assert count(backend, SUBMIT) == submits
    routes = [f"{request.method} {request.path}" for request in backend.requests]
    after = routes[routes.index(SUBMIT) + 1]
    assert after == LOOK + video.render_id, "the look comes first"
    assert job_ids(backend) == {video.render_id}
    state = await session.state()
    assert isinstance(state.generated_media, list)
    assert len(state.generated_media) == 1


@pytest.mark.fault("F43")
@pytest.mark.parametrize(
    ("kind", "options"),
    [("reset_after_request", {}), ("code", {"code": 429, "retry_after": 60}), ("code", {"code": 1001})],
    ids=["network", "rate limit", "token"],
)
async def test_a_submit_whose_job_cannot_be_looked_up_is_unknown(
    backend: LocalBackend, nemo: NemoVideo, kind: str, options: dict[str, int]
) -> None:
    """No answer, and no look either: the error names the id, and nothing was submitted again."""
    backend.faults.add(SUBMIT, "reset_after_accept")
    backend.faults.add(LOOK, kind, times=None, **options)
    session = await nemo.sessions.create()
    with pytest.raises(OutcomeUnknownError) as caught:
        await nemo.renders.submit(session.session_id, tiny_draft(), render_id="render_mine")
    assert "render_mine" in caught.value.hint
    assert not caught.value.may_have_charged, "rendering costs no credits"
    assert count(backend, SUBMIT) == backend.faults.fired[SUBMIT, "reset_after_accept"] == 1
    backend.faults.clear()
    assert (await nemo.renders.wait("render_mine")).is_completed


@pytest.mark.parametrize(
    ("raised", "status"), [(ServerError, 500), (NemoVideoError, 402)], ids=["server error", "plan"]
)
async def test_a_refused_submit_is_not_repeated(
    backend: LocalBackend, nemo: NemoVideo, raised: type[NemoVideoError], status: int
) -> None:
    backend.faults.add(SUBMIT, "status", status=status, body="")
    session = await nemo.sessions.create()
    with pytest.raises(raised):
        await nemo.renders.submit(session.session_id, tiny_draft())
    assert count(backend, SUBMIT) == 1


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda nemo: nemo.renders.submit("s", Draft.from_wire({"t": [], "d": 0})), EmptyDraftError),
        (lambda nemo: nemo.renders.submit("s", {"t": []}), ConfigurationError),
        (lambda nemo: nemo.renders.submit("s", tiny_draft(), file_format="exe"), ConfigurationError),
        (lambda nemo: nemo.renders.submit("s", tiny_draft(), quality="best"), ConfigurationError),
        (lambda nemo: nemo.renders.get(""), ConfigurationError),
        (lambda nemo: nemo.renders.export("s", tiny_draft(), "/nowhere/out.mp4"), NemoVideoError),
    ],
    ids=["empty", "JSON", "format", "quality", "no id", "no folder"],
)
async def test_what_cannot_work_is_refused_before_anything_is_sent(
    backend: LocalBackend,
    nemo: NemoVideo,
    call: Callable[[NemoVideo], AsyncIterator[object]],
    error: type[NemoVideoError],
) -> None:
    with pytest.raises(error):
        await call(nemo)  # type: ignore[misc]  # each is a coroutine
    assert not backend.requests


@pytest.mark.parametrize("timeout", [float("nan"), -1, "60"])
async def test_a_timeout_that_is_no_time_is_refused_before_anything_is_sent(
    backend: LocalBackend, nemo: NemoVideo, tmp_path: Path, timeout: float
) -> None:
    """Not a number would be a wait without an end."""
    with pytest.raises(ConfigurationError, match="no time to wait"):
        await nemo.renders.wait("render_1", timeout=timeout)
    with pytest.raises(ConfigurationError, match="no time to wait"):
        await nemo.renders.export("s1", tiny_draft(), tmp_path / "out.mp4", timeout=timeout)
    assert not backend.requests


async def test_a_job_is_found_by_its_id_and_cancelled(backend: LocalBackend, nemo: NemoVideo) -> None:
    """Another client of the same account sees the job; after a cancel, waiting and fetching are errors."""
    session = await nemo.sessions.create()
    long = tiny_draft(duration_ms=60_000, side=640)
    job = await nemo.renders.submit(session.session_id, long)
    assert (await nemo.renders.get(job.id)).id == job.id
    with pytest.raises(RenderFailedError, match="not completed"):
        await nemo.renders.download(job.id)
    assert (await nemo.renders.cancel(job.id)).status == "cancelled"
    with pytest.raises(RenderFailedError) as caught:
        await nemo.renders.wait(job.id)
    assert caught.value.status == "cancelled"


async def test_a_submit_without_a_connection_was_not_sent(backend: LocalBackend) -> None:
    """The caller may repeat it freely."""
    await backend.close()
    async with NemoVideo(token="t", base_url=backend.url, timing=Timing(request=0.2)) as other:
        with pytest.raises(NotSentError):
            await other.renders.submit("s", tiny_draft())
