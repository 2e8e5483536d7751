"""Uploads: files from here, or URLs that the service fetches."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from nemovideo._transport.multipart import FileSource, MultipartBody
from nemovideo._transport.reporting import Reporter
from nemovideo._wire import endpoints
from nemovideo._wire.converter import uploads
from nemovideo.errors import ConfigurationError
from nemovideo.resources.heic import as_jpeg
from nemovideo.resources.preflight import check_file

if TYPE_CHECKING:
    import os

    from nemovideo._transport.http import HttpTransport
    from nemovideo.models import OnProgress, Upload


class Uploads:
    """Verbs over a session's media."""

    def __init__(self, transport: HttpTransport) -> None:
        self._transport = transport

    async def files(
        self, session_id: str, *paths: str | os.PathLike[str], on_progress: OnProgress | None = None
    ) -> list[Upload]:
        """Upload files in one call, streamed from disk.

        All are checked first: if one cannot be taken, none is sent.

        Args:
            session_id: Where to.
            paths: At most 200 MB each; mp4 mov avi webm mkv jpg png gif webp mp3 wav m4a aac. Where the extra
                `heic` is installed also heic, sent as JPEG.
            on_progress: Told bytes, of all files together.

        Returns:
            One for each file, in order.

        Raises:
            ConfigurationError: No files, a file that is not there, a folder, or one that changed while sent.
            UnsupportedFileError: A file is empty, or of a kind that the service does not take.
            FileTooLargeError: A file is over 200 MB.
            OutcomeUnknownError: All was sent, but no answer came: read the state before sending it again.
            TransportError: The network failed before all was sent; nothing of it was kept.
        """
        sources = await self._sources(paths)
        async with as_jpeg(sources) as ready:
            body = MultipartBody(ready, Reporter(on_progress, self._transport.clock, "upload"))
            return uploads(await self._transport.upload(endpoints.upload_files(session_id), body))

    async def check(self, *paths: str | os.PathLike[str]) -> None:
        """Check files as `files` does, and send nothing.

        Raises:
            NemoVideoError: As `files`, for what can be seen from here.
        """
        await self._sources(paths)

    async def urls(self, session_id: str, *urls: str) -> list[Upload]:
        """Have the service fetch files by itself [S].

        Args:
            session_id: Where to.
            urls: http or https.

        Returns:
            One for each file, in order.

        Raises:
            ConfigurationError: Something is no URL.
            UnsupportedFileError: The service does not take what is there.
        """
        if not urls:
            raise ConfigurationError("There is nothing to upload.", hint="Give at least one URL.")
        for url in urls:
            if not _is_web_url(url):
                raise ConfigurationError(f"{url!r} is not an http or https URL.")
        return uploads(await self._transport.call(endpoints.upload_urls(session_id, urls)))

    async def _sources(self, paths: tuple[str | os.PathLike[str], ...]) -> list[FileSource]:
        if not paths:
            raise ConfigurationError("There is nothing to upload.", hint="Name at least one file.")
        return await asyncio.to_thread(lambda: [check_file(path) for path in paths])


def _is_web_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except (ValueError, AttributeError, TypeError):
        return False
