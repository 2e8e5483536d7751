"""A message leaves once or not at all, and the error says which."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from chat_service import QUICK, ChatService, answering, envelope, frame, saying, text_frame
from loopback import STREAM_HEAD, Loopback, Received, http
from proxy import Plan, Proxy
from tiny_session import MAKE, session_with_photo

from nemovideo import NemoVideo, Outcome, Timing
from nemovideo.errors import (
    APIError,
    AuthenticationError,
    ConfigurationError,
    InsufficientCreditsError,
    NemoVideoError,
    NotSentError,
    OutcomeUnknownError,
    ProtocolError,
    RateLimitError,
    ServerError,
    SessionNotFoundError,
    TurnInProgressError,
)
from nemovideo.local import LocalBackend


@pytest.mark.fault("F03")
async def test_a_reset_before_the_answer_may_have_charged() -> None:
    """The server has the request and the proxy breaks the connection: unknown, and never repeated."""
    received = asyncio.Event()

    async def chat(service: ChatService, writer: asyncio.StreamWriter) -> None:
        received.set()
        writer.transport.abort()

    async with ChatService(chat) as service, service.client() as nemo:
        with pytest.raises(OutcomeUnknownError) as caught:
            await nemo.chat.send("s1", "add a title")
        assert caught.value.may_have_charged
        assert caught.value.session_id == "s1"
        assert received.is_set()
        assert (service.chats, service.reads) == (1, 1 + 3)


@pytest.mark.fault("F03")
async def test_a_turn_whose_answer_is_lost_is_found_in_the_state(tmp_path: Path) -> None:
    """The backend did the edit and charged for it, the answer was lost: RECOVERED, one charge."""
    async with LocalBackend(silent_edits=0) as backend:
        backend.faults.add("POST /run_sse", "reset_after_accept")
        timing = Timing(recover_first=0.1, recover_every=0.1, recover_reads=50)
        async with NemoVideo(base_url=backend.url, timing=timing, config_dir=tmp_path) as nemo:
            session = await session_with_photo(nemo, tmp_path)
            turn = await session.chat(MAKE)
        assert turn.outcome is Outcome.RECOVERED
        assert turn.draft is not None
        assert turn.draft.is_renderable
        assert turn.changes
        assert backend.faults.fired["POST /run_sse", "reset_after_accept"] == 1
        assert len(backend.ledger.charges(session.session_id)) == 1
        assert [request.path for request in backend.requests].count("/run_sse") == 1


@pytest.mark.fault("F03")
async def test_a_proxy_that_cuts_the_way_up_leaves_one_connection_for_the_message() -> None:
    """The message is torn on its way: the outcome is unknown, and no second connection carries it."""
    plans = (Plan(), Plan(cut_up=100, reset=True))  # the first connection reads the state
    async with ChatService(saying(text_frame("Done."))) as service, Proxy(service.url, *plans) as proxy:
        async with NemoVideo(token="t", base_url=proxy.url, timing=QUICK) as nemo:
            with pytest.raises(OutcomeUnknownError) as caught:
                await nemo.chat.send("s1", "add a title")
        assert caught.value.may_have_charged
        assert proxy.fired["reset"] == 1
        assert service.chats == 0
        assert proxy.connections == 2 + QUICK.recover_reads


async def test_a_service_that_is_not_there_gets_nothing() -> None:
    """Connection refused: nothing was sent, and the caller may repeat it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and not listening: refused for sure
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with NemoVideo(token="t", base_url=url, timing=Timing(request=0.2)) as nemo:
            with pytest.raises(NotSentError):
                await nemo.chat.send("s1", "add a title")


@pytest.mark.fault("F05")
async def test_a_stale_connection_is_never_used_for_a_message() -> None:
    """A server that drops kept-alive connections at their second use sees each message on a fresh one."""
    served: list[list[str]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines: list[str] = []
        served.append(lines)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                lines.append(head.split(" HTTP")[0])
                if len(lines) > 1:
                    break  # the second use of a connection finds it closed
                length = head.lower().partition("content-length: ")[2].partition("\r\n")[0]
                await reader.readexactly(int(length or 0))
                if lines[0].startswith("POST"):
                    writer.write(STREAM_HEAD + text_frame("Done."))
                    break
                writer.write(envelope({"state": {}}).replace(b"Connection: close", b"Connection: keep-alive"))
        except asyncio.IncompleteReadError:
            pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, NemoVideo(token="t", base_url=url, timing=QUICK) as nemo:
        for _ in range(3):
            assert (await nemo.chat.send("s1", "add a title")).text == "Done."
    assert any(len(lines) == 2 for lines in served), "no connection went stale"
    messages = [lines for lines in served if "POST /run_sse" in lines]
    assert messages == [["POST /run_sse"]] * 3


@pytest.mark.fault("F06")
@pytest.mark.parametrize(
    ("status", "error"), [("429 Too Many Requests", RateLimitError), ("503 Service Unavailable", ServerError)]
)
async def test_a_refused_message_is_not_sent_again(status: str, error: type[APIError]) -> None:
    """The typed error tells when to try again; the client does not do it by itself."""
    script = answering(http(b"", status, "text/plain", "Retry-After: 7"))
    async with ChatService(script) as service, service.client() as nemo:
        with pytest.raises(error) as caught:
            await nemo.chat.send("s1", "add a title")
        assert caught.value.retry_after == 7
        assert service.chats == 1


@pytest.mark.fault("F07")
@pytest.mark.parametrize("options", [{"code": 1001}, {"code": 1001, "status": 401}])
async def test_a_refused_starter_token_is_renewed_for_the_next_message(
    tmp_path: Path, options: dict[str, int]
) -> None:
    """The refused message fails with the typed error; the next one carries a new token."""
    async with LocalBackend(silent_edits=0) as backend:
        backend.faults.add("POST /run_sse", "code", **options)
        async with NemoVideo(base_url=backend.url, config_dir=tmp_path) as nemo:
            session = await nemo.sessions.create()
            backend.faults.add("POST /api/auth/anonymous-token", "status", status=200, body=SECOND_TOKEN)
            with pytest.raises(AuthenticationError):
                await session.chat("what can you do?")
            with pytest.raises(NemoVideoError):  # the backend never gave the second token out
                await nemo.credits.balance()
        posts = [request for request in backend.requests if request.path == "/run_sse"]
        assert len(posts) == 1
        assert posts[0].headers["Authorization"] != "Bearer nmv_usr_2"
        balances = [request for request in backend.requests if request.path.startswith("/api/credits")]
        assert balances[0].headers["Authorization"] == "Bearer nmv_usr_2"
        assert backend.faults.fired["POST /run_sse", "code"] == 1
        assert backend.faults.fired["POST /api/auth/anonymous-token", "status"] == 1
        assert not backend.ledger.charges()


SECOND_TOKEN = {
    "code": 0,
    "data": {"token": "nmv_usr_2", "user_id": "anon_2", "credits": 100, "expires_at": "2999-01-01T00:00:00Z"},
}


@pytest.mark.fault("F07")
async def test_a_token_that_cannot_be_renewed_hides_no_refused_message(tmp_path: Path) -> None:
    """The service gives one token in 7 days: the error is still that of the message."""
    async with LocalBackend() as backend, NemoVideo(base_url=backend.url, config_dir=tmp_path) as nemo:
        session = await nemo.sessions.create()
        backend.faults.add("POST /run_sse", "code", code=1001)
        with pytest.raises(AuthenticationError) as caught:
            await session.chat("what can you do?")
        assert caught.value.__context__ is None
        paths = [request.path for request in backend.requests]
        assert paths[-2:] == ["/run_sse", "/api/auth/anonymous-token"]
        assert paths.count("/run_sse") == backend.faults.fired["POST /run_sse", "code"] == 1
        assert not backend.ledger.charges()


@pytest.mark.fault("F07")
async def test_a_given_token_is_never_replaced() -> None:
    """The caller's own token is refused: the typed error, and no call for another token."""
    script = answering(http(b'{"code": 1001, "message": "expired"}'))
    async with ChatService(script) as service, service.client() as nemo:
        for sent in (1, 2):
            with pytest.raises(AuthenticationError):
                await nemo.chat.send("s1", "add a title")
            assert service.chats == sent
        assert service.count("POST /api/auth/") == 0


@pytest.mark.fault("F10")
@pytest.mark.parametrize(
    ("code", "error"),
    [(2001, InsufficientCreditsError), (1002, SessionNotFoundError), (9999, APIError)],
)
async def test_an_envelope_in_place_of_a_stream_is_its_error(code: int, error: type[APIError]) -> None:
    """HTTP 200 with an error envelope is no empty, successful turn."""
    script = answering(http(b'{"code": %d, "message": "no"}' % code))
    async with ChatService(script) as service, service.client() as nemo:
        with pytest.raises(error) as caught:
            await nemo.chat.send("s1", "add a title")
        assert caught.value.code == code
        assert (service.chats, service.reads) == (1, 1)


@pytest.mark.parametrize(
    "answer",
    [
        http(b"<html>502</html>", "502 Bad Gateway", "text/html"),
        http(b"", "307 Temporary Redirect", "text/plain", "Location: /run_sse"),
        http(b'{"code": 0, "data": {}}'),
        http(b"<html>maintenance</html>", content_type="text/html"),
        http(b"", "204 No Content"),
    ],
    ids=["gateway", "redirect", "success without a stream", "html", "nothing"],
)
async def test_what_is_no_stream_is_an_error_and_not_sent_again(answer: bytes) -> None:
    """A gateway's page, a redirect, an envelope of success: a typed error after one message."""
    async with ChatService(answering(answer)) as service, service.client() as nemo:
        with pytest.raises(NemoVideoError) as caught:
            await nemo.chat.send("s1", "add a title")
        assert isinstance(caught.value, ServerError | ProtocolError | OutcomeUnknownError)
        assert service.chats == 1


@pytest.mark.parametrize(
    ("status", "warns"), [("503 Busy", False), ("502 Bad Gateway", True), ("504 Late", True)]
)
async def test_a_gateway_that_gave_up_may_have_been_too_early(status: str, warns: bool) -> None:
    """503 refuses; after any other failure the turn may run on, so the hint is not to send it again."""
    async with ChatService(answering(http(b"", status))) as service, service.client() as nemo:
        with pytest.raises(ServerError) as caught:
            await nemo.chat.send("s1", "add a title")
        assert ("read the state" in caught.value.hint) is warns
        assert service.chats == 1


async def test_a_second_turn_in_a_session_is_refused_at_once() -> None:
    """The service would mix two turns; other sessions, and the same one afterwards, are free."""
    go_on = asyncio.Event()

    async def chat(service: ChatService, writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM_HEAD)
        await go_on.wait()
        writer.write(text_frame("Done."))

    async with ChatService(chat) as service, service.client() as nemo:
        async with nemo.chat.stream("s1", "first") as first:
            seen = len(service.requests)
            with pytest.raises(TurnInProgressError) as caught:
                await nemo.chat.send("s1", "second")
            assert caught.value.session_id == "s1"
            assert len(service.requests) == seen, "nothing was sent, not even a read"
            async with nemo.chat.stream("s2", "elsewhere"):
                go_on.set()
            assert (await first.result()).text == "Done."
        assert (await nemo.chat.send("s1", "third")).text == "Done."
        assert service.chats == 3


@pytest.mark.parametrize("text", ["", "  \n", None, 7])
async def test_an_empty_message_is_refused_before_anything_is_sent(text: object) -> None:
    async with ChatService(saying()) as service, service.client() as nemo:
        with pytest.raises(ConfigurationError):
            nemo.chat.stream("s1", text)  # type: ignore[arg-type]  # that is the point
        assert not service.requests


async def test_an_agent_that_fails_ends_the_turn_with_its_error() -> None:
    """An error frame comes with HTTP 200 and a normal close; what was said until then is kept."""
    script = saying(text_frame("I begin."), frame(error="quota exceeded"))
    async with ChatService(script) as service, service.client() as nemo:
        with pytest.raises(NemoVideoError, match="quota exceeded") as caught:
            await nemo.chat.send("s1", "add a title")
        assert getattr(caught.value, "text", None) == "I begin."
        assert service.chats == 1


async def test_a_stream_is_used_once_and_only_inside_its_context() -> None:
    """Reading before it is open and opening it twice are clear errors, and send nothing more."""
    async with ChatService(saying(text_frame("Done."))) as service, service.client() as nemo:
        stream = nemo.chat.stream("s1", "add a title")
        with pytest.raises(ConfigurationError):
            await anext(stream)
        async with stream:
            await stream.result()
        with pytest.raises(ConfigurationError):
            await stream.__aenter__()
        assert service.chats == 1


async def test_every_message_says_who_calls() -> None:
    """The body is as documented, and the headers name the token and the caller."""
    async with Loopback(_answer) as server, NemoVideo(token="t-given", base_url=server.url) as nemo:
        await nemo.chat.send("s1", "grüße")
    message = next(request for request in server.requests if request.method == "POST")
    assert message.headers["authorization"] == "Bearer t-given"
    assert message.headers["accept"] == "text/event-stream"
    assert {"x-skill-source", "x-skill-version", "x-skill-platform"} <= message.headers.keys()
    assert message.body.decode() == (
        '{"app_name":"nemo_agent","user_id":"me","session_id":"s1",'
        '"new_message":{"parts":[{"text":"grüße"}]}}'
    )


async def _answer(request: Received, writer: asyncio.StreamWriter) -> None:
    writer.write(STREAM_HEAD + text_frame("Done.") if request.method == "POST" else envelope({"state": {}}))
