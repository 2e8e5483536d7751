"""Chat: one message, sent once, and what came of it."""

from __future__ import annotations

import contextlib
import enum
from contextlib import aclosing
from typing import TYPE_CHECKING, Self

from nemovideo._transport.event_source import OneShotEventSource
from nemovideo._wire import endpoints
from nemovideo._wire.converter import session_state
from nemovideo._wire.turn import Ending, TurnAssembler
from nemovideo.errors import (
    APIError,
    ChatError,
    ConfigurationError,
    NemoVideoError,
    NotSentError,
    ProtocolError,
    ServerError,
    TurnInProgressError,
    TurnTimeoutError,
)
from nemovideo.events import Heartbeat, StillWorking
from nemovideo.models import Outcome
from nemovideo.resources.recovery import HOPELESS, Recovery

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from types import TracebackType

    from nemovideo._transport.http import HttpTransport
    from nemovideo.events import ChatEvent
    from nemovideo.journal import Journal, JournalEntry
    from nemovideo.models import SessionState, Turn


class Chat:
    """Verbs over a session's conversation.

    Args:
        transport: Carries the message.
        read_state: Reads a session's state; what a broken stream did is found out there.
        journal: Where messages are written down before they are sent; None for nowhere.
    """

    def __init__(
        self,
        transport: HttpTransport,
        read_state: Callable[[str], Awaitable[SessionState]],
        journal: Journal | None = None,
    ) -> None:
        self._transport = transport
        self._read_state = read_state
        self._journal = journal
        self._running: set[str] = set()

    async def send(self, session_id: str, text: str) -> Turn:
        """Send a message and return when its turn is over.

        It is sent at most once. If the stream breaks, the state is read until it shows what happened.

        Args:
            session_id: Where to.
            text: What to say.

        Raises:
            NotSentError: Nothing left this machine; send it again when the network is back.
            APIError: The service refused it; nothing was charged, unless a `ServerError`'s hint says else.
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
        return ChatStream(self._transport, self._read_state, self._journal, self._running, session_id, text)

    async def resume(self, entry: JournalEntry) -> Turn:
        """Find out what became of a turn that the journal names; nothing is sent.

        The state is compared with the one before the turn, so what others changed since counts as its work.

        Raises:
            OutcomeUnknownError: The state shows no change, so it may not have been done; the entry stays.
            AuthenticationError, SessionNotFoundError: The state cannot be read; the entry stays.
        """
        before = entry.data.get("before")
        recovery = Recovery(
            entry.session_id,
            session_state({"state": before}) if before is not None else None,
            self._read_state,
            self._transport.clock,
            self._transport.timing,
        )
        async with aclosing(recovery.looks(at_once=True)) as looks:
            async for after in looks:
                if recovery.is_changed(after):
                    if self._journal is not None:
                        await self._journal.settle(entry.id)
                    return recovery.turn(Outcome.RECOVERED, TurnAssembler(), after)
        raise recovery.unknown("The turn left no trace in the state so far.")


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
        journal: Journal | None,
        running: set[str],
        session_id: str,
        text: str,
    ) -> None:
        self._transport = transport
        self._clock = transport.clock
        self._timing = transport.timing
        self._read_state = read_state
        self._journal = journal
        self._running = running
        self._session_id = session_id
        self._text = text
        self._used = self._is_left = self._holds_session = False
        self._entry_id: str | None = None
        self._source: OneShotEventSource | None = None
        self._events: AsyncGenerator[ChatEvent, None] | None = None
        self._turn: Turn | None = None
        self._recovery = Recovery(session_id, None, read_state, self._clock, self._timing)
        self._started = 0.0

    async def __aenter__(self) -> Self:
        if self._used:
            raise ConfigurationError("This stream was used before.", hint="Make a new one for each message.")
        if self._session_id in self._running:
            raise TurnInProgressError("A turn is still running in this session.", session_id=self._session_id)
        self._used = self._holds_session = True
        self._running.add(self._session_id)
        try:
            await self._open()
        except BaseException:
            self._let_go()
            raise
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
            raise self._recovery.unknown("The stream was left before the turn was over.")
        return self._turn

    async def close(self) -> None:
        """Free the connection; a second time does nothing. Another task that reads comes to the end."""
        self._is_left = True
        try:
            if self._source is not None:
                await self._source.close()
            if self._events is not None:
                with contextlib.suppress(RuntimeError):  # another task reads: it finds the source closed
                    await self._events.aclose()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        if self._holds_session:
            self._holds_session = False
            self._running.discard(self._session_id)

    # --- the message is sent --------------------------------------------------------------------------

    async def _open(self) -> None:
        """Read the state, write the message down, send it."""
        before = await self._state_before()
        self._recovery = Recovery(self._session_id, before, self._read_state, self._clock, self._timing)
        if self._journal is not None:
            kept = {key: before.raw.get(key) for key in _COMPARED} if before is not None else None
            self._entry_id = await self._journal.begin_turn(self._session_id, self._text, kept)
        self._started = self._clock.monotonic()
        try:
            opened = await self._transport.open_stream(endpoints.chat(self._session_id, self._text))
        except ServerError as problem:
            if problem.status == 503:
                await self._settle()
            else:
                problem.hint = _MAY_BE_DONE
            raise
        except (NotSentError, APIError, ConfigurationError):
            await self._settle()
            raise
        if isinstance(opened, OneShotEventSource):
            self._source = opened
        self._events = self._run()

    async def _state_before(self) -> SessionState | None:
        """Read what the turn will be compared with; a state that cannot be read does not forbid to speak.

        Raises:
            AuthenticationError, SessionNotFoundError, ConfigurationError, NotSentError: Sending would fail
                as well.
        """
        try:
            return await self._read_state(self._session_id)
        except (*HOPELESS, NotSentError):
            raise
        except NemoVideoError:
            return None

    async def _settle(self) -> None:
        if self._journal is not None and self._entry_id is not None:
            await self._journal.settle(self._entry_id)

    # --- while the stream stands ----------------------------------------------------------------------

    async def _run(self) -> AsyncGenerator[ChatEvent, None]:
        said = TurnAssembler()
        ended = _StreamEnd.BROKEN
        if self._source is not None:
            async with aclosing(self._listen(self._source, said)) as heard:
                async for event in heard:
                    if isinstance(event, _StreamEnd):
                        ended = event
                    else:
                        yield event
            await self._source.close()
        if self._is_left:
            return
        for event in said.finish(broken=ended is not _StreamEnd.CLOSED):
            yield event
        if said.error is not None and said.ending in {Ending.ERROR, Ending.CUT}:
            await self._settle()
            code, message = said.error
            raise ChatError(
                self._transport.redact(message or "The agent failed."),
                code=code,
                text=said.text,
                session_id=self._session_id,
            )
        if ended is _StreamEnd.TIMED_OUT:
            await self._conclude_late(said)
        elif not await self._conclude_at_once(said):
            async with aclosing(self._recover(said)) as signs:
                async for sign in signs:
                    yield sign

    async def _listen(
        self, source: OneShotEventSource, said: TurnAssembler
    ) -> AsyncGenerator[ChatEvent | _StreamEnd, None]:
        """Give out the stream's events, signs of life in long silences, and last how it ended."""
        clock, timing = self._clock, self._timing
        news = sign = self._started
        ended: _StreamEnd | None = None
        quiet_since = clock.monotonic()
        while ended is None:
            deadline = min(self._started + timing.turn, news + timing.heartbeat_only)
            wake = min(deadline, quiet_since + timing.idle, max(news, sign) + timing.still_working)
            items: list[str | None] | None = None
            try:
                async with clock.timeout(max(0.0, wake - clock.monotonic())):
                    items = await anext(source)
            except StopAsyncIteration:
                ended = _StreamEnd.BROKEN if source.is_cut else _StreamEnd.CLOSED
            except TimeoutError:
                if clock.monotonic() >= quiet_since + timing.idle:
                    ended = _StreamEnd.BROKEN
            except (ConnectionError, ProtocolError):  # the second one: an event that is too long
                ended = _StreamEnd.BROKEN
            now = clock.monotonic()
            for item in items or ():
                for event in said.feed(item):
                    if not isinstance(event, Heartbeat):
                        news = now
                    yield event
            if items is not None:  # bytes came, be it only a part of an event
                quiet_since = clock.monotonic()  # after the reader took them: its time is not the service's
            if ended is None and now >= min(self._started + timing.turn, news + timing.heartbeat_only):
                ended = _StreamEnd.TIMED_OUT
            elif ended is None and now >= max(news, sign) + timing.still_working:
                sign = now
                yield StillWorking(now - self._started)
        yield ended

    # --- it is over -----------------------------------------------------------------------------------

    async def _conclude_late(self, said: TurnAssembler) -> None:
        """Keep a turn that outlived its deadline, if the state shows that it did something."""
        after = await self._recovery.look()
        if not self._recovery.is_changed(after):
            raise TurnTimeoutError(
                f"The turn was not over after {self._clock.monotonic() - self._started:.0f} seconds.",
                session_id=self._session_id,
            )
        await self._keep(Outcome.RECOVERED, said, after)

    async def _conclude_at_once(self, said: TurnAssembler) -> bool:
        """Keep a turn whose stream told enough, with one look at the state at most; return whether it did."""
        recovery, told = self._recovery, said.draft_json is not None
        if said.ending is Ending.OK:
            await self._keep(Outcome.ANSWERED, said, None if told else await recovery.look())
            return True
        if said.ending not in {Ending.SILENT, Ending.UNCONFIRMED}:
            return False
        after = await recovery.look()
        is_seen = after is not None and recovery.can_compare
        if recovery.is_changed(after) or (told and not is_seen):
            await self._keep(Outcome.ANSWERED if said.text else Outcome.SILENT, said, after)
            return True
        if said.ending is Ending.SILENT and is_seen:
            await self._keep(Outcome.UNCHANGED, said, after)
            return True
        return False

    async def _recover(self, said: TurnAssembler) -> AsyncGenerator[StillWorking, None]:
        """Read the state until it shows what the turn did; a sign of life before each look."""
        yield StillWorking(self._clock.monotonic() - self._started, recovering=True)
        with contextlib.suppress(*HOPELESS):
            self._transport.connections.check_open()  # a closed client waits for nothing
            async with aclosing(self._recovery.looks()) as looks:
                async for after in looks:
                    if self._recovery.is_changed(after):
                        await self._keep(Outcome.RECOVERED, said, after)
                        return
                    yield StillWorking(self._clock.monotonic() - self._started, recovering=True)
        raise self._recovery.unknown(
            "The stream did not tell how the turn ended, and the state shows no change yet."
        )

    async def _keep(self, outcome: Outcome, said: TurnAssembler, after: SessionState | None) -> None:
        self._turn = self._recovery.turn(outcome, said, after)
        await self._settle()


class _StreamEnd(enum.Enum):
    """How a stream ended, as far as the transport can tell."""

    CLOSED = "closed"
    BROKEN = "broken"
    TIMED_OUT = "timed out"


_MAY_BE_DONE = "It may have been done and charged all the same: read the state before you send it again."
"""What to do after a server's failure: a gateway may have given up on a turn that went on."""

_COMPARED = ("draft", "canvas_config", "generated_media")
"""Keys of the state that tell whether a turn did something."""
