"""Clients who mean harm, or send nonsense: the backend goes on, and keeps to its folder."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from local.wire_client import WireClient, parts, photo
from nemovideo.local import LocalBackend

PATHS = [
    "/", "/run_sse", "/api/auth/anonymous-token", "/api/auth/claim-token", "/api/credits/balance/simple",
    "/api/tasks/me/with-session/nemo_agent", "/api/upload-video/nemo_agent/me/{0}",
    "/api/upload-video/x/y/{0}",
    "/api/state/nemo_agent/me/{0}/latest", "/api/state/nemo_agent/me/..%2f..%2f/latest",
    "/api/render/proxy/lambda", "/api/render/proxy/lambda/%00", "/api/render/proxy/..%2fx/download",
    "/cdn/{0}/a.jpg", "/cdn/../../etc/passwd", "/cdn/%2e%2e/%2e%2e", "/" + "x" * 3000,
]  # fmt: skip
VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    1e308,
    "",
    "x",
    "\ud800",
    "\0",
    [],
    {},
    [[]],
    {"a": {}},
    "../x",
    10**30,
]
KEYS = ["app_name", "user_id", "session_id", "new_message", "id", "sessionId", "draft", "output", "urls",
        "source_type", "task_id", "task_name", "language", "t", "d", "m"]  # fmt: skip


def entries(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_two_hundred_odd_requests(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    """Random methods, paths, headers and bodies are answered, never with a 5xx; nothing leaves the folder."""
    chance = random.Random(5)
    folder = tmp_path / "data"
    async with LocalBackend(data_dir=folder, pace=0) as backend:
        wire = await WireClient(http, backend.url).open()
        for _ in range(200):
            path = chance.choice(PATHS).format(chance.choice([wire.session_id, "%2e%2e", "x" * 500]))
            body: Any = {chance.choice(KEYS): chance.choice(VALUES) for _ in range(4)}
            if chance.random() < 0.5:
                body |= {"session_id": wire.session_id, "sessionId": wire.session_id}
            if chance.random() < 0.2:
                body = chance.choice(VALUES)
            headers = dict(wire.headers)
            headers["Range"] = chance.choice(
                ["bytes=-", "bytes=5-1", "bytes=0-0,2-3", "x", "bytes=" + "9" * 400]
            )
            headers["X-Client-Id"] = chance.choice(["", "\xff", "a" * 2000])
            method = chance.choice(["GET", "POST", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
            async with http.request(method, backend.url + path, json=body, headers=headers) as response:
                assert response.status < 500, (method, path, body)
                await response.read()
        assert parts(await wire.chat("help"), "text")
    assert entries(tmp_path) == {"data"}
    assert entries(folder) == {"files", "incoming", "records.sqlite"}


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /run_sse HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /run_sse HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /run_sse HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
    ],
)
async def test_broken_http_and_slow_clients_do_not_stop_it(
    backend: LocalBackend, wire: WireClient, raw: bytes
) -> None:
    """While a connection sends nonsense, or half a request and no more, others are served."""
    host, _, port = backend.url.removeprefix("http://").partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(raw)
    await writer.drain()
    assert await wire.credits() == 100
    writer.close()
    await writer.wait_closed()


async def test_half_letters_are_mended(wire: WireClient) -> None:
    """Lone surrogates in a message, a title or a file name do not break the answer."""
    await wire.upload(("\ufffd.jpg", photo()))
    await wire.chat("make a video")
    await wire.chat("add a title 'x\ud83dy'")
    assert (await wire.state())["draft"]["t"][-1]["sg"][0]["m"]["text"] == "x?y"


async def test_bodies_have_caps(wire: WireClient) -> None:
    """A JSON body past the cap is refused with 413, without reading all of it."""

    async def endless() -> Any:
        for _ in range(64):
            yield b" " * 2**20

    headers = {**wire.headers, "Content-Type": "application/json"}
    async with wire.http.post(f"{wire.url}/run_sse", data=endless(), headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (413, 413)


async def test_a_call_takes_no_more_than_fifty_files(wire: WireClient) -> None:
    """The 51st file of one call is refused, and none of them is kept in the session."""
    answer = await wire.upload(*((f"{number}.jpg", photo()) for number in range(51)))
    assert answer["code"] == 422
    assert (await wire.state())["video_infos"] == []


@pytest.mark.parametrize(
    ("content_type", "encoding", "body"),
    [
        ("multipart/form-data; boundary=B", "", b'--B\r\nContent-Disposition: x; filename="a\0.jpg"\r\n\r\n'),
        ("multipart/form-data; boundary=B", "", b"--B\r\nX: " + b"y" * 20_000 + b"\r\n\r\n"),
        ("application/json", "gzip", b'{"urls": []}'),
    ],
    ids=["NUL in a part's header", "endless header of a part", "not the encoding it says"],
)
async def test_a_malformed_body_is_refused(
    wire: WireClient, content_type: str, encoding: str, body: bytes
) -> None:
    """It is the sender's fault, and is answered so."""
    url = f"{wire.url}/api/upload-video/nemo_agent/me/{wire.session_id}"
    headers = {**wire.headers, "Content-Type": content_type, "Content-Encoding": encoding}
    async with wire.http.post(url, data=body, headers=headers) as response:
        assert response.status == 422


async def test_a_request_that_is_none_is_logged_without_its_bytes(
    backend: LocalBackend, wire: WireClient, caplog: pytest.LogCaptureFixture
) -> None:
    """They may hold a token."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(backend.url.rpartition(":")[2]))
    writer.write(f"GET / HTTP/1.1\r\nAuthorization: Bearer {wire.token}\0\r\n\r\n".encode())
    assert b"400" in await reader.readline()
    writer.close()
    assert "Error handling request" in caplog.text
    assert wire.token not in caplog.text
