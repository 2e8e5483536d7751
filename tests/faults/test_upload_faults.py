"""Uploads that break, stall, change under the hand, or are refused halfway."""

from __future__ import annotations

import asyncio
import email.message
import email.parser
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from answering import TOKEN, HurriedClock, answering, envelope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loopback import Loopback, Received, http, reset
from proxy import Plan, Proxy
from raised import assert_ours
from received_files import files_of

from nemovideo import NemoVideo, Progress, Timing
from nemovideo._clock import SystemClock
from nemovideo._transport.multipart import FileSource, MultipartBody
from nemovideo._transport.reporting import Reporter
from nemovideo.errors import (
    ConfigurationError,
    FileTooLargeError,
    NemoVideoError,
    NotSentError,
    OutcomeUnknownError,
    TransportError,
    UnsupportedFileError,
)
from nemovideo.resources.preflight import check_file

if TYPE_CHECKING:
    from collections.abc import Callable

VIDEO_HEAD = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2"
MIB = 1024 * 1024
GOOD = envelope({"files": [{"filename": "clip.mp4", "file_type": "video"}]})


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Two MiB, no two chunks of them alike."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(VIDEO_HEAD + os.urandom(2 * MIB))
    return path


def client(url: str, idle: float = 60) -> NemoVideo:
    return NemoVideo(token=TOKEN, base_url=url, clock=HurriedClock(), timing=Timing(idle=idle))


@pytest.mark.fault("F29")
@pytest.mark.parametrize("broken", [Plan(cut_up=MIB), Plan(cut_up=MIB, reset=True)], ids=["cut", "reset"])
async def test_an_upload_cut_in_the_middle_starts_over_from_byte_0(clip: Path, broken: Plan) -> None:
    """The server gets the whole file, once; the progress ends at exactly 100 %."""
    seen: list[Progress] = []
    async with answering(POST=GOOD) as server, Proxy(server.url, broken) as proxy, client(proxy.url) as nemo:
        uploads = await nemo.uploads.files("s1", clip, on_progress=seen.append)
        assert [upload.filename for upload in uploads] == ["clip.mp4"]
        assert files_of(server.requests[0]) == [("clip.mp4", clip.read_bytes())]  # noqa: ASYNC240 - small
        assert seen[-1].fraction == 1.0
        assert seen[-1].done == seen[-1].total == 2 * MIB + len(VIDEO_HEAD)
        assert proxy.fired["reset" if broken.reset else "cut_up"] == 1
        assert (proxy.connections, len(server.requests)) == (2, 1)


@pytest.mark.fault("F29")
async def test_an_upload_cut_again_and_again_is_a_transport_error(clip: Path) -> None:
    """Four tries, none of them whole: surely nothing is kept, and the error says no more than that."""
    async with (
        answering(POST=GOOD) as server,
        Proxy(server.url, rest=Plan(cut_up=MIB)) as proxy,
        client(proxy.url) as nemo,
    ):
        with pytest.raises(TransportError) as caught:
            await nemo.uploads.files("s1", clip)
        assert not isinstance(caught.value, OutcomeUnknownError | NotSentError)
        assert_ours(caught.value, TOKEN)
        assert proxy.fired["cut_up"] == proxy.connections == 4
        assert server.requests == []


@pytest.mark.fault("F29")
async def test_an_upload_cut_after_its_last_byte_is_not_repeated(clip: Path) -> None:
    """It may have been kept: the outcome is unknown."""
    cut: list[Received] = []

    async def answer(request: Received, writer: asyncio.StreamWriter) -> None:
        cut.append(request)
        reset(writer)

    async with Loopback(answer) as server, client(server.url) as nemo:
        with pytest.raises(OutcomeUnknownError) as caught:
            await nemo.uploads.files("s1", clip)
        assert_ours(caught.value, TOKEN)
        assert not caught.value.may_have_charged
        assert len(cut) == len(server.requests) == 1


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """More than the sockets between here and a stalled server hold."""
    path = tmp_path / "big.mp4"
    path.write_bytes(VIDEO_HEAD)
    os.truncate(path, 24 * MIB)
    return path


@pytest.mark.fault("F30")
async def test_an_upload_that_stalls_ends_and_starts_over(big: Path) -> None:
    """The first try stands still and is given up; the second one arrives."""
    async with (
        answering(POST=GOOD) as server,
        Proxy(server.url, Plan(stall_up=MIB)) as proxy,
        client(proxy.url, idle=10) as nemo,
    ):
        assert len(await nemo.uploads.files("s1", big)) == 1
        assert proxy.fired["stall_up"] == 1
        assert (proxy.connections, len(server.requests)) == (2, 1)


@pytest.mark.fault("F30")
async def test_a_server_that_never_reads_on_is_a_transport_error(big: Path) -> None:
    async with (
        answering(POST=GOOD) as server,
        Proxy(server.url, rest=Plan(stall_up=MIB)) as proxy,
        client(proxy.url, idle=10) as nemo,
    ):
        with pytest.raises(TransportError, match="took too long") as caught:
            await nemo.uploads.files("s1", big)
        assert_ours(caught.value, TOKEN)
        assert proxy.fired["stall_up"] == proxy.connections == 4
        assert server.requests == []


def shrink(path: Path) -> None:
    os.truncate(path, 300_000)


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def rewrite(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"x")
    os.utime(path, ns=(1, 1))


@pytest.mark.fault("F31")
@pytest.mark.parametrize("change", [shrink, grow, rewrite, Path.unlink])
async def test_a_file_that_changes_while_it_is_sent_is_never_kept(
    clip: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    """It changes when the first chunk of the file before it is out; the error names it; nothing arrives."""
    first = tmp_path / "first.mp4"
    first.write_bytes(VIDEO_HEAD + bytes(2 * MIB))
    changed: list[float] = []

    def on_progress(progress: Progress) -> None:
        if not changed:
            changed.append(progress.done)
            change(clip)

    async with answering(POST=GOOD) as server, Proxy(server.url) as proxy, client(proxy.url) as nemo:
        with pytest.raises(ConfigurationError, match=r"clip\.mp4") as caught:
            await nemo.uploads.files("s1", first, clip, on_progress=on_progress)
        assert_ours(caught.value, TOKEN)
        assert changed
        assert 0 < changed[0] < 2 * MIB
        assert (proxy.connections, server.requests) == (1, [])


@pytest.mark.fault("F31")
async def test_a_file_that_shrinks_under_the_very_read_is_never_kept(clip: Path) -> None:
    async with answering(POST=GOOD) as server, Proxy(server.url) as proxy, client(proxy.url) as nemo:
        with pytest.raises(ConfigurationError, match="became shorter"):
            await nemo.uploads.files("s1", clip, on_progress=lambda _: shrink(clip))
        assert (proxy.connections, server.requests) == (1, [])


@pytest.mark.fault("F32")
@pytest.mark.parametrize("lingers", [True, False], ids=["lingers", "closes at once"])
@pytest.mark.parametrize("body", [b'{"code": 4002, "message": "too large"}', b"<html>", b""])
async def test_a_refusal_before_the_body_is_done_is_told(big: Path, body: bytes, lingers: bool) -> None:
    """The server answers 413 after the head, and reads nothing of the body."""
    heads: list[bytes] = []
    lingering: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(http(body, "413 Payload Too Large"))
        await writer.drain()
        if lingers:
            lingering.append(writer)
        else:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, client(f"http://127.0.0.1:{port}") as nemo:
        with pytest.raises(FileTooLargeError) as caught:
            await nemo.uploads.files("s1", big)
        assert_ours(caught.value, TOKEN)
        assert caught.value.status == 413
        assert "limit" in caught.value.hint
        assert len(heads) == 1
        for writer in lingering:
            writer.close()


HOSTILE = [
    'a"; filename="b.jpg', "a\r\nX-Injected: 1\r\n\r\n.jpg", "a\udcff.jpg", "a\u202egpj.jpg", "视频🎬.jpg",
    "%22.jpg", "a\\.jpg", "a;b=c.jpg", "n" * 240 + ".jpg",
]  # fmt: skip


@pytest.mark.fault("F33")
async def test_a_hostile_name_stays_a_name(tmp_path: Path) -> None:
    """All in one upload: each part has its two headers, and a plain name with its ending."""
    paths = [tmp_path / name for name in HOSTILE]
    for number, path in enumerate(paths):
        path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes([number] * 64))
    async with answering(POST=envelope({"files": []})) as server, client(server.url) as nemo:
        await nemo.uploads.files("s1", *paths)
        request = server.requests[0]
        sent = files_of(request)
        assert [content[-1] for _, content in sent] == list(range(len(HOSTILE)))
        assert request.body.count(b"Content-Disposition:") == len(HOSTILE)
        assert b"X-Injected: 1\r\n" not in request.body
        for name, _ in sent:
            assert name is not None
            assert name.endswith(".jpg")
            assert len(name) <= 130
        assert len(server.requests) == 1


@pytest.mark.fault("F33")
@pytest.mark.parametrize("name", ["a\0b.jpg", "n" * 300 + ".jpg", "", ".jpg", "\udcff\n"])
async def test_a_name_that_no_file_can_have_is_refused_before_anything_is_sent(name: str) -> None:
    async with answering(POST=GOOD) as server, client(server.url) as nemo:
        with pytest.raises(NemoVideoError) as caught:
            await nemo.uploads.files("s1", name)
        assert isinstance(caught.value, ConfigurationError | UnsupportedFileError)
        assert str(caught.value).isprintable()
        assert server.requests == []


@pytest.mark.fault("F33")
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=60))
def test_any_name_makes_one_part_with_two_headers(name: str, tmp_path: Path) -> None:
    """Whatever a file system allows."""
    path = tmp_path / f"{name[:50]}.jpg"
    try:
        path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00")
    except (OSError, UnicodeEncodeError):
        return  # the system does not allow it
    source: FileSource = check_file(path)

    async def whole() -> bytes:
        body = MultipartBody([source], Reporter(None, SystemClock(), "upload"))
        return b"".join([chunk async for chunk in body])

    head, _, _ = asyncio.run(whole()).partition(b"\r\n\r\n")
    assert len(head.decode().splitlines()) == 3
    parsed = email.parser.BytesParser().parsebytes(head.partition(b"\r\n")[2])
    assert parsed.get_param("name", header="content-disposition") == "files"
    assert parsed.get_content_type() == "image/jpeg"
    path.unlink()
