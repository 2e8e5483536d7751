"""Render jobs: one at a time, in a thread, remembered across a restart."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from typing import TYPE_CHECKING, Any, Literal

from attrs import asdict, evolve, field, frozen

from nemovideo.draft.model import Draft
from nemovideo.local.render.errors import RenderError

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from pathlib import Path

    from nemovideo.local._store.files import Files
    from nemovideo.local._store.records import Records
    from nemovideo.local._store.sessions import SessionStore

Status = Literal["pending", "processing", "completed", "failed", "cancelled"]

_TOLD_WARNINGS = 10
_BROKEN = "The renderer failed; the backend's log says why."
_logger = logging.getLogger("nemovideo.local")


@frozen
class RenderJob:
    """One video to be made.

    Attributes:
        id: The client's id for it.
        user_id: Who asked.
        session_id: The session it belongs to.
        draft: The timeline, as on the wire.
        output: What was asked for: format, quality and the like.
        status: How far it is.
        cdn_path: Where the finished video is served.
        error: Why it failed.
        facts: Of the finished video: width, height, and duration in seconds.
    """

    id: str
    user_id: str
    session_id: str
    draft: dict[str, Any] = field(repr=False)
    output: dict[str, Any]
    status: Status = "pending"
    cdn_path: str = ""
    error: str = ""
    facts: dict[str, float] = field(factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in ("completed", "failed", "cancelled")


class RenderQueue:
    """The jobs, and the worker that does them in order of arrival."""

    def __init__(self, records: Records, sessions: SessionStore, files: Files, threads: Executor) -> None:
        self._records = records
        self._sessions = sessions
        self._files = files
        self._threads = threads
        self._jobs = {record["id"]: RenderJob(**record) for record in records.load("render")}
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self._progress: dict[str, float] = {}
        self._cancelled: dict[str, threading.Event] = {}
        self._worker: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to work, first on what a former process left undone."""
        for job in self._jobs.values():
            if not job.is_over:
                self._waiting.put_nowait(job.id)
        self._worker = asyncio.create_task(self._work(), name="nemovideo render queue")

    def submit(self, job: RenderJob) -> RenderJob:
        """Put a job in the queue; an id that is there already is that job, whatever else is asked."""
        if job.id not in self._jobs:
            self._write(job)
            self._waiting.put_nowait(job.id)
        return self._jobs[job.id]

    def find(self, job_id: str) -> RenderJob | None:
        """Return a job."""
        return self._jobs.get(job_id)

    def of_session(self, session_id: str) -> tuple[RenderJob, ...]:
        """Return the jobs of a session, in order of arrival."""
        return tuple(job for job in self._jobs.values() if job.session_id == session_id)

    def progress(self, job: RenderJob) -> float:
        """Return how much of a job is done, 0 to 100."""
        return 100.0 if job.status == "completed" else round(100 * self._progress.get(job.id, 0.0), 1)

    def cancel(self, job: RenderJob) -> RenderJob:
        """Call a job off; one that is over stays as it is."""
        if job.is_over:
            return job
        if job.id in self._cancelled:
            self._cancelled[job.id].set()
        return self._write(evolve(job, status="cancelled"))

    async def close(self) -> None:
        """Stop; what is not done stays in the queue for the next start."""
        if self._worker is None:
            return
        self._worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._worker
        self._worker = None

    async def _work(self) -> None:
        while True:
            job = self._jobs[await self._waiting.get()]
            if job.is_over:
                continue
            try:
                await self._make(self._write(evolve(job, status="processing")))
            except Exception:  # one job's misfortune, such as a full disk, must not end the queue
                _logger.exception("render %s failed", job.id)
                self._write(evolve(job, status="failed", error=_BROKEN))

    async def _make(self, job: RenderJob) -> None:
        cancelled = self._cancelled[job.id] = threading.Event()
        path, cdn_path = self._files.reserve(f"{job.id}.{job.output.get('format', 'mp4')}")
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._threads, self._render, job, path, cancelled)
        try:
            outcome = await asyncio.shield(work)
            if self._jobs[job.id].status == "cancelled":
                return
            if isinstance(outcome, str):
                self._write(evolve(job, status="failed", error=outcome))
                return
            self._write(evolve(job, status="completed", cdn_path=cdn_path, facts=outcome))
            self._sessions.add_generated(
                job.session_id, {"media_type": "video", "id": job.id, "cdn_path": cdn_path}
            )
        except asyncio.CancelledError:
            cancelled.set()
            await asyncio.wait([work])
            raise
        finally:
            del self._cancelled[job.id]
            if self._jobs[job.id].status != "completed":
                self._files.release(path)

    def _render(self, job: RenderJob, path: Path, cancelled: threading.Event) -> dict[str, float] | str:
        """Make the video; runs in a thread. Returns the facts of it, or why it could not be made."""
        try:
            from nemovideo.local.render.engine import render
            from nemovideo.local.render.media import probe
            from nemovideo.local.render.plan import Output, plan
        except ImportError as error:
            return f'{error.name} is missing: pip install "nemovideo[local]"'
        try:
            draft = Draft.from_wire(job.draft)
            names = {segment.source for track in draft.tracks for segment in track.segments}
            found = {name: self._files.find(name) for name in names if name}
            sources = {name: probe(file) for name, file in found.items() if file is not None}
            planned = plan(draft, sources, Output(**job.output))
            for warning in planned.warnings[:_TOLD_WARNINGS]:
                _logger.warning("render %s: %s", job.id, warning)
            render(
                planned,
                path,
                on_progress=lambda share: self._progress.__setitem__(job.id, share),
                cancelled=cancelled,
            )
        except RenderError as error:
            return str(error)
        return {
            "width": planned.width, "height": planned.height, "duration": planned.frames / planned.fps
        }  # fmt: skip

    def _write(self, job: RenderJob) -> RenderJob:
        self._jobs[job.id] = job
        self._records.put("render", job.id, asdict(job))
        return job
