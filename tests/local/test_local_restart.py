"""What a backend with a folder of its own still knows after it was closed."""

from __future__ import annotations

import asyncio
import logging
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from local.test_local_renders import SMALL, small_draft
from local.wire_client import WireClient
from nemovideo import NemoVideo
from nemovideo.errors import ConfigurationError, SessionNotFoundError
from nemovideo.local import LocalBackend


async def test_everything_survives_a_restart(http: aiohttp.ClientSession, tmp_path: Path) -> None:
    """Tokens, credits, drafts, undo, uploads and finished renders are there again, on another port."""
    async with LocalBackend(data_dir=tmp_path, pace=0) as backend:
        wire = await WireClient(http, backend.url).open()
        draft = await small_draft(wire)
        await wire.chat("make it warmer")
        await wire.render("r", draft, **SMALL)
        done = await wire.rendered("r")
        state = await wire.state()
        charges = backend.ledger.charges()
    async with LocalBackend(data_dir=tmp_path, pace=0) as backend:
        wire.url = backend.url
        assert await wire.credits() == 98
        assert backend.ledger.charges() == charges
        assert (await wire.state())["draft"] == state["draft"]
        again = await wire.get("/api/render/proxy/lambda/r")
        assert again["data"]["status"] == "completed"
        url = again["data"]["output"]["url"]
        assert url.rpartition("/cdn/")[2] == done["output"]["url"].rpartition("/cdn/")[2]
        async with http.get(url) as response:
            assert response.status == 200
        await wire.chat("undo")
        assert (await wire.state())["draft"] == draft
        await wire.render("r2", draft, **SMALL)
        assert (await wire.rendered("r2"))["status"] == "completed"
    assert stat.S_IMODE((tmp_path / "records.sqlite").stat().st_mode) == 0o600


async def test_a_client_with_a_folder_is_the_same_user_again(tmp_path: Path) -> None:
    """`NemoVideo.local(data_dir=…)` finds session and balance in the next run; without it nothing is left."""
    async with NemoVideo.local(data_dir=tmp_path) as nemo:
        session = await nemo.sessions.create("Kept")
        await session.chat("hello")
    async with NemoVideo.local(data_dir=str(tmp_path)) as nemo:
        await nemo.sessions.attach(session.session_id).state()
        assert (await nemo.credits.balance()).available == 99
    async with NemoVideo.local() as nemo:
        with pytest.raises(SessionNotFoundError):
            await nemo.sessions.attach(session.session_id).state()


async def test_an_unfinished_render_goes_on(http: aiohttp.ClientSession, tmp_path: Path) -> None:
    """A job that was at work when the backend closed is done by the next one, under its id."""
    async with LocalBackend(data_dir=tmp_path, pace=0) as backend:
        wire = await WireClient(http, backend.url).open()
        draft = await small_draft(wire, seconds=3)
        await wire.render("r", draft)
        while (await wire.get("/api/render/proxy/lambda/r"))["data"]["status"] == "pending":
            pass
    async with LocalBackend(data_dir=tmp_path) as backend:
        wire.url = backend.url
        assert (await wire.rendered("r"))["status"] == "completed"


async def test_a_half_received_file_is_swept_up(tmp_path: Path) -> None:
    """What a killed process left in `incoming` is removed at the next start."""
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / "half.jpg").write_bytes(b"half")
    async with LocalBackend(data_dir=tmp_path):
        assert not (tmp_path / "incoming" / "half.jpg").exists()


async def test_nothing_is_left_when_it_closes(http: aiohttp.ClientSession) -> None:
    """Closing in the middle of a render leaves no task and no thread, and takes well under a second."""
    threads, tasks = set(threading.enumerate()), asyncio.all_tasks()
    async with LocalBackend(pace=0) as backend:
        wire = await WireClient(http, backend.url).open()
        await wire.render("r", await small_draft(wire, seconds=60))
        while not (await wire.get("/api/render/proxy/lambda/r"))["data"]["progress"]:
            pass
        loop = asyncio.get_running_loop()
        start = loop.time()
    assert loop.time() - start < 1
    left = {thread for thread in set(threading.enumerate()) - threads if "nemovideo" in thread.name}
    for thread in left:  # the renderer's own end with the frame that they are drawing
        thread.join(1)
    assert not any(thread.is_alive() for thread in left)
    await asyncio.sleep(0)
    assert {task for task in asyncio.all_tasks() - tasks if "nemovideo" in repr(task)} == set()


async def test_a_public_address_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    """Listening beyond loopback is said loudly."""
    with caplog.at_level(logging.WARNING):
        async with LocalBackend(host="0.0.0.0"):  # noqa: S104 - the point of the test
            pass
    assert "anyone who reaches" in caplog.text


async def test_one_backend_for_a_folder(tmp_path: Path) -> None:
    """A second backend on the same folder is refused, and can start when the first has closed."""
    async with LocalBackend(data_dir=tmp_path):
        with pytest.raises(ConfigurationError, match="records"):
            await LocalBackend(data_dir=tmp_path).start()
    async with LocalBackend(data_dir=tmp_path):
        pass


def test_heavy_packages_wait_until_they_are_needed() -> None:
    """Importing the backend loads neither PyAV, OpenCV, numpy nor Pillow."""
    code = "import sys, nemovideo.local; print({'av', 'cv2', 'numpy', 'PIL'} & sys.modules.keys())"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    assert shown.stdout == "set()\n"


async def test_without_the_extra_an_upload_says_what_to_install(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the renderer's packages are missing, the answer names the extra."""
    monkeypatch.setitem(sys.modules, "nemovideo.local.render.media", None)
    async with LocalBackend() as backend:
        wire = await WireClient(http, backend.url).open()
        answer = await wire.upload_photos(1)
    assert (answer["code"], "nemovideo[local]" in answer["message"]) == (500, True)


def test_wrong_options_are_refused() -> None:
    """Unknown words for the dialect and the disconnect behaviour are configuration errors."""
    with pytest.raises(ConfigurationError, match="dialect"):
        LocalBackend(dialect="other")  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(ConfigurationError, match="on_disconnect"):
        LocalBackend(on_disconnect="other")  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize(
    "option",
    [{"port": 65536}, {"silent_edits": 1.5}, {"heartbeat": 0}, {"pace": -1}, {"credits": -1}],
    ids=str,
)
def test_numbers_out_of_reach_are_refused(option: dict[str, Any]) -> None:
    """Before anything listens, with what would do."""
    with pytest.raises(ConfigurationError, match=f"{next(iter(option))} is .* must be"):
        LocalBackend(**option)
