"""The terminal chat of the examples, run as its reader runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from assistant.labelled import FOLDER

PROGRAM = FOLDER.parents[1] / "examples" / "terminal_chat.py"


def test_photos_and_typed_wishes_become_a_file(photos: list[Path], tmp_path: Path) -> None:
    """Typed lines are answered until the input ends, and the MP4 lies in the current folder."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(PROGRAM), *map(str, photos)],
        input="make a 1-second 1:1 video titled 'Hi'\nhow many credits do I have left?\n",
        env={**os.environ, "NEMO_API_URL": "local", "HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "Thanks, I have sea.jpg and mug.jpg." in done.stdout
    assert "You have 99 credits left." in done.stdout
    (video,) = tmp_path.glob("video-*.mp4")
    assert str(video) in done.stdout
    assert video.read_bytes()[4:8] == b"ftyp"
