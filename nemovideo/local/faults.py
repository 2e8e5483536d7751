"""Faults on demand: what to break, how often, and a count of what did break."""

from __future__ import annotations

import json
import math
import socket
import struct
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web
from attrs import define, field, frozen

from nemovideo.errors import ConfigurationError
from nemovideo.local.answers import Refusal, refuse
from nemovideo.local.chat_calls import NO_FAULT, STREAM_FAULT, StreamFault, cut, send_events
from nemovideo.local.downloads import FileDownload

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from aiohttp.typedefs import Handler

    from nemovideo._clock import Clock

HEARTBEAT = b"data:\n\n"


@frozen
class Call:
    """A request that is about to fail, its true handler, and the options of its fault."""

    request: web.Request
    handler: Handler
    options: Mapping[str, Any]
    clock: Clock

    async def done(self, spoiled: StreamFault = NO_FAULT) -> web.StreamResponse:
        """Do what was asked, and return its answer; a stream is spoiled as told."""
        token = STREAM_FAULT.set(spoiled)
        try:
            return await self.handler(self.request)
        finally:
            STREAM_FAULT.reset(token)


Act = Callable[[Call], Awaitable[web.StreamResponse]]
"""Answers a request in place of its handler, or spoils what the handler answers."""


@frozen
class Kind:
    """One way to fail.

    Attributes:
        act: What is done.
        does: The same in words, for docs/local.md.
        options: The options it takes, each with its default; `...` marks one that must be given.
    """

    act: Act
    does: str
    options: Mapping[str, Any] = field(factory=dict)


@define
class Fault:
    """One entry of the script.

    Attributes:
        route: `METHOD /path`; the path may be the beginning of longer ones.
        kind: A key of `KINDS`.
        options: As given, defaults filled in.
        left: How often it will still happen; None: always.
    """

    route: str
    kind: str
    options: Mapping[str, Any]
    left: int | None

    def fits(self, request: web.Request) -> bool:
        """Return whether this request is one to break."""
        method, _, path = self.route.partition(" ")
        return self.left != 0 and request.method == method and request.path.startswith(path)


class Faults:
    """The script of faults of one backend.

    Attributes:
        fired: How often each happened, by `(route, kind)`; what never happened counts 0.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._script: list[Fault] = []
        self.fired: Counter[tuple[str, str]] = Counter()

    def add(self, route: str, kind: str, *, times: int | None = 1, **options: Any) -> None:
        """Break the next calls of a route. Of several entries that fit, the oldest that has some left acts.

        Args:
            route: `POST /run_sse`: the method, and the path or its beginning.
            kind: A key of `KINDS`; docs/local.md has the table.
            times: How many calls; None breaks every one.
            options: What the kind takes.

        Raises:
            ConfigurationError: There is no such kind or option, or an option is missing.
        """
        if kind not in KINDS:
            raise ConfigurationError(f"There is no fault {kind!r}.", hint=f"Kinds: {', '.join(KINDS)}.")
        known = KINDS[kind].options
        chosen = {**known, **options}
        wrong = sorted(options.keys() - known.keys())
        wrong += [name for name, value in chosen.items() if value is ...]
        if wrong:
            raise ConfigurationError(
                f"Fault {kind!r}: {', '.join(wrong)} unknown or missing.",
                hint=f"Options: {', '.join(known) or 'none'}.",
            )
        self._script.append(Fault(route, kind, chosen, times))

    def clear(self) -> None:
        """Forget the script; what has fired stays counted."""
        self._script.clear()

    @web.middleware
    async def inject(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let the first fault that fits act on a request."""
        fault = next((fault for fault in self._script if fault.fits(request)), None)
        if fault is None:
            return await handler(request)
        if fault.left is not None:
            fault.left -= 1
        self.fired[fault.route, fault.kind] += 1
        return await KINDS[fault.kind].act(Call(request, handler, fault.options, self._clock))


# --- the acts -------------------------------------------------------------------------------------------


async def _reset_before_request(call: Call) -> web.StreamResponse:
    return _reset(call.request)


async def _reset_after_request(call: Call) -> web.StreamResponse:
    await _swallow_body(call.request)
    return _reset(call.request)


async def _reset_after_accept(call: Call) -> web.StreamResponse:
    await call.done(StreamFault(is_lost=True))
    return _reset(call.request)


async def _cut_after_bytes(call: Call) -> web.StreamResponse:
    count = call.options["bytes"]
    response = await call.done(StreamFault(cut_after_bytes=count))
    if isinstance(response, FileDownload):
        response.cut_after_bytes = count
    elif isinstance(response, web.Response) and isinstance(response.body, bytes):
        whole = response.body
        response = web.StreamResponse(status=response.status, headers=response.headers)
        response.content_length = len(whole)
        await response.prepare(call.request)
        await response.write(whole[:count])
        cut(call.request)
    return response


async def _cut_clean_after_events(call: Call) -> web.StreamResponse:
    return await call.done(StreamFault(end_after_events=call.options["events"]))


async def _insert(call: Call) -> web.StreamResponse:
    body = call.options["body"]
    inserted = _as_bytes(body)
    if isinstance(body, dict):
        inserted = b"data: " + inserted + b"\n\n"
    return await call.done(StreamFault(insert=inserted, insert_after_events=call.options["after_events"]))


async def _status(call: Call) -> web.StreamResponse:
    await _swallow_body(call.request)
    body, headers = call.options["body"], dict(call.options["headers"])
    if call.options["retry_after"] is not None:
        headers[hdrs.RETRY_AFTER] = str(call.options["retry_after"])
    kind = "application/json" if isinstance(body, dict | list) else "text/html"
    headers.setdefault(hdrs.CONTENT_TYPE, kind)
    return web.Response(status=call.options["status"], body=_as_bytes(body), headers=headers)


async def _garbage(call: Call) -> web.StreamResponse:
    await _swallow_body(call.request)
    return web.Response(body=b"\x00\xff{not an answer", content_type="application/json")


async def _code(call: Call) -> web.StreamResponse:
    await _swallow_body(call.request)
    return refuse(
        Refusal(call.options["code"], call.options["message"], retry_after=call.options["retry_after"]),
        status=call.options["status"],
    )


async def _redirect(call: Call) -> web.StreamResponse:
    await _swallow_body(call.request)
    return web.Response(status=call.options["status"], headers={hdrs.LOCATION: call.options["location"]})


async def _stall(call: Call) -> web.StreamResponse:
    return await send_events(call.request, _heartbeats(call.clock, call.options["seconds"], every=None))


async def _heartbeats_only(call: Call) -> web.StreamResponse:
    await _swallow_body(call.request)
    return await send_events(
        call.request, _heartbeats(call.clock, call.options["seconds"], every=call.options["every"])
    )


async def _delay(call: Call) -> web.StreamResponse:
    await call.clock.sleep(call.options["seconds"])
    return await call.done()


async def _ignore_range(call: Call) -> web.StreamResponse:
    response = await call.done()
    if isinstance(response, FileDownload):
        response.takes_ranges = False
    return response


async def _changed_etag(call: Call) -> web.StreamResponse:
    response = await call.done()
    if isinstance(response, FileDownload):
        response.entity_tag = '"changed"'
    return response


def _as_bytes(body: bytes | str | dict[str, Any] | list[Any]) -> bytes:
    if isinstance(body, bytes):
        return body
    return (body if isinstance(body, str) else json.dumps(body)).encode()


def _reset(request: web.Request) -> web.StreamResponse:
    """End the connection with a TCP reset; what is returned reaches no one."""
    transport = request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=499)


async def _swallow_body(request: web.Request) -> None:
    async for _ in request.content.iter_any():
        pass


async def _heartbeats(clock: Clock, seconds: float, every: float | None) -> AsyncGenerator[bytes, None]:
    """Yield heartbeats, or nothing, until the time is over or the listener has gone."""
    end = clock.monotonic() + seconds
    while (left := end - clock.monotonic()) > 0:
        await clock.sleep(left if every is None else min(every, left))
        if every is not None:
            yield HEARTBEAT


KINDS: Mapping[str, Kind] = {
    "reset_before_request": Kind(
        _reset_before_request, "The connection is reset before the body is read; nothing is done."
    ),
    "reset_after_request": Kind(
        _reset_after_request, "The whole request is read, nothing is done, the connection is reset."
    ),
    "reset_after_accept": Kind(
        _reset_after_accept, "The call is done (and charged), its answer is lost: the connection ends."
    ),
    "cut_after_bytes": Kind(
        _cut_after_bytes,
        "The call is done; the connection ends after so many bytes of the answer's body.",
        {"bytes": ...},
    ),
    "cut_clean_after_events": Kind(
        _cut_clean_after_events,
        "The turn is done; its stream closes, as if complete, after so many events.",
        {"events": 0},
    ),
    "insert": Kind(
        _insert,
        "The turn is done; these bytes (of a dict: its frame) come into its stream after so many events.",
        {"body": ..., "after_events": 0},
    ),
    "status": Kind(
        _status,
        "Nothing is done; the answer is this HTTP status and body: bytes or text, a dict or list as JSON.",
        {"status": ..., "body": b"", "headers": {}, "retry_after": None},
    ),
    "garbage": Kind(_garbage, "Nothing is done; the answer has HTTP 200, calls itself JSON, and is none."),
    "code": Kind(
        _code,
        "Nothing is done; the answer is an envelope with this code.",
        {"code": ..., "message": "A fault of the script.", "status": None, "retry_after": None},
    ),
    "redirect": Kind(
        _redirect, "Nothing is done; the answer is a redirect.", {"status": 307, "location": ...}
    ),
    "stall": Kind(
        _stall,
        "Nothing is done; headers of a stream, then silence until the time is over or the client leaves.",
        {"seconds": math.inf},
    ),
    "heartbeats_only": Kind(
        _heartbeats_only,
        "Nothing is done; a stream of heartbeats for so long, one in every so many seconds.",
        {"seconds": math.inf, "every": 1.0},
    ),
    "delay": Kind(_delay, "The call is done after so many seconds.", {"seconds": ...}),
    "ignore_range": Kind(_ignore_range, "A download is sent whole (200), whatever range was asked for."),
    "changed_etag": Kind(
        _changed_etag, "A download has another entity tag: the file was replaced in between."
    ),
}
"""Every kind of fault, by name."""
