"""The chat call: one message in, a stream of server-sent events out."""

from __future__ import annotations

from contextlib import aclosing
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal

from aiohttp import web
from attrs import frozen

from nemovideo.local.adk_dialect import AdkDialect
from nemovideo.local.answers import Refusal, field, read_object, whole_text
from nemovideo.local.simple_dialect import SimpleDialect

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from nemovideo._clock import Clock
    from nemovideo.local.account_calls import Gate
    from nemovideo.local.turn_events import Dialect
    from nemovideo.local.turns import Turns

DialectName = Literal["adk", "simple"]
OnDisconnect = Literal["continue", "cancel"]

MAX_MESSAGE_LETTERS = 20_000


@frozen
class StreamFault:
    """How a stream goes wrong.

    Attributes:
        is_lost: Nothing is answered, not even headers.
        cut_after_bytes: The connection ends after so many bytes of the body.
        end_after_events: The stream closes, as if it were complete, after so many events.
        insert: Bytes put into the stream.
        insert_after_events: After how many events they come.
    """

    is_lost: bool = False
    cut_after_bytes: int | None = None
    end_after_events: int | None = None
    insert: bytes = b""
    insert_after_events: int = 0


NO_FAULT = StreamFault()
STREAM_FAULT: ContextVar[StreamFault] = ContextVar("STREAM_FAULT", default=NO_FAULT)
"""How the stream that is being answered goes wrong."""


class ChatCalls:
    """Serves chat.

    Args:
        gate: Knows who is calling.
        turns: Answers.
        clock: Time, for heartbeats and stamps.
        dialect: How the events are written.
        heartbeat: Seconds of silence before each heartbeat.
        on_disconnect: Whether a turn goes on when its listener leaves.
    """

    def __init__(
        self,
        gate: Gate,
        turns: Turns,
        clock: Clock,
        *,
        dialect: DialectName,
        heartbeat: float,
        on_disconnect: OnDisconnect,
    ) -> None:
        self._gate = gate
        self._turns = turns
        self._clock = clock
        self._dialect = dialect
        self._heartbeat = heartbeat
        self._on_disconnect = on_disconnect

    def routes(self) -> list[web.RouteDef]:
        """Return what is served here."""
        return [web.post("/run_sse", self.run_sse)]

    async def run_sse(self, request: web.Request) -> web.StreamResponse:
        """Take a message, charge for it, and stream the answer."""
        account = self._gate.account(request)
        body = await read_object(request)
        session_id, message = _read_turn(body)
        session = self._gate.session(account, session_id)
        self._gate.charge_turn(account, session, message)
        turn = self._turns.start(session_id, message)
        dialect: Dialect = (
            SimpleDialect()
            if self._dialect == "simple"
            else AdkDialect(self._clock, streaming=body.get("streaming", True) is not False)
        )
        try:
            return await send_events(request, turn.frames(dialect, self._heartbeat))
        finally:
            if self._on_disconnect == "cancel" and turn.task is not None:
                turn.task.cancel()


async def send_events(request: web.Request, frames: AsyncGenerator[bytes, None]) -> web.StreamResponse:
    """Stream frames, going wrong as the fault of the moment says."""
    fault = STREAM_FAULT.get()
    left = fault.cut_after_bytes
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
    )
    if fault.is_lost:
        return response
    await response.prepare(request)
    async with aclosing(frames), aclosing(_with_fault(frames, fault)) as faulty_frames:
        async for frame in faulty_frames:
            await response.write(frame if left is None else frame[:left])
            if left is not None:
                left -= len(frame)
                if left <= 0:
                    cut(request)
                    break
    return response


def cut(request: web.BaseRequest) -> None:
    """End the connection as it stands; what was written before still goes out."""
    if request.transport is not None:
        request.transport.close()


async def _with_fault(frames: AsyncGenerator[bytes, None], fault: StreamFault) -> AsyncGenerator[bytes, None]:
    count = 0
    async for frame in frames:
        if fault.insert and count == fault.insert_after_events:
            yield fault.insert
        if count == fault.end_after_events:
            return
        yield frame
        count += 1
    if fault.insert and count <= fault.insert_after_events:
        yield fault.insert


def _read_turn(body: dict[str, Any]) -> tuple[str, str]:
    """Return session id and message of a chat body; camelCase does as well as snake_case [A]."""
    if field(body, str, "app_name", "appName") != "nemo_agent":
        raise Refusal(422, "$.app_name must be 'nemo_agent'.")
    if field(body, str, "user_id", "userId") != "me":
        raise Refusal(422, "$.user_id must be 'me'.")
    session_id = field(body, str, "session_id", "sessionId")
    parts = field(field(body, dict, "new_message", "newMessage"), list, "parts", path="$.new_message")
    texts = [part.get("text") if isinstance(part, dict) else None for part in parts]
    message = whole_text("\n".join(text for text in texts if isinstance(text, str))).strip()
    if not message:
        raise Refusal(422, "$.new_message.parts[0].text must say something.")
    if len(message) > MAX_MESSAGE_LETTERS:
        raise Refusal(422, f"A message has at most {MAX_MESSAGE_LETTERS} letters.")
    return session_id, message
