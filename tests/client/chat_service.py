"""A service of one session in a few lines: its state is a value, its answers to chat are a script."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, TypeAlias

from loopback import STREAM_HEAD, Loopback, Received, http

from nemovideo import NemoVideo, Timing
from nemovideo.errors import NemoVideoError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nemovideo._clock import Clock
    from nemovideo.events import ChatEvent
    from nemovideo.models import Turn
    from nemovideo.resources.chat import ChatStream

Script: TypeAlias = "Callable[[ChatService, asyncio.StreamWriter], Awaitable[None]]"
"""Answers a chat; the connection ends when it returns."""

QUICK = Timing(recover_first=0.001, recover_every=0.001, recover_reads=3, idle=5, request=5, render_poll=0.01)
"""Recovery without waiting; nothing else is short."""


class ChatService(Loopback):
    """Answers every GET of a state, and each chat by `chat(self, writer)`.

    Attributes:
        draft: The session's timeline, in wire form.
        generated: Its media made by the agent.
        chats: How many messages came.
        reads: How often the state was read.
    """

    def __init__(self, chat: Script) -> None:
        super().__init__(self._respond)
        self._chat = chat
        self.draft = titled("before")
        self.generated: list[object] = []

    @property
    def chats(self) -> int:
        return self.count("POST /run_sse")

    @property
    def reads(self) -> int:
        return self.count("GET /api/state/")

    def client(self, timing: Timing = QUICK, clock: Clock | None = None) -> NemoVideo:
        return NemoVideo(token="t-given", base_url=self.url, timing=timing, clock=clock)

    async def _respond(self, request: Received, writer: asyncio.StreamWriter) -> None:
        if request.line == "POST /run_sse":
            await self._chat(self, writer)
        else:
            writer.write(envelope({"state": {"draft": self.draft, "generated_media": self.generated}}))


def saying(
    *pieces: bytes, edit: bool = False
) -> Callable[[ChatService, asyncio.StreamWriter], Awaitable[None]]:
    """Return a script that streams these bytes and closes; `edit` changes the timeline first."""

    async def chat(service: ChatService, writer: asyncio.StreamWriter) -> None:
        if edit:
            service.draft = titled("after")
        writer.write(STREAM_HEAD + b"".join(pieces))

    return chat


def answering(answer: bytes) -> Script:
    """Return a script that answers a chat with these bytes, head included."""

    async def chat(service: ChatService, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return chat


def envelope(data: object) -> bytes:
    """Return a whole answer with code 0."""
    return http(json.dumps({"code": 0, "data": data}).encode())


def frame(**keys: object) -> bytes:
    """Return one server-sent event of JSON."""
    return f"data: {json.dumps(keys)}\n\n".encode()


def text_frame(text: str, *, partial: bool = False) -> bytes:
    """Return an event in which the agent speaks."""
    return frame(author="agent", content={"parts": [{"text": text}]}, partial=partial)


def titled(title: str) -> dict[str, object]:
    """Return a timeline with one title."""
    return {"t": [{"tt": 7, "sg": [{"d": 3000, "m": {"text": title}}]}], "d": 3000, "m": {}}


async def hear(stream: ChatStream) -> tuple[list[ChatEvent], Turn | NemoVideoError]:
    """Open a stream, and return its events and how it ended."""
    events: list[ChatEvent] = []
    try:
        async with stream:
            async for event in stream:
                events.append(event)  # noqa: PERF401 - those before a failure count
            return events, await stream.result()
    except NemoVideoError as problem:
        return events, problem


PING = b"data:\n\n"
CALL = frame(author="a", content={"parts": [{"functionCall": {"id": "1", "name": "edit", "args": {}}}]})
RESULT = frame(author="a", content={"parts": [{"functionResponse": {"id": "1", "name": "edit"}}]})
