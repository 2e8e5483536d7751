"""A TCP proxy that spoils connections: delay, cut, reset, slice, stall, throttle; and counts what it did."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections import Counter
from typing import Self
from urllib.parse import urlsplit

from attrs import frozen

_READ_BYTES = 64 * 1024


@frozen(kw_only=True)
class Plan:
    """What happens to one connection: up is what the client sends, down what it gets; heads count, too.

    Attributes:
        delay: Seconds before the first byte goes up.
        cut_up, cut_down: The connection ends when so many bytes have passed.
        reset: It ends with a TCP reset, not in good order.
        stall_up, stall_down: After so many bytes nothing more passes, and the connection stays open.
        slice_bytes: Bytes come down in pieces of this size, each a segment of its own.
        bytes_per_second: Neither way is faster.
    """

    delay: float = 0.0
    cut_up: int | None = None
    cut_down: int | None = None
    reset: bool = False
    stall_up: int | None = None
    stall_down: int | None = None
    slice_bytes: int | None = None
    bytes_per_second: float | None = None


class Proxy:
    """An async context manager in front of the server at `target`, a URL; its own is `url`.

    The first connection follows the first plan, the next one the next; those beyond `plans` follow `rest`.

    Attributes:
        connections: How many were made.
        fired: How often each fault happened, by the name of the plan's attribute.
        passed: How many bytes went "up" and "down".
    """

    def __init__(self, target: str, *plans: Plan, rest: Plan | None = None) -> None:
        parts = urlsplit(target)
        self._host, self._port = parts.hostname, parts.port
        self._plans = list(plans)
        self._rest = rest or Plan()
        self._server: asyncio.Server | None = None
        self._busy: set[asyncio.Task[None]] = set()
        self._events: dict[str, asyncio.Event] = {}
        self.connections = 0
        self.fired: Counter[str] = Counter()
        self.passed: Counter[str] = Counter()
        self.url = ""

    async def __aenter__(self) -> Self:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _READ_BYTES)  # a stall is soon felt
        self._server = await asyncio.start_server(self._serve, sock=listener, limit=_READ_BYTES)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._busy:
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)
        await self._server.wait_closed()

    async def until(self, fault: str) -> None:
        """Wait until a fault has happened once."""
        await self._events.setdefault(fault, asyncio.Event()).wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        plan = self._plans.pop(0) if self._plans else self._rest
        self.connections += 1
        writers = [writer]
        ways: list[asyncio.Task[None]] = []
        try:
            if plan.delay:
                self._fire("delay")
                await asyncio.sleep(plan.delay)
            server_reader, server_writer = await asyncio.open_connection(self._host, self._port)
            writers.append(server_writer)
            ways.append(asyncio.create_task(self._carry("up", reader, server_writer, plan)))
            ways.append(asyncio.create_task(self._carry("down", server_reader, writer, plan)))
            await asyncio.gather(*ways)
        except (ConnectionError, EOFError):
            pass
        finally:
            for way in ways:
                way.cancel()
            for end in writers:
                end.close() if not plan.reset else _reset(end)
            self._busy.discard(task)

    async def _carry(
        self, way: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, plan: Plan
    ) -> None:
        """Pass bytes one way; raises `EOFError` where the whole connection shall end."""
        cut, stall = (plan.cut_up, plan.stall_up) if way == "up" else (plan.cut_down, plan.stall_down)
        end = min((limit for limit in (cut, stall) if limit is not None), default=None)
        piece = plan.slice_bytes if way == "down" and plan.slice_bytes else _READ_BYTES
        passed = 0
        while end is None or passed < end:
            chunk = await reader.read(piece if end is None else min(piece, end - passed))
            if not chunk:
                with contextlib.suppress(OSError):  # the other side may be gone already
                    writer.write_eof()
                return
            writer.write(chunk)
            await writer.drain()
            passed += len(chunk)
            self.passed[way] += len(chunk)
            if plan.bytes_per_second:
                self._fire("bytes_per_second")
                await asyncio.sleep(len(chunk) / plan.bytes_per_second)
            elif piece != _READ_BYTES:
                self._fire("slice_bytes")
                await asyncio.sleep(0)  # gives the piece a segment of its own: asyncio sets TCP_NODELAY
        if stall is not None and end == stall:
            self._fire(f"stall_{way}")
            await asyncio.Event().wait()
        self._fire("reset" if plan.reset else f"cut_{way}")
        raise EOFError

    def _fire(self, fault: str) -> None:
        self.fired[fault] += 1
        self._events.setdefault(fault, asyncio.Event()).set()


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):  # it may be closed already
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
