"""The upload call: files as multipart, or URLs to fetch; each looked at before it is taken."""

from __future__ import annotations

import asyncio
import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import aiohttp
from aiohttp import web

from nemovideo.errors import MAX_FILE_BYTES, SUPPORTED_FORMATS
from nemovideo.local._store.files import TooLarge, is_supported
from nemovideo.local.answers import Refusal, field, ok, read_object, whole_text
from nemovideo.local.render.errors import UnreadableMedia
from nemovideo.local.session_calls import uploaded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from concurrent.futures import Executor
    from pathlib import Path

    from nemovideo.local._store.files import Files
    from nemovideo.local._store.sessions import SessionStore
    from nemovideo.local.account_calls import Gate

MAX_FILES = 50
"""Files in one call."""
CHUNK_BYTES = 256 * 1024
FETCH_SECONDS = 60.0


class UploadCalls:
    """Takes photos, clips and sounds into a session."""

    def __init__(
        self,
        gate: Gate,
        sessions: SessionStore,
        files: Files,
        threads: Executor,
        public_url: Callable[[str], str],
    ) -> None:
        self._gate = gate
        self._sessions = sessions
        self._files = files
        self._threads = threads
        self._public_url = public_url

    def routes(self) -> list[web.RouteDef]:
        """Return what is served here."""
        return [web.post("/api/upload-video/nemo_agent/me/{session_id}", self.upload)]

    async def upload(self, request: web.Request) -> web.Response:
        """Take every file of the call, or none of them."""
        account = self._gate.account(request)
        session = self._gate.session(account, request.match_info["session_id"])
        if request.content_type == "multipart/form-data":
            media = await self._from_parts(request)
        else:
            media = await self._from_urls(await read_object(request))
        self._sessions.add_media(session.session_id, media)
        return ok(
            {
                "files": [uploaded(item, self._public_url) for item in media],
                "session_state_applied": True,
            }
        )

    async def _from_parts(self, request: web.Request) -> list[dict[str, Any]]:
        media: list[dict[str, Any]] = []
        try:
            reader = await request.multipart()
            while (part := await reader.next()) is not None:
                if not isinstance(part, aiohttp.BodyPartReader) or part.name != "files" or not part.filename:
                    raise Refusal(422, "Each part must be a file called 'files', with a file name.")
                if len(media) == MAX_FILES:
                    raise Refusal(422, f"One call takes at most {MAX_FILES} files.")
                media.append(await self._take(part.filename, _chunks(part)))
        except (ValueError, AssertionError):  # what aiohttp's reader says to a malformed body
            raise Refusal(422, "The multipart body is malformed.") from None
        if not media:
            raise Refusal(422, "There is no file in the call.")
        return media

    async def _from_urls(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        if body.get("source_type") != "url":
            raise Refusal(422, "$.source_type must be 'url'.")
        urls = field(body, list, "urls")
        if not 1 <= len(urls) <= MAX_FILES or not all(isinstance(url, str) for url in urls):
            raise Refusal(422, f"$.urls must be 1 to {MAX_FILES} strings.")
        for url in urls:
            _check_fetchable(url)
        timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as client:
            return [await self._fetch(client, url) for url in urls]

    async def _fetch(self, client: aiohttp.ClientSession, url: str) -> dict[str, Any]:
        name = unquote(urlsplit(url).path.rpartition("/")[2])
        try:
            async with client.get(url, allow_redirects=False) as response:
                if response.status != 200:
                    raise Refusal(422, f"{url} was answered with HTTP {response.status}.")
                return await self._take(name, response.content.iter_chunked(CHUNK_BYTES))
        except (aiohttp.ClientError, TimeoutError):
            raise Refusal(422, f"{url} could not be fetched.") from None

    async def _take(self, name: str, chunks: AsyncIterator[bytes]) -> dict[str, Any]:
        name = whole_text(name)
        if not is_supported(name):
            raise Refusal(4001, f"{name!r} is not supported. Formats: {' '.join(SUPPORTED_FORMATS)}.")
        with self._files.receive(name) as incoming:
            try:
                async for chunk in chunks:
                    incoming.write(chunk)
            except TooLarge:
                limit = MAX_FILE_BYTES // 1024**2
                raise Refusal(4002, f"{name!r} is over the limit of {limit} MB.") from None
            digest = incoming.finish()
            loop = asyncio.get_running_loop()
            found = await loop.run_in_executor(self._threads, _probe, incoming.path, name)
            cdn_path = self._files.keep(incoming.path, digest, name)
        return {"filename": name, "cdn_path": cdn_path, "hash": digest, **found}


async def _chunks(part: aiohttp.BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(CHUNK_BYTES):
        yield bytes(chunk)


def _probe(path: Path, name: str) -> dict[str, Any]:
    try:
        from nemovideo.local.render.media import probe
    except ImportError as error:
        raise Refusal(500, f'{error.name} is missing: pip install "nemovideo[local]"') from None
    try:
        found = probe(path)
    except UnreadableMedia as error:
        raise Refusal(4001, str(error).replace(path.name, name)) from None
    return {
        "file_type": found.file_type,
        "width": found.width,
        "height": found.height,
        "duration": round(found.duration, 3),
        "fps": round(found.fps, 3),
    }


def _check_fetchable(url: str) -> None:
    """Let a URL pass that this backend may fetch: it is for work without a network, and no one's proxy.

    Raises:
        Refusal: 422 for another scheme or a host that is not this machine.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise Refusal(422, f"{url!r} is no URL.") from None
    if parts.scheme not in ("http", "https"):
        raise Refusal(422, f"{url!r} is neither http nor https.")
    try:
        is_here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        raise Refusal(422, f"The embedded backend fetches from this machine only, not from {host!r}.")
