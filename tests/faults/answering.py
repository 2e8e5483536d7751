"""A server that has its answers ready, and a client of it that does not wait for long."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from loopback import Loopback, Received, http

from nemovideo._clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = bytes | Callable[[Received], bytes]

TOKEN = "nmv_usr_0123456789abcdef"


def envelope(data: object, code: int = 0) -> bytes:
    """A whole answer with an envelope."""
    return http(json.dumps({"code": code, "data": data}).encode())


def refusal(code: int, message: str = "no", status: str = "200 OK", *headers: str) -> bytes:
    """A whole answer that refuses."""
    body = json.dumps({"code": code, "message": message}).encode()
    return http(body, status, "application/json", *headers)


EMPTY_STATE = envelope({"state": {}})


def answering(**answers: Answer | list[bytes]) -> Loopback:
    """Serve by method: `GET=…`, `POST=…`. Of a list each answer is given once, the last one from then on."""
    left: dict[str, list[Answer]] = {
        method: list(given) if isinstance(given, list) else [given] for method, given in answers.items()
    }

    async def answer(request: Received, writer: asyncio.StreamWriter) -> None:
        mine = left[request.method]
        given = mine.pop(0) if len(mine) > 1 else mine[0]
        writer.write(given if isinstance(given, bytes) else given(request))

    return Loopback(answer)


class HurriedClock(SystemClock):
    """The machine's clock, on which a wait takes a hundredth of its time.

    Attributes:
        waits: The seconds that were asked for.
    """

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(seconds / 100)
