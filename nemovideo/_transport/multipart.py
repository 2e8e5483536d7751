"""The body of an upload: files read off the event loop, each attempt from byte 0."""

from __future__ import annotations

import asyncio
import os
import secrets
from typing import TYPE_CHECKING, BinaryIO

from attrs import frozen

from nemovideo.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from nemovideo._transport.reporting import Reporter

_CHUNK_BYTES = 256 * 1024


@frozen
class FileSource:
    """A file as it was when it was checked.

    Attributes:
        path: Where it is.
        name: As the service shall call it, without control characters.
        size: Bytes.
        modified_ns: Its time stamp; another one later means another file.
        content_type: Its MIME type.
    """

    path: Path
    name: str
    size: int
    modified_ns: int
    content_type: str


class MultipartBody:
    """`multipart/form-data` with one part `files` a file [S].

    Iterating sends it from the start, as often as need be.

    Args:
        sources: The files, in order.
        reporter: Told the bytes sent, of files only.

    Attributes:
        length: The whole body's, in bytes.
        left_whole: Whether the last iteration gave out every byte.
        failure: Why the last iteration stopped early, if a file was to blame.
        stirred: How many chunks were given out in all: a stalled transfer stands still here.
    """

    def __init__(self, sources: Sequence[FileSource], reporter: Reporter) -> None:
        self._boundary = secrets.token_hex(16)
        self._parts = [(self._head(source), source) for source in sources]
        self._end = f"--{self._boundary}--\r\n".encode()
        self._reporter = reporter
        self._total = sum(source.size for source in sources)
        reporter.total = self._total
        self.length = sum(len(head) + source.size + 2 for head, source in self._parts) + len(self._end)
        self.left_whole = False
        self.failure: ConfigurationError | None = None
        self.stirred = 0

    @property
    def content_type(self) -> str:
        """The header's value."""
        return f"multipart/form-data; boundary={self._boundary}"

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give out the body, from byte 0."""
        self.left_whole, self.failure = False, None
        done = 0
        for head, source in self._parts:
            yield head
            async for chunk in self._read(source):
                yield chunk
                self.stirred += 1
                done += len(chunk)
                await self._reporter.report(done, source.name)
            yield b"\r\n"
        yield self._end
        self.left_whole = True
        self.stirred += 1
        await self._reporter.report(self._total, final=True)

    async def _read(self, source: FileSource) -> AsyncIterator[bytes]:
        """Give out exactly the bytes that were announced, or stop with `failure` set."""
        file = await self._open(source)
        try:
            left = source.size
            while left:
                chunk = await asyncio.to_thread(file.read, min(left, _CHUNK_BYTES))
                if not chunk:
                    raise self._stopped(source, "became shorter")
                left -= len(chunk)
                yield chunk
            now = os.fstat(file.fileno())
            if (now.st_size, now.st_mtime_ns) != (source.size, source.modified_ns):
                raise self._stopped(source, "changed")
        finally:
            file.close()

    async def _open(self, source: FileSource) -> BinaryIO:
        try:
            return await asyncio.to_thread(source.path.open, "rb")
        except OSError as problem:
            reason = type(problem).__name__
        raise self._stopped(source, f"could not be opened again ({reason})")

    def _stopped(self, source: FileSource, what: str) -> ConfigurationError:
        self.failure = ConfigurationError(
            f"{source.name} {what} while it was being sent; nothing of this upload was kept.",
            hint="Upload it again when it is complete.",
        )
        return self.failure

    def _head(self, source: FileSource) -> bytes:
        name = source.name.replace('"', "%22")  # as browsers write it; control characters are gone by now
        lines = (
            f"--{self._boundary}",
            f'Content-Disposition: form-data; name="files"; filename="{name}"',
            f"Content-Type: {source.content_type}",
            "",
            "",
        )
        return "\r\n".join(lines).encode()
