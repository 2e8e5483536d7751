"""The command, run in this process against an embedded backend of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from attrs import frozen
from PIL import Image

from nemovideo.cli.main import main
from nemovideo.local import LocalBackend


@frozen
class Ran:
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


Run: TypeAlias = Callable[..., Awaitable[Ran]]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A small photo in the working folder."""
    path = tmp_path / "photo.jpg"
    Image.effect_noise((270, 480), 40).convert("RGB").save(path)
    return path


@pytest.fixture
def run(
    nemo_backend: LocalBackend,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs the command in a folder of its own; the environment leads to the backend."""
    monkeypatch.chdir(tmp_path)

    async def run(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        status = await asyncio.to_thread(main, [str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    return run
