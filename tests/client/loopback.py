"""A loopback server in a few lines: a script answers each request with bytes, and every request is kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


@frozen
class Received:
    """A request as it came: method and path, header names in lower case, and the body."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"


class Loopback:
    """Serves `answer(request, writer)`; the connection is closed when it returns, reset when it says so."""

    def __init__(self, answer: Callable[[Received, asyncio.StreamWriter], Awaitable[None]]) -> None:
        self._answer = answer
        self._server: asyncio.Server | None = None
        self._busy: set[asyncio.Task[None]] = set()
        self.requests: list[Received] = []
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=2048)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._busy:
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)
        await self._server.wait_closed()

    def count(self, line: str) -> int:
        """How many requests came for `METHOD /path`, by prefix."""
        return sum(request.line.startswith(line) for request in self.requests)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            request = await _read(reader)
            self.requests.append(request)
            await self._answer(request, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._busy.discard(task)
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method, path, headers, body)


def http(body: bytes, status: str = "200 OK", content_type: str = "application/json", *extra: str) -> bytes:
    """Return a whole answer with a Content-Length."""
    lines = (f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *extra)
    return "\r\n".join((*lines, "Connection: close", "", "")).encode() + body


STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
"""The head of a stream that ends when the connection closes."""


def reset(writer: asyncio.StreamWriter) -> None:
    """Break the connection with a TCP reset."""
    writer.transport.abort()
