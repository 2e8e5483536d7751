"""Renders: submit a draft, wait for the farm, fetch the video. Rendering costs no credits [P]."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING

from nemovideo._transport.download import Download, check_destination
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
    OutcomeUnknownError,
    RateLimitError,
    RenderFailedError,
    RenderTimeoutError,
    ServerError,
    TransportError,
)
from nemovideo.models import Video

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from nemovideo._transport.http import HttpTransport
    from nemovideo._wire.endpoints import Request
    from nemovideo.draft.model import Draft
    from nemovideo.models import OnProgress, RenderJob

_logger = logging.getLogger("nemovideo")

FORMATS = ("mp4", "mov", "webm", "gif")
QUALITIES = ("low", "medium", "high")
_KNOWN_STATUSES = {"pending", "processing", "completed", "failed", "cancelled"}


class Renders:
    """Verbs over render jobs. A job's id is enough to find it again, from any process."""

    def __init__(self, transport: HttpTransport) -> None:
        self._transport = transport

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
        if not draft.is_renderable:
            raise EmptyDraftError("The timeline is empty: there is nothing to render.")
        if file_format not in FORMATS or quality not in QUALITIES:
            raise ConfigurationError(
                f"No render is made as {file_format!r} in {quality!r} quality.",
                hint=f"Formats: {', '.join(FORMATS)}. Qualities: {', '.join(QUALITIES)}.",
            )
        render_id = render_id or f"render_{uuid.uuid4().hex}"
        request = endpoints.submit_render(
            render_id, session_id, draft, file_format=file_format, quality=quality
        )
        for last_try in (False, True):
            try:
                return await self._ask(request, render_id)
            except OutcomeUnknownError:
                pass  # the answer was lost; the job may be there
            found = await self._find(render_id)
            if found is not None:
                return found
            if last_try:
                break
        raise OutcomeUnknownError(
            "The render was submitted, but no answer came.",
            may_have_charged=False,
            session_id=session_id,
            hint=f'Its id is {render_id}: nemo.renders.get("{render_id}") tells whether it is there.',
        )

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
        """
        clock, timing = self._transport.clock, self._transport.timing
        deadline = clock.monotonic() + (timing.render if timeout is None else timeout)
        reporter = Reporter(on_progress, clock, "render", 100)
        status = ""
        while True:
            job = await self._look(render_id)
            if job is not None:
                if job.status not in _KNOWN_STATUSES and job.status != status:
                    _logger.warning("render %s has the unknown status %r; waiting on", render_id, job.status)
                status = job.status
                if job.is_completed:
                    await reporter.report(100, status, final=True)
                    return job
                if job.is_failed:
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
        return await self._ask(endpoints.cancel_render(render_id), render_id)

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
            to: The file to write; by default the server's name, made safe, in the current folder.
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
        fallback = await self._transport.locate() + endpoints.download_render(render_id).path
        download = Download(
            self._transport,
            job.url or fallback,
            target,
            default_name=f"{render_id}.mp4",
            credentials=job.url is None,
            on_progress=on_progress,
        )
        saved = await download.run()
        facts = _output(job)
        return Video(
            path=saved.path,
            url=job.url,
            render_id=render_id,
            width=_whole(facts.get("width")),
            height=_whole(facts.get("height")),
            duration=_number(facts.get("duration")),
            size=saved.size,
        )

    async def _ask(self, request: Request, render_id: str) -> RenderJob:
        return render_job(await self._transport.ask(request, render_answer), render_id)

    async def _find(self, render_id: str) -> RenderJob | None:
        """Look for a job whose submission got no answer; None where it is not seen."""
        try:
            return await self.get(render_id)
        except (APIError, TransportError):
            return None

    async def _look(self, render_id: str) -> RenderJob | None:
        """Look at a job; None while the service cannot be reached.

        Raises:
            RenderFailedError: The service does not know it.
        """
        missing: NemoVideoError | None = None
        try:
            return await self.get(render_id)
        except (TransportError, ServerError, RateLimitError) as problem:
            _logger.warning(
                "render %s could not be looked at (%s); trying on", render_id, type(problem).__name__
            )
        except AuthenticationError:
            raise
        except APIError as problem:
            missing = problem
        if missing is not None:
            raise RenderFailedError(
                f"The service does not know this render: {missing.message}",
                render_id=render_id,
                status="unknown",
            )
        return None


def _output(job: RenderJob) -> Mapping[str, object]:
    """Return what the service says of the finished file, if anything."""
    for level in (job.raw.get("data"), job.raw):
        if isinstance(level, dict) and isinstance(output := level.get("output"), dict):
            return output
    return {}


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
