"""A service with one finished video, and what is asked of a client that fetches it."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from answering import TOKEN, HurriedClock, envelope
from loopback import Loopback, Received, http
from raised import assert_ours

from nemovideo import NemoVideo, Timing
from nemovideo.errors import DownloadError

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = os.urandom(1_000_000)
HALF = len(FILE) // 2
ETAG = 'ETag: "one"'


def served(request: Received, content: bytes = FILE, *headers: str) -> bytes:
    """A file server's answer: the whole, or from where the range asks."""
    headers = headers or (ETAG,)
    if wanted := re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", "")):
        start = int(wanted[1])
        told = f"Content-Range: bytes {start}-{len(content) - 1}/{len(content)}"
        return http(content[start:], "206 Partial Content", "video/mp4", told, *headers)
    return http(content, "200 OK", "video/mp4", *headers)


class Service(Loopback):
    """One finished job, `r1`, whose video lies at `link`; other paths are answered by `file`.

    `link` None leaves the URL out of the job: then the video comes from the API itself.
    """

    def __init__(self, *files: Callable[[Received], bytes], link: str | None = "/v.mp4") -> None:
        super().__init__(self._respond)
        self.files = list(files) or [served]
        self.link = link

    async def _respond(self, request: Received, writer: asyncio.StreamWriter) -> None:
        if request.path == "/api/render/proxy/lambda/r1":
            link = f"{self.url}/v.mp4" if self.link == "/v.mp4" else self.link
            writer.write(envelope({"id": "r1", "status": "completed", "output": {"url": link}}))
        else:
            file = self.files.pop(0) if len(self.files) > 1 else self.files[0]
            writer.write(file(request))

    @property
    def fetched(self) -> list[Received]:
        """The requests for the file."""
        return [request for request in self.requests if request.path != "/api/render/proxy/lambda/r1"]


def client(service: Service, idle: float = 60) -> NemoVideo:
    timing = Timing(idle=idle)
    return NemoVideo(
        token=TOKEN, client_id="client-1", base_url=service.url, clock=HurriedClock(), timing=timing
    )


async def refused(nemo: NemoVideo, to: Path | str | None) -> DownloadError:
    with pytest.raises(DownloadError) as caught:
        await nemo.renders.download("r1", to)
    assert_ours(caught.value, TOKEN)
    return caught.value


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
