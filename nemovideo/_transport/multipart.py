"""The body of an upload: files read off the event loop, each attempt from byte 0."""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import threading
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

    Iterating sends it from the start, as often as need be; `release` ends that.

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
        self._file: _LateFile | None = None

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

    def release(self) -> None:
        """Close the file that is being read: an iteration that nobody finishes would keep it open."""
        if self._file is not None:
            self._file.close()
            self._file = None

    async def _read(self, source: FileSource) -> AsyncIterator[bytes]:
        """Give out exactly the bytes that were announced, or stop with `failure` set."""
        self._file = file = _LateFile(source.path)
        reason = ""
        try:
            left = source.size
            while left:
                chunk = await asyncio.to_thread(file.read, min(left, _CHUNK_BYTES))
                if not chunk:
                    raise self._stopped(source, "became shorter")
                left -= len(chunk)
                yield chunk
            if await asyncio.to_thread(file.facts) != (source.size, source.modified_ns):
                raise self._stopped(source, "changed")
        except OSError as problem:
            if self._file is not file:
                raise  # released: nobody listens any more
            reason = problem.strerror or type(problem).__name__
        finally:
            file.close()
        if reason:
            raise self._stopped(source, f"could not be read ({reason})")

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


class _LateFile:
    """A file that worker threads open and read, and that can be closed at any time from anywhere."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._closed = False

    def read(self, size: int) -> bytes:
        with self._lock:
            return self._opened().read(size)

    def facts(self) -> tuple[int, int]:
        """Return its size and its time stamp as they are now."""
        with self._lock:
            now = os.fstat(self._opened().fileno())
            return now.st_size, now.st_mtime_ns

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._file is not None:
                self._file.close()

    def _opened(self) -> BinaryIO:
        if self._closed:
            raise OSError(errno.EBADF, "closed")
        if self._file is None:
            self._file = self._path.open("rb")
        return self._file
