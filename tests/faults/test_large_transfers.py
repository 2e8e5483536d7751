"""200 MB up and down: streamed, off the event loop, told to exactly 100 %."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

import large_transfer
import pytest
from resident_memory import CAN_MEASURE

from nemovideo.errors import MAX_FILE_BYTES

pytestmark = pytest.mark.skipif(not CAN_MEASURE, reason="only Linux tells the peak of a process's memory")

MIB = 1024 * 1024
HEAD = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2"
CHUNK = bytes(MIB)


class BigServer:
    """In a thread: swallows uploads and counts their bytes, serves a small and a 200 MB video of zeros."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.received_bytes = 0
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._ready, self._stop = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)
        self._loop.close()

    async def _run(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=MIB)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        async with server:
            await self._stop.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line = head.splitlines()[0]
        self.requests.append(line)
        if told := re.search(r"Content-Length: (\d+)", head):
            self.received_bytes = 0
            while self.received_bytes < int(told[1]):
                self.received_bytes += len(await reader.read(MIB))
        size = MIB if "small" in line else MAX_FILE_BYTES
        if "/videos/" in line:
            writer.write(_head(size, "video/mp4"))
            for _ in range(size // MIB):
                writer.write(CHUNK)
                await writer.drain()
        else:
            link = f"{self.url}/videos/{'small' if 'small' in line else 'large'}.mp4"
            data = {"files": [], "status": "completed", "output": {"url": link}}
            body = json.dumps({"code": 0, "data": data}).encode()
            writer.write(_head(len(body), "application/json") + body)
        await writer.drain()
        writer.close()


def _head(length: int, content_type: str) -> bytes:
    return (
        f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n"
        "Connection: close\r\n\r\n"
    ).encode()


def transfer(verb: str, server: BigServer, file: Path) -> dict[str, Any]:
    told = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, large_transfer.__file__, verb, server.url, str(file)],
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip
    cost: dict[str, Any] = json.loads(told)
    print(verb, cost)  # noqa: T201 - figures for whoever runs this with -s
    return cost


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A sparse file of exactly the limit, and a small one beside it."""
    for name, size in (("small.mp4", MIB), ("large.mp4", MAX_FILE_BYTES)):
        (tmp_path / name).write_bytes(HEAD)
        os.truncate(tmp_path / name, size)
    return tmp_path / "large.mp4"


def test_a_200_mb_upload_takes_8_mib_and_leaves_the_loop_alone(large: Path) -> None:
    """Resident memory, in a process of its own; the loop's bound is loose here, for a busy machine."""
    with BigServer() as server:
        cost = transfer("upload", server, large)
        assert cost["fraction"] == 1.0
        assert cost["done"] == MAX_FILE_BYTES
        assert cost["grown_mib"] <= 8
        assert cost["longest_gap_ms"] < 250
        assert server.received_bytes > MAX_FILE_BYTES
        assert len(server.requests) == 2


def test_a_200_mb_download_takes_8_mib_and_leaves_the_loop_alone(tmp_path: Path) -> None:
    file = tmp_path / "v.mp4"
    with BigServer() as server:
        cost = transfer("download", server, file)
        assert cost["fraction"] == 1.0
        assert cost["done"] == file.stat().st_size == MAX_FILE_BYTES
        assert cost["grown_mib"] <= 8
        assert cost["longest_gap_ms"] < 250
        assert len(server.requests) == 4
