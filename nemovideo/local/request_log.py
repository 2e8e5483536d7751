"""What the backend was asked: every request, kept for whoever tests against it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from aiohttp import web
from attrs import define, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.typedefs import Handler

KEPT_REQUESTS = 100_000
"""The oldest go first, so that a server that runs for weeks does not grow."""


@define(eq=False)
class RecordedRequest:
    """One request that reached the backend.

    Attributes:
        method: `GET` or `POST`.
        path: The path with its query.
        headers: As sent, compared without regard to case; not shown in the repr, they hold the token.
        status: What was answered; None while there is no answer, and for good when a fault ate it.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    status: int | None = None


class RequestLog:
    """The requests, oldest first."""

    def __init__(self) -> None:
        self._requests: deque[RecordedRequest] = deque(maxlen=KEPT_REQUESTS)

    def all(self) -> tuple[RecordedRequest, ...]:
        """Return the requests so far."""
        return tuple(self._requests)

    @web.middleware
    async def record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Write a request down as it arrives, and its status as it is answered."""
        entry = RecordedRequest(request.method, request.path_qs, request.headers)
        self._requests.append(entry)
        response = await handler(request)
        if request.transport is not None and not request.transport.is_closing():
            entry.status = response.status
        return response
