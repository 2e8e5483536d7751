"""Readers that leave, readers that dawdle, and a thousand of them at once."""

from __future__ import annotations

import asyncio
import time

import pytest
from chat_service import PING, ChatService, hear, text_frame
from loopback import STREAM_HEAD

from nemovideo import Outcome, Timing, Turn
from nemovideo.errors import OutcomeUnknownError
from nemovideo.events import TextDelta

ROUNDS = 2000
"""Turns of the loop in which loopback sockets get all done that they can."""


class EndlessChat:
    """Says something, then streams heartbeats until the listener has gone."""

    def __init__(self) -> None:
        self.left = asyncio.Event()

    async def __call__(self, service: ChatService, writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM_HEAD + text_frame("Working on", partial=True))
        try:
            while True:
                writer.write(PING)
                await writer.drain()
                await asyncio.sleep(0)
        except ConnectionError:
            self.left.set()


@pytest.mark.fault("F21")
async def test_leaving_early_frees_the_connection_and_the_session() -> None:
    """The server sees the connection end; the next message in the session is not refused."""
    chat = EndlessChat()
    async with ChatService(chat) as service, service.client() as nemo:
        for sent in (1, 2):
            async with nemo.chat.stream("s1", "add a title") as stream:
                async for event in stream:
                    assert isinstance(event, TextDelta)
                    break
            await asyncio.wait_for(chat.left.wait(), 5)
            chat.left.clear()
            assert service.chats == sent
        with pytest.raises(OutcomeUnknownError) as caught:
            await stream.result()
        assert caught.value.may_have_charged
        assert service.reads == 2, "one before each message: leaving looks nothing up"


@pytest.mark.fault("F21")
async def test_an_exception_in_the_readers_block_frees_the_connection_too() -> None:
    """What the reader raises comes out unchanged."""
    chat = EndlessChat()
    async with ChatService(chat) as service, service.client() as nemo:

        async def read() -> None:
            async with nemo.chat.stream("s1", "add a title") as stream:
                async for _ in stream:
                    raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await read()
        await asyncio.wait_for(chat.left.wait(), 5)
        assert service.chats == 1


@pytest.mark.fault("F21")
async def test_closing_from_another_task_ends_the_reader() -> None:
    """The reader's loop ends at once, without a look at the state; its result is the typed error."""
    chat = EndlessChat()
    async with ChatService(chat) as service, service.client() as nemo:
        reading = asyncio.Event()

        async def read() -> None:
            async for _ in stream:
                reading.set()

        async with nemo.chat.stream("s1", "add a title") as stream:
            reader = asyncio.create_task(read())
            await reading.wait()
            await stream.close()
            await asyncio.wait_for(reader, 5)
            with pytest.raises(OutcomeUnknownError):
                await stream.result()
        await asyncio.wait_for(chat.left.wait(), 5)
        assert (service.chats, service.reads) == (1, 1)


@pytest.mark.fault("F21")
async def test_closing_the_client_ends_its_streams() -> None:
    """A stream whose client is closed ends in the typed error, without the waits of a recovery."""
    chat = EndlessChat()
    async with ChatService(chat) as service:
        nemo = service.client(Timing())
        async with nemo.chat.stream("s1", "add a title") as stream:
            await anext(stream)
            await nemo.close()
            with pytest.raises(OutcomeUnknownError):
                await asyncio.wait_for(stream.result(), 5)
        await asyncio.wait_for(chat.left.wait(), 5)
        assert (service.chats, service.reads) == (1, 1)


@pytest.mark.fault("F22")
async def test_a_slow_reader_slows_the_server_down() -> None:
    """While nobody reads, the server fills the sockets' buffers and no more; then all of it arrives."""
    piece = text_frame("x" * 10_000, partial=True) * 6
    pieces = 1000
    pushed = 0
    done = asyncio.Event()

    async def chat(service: ChatService, writer: asyncio.StreamWriter) -> None:
        nonlocal pushed
        writer.write(STREAM_HEAD)
        for _ in range(pieces):
            writer.write(piece)
            await writer.drain()
            pushed += len(piece)
        writer.write(text_frame(""))
        done.set()

    async with (
        ChatService(chat) as service,
        service.client() as nemo,
        nemo.chat.stream("s1", "add a title") as stream,
    ):
        await anext(stream)
        for _ in range(ROUNDS):
            await asyncio.sleep(0)
        held = pushed
        for _ in range(ROUNDS):
            await asyncio.sleep(0)
        assert pushed == held, "the server is blocked"
        assert held < 16 * 1024**2 < pieces * len(piece)
        assert len((await stream.result()).text) == pieces * 6 * 10_000
        assert done.is_set()
        assert service.chats == 1


@pytest.mark.fault("F49")
async def test_a_thousand_turns_at_once_starve_nobody() -> None:
    """All streams are open together and all end right; a state read meanwhile takes under a second."""
    turns = 1000
    opened = 0
    all_open = asyncio.Event()
    speaking = asyncio.Semaphore(20)  # turns end one after another, as they do

    async def chat(service: ChatService, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        writer.write(STREAM_HEAD)
        if opened == turns:
            all_open.set()
        await all_open.wait()
        async with speaking:
            for word in ("On", " it", " goes"):
                writer.write(text_frame(word, partial=True))
                await writer.drain()
                await asyncio.sleep(0)
            writer.write(text_frame("On it goes."))

    async with ChatService(chat) as service, service.client() as nemo:
        streams = [nemo.chat.stream(f"s{number}", "add a title") for number in range(turns)]
        everyone = asyncio.gather(*(hear(stream) for stream in streams))
        slowest = 0.0
        await all_open.wait()
        while not everyone.done():
            begin = time.perf_counter()
            await nemo.sessions.state("s1")
            slowest = max(slowest, time.perf_counter() - begin)
        ends = [end for _, end in await everyone]
        assert all(isinstance(end, Turn) and end.outcome is Outcome.ANSWERED for end in ends)
        assert {end.text for end in ends if isinstance(end, Turn)} == {"On it goes."}
        assert 0 < slowest < 1
        assert service.chats == turns
