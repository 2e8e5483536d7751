"""Photos and clients of an embedded backend; examples and scripts are found by the tests."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PIL import Image

from nemovideo.client import NemoVideo
from nemovideo.config import Timing

ROOT = Path(__file__).parents[2]
sys.path += [str(ROOT / "scripts"), str(ROOT / "examples")]


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Two tiny photos."""
    paths = [tmp_path / "sea.jpg", tmp_path / "mug.jpg"]
    for path, colour in zip(paths, ("#2a6f97", "#bc6c25"), strict=True):
        Image.new("RGB", (160, 120), colour).save(path)
    return paths


@pytest.fixture
async def nemo() -> AsyncIterator[NemoVideo]:
    """A client of a talkative backend of its own: no edit stays silent."""
    timing = Timing(recover_first=0.01, recover_every=0.01, render_poll=0.02, rate_limit=0.1)
    async with NemoVideo.local(silent_edits=0, pace=0, timing=timing) as client:
        yield client


@pytest.fixture
async def silent_nemo() -> AsyncIterator[NemoVideo]:
    """A client of a backend whose edits are all silent."""
    timing = Timing(recover_first=0.01, recover_every=0.01, render_poll=0.02)
    async with NemoVideo.local(silent_edits=1, pace=0, timing=timing) as client:
        yield client


@pytest.fixture
def posts(nemo: NemoVideo) -> Callable[[str], int]:
    """Counts the POSTs that reached a path."""

    def count(path: str) -> int:
        assert nemo.backend is not None
        return sum(r.method == "POST" and r.path.startswith(path) for r in nemo.backend.requests)

    return count
