"""Fetches a file to disk: resumed where it broke, of the told length, in place whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import os
import re
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote, urljoin, urlsplit

import aiohttp
from attrs import frozen
from pathvalidate import sanitize_filename

from nemovideo._transport.connections import Trip
from nemovideo._transport.http import plain_reason
from nemovideo._transport.reporting import Reporter
from nemovideo.config import is_loopback
from nemovideo.errors import DownloadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nemovideo._transport.http import HttpTransport
    from nemovideo.models import OnProgress

_CHUNK_BYTES = 256 * 1024
_MAX_REDIRECTS = 5
_MAX_RESUMES = 5
_MAX_TRIES = 100
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


@frozen
class Saved:
    """A file in its place.

    Attributes:
        path: Where it is.
        size: Bytes.
    """

    path: Path
    size: int


def check_destination(destination: str | os.PathLike[str] | None) -> Path | None:
    """Return where a file shall go, links followed, so that a link stays one; None stays None.

    Raises:
        DownloadError: Nothing can be written there.
    """
    if destination is None:
        return None
    try:
        target = Path(destination).expanduser().resolve()
        folder, is_folder = target.parent, target.is_dir()
    except (OSError, ValueError, RuntimeError):
        raise DownloadError(f"{str(destination)!r} is no path for a file.") from None
    shown = str(target)
    if is_folder:
        raise DownloadError(f"{shown} is a folder.", path=shown, hint="Name a file in it.")
    if not folder.is_dir():
        raise DownloadError(f"The folder {folder} does not exist.", path=shown, hint="Create it first.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise DownloadError(f"The folder {folder} cannot be written.", path=shown, hint="Choose another one.")
    return target


def safe_name(offered: str, default: str) -> str:
    """Return a name that stays in its folder on every system, from one that a server offers."""
    base = offered.replace("\\", "/").rsplit("/", 1)[-1].replace("\0", "")
    name = sanitize_filename(base, platform="universal", max_len=200).strip(". ")
    return name or default


class Download:
    """One file on its way to disk.

    Args:
        transport: Carries it; its credentials go to the API's own origin only.
        url: Where it lies.
        destination: The file to write, one that is there being replaced at the end; None takes the server's
            name, made safe, in the current folder.
        default_name: Where the server offers no name.
        credentials: Whether the API's own origin asks for them.
        on_progress: Told bytes.

    Raises:
        DownloadError: See `run`.
    """

    def __init__(
        self,
        transport: HttpTransport,
        url: str,
        destination: Path | None,
        *,
        default_name: str,
        credentials: bool = False,
        on_progress: OnProgress | None = None,
    ) -> None:
        self._transport = transport
        self._url = url
        self._destination = destination
        self._default_name = default_name
        self._credentials = credentials
        self._reporter = Reporter(on_progress, transport.clock, "download")
        self._done = 0
        self._total: int | None = None
        self._validator: str | None = None

    async def run(self) -> Saved:
        """Fetch the file.

        Raises:
            DownloadError: It could not be fetched whole or not be written; the destination is as it was.
        """
        folder = self._destination.parent if self._destination else Path.cwd()
        tag = hashlib.sha256(f"{self._url}\n{self._destination}".encode()).hexdigest()[:12]
        part = (
            folder / f".{tag}.part"
        )  # named after its source: a rest of the same file is overwritten with itself
        failure: DownloadError | None = None
        file: BinaryIO | None = None
        try:
            try:
                file = part.open("wb")
                await self._fetch_all(file)
                await asyncio.to_thread(_flush, file)
                target = self._destination or folder / self._default_name
                part.replace(target)
            except OSError as problem:
                failure = DownloadError(
                    f"The video could not be written ({problem.strerror or type(problem).__name__}).",
                    path=str(self._destination or folder),
                    hint="Free some space or choose another place, then download it again: the job is kept.",
                )
            if failure is not None:
                raise failure
            await self._reporter.report(self._done, target.name, final=True)
            return Saved(target, self._done)
        finally:
            if file is not None:
                file.close()
            with contextlib.suppress(OSError):
                part.unlink()

    async def _fetch_all(self, file: BinaryIO) -> None:
        """Fetch until the file is whole, resuming where it broke; a try that brings nothing new counts."""
        fruitless = 0
        for tries in itertools.count(1):
            before = self._done
            reason = await self._fetch(file)
            if reason is None:
                return
            fruitless = 0 if self._done > before else fruitless + 1
            if fruitless >= _MAX_RESUMES or tries >= _MAX_TRIES:
                raise DownloadError(
                    f"The download broke off: {reason}.", path=str(self._destination or ""),
                    hint="Download it again: the job is kept.",
                )  # fmt: skip
            await self._transport.clock.sleep(min(2.0**fruitless / 4, self._transport.timing.render_poll))

    async def _fetch(self, file: BinaryIO) -> str | None:
        """Make one request and write what it brings; return why it is not the whole file, or None."""
        try:
            response = await self._request()
        except (TimeoutError, aiohttp.ClientError) as problem:
            return plain_reason(problem)
        try:
            if response.status == 416 and self._done:
                self._start_over(file)
                return "the file changed"
            if response.status >= 500 or response.status == 429:
                return f"the server answered HTTP {response.status}"
            if response.status not in {200, 206}:
                raise DownloadError(
                    f"The video cannot be fetched: HTTP {response.status}.",
                    path=str(self._destination or ""),
                    hint="Its link may have expired: look the render up again.",
                )
            if not self._continues(response):
                self._start_over(file)
                if response.status == 206:
                    return "the server resumed at another place"
            self._remember(response)
            if self._total is None and "chunked" not in response.headers.get("Transfer-Encoding", "").lower():
                raise DownloadError(
                    "The server does not tell how long the video is: a whole one cannot be told from a part.",
                    path=str(self._destination or ""),
                    hint="Download it again, or open its link in a browser.",
                )
            return await self._receive(response, file)
        finally:
            response.close()

    async def _receive(self, response: aiohttp.ClientResponse, file: BinaryIO) -> str | None:
        clock, idle = self._transport.clock, self._transport.timing.idle
        try:
            while True:
                async with clock.timeout(idle):
                    chunk = await response.content.read(_CHUNK_BYTES)
                if not chunk:
                    break
                await asyncio.to_thread(file.write, chunk)
                self._done += len(chunk)
                await self._reporter.report(self._done)
        except (TimeoutError, aiohttp.ClientError, ConnectionError) as problem:
            return plain_reason(problem)
        if self._total is not None and self._done != self._total:
            return f"{self._done} of {self._total} bytes came"
        return None if self._done else "the file is empty"

    async def _request(self) -> aiohttp.ClientResponse:
        """Follow redirects to https or to this machine; credentials go to the API's origin only."""
        url = self._url
        api = _origin(await self._transport.locate())
        for _ in range(_MAX_REDIRECTS + 1):
            if urlsplit(url).scheme != "https" and not (is_loopback(url) and urlsplit(url).scheme == "http"):
                raise DownloadError("The video's link is not https; it was not followed.")
            headers = {"Accept-Encoding": "identity"}
            if self._done and self._validator:
                headers |= {"Range": f"bytes={self._done}-", "If-Range": self._validator}
            if self._credentials and _origin(url) == api:
                headers |= await self._transport.authorization(Trip())
            async with self._transport.clock.timeout(self._transport.timing.request):
                response = await self._transport.connections.fresh.get(
                    url, headers=headers, allow_redirects=False
                )
            if response.status not in {301, 302, 303, 307, 308}:
                return response
            response.close()
            url = urljoin(url, response.headers.get("Location", ""))
        raise DownloadError(f"The video's link was redirected more than {_MAX_REDIRECTS} times.")

    def _continues(self, response: aiohttp.ClientResponse) -> bool:
        """Return whether the body belongs right behind what is already on disk."""
        if response.status == 200:
            return self._done == 0
        told = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        return told is not None and int(told[1]) == self._done and told[3] in {"*", str(self._total)}

    def _start_over(self, file: BinaryIO) -> None:
        file.seek(0)
        file.truncate()
        self._done, self._total, self._validator = 0, None, None

    def _remember(self, response: aiohttp.ClientResponse) -> None:
        """Keep what a resume will need, of a first answer."""
        if response.status != 200:
            return
        self._total = response.content_length
        self._reporter.total = self._total
        etag = response.headers.get("ETag", "")
        self._validator = (
            etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified")
        )
        if self._destination is None:
            self._default_name = safe_name(
                _offered_name(response.headers, str(response.url)), self._default_name
            )


def _offered_name(headers: Mapping[str, str], url: str) -> str:
    """Return the name in Content-Disposition, else the last part of the URL's path."""
    message = Message()
    message["Content-Disposition"] = headers.get("Content-Disposition", "")
    return message.get_filename() or unquote(urlsplit(url).path.rsplit("/", 1)[-1])


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
