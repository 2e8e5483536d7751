"""One stream, connected once.

The library's `EventSource` repeats its request by itself when a stream closes: as a POST, each one a
double charge. It also keeps the connection on an error, loses the first event behind a BOM, and dies of
invalid UTF-8. This subclass connects a single time and feeds our own parser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
from aiohttp_sse_client2.client import EventSource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nemovideo._transport.connections import Trip
    from nemovideo._wire.sse import EventParser, SseItem


class OneShotEventSource(EventSource):  # type: ignore[misc]  # the library has no types
    """A POST whose answer is an event stream; iterating gives the items of each arrival, as a list.

    Args:
        url: Where to.
        session: Must not share stale connections; stays open.
        proxy: The way there; None for straight.
        headers: All of them.
        body: The request's bytes.
        parser: Splits what arrives.
        trip: Told when the request begins to leave.
    """

    def __init__(
        self,
        url: str,
        *,
        session: aiohttp.ClientSession,
        proxy: str | None,
        headers: Mapping[str, str],
        body: bytes,
        parser: EventParser,
        trip: Trip,
    ) -> None:
        super().__init__(
            url,
            option={"method": "POST"},
            session=session,
            headers=dict(headers),
            data=body,
            allow_redirects=False,
            proxy=proxy,
            trace_request_ctx=trip,
        )
        self._parser = parser
        self._spent = False
        self._response: aiohttp.ClientResponse | None = None

    @property
    def response(self) -> aiohttp.ClientResponse:
        """The answer's head; only after `connect`."""
        if self._response is None:
            raise RuntimeError("the stream is not open")
        return self._response

    @property
    def is_cut(self) -> bool:
        """Whether the stream, now at its end, broke off inside an event."""
        return self._parser.close()

    async def connect(self, retry: int = 0) -> None:  # noqa: ARG002 - the library's signature; never used
        """Send the request; a second call is a programming error."""
        if self._spent:
            raise RuntimeError("a stream is connected once")
        self._spent = True
        self._response = await self._session.request(self._method, self._url, **self._kwargs)

    async def __anext__(self) -> list[SseItem]:  # pyright: ignore[reportIncompatibleMethodOverride] # on purpose
        """Return what arrived; never connects again. A closed stream is at its end.

        Raises:
            ConnectionError: The stream broke.
            ProtocolError: An event is too long.
        """
        chunk: bytes | None = b""
        if self._response is not None:
            try:
                chunk = await self._response.content.readany()
            except (aiohttp.ClientError, OSError, RuntimeError):  # the last one once the client is closed
                chunk = None
        if chunk is None:
            raise ConnectionError("the stream broke")
        if not chunk:
            raise StopAsyncIteration
        return self._parser.feed(chunk)
