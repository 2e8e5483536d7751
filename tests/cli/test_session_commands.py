"""Each command over a session does one step of the main job, and prints it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nemovideo import NemoVideo

if TYPE_CHECKING:
    from cli.conftest import Run
    from nemovideo.local import LocalBackend


@pytest.fixture
async def session_id(run: Run) -> str:
    """A new, empty session of the account that the commands use."""
    async with NemoVideo() as nemo:
        return (await nemo.sessions.create()).session_id


async def test_upload_chat_state_and_export_make_a_video_step_by_step(
    run: Run, photo: Path, session_id: str, nemo_backend: LocalBackend, tmp_path: Path
) -> None:
    """The steps give what `make` gives, and only the message is charged."""
    uploaded = await run("upload", session_id, photo)
    answered = await run("chat", session_id, "a 1-second video from this photo")
    shown = await run("state", session_id)
    exported = await run("export", session_id, "-o", "out.mp4", "--quality", "low")

    async with NemoVideo() as nemo:
        timeline = (await nemo.sessions.state(session_id)).draft.summary()
    assert uploaded.out == "photo.jpg: image, 270x480\n"
    assert "- Video added: photo.jpg (0-1s)" in answered.out.splitlines()
    assert answered.out.splitlines()[-1] == timeline
    assert shown.out == f"{timeline}\n1080x1920 at 30 fps, 1 s\n"
    assert exported.out.startswith(f"{tmp_path / 'out.mp4'}: 1080x1920, 1 s, ")
    assert [ran.status for ran in (uploaded, answered, shown, exported)] == [0, 0, 0, 0]
    assert len(nemo_backend.ledger.charges(session_id)) == 1


async def test_the_answer_is_printed_once(run: Run, session_id: str) -> None:
    """Deltas are shown as they come, and the whole answer is not shown again."""
    as_text = await run("chat", session_id, "what can you do?")
    as_json = await run("chat", session_id, "what can you do?", "--json")

    assert as_text.out == json.loads(as_json.out)["text"] + "\n"


async def test_json_of_a_turn_names_outcome_and_changes(run: Run, photo: Path, session_id: str) -> None:
    """One object, also for a turn that changed the timeline."""
    await run("upload", session_id, photo)
    turn = json.loads((await run("chat", session_id, "a 1-second video", "--json")).out)

    assert (turn["outcome"], turn["changes"][0]) == ("answered", "Video added: photo.jpg (0-1s)")
    assert turn["timeline"].startswith("Timeline (")


async def test_state_as_json_is_all_that_the_service_keeps(
    run: Run, photo: Path, session_id: str, nemo_backend: LocalBackend
) -> None:
    """Nothing is left out or renamed."""
    await run("upload", session_id, photo, "--json")
    state = json.loads((await run("state", session_id, "--json")).out)

    assert [info["filename"] for info in state["video_infos"]] == ["photo.jpg"]


async def test_credits_are_what_the_account_has_left(run: Run) -> None:
    """As a line, and as an object."""
    line, as_json = await run("credits"), await run("credits", "--json")

    assert line.out == "100 credits available, 0 held, 100 in all\n"
    assert json.loads(as_json.out) == {"available": 100, "frozen": 0, "total": 100}
