"""A client without a network, in the wrong place, or past its end."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import threading
import warnings
from pathlib import Path
from typing import Any, Self

import pytest
from answering import EMPTY_STATE, TOKEN, HurriedClock, answering, envelope
from loopback import STREAM_HEAD, Loopback, Received, http
from proxy import Plan, Proxy
from raised import assert_ours

from nemovideo import NemoVideo, Timing
from nemovideo.errors import ConfigurationError, NemoVideoError, NotSentError, OutcomeUnknownError

GOOD = envelope({"available": 1})
HELLO_EVENT = b'data: {"type": "text", "content": "Hello"}\n\n'
HELLO = STREAM_HEAD + HELLO_EVENT
HELLO_IN_CHUNKS = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"%x\r\n%b\r\n" % (len(HELLO_EVENT), HELLO_EVENT)
)

# --- no connection ------------------------------------------------------------------------------------


@pytest.mark.fault("F04")
async def test_a_refused_chat_message_is_not_sent_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The state can be read before; then nothing listens any more: one attempt to connect, and no wait."""
    attempts: list[Any] = []
    loop = asyncio.get_running_loop()
    connect = loop.sock_connect

    async def counted(sock: socket.socket, address: Any) -> None:
        attempts.append(address)
        await connect(sock, address)

    async def answer(request: Received, writer: asyncio.StreamWriter) -> None:
        assert server._server is not None
        server._server.close()
        monkeypatch.setattr(loop, "sock_connect", counted)
        writer.write(EMPTY_STATE)

    clock = HurriedClock()
    async with (
        Loopback(answer) as server,
        NemoVideo(token=TOKEN, base_url=server.url, clock=clock) as nemo,
    ):
        with pytest.raises(NotSentError) as caught:
            await nemo.chat.send("s1", "add a title")
        assert_ours(caught.value, TOKEN)
        assert "nothing was sent and nothing charged" in str(caught.value)
        assert [request.method for request in server.requests] == ["GET"]
        assert (len(attempts), clock.waits) == (1, [])


@pytest.mark.fault("F04")
async def test_a_host_without_an_address_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is looked up once for a chat message, four times for what may be repeated."""
    asked: list[str] = []
    known = {"api.example"}
    resolve = socket.getaddrinfo

    def lookup(host: str, *rest: Any, **options: Any) -> Any:
        asked.append(host)
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve("127.0.0.1", *rest, **options)

    def answer(request: Received) -> bytes:
        known.clear()
        return EMPTY_STATE

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    async with answering(GET=answer, POST=GOOD) as server:
        url = server.url.replace("127.0.0.1", "api.example")
        async with NemoVideo(token=TOKEN, base_url=url, clock=HurriedClock(), timing=Timing()) as nemo:
            with pytest.raises(NotSentError, match="host name is not known") as caught:
                await nemo.chat.send("s1", "add a title")
            assert_ours(caught.value, TOKEN)
            assert asked == ["api.example"] * 2, "one for the state, one for the message"
            with pytest.raises(NotSentError):
                await nemo.sessions.create()
            assert asked == ["api.example"] * (2 + 4)
        assert [request.method for request in server.requests] == ["GET"]


# --- closed -------------------------------------------------------------------------------------------


@pytest.mark.fault("F47")
async def test_closing_twice_is_closing_once() -> None:
    """Also before the first call, and at the same time."""
    async with answering(GET=GOOD) as server:
        unused = NemoVideo(token=TOKEN, base_url=server.url)
        await unused.close()
        await unused.close()
        nemo = NemoVideo(token=TOKEN, base_url=server.url)
        await nemo.credits.balance()
        await asyncio.gather(nemo.close(), nemo.close())
        await nemo.close()
        assert len(server.requests) == 1


@pytest.mark.fault("F47")
@pytest.mark.parametrize("used", [False, True])
async def test_a_closed_client_says_so(used: bool) -> None:
    """Each verb, at once; nothing is sent."""
    async with answering(GET=GOOD) as server:
        async with NemoVideo(token=TOKEN, base_url=server.url) as nemo:
            if used:
                await nemo.credits.balance()
        for call in (
            nemo.credits.balance(),
            nemo.sessions.create(),
            nemo.chat.send("s1", "add a title"),
            nemo.uploads.urls("s1", "https://example.com/a.jpg"),
            nemo.renders.get("r1"),
        ):
            with pytest.raises(ConfigurationError, match="This client is closed") as caught:
                await call
            assert_ours(caught.value, TOKEN)
        assert len(server.requests) == used


@pytest.mark.fault("F47")
@pytest.mark.parametrize("rounds", [0, 1, 3, 20])
@pytest.mark.parametrize("begun", [HELLO, HELLO_IN_CHUNKS], ids=["to its end", "in chunks"])
async def test_a_client_closed_under_a_stream_ends_it_at_once(begun: bytes, rounds: int) -> None:
    """The message was sent: its outcome is unknown, whatever came by then. Nothing hangs or is sent again."""
    streaming = asyncio.Event()

    async def answer(request: Received, writer: asyncio.StreamWriter) -> None:
        if request.method == "GET":
            writer.write(EMPTY_STATE)
            return
        writer.write(begun)
        streaming.set()
        await asyncio.Event().wait()

    clock = HurriedClock()
    async with Loopback(answer) as server:
        nemo = NemoVideo(token=TOKEN, base_url=server.url, timing=Timing(), clock=clock)
        talking = asyncio.create_task(nemo.chat.send("s1", "add a title"))
        await streaming.wait()
        for _ in range(rounds):
            await asyncio.sleep(0)
        await nemo.close()
        with pytest.raises(NemoVideoError) as caught:
            await asyncio.wait_for(talking, 5)
        assert isinstance(caught.value, OutcomeUnknownError | ConfigurationError)
        assert_ours(caught.value, TOKEN)
        assert (server.count("POST /run_sse"), clock.waits) == (1, [])


@pytest.mark.fault("F47")
async def test_a_client_closed_under_its_calls_ends_them_at_once() -> None:
    """Calls that wait for an answer, for a token, or for a file: a typed error each, soon."""
    arrived: asyncio.Queue[str] = asyncio.Queue()

    async def answer(request: Received, writer: asyncio.StreamWriter) -> None:
        arrived.put_nowait(request.path)
        await asyncio.Event().wait()

    async with Loopback(answer) as server, Loopback(answer) as anonymous:
        nemo = NemoVideo(token=TOKEN, base_url=server.url)
        calls = [
            asyncio.create_task(call)
            for call in (nemo.credits.balance(), nemo.sessions.create(), nemo.renders.get("r1"))
        ]
        guest = NemoVideo(base_url=anonymous.url, config_dir="/dev/null/none")
        calls.append(asyncio.create_task(guest.credits.balance()))
        for _ in calls:
            await arrived.get()
        await nemo.close()
        await guest.close()
        failures = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 5)
        for failure in failures:
            assert isinstance(failure, NemoVideoError), repr(failure)
            assert_ours(failure, TOKEN)
        assert len(server.requests) + len(anonymous.requests) == len(calls)


@pytest.mark.fault("F47")
@pytest.mark.parametrize("rounds", [0, 1, 20])
async def test_a_client_closed_under_its_transfers_leaves_no_half_file(tmp_path: Path, rounds: int) -> None:
    """An upload that the server does not take, a download that does not go on: both end at once."""
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2")
    os.truncate(clip, 24 * 1024 * 1024)

    def answer(request: Received) -> bytes:
        if request.path.startswith("/api"):
            return envelope({"status": "completed", "output": {"url": f"{proxy.url}/v.mp4"}})
        return http(bytes(200_000), "200 OK", "video/mp4")

    async with (
        answering(GET=answer, POST=GOOD) as server,
        Proxy(server.url, Plan(stall_up=100_000), Plan(), Plan(stall_down=100_000)) as proxy,
    ):
        nemo = NemoVideo(token=TOKEN, base_url=proxy.url)
        uploading = asyncio.create_task(nemo.uploads.files("s1", clip))
        await proxy.until("stall_up")
        downloading = asyncio.create_task(nemo.renders.download("r1", tmp_path / "v.mp4"))
        await proxy.until("stall_down")
        for _ in range(rounds):
            await asyncio.sleep(0)
        await nemo.close()
        for transfer in (uploading, downloading):
            with pytest.raises(NemoVideoError) as caught:
                await asyncio.wait_for(transfer, 5)
            assert_ours(caught.value, TOKEN)
        assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]  # noqa: ASYNC240 - one file
        assert (proxy.connections, len(server.requests)) == (3, 2)


@pytest.mark.fault("F47")
@pytest.mark.filterwarnings("error")
async def test_a_client_that_is_closed_leaves_nothing_open() -> None:
    """No socket, no task, no warning when it is collected."""
    async with answering(GET=GOOD) as server:
        before = len(asyncio.all_tasks())
        async with NemoVideo(token=TOKEN, base_url=server.url) as nemo:
            await nemo.credits.balance()
        del nemo
        gc.collect()
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == before
        assert len(server.requests) == 1


# --- elsewhere ----------------------------------------------------------------------------------------


class KeepAlive:
    """A server in a thread of its own, which keeps connections open; for programs with several loops."""

    def __init__(self) -> None:
        self.requests = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))
        self._stop = asyncio.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)
        self._loop.close()

    async def _run(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.requests += 1
                writer.write(GOOD.replace(b"Connection: close\r\n", b""))
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()


@pytest.mark.fault("F48")
def test_another_event_loop_is_refused_in_words() -> None:
    """A second `asyncio.run` cannot use the first one's client, but can close it."""
    with KeepAlive() as server:
        nemo = NemoVideo(token=TOKEN, base_url=server.url)
        assert asyncio.run(nemo.credits.balance()).available == 1
        for call in (nemo.credits.balance(), nemo.sessions.create(), nemo.chat.send("s1", "hello")):
            with pytest.raises(ConfigurationError, match="another event loop") as caught:
                asyncio.run(call)
            assert_ours(caught.value, TOKEN)
        asyncio.run(nemo.close())
        assert server.requests == 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # the first loop ended with its socket open
            del nemo, call, caught
            gc.collect()


@pytest.mark.fault("F48")
def test_a_local_client_is_closed_after_its_loop() -> None:
    """The embedded backend ended with the loop that it ran on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it ended without being closed
        nemo = NemoVideo.local()
        assert asyncio.run(nemo.credits.balance()).available == 100
        asyncio.run(nemo.close())
        asyncio.run(nemo.close())
        assert nemo.backend is None
        del nemo
        gc.collect()


@pytest.mark.fault("F48")
def test_a_client_is_not_closed_from_beside_its_running_loop() -> None:
    """Closing from another thread's loop is refused; at home it works."""
    with KeepAlive() as server:

        async def main() -> None:
            nemo = NemoVideo(token=TOKEN, base_url=server.url)
            await nemo.credits.balance()
            with pytest.raises(ConfigurationError, match="another event loop"):
                await asyncio.to_thread(lambda: asyncio.run(nemo.close()))
            assert (await nemo.credits.balance()).available == 1
            await nemo.close()

        asyncio.run(main())
        assert server.requests == 2


@pytest.mark.fault("F48")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"
)  # so is every server
def test_a_forked_child_is_refused_and_the_parent_goes_on() -> None:
    """The child may even close its copy: the parent's connection stays."""
    with KeepAlive() as server:

        async def main() -> int:
            nemo = NemoVideo(token=TOKEN, base_url=server.url)
            await nemo.credits.balance()
            child = os.fork()
            if child == 0:
                os._exit(_in_the_child(nemo))
            _, status = await asyncio.to_thread(os.waitpid, child, 0)
            assert (await nemo.credits.balance()).available == 1
            await nemo.close()
            return os.waitstatus_to_exitcode(status)

        assert asyncio.run(main()) == 0
        assert server.requests == 2


def _in_the_child(nemo: NemoVideo) -> int:
    """Return 0 where a call is refused in words and closing does no harm."""
    asyncio._set_running_loop(None)  # what a fork under a running loop leaves behind
    try:
        asyncio.run(nemo.credits.balance())
    except ConfigurationError as error:
        asyncio.run(nemo.close())
        return 0 if "another event loop or process" in error.message else 2
    except BaseException:  # noqa: BLE001 - the exit status tells
        return 3
    return 4


# --- proxies ------------------------------------------------------------------------------------------


@pytest.mark.fault("F51")
@pytest.mark.parametrize("asked_for", [False, True])
async def test_proxy_variables_count_only_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, asked_for: bool
) -> None:
    """Unasked, the proxy sees nothing; asked for, it sees the call: so the variables did stand."""
    async with answering(GET=GOOD) as server, answering(GET=GOOD) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        async with NemoVideo(token=TOKEN, base_url=server.url, trust_env=asked_for) as nemo:
            assert (await nemo.credits.balance()).available == 1
        assert (len(server.requests), len(proxy.requests)) == ((0, 1) if asked_for else (1, 0))


@pytest.mark.fault("F51")
@pytest.mark.parametrize("asked_for", [False, True])
async def test_a_netrc_entry_does_not_replace_the_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, asked_for: bool
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1\nlogin someone\npassword else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    async with answering(GET=GOOD) as server:
        async with NemoVideo(token=TOKEN, base_url=server.url, trust_env=asked_for) as nemo:
            assert (await nemo.credits.balance()).available == 1
        assert [request.headers["authorization"] for request in server.requests] == [f"Bearer {TOKEN}"]
