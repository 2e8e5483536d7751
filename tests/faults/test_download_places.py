"""Where downloads go: full disks, odd names, links, and what was there before."""

from __future__ import annotations

import asyncio
import contextlib
import resource
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from proxy import Plan, Proxy

from nemovideo import Progress
from nemovideo._transport.download import _offered_name, safe_name

if TYPE_CHECKING:
    from collections.abc import Iterator
from video_service import FILE, HALF, Service, client, names, refused, served


@contextlib.contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """The system refuses to write beyond it: what a full disk does, without filling one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.fault("F36")
async def test_a_disk_that_is_full_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "v.mp4").write_bytes(b"old")
    async with Service() as service, client(service) as nemo:
        with no_file_longer_than(300_000):
            error = await refused(nemo, tmp_path / "v.mp4")
        assert "could not be written" in error.message
        assert error.path == str(tmp_path / "v.mp4")
        assert names(tmp_path) == ["v.mp4"]
        assert (tmp_path / "v.mp4").read_bytes() == b"old"
        assert len(service.fetched) == 1


@pytest.mark.fault("F36")
@pytest.mark.parametrize("to", ["", ".", "missing/v.mp4", "/dev/null", "/dev/null/v.mp4", "a\0b", "loop"])
async def test_a_place_that_cannot_be_is_refused_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    """A folder, a missing one, a device, a file as a folder, no path at all."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    async with Service() as service, client(service) as nemo:
        await refused(nemo, to)
        assert service.requests == []
        assert names(tmp_path) == ["loop"]


@pytest.mark.fault("F36")
async def test_a_folder_that_takes_no_files_is_a_clear_error() -> None:
    """`/proc` lets nobody make a file, whoever asks."""
    async with Service() as service, client(service) as nemo:
        error = await refused(nemo, "/proc/v.mp4")
        assert "written" in error.message
        assert service.fetched == []


@pytest.mark.fault("F37")
@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ('filename="../../x.mp4"', "x.mp4"),
        ('filename="/tmp/abs.mp4"', "abs.mp4"),
        ('filename="..\\\\..\\\\w.mp4"', "w.mp4"),
        ("filename*=UTF-8''..%2F..%2Fenc.mp4", "enc.mp4"),
        ("filename*=UTF-8''a%00b.mp4", "a_b.mp4"),
        ('filename="CON"', "CON_"),
        ('filename="nul.mp4"', "nul_.mp4"),
        ('filename=""', "v.mp4"),
        ('filename=".."', "r1.mp4"),
        ('filename=".bashrc"', "bashrc"),
        ('filename="mine.txt"', "mine-2.txt"),
        ("filename*=nonsense''%FF%FE.mp4", None),
        ("", "v.mp4"),
    ],
)
async def test_a_name_that_the_server_gives_stays_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, expected: str | None
) -> None:
    """A safe base name, one that is not taken; nothing else is written, above or beside."""
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("mine")
    monkeypatch.chdir(folder)
    disposition = f"Content-Disposition: attachment; {told}"
    async with (
        Service(lambda request: served(request, FILE, disposition)) as service,
        client(service) as nemo,
    ):
        video = await nemo.renders.download("r1")
        assert video.path.parent == folder
        assert video.path.read_bytes() == FILE
        assert expected in {None, video.path.name}
        assert names(tmp_path) == sorted(["a", "a/b", "a/b/mine.txt", f"a/b/{video.path.name}"])
        assert (folder / "mine.txt").read_text() == "mine"
        assert len(service.fetched) == 1


@pytest.mark.fault("F37")
@given(told=st.text(max_size=300), path=st.text(max_size=300))
def test_any_name_becomes_one_that_any_system_takes(told: str, path: str) -> None:
    offered = _offered_name(
        {"Content-Disposition": told.replace("\n", "").replace("\r", "")}, f"https://x/{path}"
    )
    name = safe_name(offered, "default.mp4")
    assert 0 < len(name.encode()) <= 220
    assert name.isprintable()
    assert not set(name) & set('/\\:*?"<>|')
    assert name.strip(". ") == name
    assert Path(name).name == name


@pytest.mark.fault("F38")
async def test_what_is_at_the_destination_stays_until_the_new_file_is_whole(tmp_path: Path) -> None:
    """Looked at each time that progress is told; then it is the new one, with no part left."""
    target = tmp_path / "v.mp4"
    target.write_bytes(b"old")
    seen: set[bytes] = set()

    def look(progress: Progress) -> None:
        if progress.done < len(FILE):
            seen.add(target.read_bytes())

    async with Service() as service, Proxy(service.url, Plan(cut_down=HALF)) as proxy:
        service.link = f"{proxy.url}/v.mp4"
        async with client(service) as nemo:
            await nemo.renders.download("r1", target, on_progress=look)
        assert proxy.fired["cut_down"] == 1
        assert len(service.fetched) == 2
    assert seen == {b"old"}
    assert target.read_bytes() == FILE
    assert names(tmp_path) == ["v.mp4"]


@pytest.mark.fault("F38")
@pytest.mark.parametrize("dangling", [False, True])
async def test_a_link_stays_a_link_and_what_it_leads_to_is_replaced(tmp_path: Path, dangling: bool) -> None:
    target, link = tmp_path / "real.mp4", tmp_path / "link.mp4"
    if not dangling:
        target.write_bytes(b"old")
    link.symlink_to(target)
    async with Service() as service, client(service) as nemo:
        await nemo.renders.download("r1", link)
        assert link.is_symlink()
        assert target.read_bytes() == FILE
        assert names(tmp_path) == ["link.mp4", "real.mp4"]
        assert len(service.fetched) == 1


@pytest.mark.fault("F38")
async def test_two_downloads_to_one_place_each_leave_it_whole(tmp_path: Path) -> None:
    """Whoever is last wins; neither writes into the other's file."""
    target = tmp_path / "v.mp4"
    async with Service() as service, client(service) as nemo:
        videos = await asyncio.gather(*(nemo.renders.download("r1", target) for _ in range(5)))
        assert {video.size for video in videos} == {len(FILE)}
        assert target.read_bytes() == FILE
        assert names(tmp_path) == ["v.mp4"]
        assert len(service.fetched) == 5
