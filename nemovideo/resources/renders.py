"""Renders: submit a draft, wait for the farm, fetch the video. Rendering costs no credits [P]."""

from __future__ import annotations

import contextlib
import logging
import uuid
from typing import TYPE_CHECKING

from attrs import evolve

from nemovideo._transport.download import Download, check_destination, discard_parts
from nemovideo._transport.reporting import Reporter
from nemovideo._wire import endpoints
from nemovideo._wire.answers import render_answer
from nemovideo._wire.converter import render_job
from nemovideo.errors import (
    APIError,
    AuthenticationError,
    ConfigurationError,
    EmptyDraftError,
    NemoVideoError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitError,
    RenderFailedError,
    RenderTimeoutError,
    ServerError,
    TransportError,
)
from nemovideo.resources.finished_video import finished_video

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from nemovideo._transport.http import HttpTransport
    from nemovideo._wire.endpoints import Request
    from nemovideo.draft.model import Draft
    from nemovideo.journal import Journal, JournalEntry
    from nemovideo.models import OnProgress, RenderJob, Video

_logger = logging.getLogger("nemovideo")

FORMATS = ("mp4", "mov", "webm", "gif")
QUALITIES = ("low", "medium", "high")
_LAST_LOOK = 5.0
"""Seconds that a look at the deadline of a wait may take."""
_KNOWN_STATUSES = {"pending", "processing", "completed", "failed", "cancelled"}


class Renders:
    """Verbs over render jobs. A job's id is enough to find it again, from any process.

    Args:
        transport: Carries the calls.
        journal: Where renders are written down before they are submitted; None for nowhere.
    """

    def __init__(self, transport: HttpTransport, journal: Journal | None = None) -> None:
        self._transport = transport
        self._journal = journal

    async def export(
        self,
        session_id: str,
        draft: Draft,
        to: str | os.PathLike[str] | None = None,
        *,
        file_format: str | None = None,
        quality: str = "high",
        timeout: float | None = None,
        on_progress: OnProgress | None = None,
    ) -> Video:
        """Submit a draft, wait for it, and fetch the video.

        Args and errors are those of `submit`, `wait` and `download`, but for the format, which is by default
        the one that the destination's name ends in. The destination is checked before anything is sent.
        """
        target = check_destination(to)
        _check_timeout(timeout)
        file_format = file_format or _format_of(target)
        job = await self._submit_new(new_render_id(), session_id, draft, file_format, quality, target)
        return await self._finish(job.id, draft, target, timeout, on_progress)

    async def submit(
        self,
        session_id: str,
        draft: Draft,
        *,
        render_id: str | None = None,
        file_format: str = "mp4",
        quality: str = "high",
    ) -> RenderJob:
        """Submit a draft to the farm.

        Args:
            session_id: Whose media it uses.
            draft: The timeline; sent as it is, known keys and unknown.
            render_id: Unique; a new one by default. The same id never makes a second job.
            file_format: mp4, mov, webm or gif.
            quality: low, medium or high.

        Raises:
            EmptyDraftError: There is nothing to render; nothing was sent.
            ExportBlockedError: The plan does not include export.
            OutcomeUnknownError: No answer came, and the job could not be looked up; its id is in the hint.
        """
        render_id = render_id or new_render_id()
        return await self._submit_new(render_id, session_id, draft, file_format, quality, None)

    async def resume(
        self, entry: JournalEntry, *, on_progress: OnProgress | None = None
    ) -> Video | RenderJob:
        """Finish a render that the journal names; it is submitted only if the service does not know it.

        What a killed process had downloaded so far is removed, and fetched anew.

        Args:
            entry: From `Journal.pending`.
            on_progress: Told percent, then bytes.

        Returns:
            The video, where the journal knows the file it shall become; else the completed job.

        Raises:
            NemoVideoError: As `submit`, `wait` and `download`.
        """
        from nemovideo.draft.model import Draft  # only here: it is slow to load

        draft = Draft.from_wire(entry.data.get("draft"))
        file_format, quality = str(entry.data.get("file_format")), str(entry.data.get("quality"))
        if not await self._is_known(entry.id):
            await self._submit(entry.id, entry.session_id, draft, file_format, quality)
        to = entry.data.get("to")
        target = check_destination(to if isinstance(to, str) else None)
        if target is None:
            return await self.wait(entry.id, on_progress=on_progress)
        discard_parts(target.parent, _default_name(entry.id))
        return await self._finish(entry.id, draft, target, None, on_progress)

    async def get(self, render_id: str) -> RenderJob:
        """Look at a job once.

        Raises:
            APIError: The service does not know it, or refused.
        """
        return await self._ask(endpoints.get_render(render_id), render_id)

    async def wait(
        self, render_id: str, *, timeout: float | None = None, on_progress: OnProgress | None = None
    ) -> RenderJob:
        """Wait until a job is completed; a network that fails meanwhile only delays the next look.

        Args:
            render_id: From `RenderJob.id`.
            timeout: Seconds; `Timing.render` by default.
            on_progress: Told percent.

        Raises:
            RenderFailedError: It failed, was cancelled, or the service does not know it.
            RenderTimeoutError: It was not done in time; it goes on, and waiting again picks it up.
            RateLimitError: The service wants to be left alone for longer than any render takes.
        """
        _check_timeout(timeout)
        job = await self._wait(render_id, timeout, on_progress)
        await self._settle(render_id)
        return job

    async def _wait(self, render_id: str, timeout: float | None, on_progress: OnProgress | None) -> RenderJob:
        clock, timing = self._transport.clock, self._transport.timing
        deadline = clock.monotonic() + (timing.render if timeout is None else timeout)
        reporter = Reporter(on_progress, clock, "render", 100)
        status = ""
        while True:
            job = None
            with contextlib.suppress(TimeoutError):
                async with clock.timeout(max(deadline - clock.monotonic(), _LAST_LOOK)):
                    job = await self._look(render_id)
            if job is not None:
                if job.status not in _KNOWN_STATUSES and job.status != status:
                    _logger.warning("render %s has the unknown status %r; waiting on", render_id, job.status)
                status = job.status
                if job.is_completed:
                    await reporter.report(100, status, final=True)
                    return job
                if job.is_failed:
                    await self._settle(render_id)
                    raise RenderFailedError(
                        self._transport.redact(job.error or f"The render was {job.status}."),
                        render_id=render_id,
                        status=job.status,
                    )
                await reporter.report(job.progress, status)
            left = deadline - clock.monotonic()
            if left <= 0:
                raise RenderTimeoutError("The render is not done yet.", render_id=render_id, status=status)
            await clock.sleep(min(timing.render_poll, left))

    async def cancel(self, render_id: str) -> RenderJob:
        """Stop a job [P]; a finished one stays as it is.

        Raises:
            APIError: The service does not know it, or refused.
        """
        job = await self._ask(endpoints.cancel_render(render_id), render_id)
        await self._settle(render_id)
        return job

    async def download(
        self,
        render_id: str,
        to: str | os.PathLike[str] | None = None,
        *,
        on_progress: OnProgress | None = None,
    ) -> Video:
        """Fetch a completed job's video.

        The file appears at its place whole, replacing one that is there (of a link, what it leads to); after
        any failure the place is as it was.

        Args:
            render_id: From `RenderJob.id`.
            to: The file to write; by default the server's name, made safe and numbered if it is taken, in the
                current folder.
            on_progress: Told bytes.

        Raises:
            DownloadError: It cannot be written there, or did not come whole.
            RenderFailedError: The job is not completed.
        """
        target = check_destination(to)
        job = await self.get(render_id)
        if not job.is_completed:
            raise RenderFailedError(
                f"The render is not completed: it is {job.status}.",
                render_id=render_id,
                status=job.status,
                hint=f'nemo.renders.wait("{render_id}") waits for it.',
            )
        video = await self._download(job, target, on_progress)
        await self._settle(render_id)
        return video

    # --- the steps ------------------------------------------------------------------------------------

    async def _submit_new(
        self,
        render_id: str,
        session_id: str,
        draft: Draft,
        file_format: str,
        quality: str,
        target: Path | None,
    ) -> RenderJob:
        """Check what shall be rendered, write it down, submit it."""
        from nemovideo.draft.model import Draft  # only here: it is slow to load

        if not isinstance(draft, Draft):
            raise ConfigurationError("That is no draft.", hint="Draft.from_wire() makes one of JSON.")
        if not draft.is_renderable:
            raise EmptyDraftError("The timeline is empty: there is nothing to render.")
        if file_format not in FORMATS or quality not in QUALITIES:
            raise ConfigurationError(
                f"No render is made as {file_format!r} in {quality!r} quality.",
                hint=f"Formats: {', '.join(FORMATS)}. Qualities: {', '.join(QUALITIES)}.",
            )
        if self._journal is not None:
            to = str(target) if target is not None else None
            await self._journal.begin_render(
                render_id, session_id, draft, file_format=file_format, quality=quality, to=to
            )
        try:
            return await self._submit(render_id, session_id, draft, file_format, quality)
        except ServerError:
            raise  # the job may be there all the same: the journal keeps it
        except (NotSentError, APIError):
            await self._settle(render_id)
            raise

    async def _submit(
        self, render_id: str, session_id: str, draft: Draft, file_format: str, quality: str
    ) -> RenderJob:
        """Submit; after a lost answer look the id up, and submit it once more only if it is not there."""
        request = endpoints.submit_render(
            render_id, session_id, draft, file_format=file_format, quality=quality
        )
        for _ in range(2):
            try:
                return await self._ask(request, render_id)
            except OutcomeUnknownError:
                pass  # the answer was lost; the job may be there
            try:
                if await self._is_known(render_id):
                    return await self.get(render_id)
            except (TransportError, ServerError, RateLimitError, AuthenticationError):
                break
        raise OutcomeUnknownError(
            "The render was submitted, but no answer came.",
            may_have_charged=False,
            session_id=session_id,
            hint=f'Its id is {render_id}: nemo.renders.get("{render_id}") tells whether it is there.',
        )

    async def _finish(
        self,
        render_id: str,
        draft: Draft,
        target: Path | None,
        timeout: float | None,
        on_progress: OnProgress | None,
    ) -> Video:
        """Wait, fetch, and say what the draft knows of the video where the service does not."""
        job = await self._wait(render_id, timeout, on_progress)
        video = await self._download(job, target, on_progress)
        await self._settle(render_id)
        return evolve(
            video,
            width=video.width or draft.canvas.width,
            height=video.height or draft.canvas.height,
            duration=video.duration or draft.duration_ms / 1000,
        )

    async def _download(self, job: RenderJob, target: Path | None, on_progress: OnProgress | None) -> Video:
        fallback = await self._transport.locate() + endpoints.download_render(job.id).path
        download = Download(
            self._transport,
            job.url or fallback,
            target,
            default_name=_default_name(job.id),
            credentials=job.url is None,
            on_progress=on_progress,
        )
        saved = await download.run()
        return finished_video(job, saved)

    async def _is_known(self, render_id: str) -> bool:
        """Return whether the service has a job of this id.

        Raises:
            TransportError, ServerError, RateLimitError, AuthenticationError: It cannot be seen.
        """
        try:
            await self.get(render_id)
        except (ServerError, RateLimitError, AuthenticationError):
            raise
        except APIError:
            return False
        return True

    async def _settle(self, render_id: str) -> None:
        if self._journal is not None:
            await self._journal.settle(render_id)

    async def _ask(self, request: Request, render_id: str) -> RenderJob:
        return render_job(await self._transport.ask(request, render_answer), render_id)

    async def _look(self, render_id: str) -> RenderJob | None:
        """Look at a job; None while the service cannot be reached.

        Raises:
            RenderFailedError: The service does not know it.
        """
        missing: NemoVideoError | None = None
        try:
            return await self.get(render_id)
        except (TransportError, ServerError, RateLimitError) as problem:
            wait = problem.retry_after if isinstance(problem, APIError) else None
            if (wait or 0) > self._transport.timing.render:
                raise  # such as a new token, which is given once in 7 days
            _logger.warning("render %s: no look (%s); trying on", render_id, type(problem).__name__)
        except AuthenticationError:
            raise
        except APIError as problem:
            missing = problem
        if missing is not None:
            await self._settle(render_id)
            raise RenderFailedError(
                f"The service does not know this render: {missing.message}",
                render_id=render_id,
                status="unknown",
            )
        return None


def new_render_id() -> str:
    """Return a unique id; ids are ours to make [S]."""
    return f"render_{uuid.uuid4().hex}"


def _format_of(target: Path | None) -> str:
    ending = target.suffix.lower().lstrip(".") if target is not None else ""
    return ending if ending in FORMATS else "mp4"


def _check_timeout(timeout: float | None) -> None:
    if timeout is not None and not (isinstance(timeout, int | float) and timeout >= 0):
        raise ConfigurationError(f"{timeout!r} is no time to wait.", hint="Give seconds.")


def _default_name(render_id: str) -> str:
    return f"{render_id}.mp4"
