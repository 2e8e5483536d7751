"""Chat: one message, sent once, and what came of it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Self

import aiohttp

from nemovideo._transport.event_source import OneShotEventSource
from nemovideo._wire import endpoints
from nemovideo._wire.turn import Ending, TurnAssembler
from nemovideo.draft.comparison import diff
from nemovideo.draft.model import Draft
from nemovideo.errors import (
    AuthenticationError,
    ChatError,
    ConfigurationError,
    DraftError,
    NemoVideoError,
    NotSentError,
    OutcomeUnknownError,
    SessionNotFoundError,
    TurnInProgressError,
    TurnTimeoutError,
)
from nemovideo.events import Heartbeat, StillWorking
from nemovideo.models import Outcome, Turn

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
    from types import TracebackType

    from nemovideo._transport.http import HttpTransport
    from nemovideo.events import ChatEvent
    from nemovideo.models import SessionState


class Chat:
    """Verbs over a session's conversation.

    Args:
        transport: Carries the message.
        read_state: Reads a session's state; what a broken stream did is found out there.
    """

    def __init__(
        self, transport: HttpTransport, read_state: Callable[[str], Awaitable[SessionState]]
    ) -> None:
        self._transport = transport
        self._read_state = read_state
        self._running: set[str] = set()

    async def send(self, session_id: str, text: str) -> Turn:
        """Send a message and return when its turn is over.

        It is sent at most once. If the stream breaks, the state is read until it shows what happened.

        Args:
            session_id: Where to.
            text: What to say.

        Raises:
            NotSentError: Nothing left this machine; send it again when the network is back.
            APIError: The service refused it; nothing was charged.
            OutcomeUnknownError: It may have been done and charged; its hint says how to go on.
            TurnTimeoutError: The turn outlived `Timing.turn`, or sent nothing but heartbeats for too long.
            TurnInProgressError: Another turn runs in this session; nothing was sent.
            ChatError: The agent ended the turn with an error.
        """
        async with self.stream(session_id, text) as stream:
            return await stream.result()

    def stream(self, session_id: str, text: str) -> ChatStream:
        """Return the turn as a stream of events, to be opened with `async with`.

        Raises:
            ConfigurationError: The message is empty or no text.
        """
        check_message(text)
        return ChatStream(self._transport, self._read_state, self._running, session_id, text)


def check_message(text: str) -> None:
    """Check a message before anything is sent.

    Raises:
        ConfigurationError: It is empty or no text.
    """
    if not isinstance(text, str) or not text.strip():
        raise ConfigurationError("The message is empty.", hint="Say what the video should be like.")


class ChatStream:
    """A turn while it runs: an async context manager, and an async iterator of its events.

    Entering sends the message, and raises what `Chat.send` raises before a stream stands. Leaving frees the
    connection at once. Leaving early is an explicit act: the service may stop the edit, and may charge for it
    all the same.
    """

    def __init__(
        self,
        transport: HttpTransport,
        read_state: Callable[[str], Awaitable[SessionState]],
        running: set[str],
        session_id: str,
        text: str,
    ) -> None:
        self._transport = transport
        self._clock = transport.clock
        self._timing = transport.timing
        self._read_state = read_state
        self._running = running
        self._session_id = session_id
        self._text = text
        self._entered = False
        self._before: SessionState | None = None
        self._source: OneShotEventSource | None = None
        self._events: AsyncGenerator[ChatEvent, None] | None = None
        self._turn: Turn | None = None
        self._started = 0.0

    async def __aenter__(self) -> Self:
        if self._entered:
            raise ConfigurationError(
                "This stream was opened before.", hint="Make a new one for each message."
            )
        if self._session_id in self._running:
            raise TurnInProgressError("A turn is still running in this session.", session_id=self._session_id)
        self._entered = True
        self._running.add(self._session_id)
        try:
            self._before = await self._look()
            opened = await self._transport.open_stream(endpoints.chat(self._session_id, self._text))
        except BaseException:
            self._running.discard(self._session_id)
            raise
        self._started = self._clock.monotonic()
        if isinstance(opened, OneShotEventSource):
            self._source = opened
        self._events = self._run()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> ChatEvent:
        if self._events is None:
            raise ConfigurationError("The stream is not open.", hint="Use `async with` around it.")
        return await anext(self._events)

    async def result(self) -> Turn:
        """Read what is left of the stream and return the turn.

        Raises:
            NemoVideoError: As `Chat.send`, once a stream stands.
        """
        async for _ in self:
            pass
        if self._turn is None:
            raise OutcomeUnknownError(
                "The stream was left before the turn was over.",
                may_have_charged=True,
                session_id=self._session_id,
            )
        return self._turn

    async def close(self) -> None:
        """Free the connection; a second time does nothing."""
        if self._source is not None:
            await self._source.close()
        if self._events is not None:
            await self._events.aclose()
        if self._entered:
            self._running.discard(self._session_id)
            self._entered = True

    # --- while the stream stands ----------------------------------------------------------------------

    async def _run(self) -> AsyncGenerator[ChatEvent, None]:
        assembler = TurnAssembler()
        ended = _End.BROKEN
        if self._source is not None:
            async for event in self._listen(self._source, assembler):
                if isinstance(event, _End):
                    ended = event
                else:
                    yield event
            await self._source.close()
        for event in assembler.finish(broken=ended is not _End.CLOSED):
            yield event
        if assembler.error is not None and assembler.ending in {Ending.ERROR, Ending.CUT}:
            code, message = assembler.error
            raise ChatError(
                self._transport.redact(message or "The agent failed."),
                code=code,
                text=assembler.text,
                session_id=self._session_id,
            )
        async for sign in self._conclude(assembler, ended):
            yield sign

    async def _listen(
        self, source: OneShotEventSource, assembler: TurnAssembler
    ) -> AsyncGenerator[ChatEvent | _End, None]:
        """Give out the stream's events, signs of life in long silences, and last how it ended."""
        clock, timing = self._clock, self._timing
        arrived = news = sign = self._started
        ended: _End | None = None
        while ended is None:
            deadline = min(self._started + timing.turn, news + timing.heartbeat_only)
            wake = min(deadline, arrived + timing.idle, max(news, sign) + timing.still_working)
            items: list[str | None] = []
            try:
                async with clock.timeout(max(0.0, wake - clock.monotonic())):
                    items = await anext(source)
            except StopAsyncIteration:
                ended = _End.BROKEN if source.is_cut else _End.CLOSED
            except TimeoutError:
                now = clock.monotonic()
                if now >= deadline:
                    ended = _End.TIMED_OUT
                elif now >= arrived + timing.idle:
                    ended = _End.BROKEN
            except (aiohttp.ClientError, OSError):
                ended = _End.BROKEN
            now = clock.monotonic()
            arrived = now if items else arrived
            for item in items:
                for event in assembler.feed(item):
                    if not isinstance(event, Heartbeat):
                        news = now
                    yield event
            if ended is None and now >= max(news, sign) + timing.still_working:
                sign = now
                yield StillWorking(now - self._started)
            if items and now >= deadline:
                ended = _End.TIMED_OUT
        yield ended

    # --- once it is over ------------------------------------------------------------------------------

    async def _conclude(self, assembler: TurnAssembler, ended: _End) -> AsyncGenerator[ChatEvent, None]:
        """Find out what happened, and keep the turn."""
        ending = assembler.ending
        if ended is _End.TIMED_OUT:
            after = await self._look()
            if not self._is_changed(after):
                raise TurnTimeoutError(
                    f"The turn was not over after {self._clock.monotonic() - self._started:.0f} seconds.",
                    session_id=self._session_id,
                )
            self._keep(assembler, Outcome.RECOVERED, after)
        elif ending is Ending.OK:
            told = assembler.draft_json is not None
            self._keep(assembler, Outcome.ANSWERED, None if told else await self._look())
        elif ending in {Ending.SILENT, Ending.UNCONFIRMED} and self._is_changed(after := await self._look()):
            self._keep(assembler, Outcome.ANSWERED if assembler.text else Outcome.SILENT, after)
        elif ending is Ending.SILENT:
            self._keep(assembler, Outcome.UNCHANGED, after)
        else:
            async for sign in self._recover(assembler):
                yield sign

    async def _recover(self, assembler: TurnAssembler) -> AsyncGenerator[ChatEvent, None]:
        """Read the state until it shows what a broken stream did; the message is not sent again [P]."""
        reads = self._timing.recover_reads if self._before is not None else 0
        for read in range(reads):
            yield StillWorking(self._clock.monotonic() - self._started, recovering=True)
            await self._clock.sleep(self._timing.recover_every if read else self._timing.recover_first)
            after = await self._look()
            if self._is_changed(after):
                self._keep(assembler, Outcome.RECOVERED, after)
                return
        raise OutcomeUnknownError(
            "The answer broke off, and the state shows no change yet.",
            may_have_charged=True,
            session_id=self._session_id,
            hint=f'Do not send it again yet: look at nemo.sessions.state("{self._session_id}") later.',
        )

    async def _look(self) -> SessionState | None:
        """Read the state; None where it cannot be read, which is no reason to fail a turn that was sent.

        Raises:
            AuthenticationError, SessionNotFoundError, NotSentError: Before the message is sent only.
        """
        try:
            return await self._read_state(self._session_id)
        except (AuthenticationError, SessionNotFoundError, NotSentError):
            if self._source is None and self._events is None:
                raise
        except NemoVideoError:
            pass
        return None

    def _is_changed(self, after: SessionState | None) -> bool:
        """Return whether the draft, the canvas or the generated media differ from before the turn."""
        before = self._before
        if before is None or after is None:
            return False
        return (before.draft.to_wire(), before.canvas, before.generated_media) != (
            after.draft.to_wire(), after.canvas, after.generated_media,
        )  # fmt: skip

    def _keep(self, assembler: TurnAssembler, outcome: Outcome, after: SessionState | None) -> None:
        draft = after.draft if after is not None else None
        if draft is None and assembler.draft_json is not None:
            draft = _read_draft(assembler.draft_json)
        before = self._before.draft if self._before is not None else None
        self._turn = Turn(
            session_id=self._session_id,
            text=assembler.text,
            outcome=outcome,
            draft=draft,
            changes=diff(before, draft) if before is not None and draft is not None else (),
            segments=assembler.segments,
            tool_calls=assembler.tool_calls,
            tool_results=assembler.tool_results,
            media=assembler.media,
            truncated=assembler.truncated,
        )


class _End(enum.Enum):
    """How a stream ended, as far as the transport can tell."""

    CLOSED = "closed"
    BROKEN = "broken"
    TIMED_OUT = "timed out"


def _read_draft(wire: Mapping[str, object]) -> Draft | None:
    try:
        return Draft.from_wire(wire)
    except DraftError:
        return None  # the turn was answered all the same
