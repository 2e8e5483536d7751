"""Turns: each message is answered by the agent in a task of its own, whether or not anyone listens."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import TYPE_CHECKING

from nemovideo.local._store.chat_log import Message
from nemovideo.local.agent.reply import Scene
from nemovideo.local.agent.respond import respond
from nemovideo.local.turn_events import Failure, NoContent, Text, ToolCall, ToolResult

if TYPE_CHECKING:
    import random
    from collections.abc import AsyncGenerator, Callable

    from nemovideo._clock import Clock
    from nemovideo.local._store.chat_log import ChatLog
    from nemovideo.local._store.sessions import SessionStore
    from nemovideo.local.turn_events import Dialect, TurnEvent


_logger = logging.getLogger("nemovideo.local")


class Turn:
    """One running turn, and the events it has brought so far."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._events: asyncio.Queue[TurnEvent | None] = asyncio.Queue()
        self.task: asyncio.Task[None] | None = None

    def add(self, event: TurnEvent | None) -> None:
        """Append an event; None after the last one."""
        self._events.put_nowait(event)

    async def frames(self, dialect: Dialect, heartbeat_seconds: float) -> AsyncGenerator[bytes, None]:
        """Yield the turn as frames, with a heartbeat whenever nothing has come for so long."""
        while True:
            try:
                async with self._clock.timeout(heartbeat_seconds):
                    event = await self._events.get()
            except TimeoutError:
                yield dialect.heartbeat
                continue
            if event is None:
                return
            for frame in dialect.frames(event):
                yield frame


class Turns:
    """Starts turns, and ends them with the backend.

    Args:
        sessions: Where the drafts are kept.
        chat_log: Where what is said is kept.
        clock: Time, for the pace.
        random: Decides which edits stay silent.
        silent_edits: The share of edits that end without a word, 0 to 1. Never silent: a first video, an
            answer to a question, and a turn that changed nothing [D].
        pace: Seconds before each event.
        public_url: Turns a CDN path into a URL.
    """

    def __init__(
        self,
        sessions: SessionStore,
        chat_log: ChatLog,
        clock: Clock,
        random: random.Random,
        *,
        silent_edits: float,
        pace: float,
        public_url: Callable[[str], str],
    ) -> None:
        self._sessions = sessions
        self._chat_log = chat_log
        self._clock = clock
        self._random = random
        self._silent_edits = silent_edits
        self._pace = pace
        self._public_url = public_url
        self._running: set[asyncio.Task[None]] = set()

    def start(self, session_id: str, message: str) -> Turn:
        """Begin to answer a message; the turn goes on until it is done or its task is cancelled."""
        turn = Turn(self._clock)
        turn.task = asyncio.create_task(self._run(turn, session_id, message))
        self._running.add(turn.task)
        turn.task.add_done_callback(self._running.discard)
        return turn

    async def close(self) -> None:
        """Cancel what is running."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _run(self, turn: Turn, session_id: str, message: str) -> None:
        try:
            async with self._sessions.turn_lock(session_id):
                await self._answer(turn, session_id, message)
        except Exception:
            _logger.exception("a turn failed")
            turn.add(Failure("INTERNAL", "The embedded backend failed; its log says why."))
        finally:
            turn.add(None)

    async def _answer(self, turn: Turn, session_id: str, message: str) -> None:
        self._chat_log.add(Message(session_id, "user", message, self._clock.time()))
        session = self._sessions.get(session_id)
        media = tuple({**m, "cdn_url": self._public_url(m["cdn_path"])} for m in session.media)
        scene = Scene(session.draft, media, session.task_name, session.language, session.undo)
        reply = respond(message, scene)
        silent = reply.may_be_silent and self._random.random() < self._silent_edits
        for step in reply.steps:
            call_id = f"adk-{uuid.uuid4()}"
            await self._emit(turn, ToolCall(call_id, step.tool, step.args))
            await self._clock.sleep(self._pace)
            revision = self._sessions.save_draft(session_id, step.draft, reply.undo)
            for item in step.generated:
                self._sessions.add_generated(session_id, item)
            result = {"status": "ok", "op": step.args["op"]}
            state = {"draft": step.draft, "revision": revision}
            await self._emit(turn, ToolResult(call_id, step.tool, result, state))
            if step.text and not silent:
                await self._say(turn, session_id, step.text)
        await self._say(turn, session_id, "" if silent else reply.text)

    async def _say(self, turn: Turn, session_id: str, text: str) -> None:
        await self._emit(turn, Text(text) if text else NoContent())
        self._chat_log.add(Message(session_id, "agent", text, self._clock.time()))

    async def _emit(self, turn: Turn, event: TurnEvent) -> None:
        await self._clock.sleep(self._pace)
        turn.add(event)
