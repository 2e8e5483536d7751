"""Talks to an assistant and reads its replies."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from nemovideo._clock import SystemClock
from nemovideo.assistant.conversation import Assistant
from nemovideo.assistant.replies import Reply, Say
from nemovideo.client import NemoVideo
from nemovideo.events import Text, ToolCall, ToolResult
from nemovideo.local import LocalBackend

T = TypeVar("T")

VIDEO = "make a 1-second 1:1 video titled 'Hi'"
"""A wish for the quickest video there is."""


class PatientClock(SystemClock):
    """Real time, but what is waited for on purpose is only written down."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)


async def replies(assistant: Assistant, text: str = "", files: Iterable[Path] = ()) -> list[Reply]:
    """Return all that is answered to a message."""
    return [reply async for reply in assistant.handle(text, files)]


def only(kind: type[T], said: list[Reply]) -> list[T]:
    """Return the replies of one kind."""
    return [reply for reply in said if isinstance(reply, kind)]


def words(said: list[Reply]) -> str:
    """Return what was said to be kept, a message a line."""
    return "\n".join(reply.text for reply in only(Say, said))


def backend_of(nemo: NemoVideo) -> LocalBackend:
    """Return the embedded backend."""
    assert nemo.backend is not None
    return nemo.backend


def answer(nemo: NemoVideo, *events: Text | ToolCall | ToolResult, times: int | None = 1) -> None:
    """Have the backend answer the next messages with these events and do nothing."""
    frames: list[dict[str, object]] = []
    for event in events:
        if isinstance(event, Text):
            frames.append({"type": "text", "content": event.text})
        elif isinstance(event, ToolCall):
            frames.append({"type": "tool_call", "name": event.name, "args": dict(event.args)})
        else:
            frames.append({"type": "tool_result", "name": event.name, "result": event.result})
    answer_frames(nemo, frames, times=times)


def answer_frames(nemo: NemoVideo, frames: Iterable[object], *, times: int | None = 1) -> None:
    """Have the backend answer the next messages with these frames, of either dialect, and do nothing."""
    backend_of(nemo).faults.add(
        "POST /run_sse",
        "status",
        times=times,
        status=200,
        headers={"Content-Type": "text/event-stream"},
        body="".join(f"data: {json.dumps(frame)}\n\n" for frame in frames),
    )


async def with_video(nemo: NemoVideo, photos: list[Path], **options: object) -> Assistant:
    """Return an assistant whose conversation has a video on its timeline, for one credit."""
    assistant = Assistant(nemo, **options)  # type: ignore[arg-type]  # whatever the test wants
    session = await nemo.sessions.create()
    await session.upload(*photos)
    await session.chat(VIDEO)
    data = assistant.to_dict() | {
        "session_id": session.session_id, "task_id": session.task_id, "file_count": 2, "has_video": True,
    }  # fmt: skip
    restored = {key: options[key] for key in ("folder", "clock") if key in options}
    return Assistant.from_dict(nemo, data, **restored)  # type: ignore[arg-type]  # as above
