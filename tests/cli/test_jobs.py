"""What was begun and not ended is listed, and finished without being sent or charged twice."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nemovideo import NemoVideo
from nemovideo.config import default_config_dir
from nemovideo.draft import Draft

if TYPE_CHECKING:
    from cli.conftest import Run
    from nemovideo.local import LocalBackend


@pytest.fixture
async def session_id(run: Run, photo: Path) -> str:
    """A session with a photo, of the account that the commands use."""
    async with NemoVideo() as nemo:
        session = await nemo.sessions.create()
        await session.upload(photo)
        return session.session_id


def journaling() -> NemoVideo:
    """Return a client that shares the commands' journal."""
    return NemoVideo(journal=default_config_dir(os.environ) / "journal.db")


async def begin_turn(session_id: str, text: str) -> str:
    """Write a message down, as a command that then died; return the job's id."""
    async with journaling() as nemo:
        before = (await nemo.sessions.state(session_id)).raw
        return await nemo.journal.begin_turn(session_id, text, before)


async def begin_render(session_id: str, to: Path | None) -> None:
    """Write a render down, as a command that then died."""
    async with journaling() as nemo:
        await nemo.journal.begin_render(
            "render_1", session_id, Draft.from_wire(TINY), file_format="mp4", quality="low",
            to=str(to) if to else None,
        )  # fmt: skip


TINY = {
    "t": [{"tt": 7, "sg": [{"d": 200, "m": {"text": "Hi"}}]}],
    "d": 200,
    "m": {"canvas": {"width": 64, "height": 64, "fps": 10}},
}


async def test_commands_that_end_leave_no_job(run: Run, session_id: str) -> None:
    """Nothing to list after a turn and an export that went well."""
    await run("chat", session_id, "a 1-second video")
    await run("export", session_id, "-o", "out.mp4", "--quality", "low")
    listed, as_json = await run("jobs"), await run("jobs", "--json")

    assert (listed.status, listed.out) == (0, "Nothing is left undone.\n")
    assert json.loads(as_json.out) == {"jobs": []}


async def test_a_turn_is_listed_and_found_in_the_timeline(
    run: Run, session_id: str, nemo_backend: LocalBackend
) -> None:
    """The command died, the service went on: what changed is printed, and no message is sent."""
    job_id = await begin_turn(session_id, "a 1-second video")
    await run("chat", session_id, "a 1-second video")
    [job] = json.loads((await run("jobs", "--json")).out)["jobs"]
    listed = await run("jobs")
    resumed = await run("resume", job["id"])

    assert (job["id"], job["kind"], job["session_id"]) == (job_id, "turn", session_id)
    assert listed.out.startswith(job["id"])
    assert listed.out.endswith("turn: a 1-second video\n")
    assert resumed.status == 0
    assert "the timeline shows that it was done" in resumed.out.splitlines()[0]
    assert "- Video added: photo.jpg (0-1s)" in resumed.out.splitlines()
    assert resumed.out.endswith(f"Go on: nemovideo export {session_id} -o OUT\n")
    assert (await run("jobs")).out == "Nothing is left undone.\n"
    assert len(nemo_backend.ledger.charges(session_id)) == 1


async def test_a_turn_that_left_no_trace_stays(run: Run, session_id: str) -> None:
    """The outcome is unknown: status 3, and the job can be looked up again, or given up."""
    job_id = await begin_turn(session_id, "add a title")
    resumed = await run("resume", job_id)

    assert (resumed.status, resumed.out, len(resumed.err.splitlines())) == (3, "", 1)
    assert (await run("jobs")).out.startswith(job_id)
    assert (await run("resume", job_id, "--forget")).out == f"{job_id} is forgotten.\n"
    assert (await run("jobs")).out == "Nothing is left undone.\n"


@pytest.mark.parametrize("has_file", [True, False])
async def test_a_render_becomes_its_file_or_its_link(
    run: Run, session_id: str, tmp_path: Path, has_file: bool
) -> None:
    """The file that the export was to make; where it had none, the job's link."""
    out = tmp_path / "out.mp4"
    await begin_render(session_id, out if has_file else None)
    resumed = json.loads((await run("resume", "render_1", "--json")).out)

    assert resumed["render_id"] == "render_1"
    assert resumed["url"].startswith("http://127.0.0.1:")
    assert out.exists() is has_file
    assert json.loads((await run("jobs", "--json")).out) == {"jobs": []}


async def test_a_killed_export_is_finished_by_resume(
    run: Run, session_id: str, nemo_backend: LocalBackend, tmp_path: Path
) -> None:
    """SIGKILL while the farm works: one job in all, and a whole file in the end."""
    await run("chat", session_id, "a 2-second video")
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "nemovideo.cli.main", "export", session_id, "-o", "out.mp4",
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert program.stderr is not None
    async for line in program.stderr:
        if line.startswith(b"Rendering"):
            break
    program.kill()
    await program.wait()
    assert not (tmp_path / "out.mp4").exists()
    [job] = json.loads((await run("jobs", "--json")).out)["jobs"]
    resumed = await run("resume", job["id"])

    assert resumed.out.startswith(f"{tmp_path / 'out.mp4'}: 1080x1920, 2 s, ")
    submits = [request for request in nemo_backend.requests if request.path == "/api/render/proxy/lambda"]
    assert len(submits) == 1
    assert (await run("jobs")).out == "Nothing is left undone.\n"


async def test_a_job_that_is_not_there_is_wrong_use(run: Run) -> None:
    ran = await run("resume", "render_nobody")

    assert (ran.status, ran.out) == (2, "")
    assert "there is no job 'render_nobody'" in ran.err


async def test_a_home_that_cannot_be_written_only_forgets(
    run: Run, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A video is made, and one line says that no job is remembered; for a list of jobs that is a failure."""
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    ran = await run("make", photo, "-p", "a 1-second video", "-o", "out.mp4")
    listed = await run("jobs")

    assert (ran.status, "cannot be written, so no job is remembered" in ran.err.splitlines()[0]) == (0, True)
    assert (listed.status, listed.out, listed.err) == (2, "", ran.err.splitlines(keepends=True)[0])
