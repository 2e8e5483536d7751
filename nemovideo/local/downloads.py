"""Files served as a content network does: anyone who knows the path, with ranges and validators."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from nemovideo.local.answers import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp.abc import AbstractStreamWriter

    from nemovideo.local._store.files import Files

CHUNK_BYTES = 256 * 1024


class FileDownload(web.StreamResponse):
    """One file, whole or a range of it. What is public may be set until it is sent: faults do.

    Attributes:
        path: The file.
        entity_tag: Names this version of the file; quoted, as in the header.
        takes_ranges: Whether a range is honoured.
        cut_after_bytes: The connection ends after so many bytes of the body, whatever was announced.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        stat = path.stat()
        self.path = path
        self.entity_tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        self.takes_ranges = True
        self.cut_after_bytes: int | None = None
        self._size = stat.st_size
        self.last_modified = stat.st_mtime
        self.content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send the headers, and then the bytes that were asked for."""
        self.headers[hdrs.ETAG] = self.entity_tag
        if request.headers.get(hdrs.IF_NONE_MATCH) == self.entity_tag:
            self.set_status(304)
            return await super().prepare(request)
        wanted = self._wanted(request)
        if wanted is None:
            self.set_status(416)
            self.headers[hdrs.CONTENT_RANGE] = f"bytes */{self._size}"
            self.content_length = 0
            return await super().prepare(request)
        self.content_length = len(wanted)
        if self.takes_ranges:
            self.headers[hdrs.ACCEPT_RANGES] = "bytes"
        if len(wanted) < self._size:
            self.set_status(206)
            self.headers[hdrs.CONTENT_RANGE] = f"bytes {wanted.start}-{wanted.stop - 1}/{self._size}"
        writer = await super().prepare(request)
        if request.method != hdrs.METH_HEAD:
            await self._send(request, wanted)
        return writer

    def _wanted(self, request: web.BaseRequest) -> range | None:
        """Return the bytes to send; None when the range lies outside the file."""
        whole = range(self._size)
        condition = request.headers.get(hdrs.IF_RANGE)
        if not self.takes_ranges or (condition is not None and condition != self.entity_tag):
            return whole
        try:
            asked = request.http_range
        except ValueError:
            return None
        if asked.start is None:
            return whole
        wanted = whole[asked.start : asked.stop]
        return wanted if len(wanted) else None

    async def _send(self, request: web.BaseRequest, wanted: range) -> None:
        cut = self.cut_after_bytes
        end = wanted.stop if cut is None else min(wanted.stop, wanted.start + cut)
        with self.path.open("rb") as file:
            file.seek(wanted.start)
            while file.tell() < end:
                await self.write(file.read(min(CHUNK_BYTES, end - file.tell())))
        if cut is not None and request.transport is not None:
            request.transport.close()


class CdnCalls:
    """Serves uploads and finished videos, without a token."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def routes(self) -> list[web.RouteDef]:
        """Return what is served here."""
        return [web.get("/cdn/{folder}/{name}", self.download)]

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Send one file."""
        path = self._files.find(request.rel_url.raw_path)
        if path is None:
            raise Refusal(404, "There is no such file.")
        return FileDownload(path)
