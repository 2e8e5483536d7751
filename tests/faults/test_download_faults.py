"""Downloads that break, lie, or lead elsewhere."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from answering import TOKEN, HurriedClock
from loopback import Received, http
from proxy import Plan, Proxy

from nemovideo import NemoVideo, Progress, Timing
from nemovideo._clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import Callable
from video_service import ETAG, FILE, HALF, Service, client, names, refused, served

# --- redirects ----------------------------------------------------------------------------------------


def moved(to: str) -> Callable[[Received], bytes]:
    return lambda _: http(b"", "302 Found", "text/plain", f"Location: {to}")


@pytest.mark.fault("F09")
@pytest.mark.parametrize("link", ["/v.mp4", None], ids=["linked", "from the API"])
async def test_a_redirected_download_takes_no_credentials_along(tmp_path: Path, link: str | None) -> None:
    """Only the API's own origin sees the token, and only where it serves the file itself."""
    async with Service() as cdn, Service(moved(f"{cdn.url}/cdn/v.mp4"), link=link) as service:
        async with client(service) as nemo:
            video = await nemo.renders.download("r1", tmp_path / "v.mp4")
        assert video.path.read_bytes() == FILE
        assert len(service.fetched) == len(cdn.requests) == 1
        assert ("authorization" in service.fetched[0].headers) is (link is None)
        headers = cdn.requests[0].headers
        assert not {"authorization", "x-client-id", "x-skill-source", "cookie"} & headers.keys()
        assert TOKEN not in str(headers)


@pytest.mark.fault("F09")
async def test_redirects_that_never_end_are_given_up(tmp_path: Path) -> None:
    async with Service(moved("/v.mp4")) as service, client(service) as nemo:
        error = await refused(nemo, tmp_path / "v.mp4")
        assert "more than 5 times" in error.message
        assert len(service.fetched) == 6
        assert names(tmp_path) == []


@pytest.mark.fault("F09")
@pytest.mark.parametrize(
    "place",
    [
        "http://192.0.2.1/v.mp4",
        "file:///etc/passwd",
        "https://[",
        "//192.0.2.1/v",
        "ftp://127.0.0.1/",
    ],
)
@pytest.mark.parametrize("at_once", [True, False], ids=["linked", "redirected"])
async def test_a_place_that_is_not_https_is_not_asked(tmp_path: Path, place: str, at_once: bool) -> None:
    """Not as the job's link, nor behind a redirect; an http one only on this machine."""
    async with Service(moved(place)) as service, client(service) as nemo:
        service.link = place if at_once else "/v.mp4"
        error = await refused(nemo, tmp_path / "v.mp4")
        assert "not https" in error.message
        assert len(service.fetched) == (0 if at_once else 1)
        assert names(tmp_path) == []


# --- broken transfers ---------------------------------------------------------------------------------


@pytest.mark.fault("F34")
@pytest.mark.parametrize("reset", [False, True], ids=["cut", "reset"])
async def test_a_download_cut_in_the_middle_is_resumed(tmp_path: Path, reset: bool) -> None:
    """With Range and If-Range, from where it broke; the progress ends at exactly 100 %."""
    seen: list[Progress] = []
    async with Service() as service, Proxy(service.url, Plan(cut_down=HALF, reset=reset)) as proxy:
        service.link = f"{proxy.url}/v.mp4"
        async with client(service) as nemo:
            video = await nemo.renders.download("r1", tmp_path / "v.mp4", on_progress=seen.append)
        assert video.path.read_bytes() == FILE
        assert video.size == len(FILE)
        assert (seen[-1].done, seen[-1].total) == (len(FILE), len(FILE))
        assert proxy.fired["reset" if reset else "cut_down"] == 1
        first, second = service.fetched
        assert "range" not in first.headers
        resumed_at = int(second.headers["range"].removeprefix("bytes=").removesuffix("-"))
        assert 0 < resumed_at <= HALF
        assert second.headers["if-range"] == '"one"'
        assert names(tmp_path) == ["v.mp4"]


@pytest.mark.fault("F34")
async def test_a_download_that_breaks_again_and_again_fails_and_leaves_nothing(tmp_path: Path) -> None:
    """Without ETag or date it starts over each time; only four tries in a row may bring nothing new."""
    async with (
        Service(lambda request: served(request, FILE, "X-Nothing: 1")) as service,
        Proxy(service.url, rest=Plan(cut_down=HALF)) as proxy,
        client(service) as nemo,
    ):
        service.link = f"{proxy.url}/v.mp4"
        error = await refused(nemo, tmp_path / "v.mp4")
        assert "broke off" in error.message
        assert proxy.fired["cut_down"] == len(service.fetched)
        assert 4 <= len(service.fetched) <= 10
        assert all("range" not in request.headers for request in service.fetched)
        assert names(tmp_path) == []


@pytest.mark.fault("F34")
async def test_a_download_that_stalls_is_resumed(tmp_path: Path) -> None:
    async with Service() as service, Proxy(service.url, Plan(stall_down=HALF)) as proxy:
        service.link = f"{proxy.url}/v.mp4"
        async with client(service, idle=0.1) as nemo:
            video = await nemo.renders.download("r1", tmp_path / "v.mp4")
        assert video.path.read_bytes() == FILE
        assert proxy.fired["stall_down"] == 1
        assert len(service.fetched) == 2


@pytest.mark.fault("F34")
async def test_a_download_that_trickles_is_given_up(tmp_path: Path) -> None:
    """A kilobyte now and then keeps a connection from being idle; but 16 KiB a second is the least."""
    head = served(Received("GET", "/v.mp4", {}, b""))
    head = head[: head.index(b"\r\n\r\n") + 4]
    clock = ManualClock()
    trickled: list[int] = []

    async def trickle(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        for number in range(100):
            writer.write(bytes(1024))
            await writer.drain()
            trickled.append(number)
            await clock.advance(20)

    class Trickling(Service):
        async def _respond(self, request: Received, writer: asyncio.StreamWriter) -> None:
            await (trickle if request.path == "/v.mp4" else super()._respond)(request, writer)

    async with (
        Trickling() as service,
        NemoVideo(token=TOKEN, base_url=service.url, clock=clock, timing=Timing(idle=10_000)) as nemo,
    ):
        error = await refused(nemo, tmp_path / "v.mp4")
        assert "too slowly" in error.message
        assert names(tmp_path) == []
        assert trickled
        assert len(service.fetched) == 1


@pytest.mark.fault("F34")
async def test_a_download_without_a_length_is_refused(tmp_path: Path) -> None:
    """Where only the end of the connection ends the file, nobody can tell a whole one from a part."""
    endless = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nConnection: close\r\n\r\n" + FILE
    async with Service(lambda _: endless) as service, client(service) as nemo:
        error = await refused(nemo, tmp_path / "v.mp4")
        assert "how long" in error.message
        assert len(service.fetched) == 1
        assert names(tmp_path) == []


@pytest.mark.fault("F34")
async def test_a_chunked_download_is_whole_when_its_last_chunk_came(tmp_path: Path) -> None:
    """Cut before it, the download is resumed."""
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n{ETAG}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    )
    first = head + b"%x\r\n%b\r\n" % (HALF, FILE[:HALF])
    async with Service(lambda _: first, served) as service, client(service) as nemo:
        video = await nemo.renders.download("r1", tmp_path / "v.mp4")
        assert video.path.read_bytes() == FILE
        assert ["range" in request.headers for request in service.fetched] == [False, True]


@pytest.mark.fault("F34")
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (http(b'{"code": 1001}', "200 OK", "application/json"), "a page"),
        (http(b"<html>log in", "200 OK", "text/html; charset=utf-8"), "a page"),
        (http(b"\x1f\x8b", "200 OK", "video/mp4", "Content-Encoding: gzip"), "squeezed"),
        (http(b"gone", "404 Not Found", "text/plain"), "404"),
    ],
)
async def test_what_is_no_video_is_not_saved_as_one(tmp_path: Path, answer: bytes, said: str) -> None:
    async with Service(lambda _: answer) as service, client(service) as nemo:
        error = await refused(nemo, tmp_path / "v.mp4")
        assert said in error.message
        assert len(service.fetched) == 1
        assert names(tmp_path) == []


@pytest.mark.fault("F41")
async def test_a_busy_file_server_is_asked_again_when_it_says(tmp_path: Path) -> None:
    """Not before; and not at all where it asks for an hour."""
    busy = http(b"", "503 Service Unavailable", "text/plain", "Retry-After: 7")
    later = http(b"", "429 Too Many Requests", "text/plain", "Retry-After: 3600")
    clock = HurriedClock()
    async with (
        Service(lambda _: busy, served, lambda _: later) as service,
        NemoVideo(token=TOKEN, base_url=service.url, clock=clock, timing=Timing()) as nemo,
    ):
        assert (await nemo.renders.download("r1", tmp_path / "v.mp4")).size == len(FILE)
        assert [7 <= wait < 8 for wait in clock.waits] == [True]
        await refused(nemo, tmp_path / "w.mp4")
        assert len(clock.waits) == 1
        assert len(service.fetched) == 3


OTHER = os.urandom(900_000)


def wrongly(content: bytes, *, shift: int = 0, etag: str = "one") -> Callable[[Received], bytes]:
    """A resume of another file, from another place, or with another tag."""

    def answer(request: Received) -> bytes:
        start = int(request.headers["range"].removeprefix("bytes=").removesuffix("-")) + shift
        told = f"Content-Range: bytes {start}-{len(content) - 1}/{len(content)}"
        return http(content[start:], "206 Partial Content", "video/mp4", told, f'ETag: "{etag}"')

    return answer


@pytest.mark.fault("F35")
@pytest.mark.parametrize(
    ("second", "expected", "requests"),
    [
        (lambda _: http(OTHER, "200 OK", "video/mp4", 'ETag: "two"'), OTHER, 2),
        (wrongly(FILE, shift=-10), FILE, 3),
        (wrongly(OTHER), FILE, 3),
        (wrongly(FILE, etag="two"), FILE, 3),
        (lambda _: http(b"", "416 Range Not Satisfiable", "text/plain"), FILE, 3),
        (lambda _: http(FILE[400_000:], "206 Partial Content", "video/mp4"), FILE, 3),
    ],
    ids=["answered 200", "another start", "another length", "another ETag", "416", "no Content-Range"],
)
async def test_a_resume_that_does_not_fit_starts_over(
    tmp_path: Path, second: Callable[[Received], bytes], expected: bytes, requests: int
) -> None:
    """The first answer breaks after 400,000 bytes; what comes then is never joined to them."""
    cut = served(Received("GET", "/v.mp4", {}, b""))
    head = cut.index(b"\r\n\r\n") + 4
    async with Service(lambda _: cut[: head + 400_000], second, served) as service, client(service) as nemo:
        video = await nemo.renders.download("r1", tmp_path / "v.mp4")
        assert video.path.read_bytes() == expected
        assert "range" in service.fetched[1].headers
        assert len(service.fetched) == requests
        assert names(tmp_path) == ["v.mp4"]
