"""Fetches a file to disk: resumed where it broke, of the told length, in place whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import glob
import itertools
import os
import re
import secrets
import tempfile
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote, urljoin, urlsplit

import aiohttp
from attrs import frozen

from nemovideo._transport.connections import Trip
from nemovideo._transport.failures import plain_reason
from nemovideo._transport.http import SLOWEST_BYTES_PER_SECOND
from nemovideo._transport.reporting import Reporter
from nemovideo._wire.answers import retry_after
from nemovideo.config import is_loopback
from nemovideo.errors import DownloadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nemovideo._transport.http import HttpTransport
    from nemovideo.models import OnProgress

_WRITE_BYTES = 1024 * 1024
_SECONDS_BETWEEN_WRITES = 0.1
_LONGEST_NAME_BYTES = 200
_MAX_BYTES = 16 * 1024**3
_MAX_REDIRECTS = 5
_MAX_TRIES = 100
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


@frozen
class _Broken:
    """Why a request did not bring the whole file, and the seconds that the server asked to wait."""

    reason: str
    asked_wait: float = 0.0


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
        is_device = target.exists() and not target.is_file()
    except (OSError, TypeError, ValueError, RuntimeError):
        raise DownloadError(f"{str(destination)!r} is no path for a file.") from None
    shown = str(target)
    if is_folder:
        raise DownloadError(f"{shown} is a folder.", path=shown, hint="Name a file in it.")
    if is_device:
        raise DownloadError(f"{shown} is no plain file.", path=shown, hint="Choose another name.")
    if not folder.is_dir():
        raise DownloadError(f"The folder {folder} does not exist.", path=shown, hint="Create it first.")
    try:
        tempfile.TemporaryFile(dir=folder).close()  # permissions alone do not tell
    except OSError:
        raise DownloadError(
            f"The folder {folder} cannot be written.", path=shown, hint="Choose another one."
        ) from None
    return target


def safe_name(offered: str, default: str) -> str:
    """Return a name that stays in its folder on every system, from one that a server offers."""
    from pathvalidate import sanitize_filename  # only here: it is slow to load

    base = offered.replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(letter if letter.isprintable() else "_" for letter in base)
    stem, ending = os.path.splitext(base)  # noqa: PTH122 - Path would read the name as a path
    room = _LONGEST_NAME_BYTES - len(ending.encode())
    if room > 0 and ending:
        base = stem.encode()[:room].decode(errors="ignore") + ending
    return sanitize_filename(base, platform="universal", max_len=_LONGEST_NAME_BYTES).strip(". ") or default


def discard_parts(folder: Path, default_name: str) -> None:
    """Remove what downloads of that default name left in a folder when their processes were killed."""
    for part in folder.glob(f"{glob.escape(_part_prefix(default_name))}*.part"):
        with contextlib.suppress(OSError):  # another process was quicker
            part.unlink()


def _part_prefix(default_name: str) -> str:
    return f".{safe_name(default_name, 'video')}-"


class Download:
    """One file on its way to disk.

    Args:
        transport: Carries it; its credentials go to the API's own origin only.
        url: Where it lies.
        destination: The file to write, one that is there being replaced at the end; None takes the server's
            name, made safe and numbered where it is taken, in the current folder.
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
        self._part_prefix = _part_prefix(default_name)
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
        target: Path | None = None
        reason = ""
        try:
            target = await self._save()
        except OSError as problem:
            reason = problem.strerror or type(problem).__name__
        if target is None:
            raise self._failed(
                f"The video could not be written ({reason}).",
                "Free some space or choose another place, then download it again: the job is kept.",
            )
        self._reporter.total = self._done  # where no length was told, it is known now
        await self._reporter.report(self._done, target.name, final=True)
        return Saved(target, self._done)

    async def _save(self) -> Path:
        folder = self._destination.parent if self._destination else Path.cwd()
        part = folder / f"{self._part_prefix}{secrets.token_hex(4)}.part"  # no other download writes to it
        file = part.open("xb")
        try:
            await self._fetch_all(file)
            target = self._destination or _free_name(folder / self._default_name)
            await asyncio.to_thread(_put_in_place, file, part, target)
            return target
        finally:
            for tidy in (file.close, part.unlink):
                with contextlib.suppress(OSError):  # a full disk fails again, and a video in place is no part
                    tidy()

    async def _fetch_all(self, file: BinaryIO) -> None:
        """Fetch until the file is whole, resuming where it broke."""
        fruitless = 0
        for tries in itertools.count(1):
            before = self._done
            broken = await self._fetch(file)
            if broken is None:
                return
            fruitless = 0 if self._done > before else fruitless + 1
            if tries >= _MAX_TRIES or not await self._transport.repeater.pause(fruitless, broken.asked_wait):
                raise self._failed(f"The download broke off: {broken.reason}.")

    async def _fetch(self, file: BinaryIO) -> _Broken | None:
        """Make one request and write what it brings; return why it is not the whole file, or None."""
        try:
            response = await self._request()
        except (TimeoutError, aiohttp.ClientError) as problem:
            return _Broken(plain_reason(problem))
        try:
            if response.status == 416 and self._done:
                self._start_over(file)
                return _Broken("the file changed")
            if response.status >= 500 or response.status == 429:
                told = response.headers.get("Retry-After")
                asked = retry_after(told, now=self._transport.clock.time()) or 0.0
                return _Broken(f"the server answered HTTP {response.status}", asked)
            if response.status not in {200, 206}:
                raise self._failed(
                    f"The video cannot be fetched: HTTP {response.status}.",
                    "Its link may have expired: look the render up again.",
                )
            self._check_kind(response)
            if not self._continues(response):
                self._start_over(file)
                if response.status == 206:
                    return _Broken("the server resumed at another place")
            self._remember(response)
            if self._total is None and "chunked" not in response.headers.get("Transfer-Encoding", "").lower():
                raise self._failed(
                    "The server does not tell how long the video is: a whole one cannot be told from a part.",
                    "Download it again, or open its link in a browser.",
                )
            return await self._receive(response, file)
        finally:
            response.close()

    def _check_kind(self, response: aiohttp.ClientResponse) -> None:
        """Refuse what is no video: an error page, or a body squeezed although that was not asked for."""
        if response.content_type in {"application/json", "text/html"}:
            raise self._failed("The server answered with a page, not with a video.")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise self._failed("The server squeezed the video: a whole one cannot be told from a part.")

    def _failed(self, message: str, hint: str = "Download it again: the job is kept.") -> DownloadError:
        return DownloadError(message, path=str(self._destination or ""), hint=hint)

    async def _receive(self, response: aiohttp.ClientResponse, file: BinaryIO) -> _Broken | None:
        """Write what comes, in large pieces: each one costs a change of threads."""
        clock, timing = self._transport.clock, self._transport.timing
        start, began = self._done, clock.monotonic()
        broken: _Broken | None = None
        has_ended = False
        while not has_ended:
            waiting: list[bytes] = []
            size, write_at = 0, clock.monotonic() + _SECONDS_BETWEEN_WRITES
            while not has_ended and size < _WRITE_BYTES and (not size or clock.monotonic() < write_at):
                try:
                    with self._transport.connections.told_as_broken():
                        async with clock.timeout(timing.idle):
                            chunk = await response.content.readany()
                except (TimeoutError, aiohttp.ClientError, ConnectionError) as problem:
                    broken, chunk = _Broken(plain_reason(problem)), b""
                has_ended = not chunk
                waiting.append(chunk)
                size += len(chunk)
            await asyncio.to_thread(file.writelines, waiting)
            self._done += size
            if self._done > _MAX_BYTES:
                raise self._failed(f"The video is longer than {_MAX_BYTES // 1024**3} GiB.")
            allowed = timing.request + (self._done - start) / SLOWEST_BYTES_PER_SECOND
            if not has_ended and clock.monotonic() > began + allowed:
                raise self._failed("The video came too slowly.")
            await self._reporter.report(self._done)
        if not self._done:
            return broken or _Broken("the file is empty")
        if self._total is None:  # chunked: only a break tells that it is not whole
            return broken
        is_whole = self._done == self._total
        return None if is_whole else broken or _Broken(f"{self._done} of {self._total} bytes came")

    async def _request(self) -> aiohttp.ClientResponse:
        """Follow redirects to https or to this machine; credentials go to the API's origin only."""
        url = self._url
        api = _origin(await self._transport.locate())
        for _ in range(_MAX_REDIRECTS + 1):
            origin = _origin(url)
            if origin is None or (origin[0] != "https" and not (origin[0] == "http" and is_loopback(url))):
                raise self._failed("The video's link is not https; it was not followed.")
            headers = {"Accept-Encoding": "identity"}
            if self._done and self._validator:
                headers |= {"Range": f"bytes={self._done}-", "If-Range": self._validator}
            if self._credentials and origin == api:
                headers |= await self._transport.authorization(Trip())
            connections = self._transport.connections
            with connections.told_as_broken():
                async with self._transport.clock.timeout(self._transport.timing.request):
                    response = await connections.fresh.get(
                        url, headers=headers, allow_redirects=False, proxy=connections.proxy_for(url)
                    )
            if response.status not in {301, 302, 303, 307, 308}:
                return response
            response.close()
            url = _target_of_redirect(url, response.headers.get("Location", ""))
        raise self._failed(f"The video's link was redirected more than {_MAX_REDIRECTS} times.")

    def _continues(self, response: aiohttp.ClientResponse) -> bool:
        """Return whether the body belongs right behind what is already on disk."""
        if response.status == 200:
            return self._done == 0
        told = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if told is None or int(told[1]) != self._done:
            return False
        if self._total is None and told[3] != "*":
            self._total = int(told[3])
        is_same = _validator(response.headers) in {None, self._validator}
        return is_same and told[3] in {"*", str(self._total)}

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
        self._validator = _validator(response.headers)
        if self._destination is None:
            self._default_name = safe_name(
                _offered_name(response.headers, str(response.url)), self._default_name
            )


def _offered_name(headers: Mapping[str, str], url: str) -> str:
    """Return the name in Content-Disposition, else the last part of the URL's path."""
    message = Message()
    message["Content-Disposition"] = headers.get("Content-Disposition", "")
    return message.get_filename() or unquote(urlsplit(url).path.rsplit("/", 1)[-1])


def _validator(headers: Mapping[str, str]) -> str | None:
    """Return what tells this file from a later one: a strong ETag, else its date."""
    etag = headers.get("ETag", "")
    return etag if etag and not etag.startswith("W/") else headers.get("Last-Modified")


def _origin(url: str) -> tuple[str, str, int | None] | None:
    """Return scheme, host and port; None for what is no URL."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None


def _target_of_redirect(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def _free_name(target: Path) -> Path:
    """Return a name that is not taken: one that a server chose replaces nothing."""
    names = (target.with_stem(f"{target.stem}-{number}") for number in itertools.count(2))
    return target if not target.exists() else next(name for name in names if not name.exists())


def _put_in_place(file: BinaryIO, part: Path, target: Path) -> None:
    file.close()  # no fsync, which would halve the speed: after a power cut the job still has the video
    part.replace(target)
