"""`nemovideo make` does the main job, and says what it made."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest

from nemovideo import NemoVideo

if TYPE_CHECKING:
    from cli.conftest import Run
    from nemovideo.local import LocalBackend

PROMPT = "a 1-second video with a title 'Hello'"


async def test_photos_and_a_wish_become_the_video_that_is_announced(
    run: Run, photo: Path, nemo_backend: LocalBackend, tmp_path: Path
) -> None:
    """The file is there, decodes to what stdout says of it, and cost one turn."""
    ran = await run("make", photo, photo, "-p", PROMPT, "-o", "out.mp4")

    session_id = nemo_backend.ledger.charges()[0].session_id
    async with NemoVideo() as nemo:
        draft = (await nemo.sessions.state(session_id)).draft
    out = tmp_path / "out.mp4"
    with av.open(out) as video:
        assert (video.streams.video[0].width, video.streams.video[0].height) == (1080, 1920)
        assert video.streams.video[0].frames == 30
    assert ran.status == 0
    assert ran.out.splitlines()[:3] == [
        f"{out}: 1080x1920, 1 s, {out.stat().st_size / 1e6:.1f} MB",
        draft.summary(),
        f'Go on: nemovideo chat {session_id} "..."',
    ]
    assert len(nemo_backend.ledger.charges()) == 1


async def test_progress_is_one_plain_line_a_phase_where_there_is_no_terminal(run: Run, photo: Path) -> None:
    """Phases stand on stderr, so that stdout holds results only."""
    ran = await run("make", photo, "-p", PROMPT, "-o", "out.mp4")

    assert ran.err.splitlines() == ["Uploading ...", "Editing ...", "Rendering ...", "Downloading ..."]


async def test_progress_is_a_bar_a_phase_on_a_terminal(
    run: Run, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the end each phase stands there with its tick, and stdout is as ever."""
    monkeypatch.setenv("FORCE_COLOR", "1")  # what makes rich take a pipe for a terminal

    ran = await run("make", photo, "-p", PROMPT, "-o", "out.mp4", "--json")

    last_lines = ran.err.splitlines()[-5:]
    phases = re.findall(r"✓\S* (\w+)", "\n".join(last_lines))
    assert phases == ["Uploading", "Editing", "Rendering", "Downloading"]
    assert json.loads(ran.out)["path"]


async def test_json_is_one_object_with_the_ids_to_go_on_with(
    run: Run, photo: Path, nemo_backend: LocalBackend, tmp_path: Path
) -> None:
    """A script finds the file, the session and the task in it."""
    ran = await run("make", photo, "-p", PROMPT, "-o", "out.mp4", "--json")
    made = json.loads(ran.out)

    out = tmp_path / "out.mp4"
    assert (made["path"], made["size"], made["duration"]) == (str(out), out.stat().st_size, 1)
    assert nemo_backend.ledger.charges(made["session_id"])
    assert made["task_id"].startswith("task_")


async def test_the_command_that_opens_the_session_is_printed_ready_to_run(
    run: Run, photo: Path, nemo_backend: LocalBackend
) -> None:
    """The last line of `make` is a command, and it prints the link."""
    ran = await run("make", photo, "-p", PROMPT, "-o", "out.mp4")
    link = await run(*ran.out.splitlines()[-1].removeprefix("In a browser: nemovideo ").split())

    assert link.out.startswith(f"{nemo_backend.web_url}/workspace/claim?ct=clm_")


async def test_local_asks_no_service(run: Run, photo: Path, nemo_backend: LocalBackend) -> None:
    """`--local` brings its own backend, whatever the environment names."""
    ran = await run("make", photo, "-p", PROMPT, "-o", "out.mp4", "--local")

    assert (ran.status, nemo_backend.requests) == (0, ())


async def test_the_ending_chooses_the_format(run: Run, photo: Path, tmp_path: Path) -> None:
    """A .gif is a GIF."""
    ran = await run("make", photo, "-p", PROMPT, "-o", "out.gif")

    assert ran.status == 0
    assert (tmp_path / "out.gif").read_bytes()[:4] == b"GIF8"


async def test_a_second_command_uses_the_first_ones_token(run: Run, nemo_backend: LocalBackend) -> None:
    """One home, one starter token: asking again would be refused for seven days."""
    await run("credits")
    ran = await run("credits")

    asked = [request for request in nemo_backend.requests if request.path == "/api/auth/anonymous-token"]
    assert (ran.status, len(asked)) == (0, 1)
