"""A turn's limits, on a clock that the test moves: minutes pass in milliseconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from chat_service import PING, ChatService, frame, hear, text_frame
from loopback import STREAM_HEAD

from nemovideo import Outcome, Timing, Turn
from nemovideo._clock import ManualClock
from nemovideo.errors import OutcomeUnknownError, TurnTimeoutError
from nemovideo.events import Heartbeat, StillWorking, Thought


class PacedChat:
    """Streams a heartbeat every so many seconds of the test's clock, news each 5 minutes, last an answer."""

    def __init__(
        self, clock: ManualClock, every: float, seconds: float, *, news: bytes = b"", answer: bytes = b""
    ) -> None:
        self._clock = clock
        self._every = every
        self._seconds = seconds
        self._news = news
        self._answer = answer
        self.began = asyncio.Event()
        self.left = asyncio.Event()

    async def __call__(self, service: ChatService, writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM_HEAD)
        self.began.set()
        begin = self._clock.monotonic()
        try:
            while (passed := self._clock.monotonic() - begin) < self._seconds:
                writer.write(self._news if passed and passed % 300 == 0 else PING)
                await writer.drain()
                await self._clock.sleep(self._every)
            writer.write(self._answer)
        except ConnectionError:
            self.left.set()
            raise


async def let_pass(
    clock: ManualClock, task: asyncio.Task[object], step: float, until: Callable[[], bool]
) -> None:
    """Move the clock in steps until something holds or the task is done."""
    while not until() and not task.done():
        await clock.advance(step)


@pytest.mark.fault("F11")
async def test_a_stream_of_15_minutes_lives() -> None:
    """A ping every 10 seconds, some news, the answer just before the limit: no timeout cuts it short."""
    clock = ManualClock()
    thought = frame(author="a", content={"parts": [{"text": "Rendering.", "thought": True}]})
    chat = PacedChat(clock, 10, 890, news=thought, answer=text_frame("Done."))
    async with ChatService(chat) as service, service.client(Timing(), clock) as nemo:
        hearing = asyncio.create_task(hear(nemo.chat.stream("s1", "add a title")))
        await chat.began.wait()
        await let_pass(clock, hearing, 10, lambda: clock.monotonic() >= 900)
        events, turn = await hearing
        assert isinstance(turn, Turn)
        assert (turn.text, turn.outcome) == ("Done.", Outcome.ANSWERED)
        assert sum(isinstance(event, Heartbeat) for event in events) == 87
        assert sum(isinstance(event, Thought) for event in events) == 2
        assert service.chats == 1


@pytest.mark.fault("F13")
async def test_heartbeats_alone_end_in_a_timeout_with_signs_of_life_before() -> None:
    """Ten minutes of heartbeats are a timeout; every two minutes before, the reader hears of it."""
    clock = ManualClock()
    chat = PacedChat(clock, 1, 3600)
    async with ChatService(chat) as service, service.client(Timing(), clock) as nemo:
        hearing = asyncio.create_task(hear(nemo.chat.stream("s1", "add a title")))
        await chat.began.wait()
        await let_pass(clock, hearing, 1, lambda: clock.monotonic() >= 590)
        assert not hearing.done(), "the deadline has not come yet"
        await let_pass(clock, hearing, 1, lambda: clock.monotonic() >= 610)
        events, error = await hearing
        assert isinstance(error, TurnTimeoutError)
        assert error.session_id == "s1"
        assert error.may_have_charged
        signs = [event.elapsed for event in events if isinstance(event, StillWorking)]
        assert signs == pytest.approx([120, 240, 360, 480], abs=2)
        assert (service.chats, service.reads) == (1, 2)
        await let_pass(clock, hearing, 1, chat.left.is_set)
        await clock.advance(5)
        assert chat.left.is_set(), "the connection was freed"


@pytest.mark.fault("F13")
async def test_a_talkative_turn_has_a_deadline_too() -> None:
    """News comes for ever: `Timing.turn` ends it; what the state shows by then is not lost."""
    clock = ManualClock()
    began = asyncio.Event()

    async def chat(service: ChatService, writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM_HEAD)
        began.set()
        while True:
            await clock.sleep(30)
            writer.write(text_frame("On it."))
            await writer.drain()

    async with ChatService(chat) as service, service.client(Timing(), clock) as nemo:
        hearing = asyncio.create_task(hear(nemo.chat.stream("s1", "add a title")))
        await began.wait()
        await let_pass(clock, hearing, 5, lambda: clock.monotonic() >= 895)
        assert not hearing.done()
        await let_pass(clock, hearing, 5, lambda: clock.monotonic() >= 910)
        events, error = await hearing
        assert isinstance(error, TurnTimeoutError)
        assert not any(isinstance(event, StillWorking) for event in events), "there was news all the time"
        assert service.chats == 1


@pytest.mark.fault("F12")
async def test_silence_is_a_broken_stream_after_a_minute() -> None:
    """Not a byte for `Timing.idle`: the state is read after 30 s and then every 60 s, five times in all."""
    clock = ManualClock()
    began = asyncio.Event()

    async def chat(service: ChatService, writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM_HEAD)
        began.set()
        await asyncio.Event().wait()

    async with ChatService(chat) as service, service.client(Timing(), clock) as nemo:
        hearing = asyncio.create_task(hear(nemo.chat.stream("s1", "add a title")))
        await began.wait()
        reads: list[float] = []

        def note() -> bool:
            while len(reads) < service.reads - 1:
                reads.append(clock.monotonic())
            return clock.monotonic() > 600

        await let_pass(clock, hearing, 1, note)
        _, error = await hearing
        assert isinstance(error, OutcomeUnknownError)
        assert reads == pytest.approx([60 + 30 + 60 * read for read in range(5)], abs=3)
        assert service.chats == 1


async def test_a_long_event_that_trickles_in_is_no_silence() -> None:
    """It takes two minutes to arrive, without a whole line in between: bytes are a sign of life."""
    clock = ManualClock()
    began = asyncio.Event()
    event = text_frame("Done.")

    async def chat(service: ChatService, writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM_HEAD)
        began.set()
        for place in range(len(event)):
            await clock.sleep(120 / len(event))
            writer.write(event[place : place + 1])
            await writer.drain()

    async with ChatService(chat) as service, service.client(Timing(), clock) as nemo:
        hearing = asyncio.create_task(hear(nemo.chat.stream("s1", "add a title")))
        await began.wait()
        await let_pass(clock, hearing, 1, lambda: clock.monotonic() >= 130)
        _, turn = await hearing
        assert isinstance(turn, Turn)
        assert (turn.text, turn.outcome) == ("Done.", Outcome.ANSWERED)
        assert service.chats == 1


@pytest.mark.fault("F40")
@pytest.mark.parametrize("jump", [-3600.0, 3600.0])
async def test_a_wall_clock_that_jumps_moves_no_deadline_of_a_turn(jump: float) -> None:
    """Deadlines are held on the monotonic clock: an hour of summer time changes nothing."""
    clock = ManualClock()
    chat = PacedChat(clock, 10, 3600)
    async with ChatService(chat) as service, service.client(Timing(), clock) as nemo:
        hearing = asyncio.create_task(hear(nemo.chat.stream("s1", "add a title")))
        await chat.began.wait()
        await let_pass(clock, hearing, 10, lambda: clock.monotonic() >= 300)
        clock.jump(jump)
        await let_pass(clock, hearing, 10, lambda: clock.monotonic() >= 580)
        assert not hearing.done()
        await let_pass(clock, hearing, 10, lambda: clock.monotonic() >= 620)
        _, error = await hearing
        assert isinstance(error, TurnTimeoutError)
        assert service.chats == 1
