"""Calls about renders: submit, poll, cancel, download."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aiohttp import web

from nemovideo.draft.model import Draft
from nemovideo.errors import DraftError
from nemovideo.local.answers import Refusal, field, read_object, success
from nemovideo.local.downloads import FileDownload
from nemovideo.local.render_queue import RenderJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from nemovideo.local._store.files import Files
    from nemovideo.local.account_calls import Gate
    from nemovideo.local.render_queue import RenderQueue

_RENDER_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
FORMATS = ("mp4", "mov", "webm", "gif")
MAX_RENDER_MS = 3_600_000
"""A longer draft is a mistake, and would keep the queue busy for hours [D]."""
QUALITIES = ("low", "medium", "high")


class RenderCalls:
    """Serves render jobs; they cost no credits [P]."""

    def __init__(
        self, gate: Gate, queue: RenderQueue, files: Files, public_url: Callable[[str], str]
    ) -> None:
        self._gate = gate
        self._queue = queue
        self._files = files
        self._public_url = public_url

    def routes(self) -> list[web.RouteDef]:
        """Return what is served here."""
        return [
            web.post("/api/render/proxy/lambda", self.submit),
            web.get("/api/render/proxy/lambda/{id}", self.poll),
            web.post("/api/render/proxy/lambda/{id}/cancel", self.cancel),
            web.get("/api/render/proxy/{id}/download", self.download),
        ]

    async def submit(self, request: web.Request) -> web.Response:
        """Queue a job; the same id again is answered with the job that is there."""
        account = self._gate.account(request)
        self._gate.attributed(request)
        body = await read_object(request)
        session = self._gate.session(account, field(body, str, "sessionId"))
        job_id = field(body, str, "id")
        if not _RENDER_ID.fullmatch(job_id):
            raise Refusal(422, "$.id must be 1 to 128 letters, digits, '_' or '-'.")
        known = self._queue.find(job_id)
        if known is not None and known.user_id != account.user_id:
            raise Refusal(422, "$.id is taken.")
        job = RenderJob(
            id=job_id,
            user_id=account.user_id,
            session_id=session.session_id,
            draft=_renderable(field(body, dict, "draft")),
            output=_output(field(body, dict, "output")),
        )
        return success(self._shown(self._queue.submit(job)))

    async def poll(self, request: web.Request) -> web.Response:
        """Tell how far a job is."""
        return success(self._shown(self._job(request)))

    async def cancel(self, request: web.Request) -> web.Response:
        """Call a job off [P]."""
        return success(self._shown(self._queue.cancel(self._job(request))))

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Send a finished video, with the token instead of the CDN path [P]."""
        path = self._files.find(self._job(request).cdn_path)
        if path is None:
            raise Refusal(404, "The video is not ready.")
        return FileDownload(path)

    def _job(self, request: web.Request) -> RenderJob:
        account = self._gate.account(request)
        job = self._queue.find(request.match_info["id"])
        if job is None or job.user_id != account.user_id:
            raise Refusal(404, "There is no such render.")
        return job

    def _shown(self, job: RenderJob) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": job.id,
            "status": job.status,
            "progress": self._queue.progress(job),
        }
        if job.cdn_path:
            shown["output"] = {"url": self._public_url(job.cdn_path), **job.facts}
        if job.error:
            shown["error"] = job.error
        return shown


def _renderable(wire: dict[str, Any]) -> dict[str, Any]:
    try:
        draft = Draft.from_wire(wire)
    except DraftError as error:
        raise Refusal(422, f"$.draft: {error.message}") from None
    if not draft.is_renderable:
        raise Refusal(422, "$.draft has no segment to render.")
    if draft.duration_ms > MAX_RENDER_MS:
        raise Refusal(422, f"$.draft is longer than {MAX_RENDER_MS // 60_000} minutes.")
    return wire


def _output(wire: dict[str, Any]) -> dict[str, Any]:
    """Return the renderer's arguments: the documented pair, and a size if one is asked for."""
    output: dict[str, Any] = {}
    for key, words in (("format", FORMATS), ("quality", QUALITIES)):
        value = wire.get(key, words[0] if key == "format" else words[-1])
        if value not in words:
            raise Refusal(422, f"$.output.{key} must be one of: {', '.join(words)}.")
        output[key] = value
    for key in ("width", "height", "fps"):
        if key in wire:
            output[key] = field(wire, int, key, path="$.output")
    return output
