"""The command, run in this process against an embedded backend of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
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
async def backend() -> AsyncIterator[LocalBackend]:
    """A backend that answers every edit in words."""
    async with LocalBackend(silent_edits=0.0) as backend:
        yield backend


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A small photo in the working folder."""
    path = tmp_path / "photo.jpg"
    Image.effect_noise((270, 480), 40).convert("RGB").save(path)
    return path


@pytest.fixture
def run(
    backend: LocalBackend,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs the command in an empty home, a folder of its own, and with the backend as the service."""
    for name in ("NEMO_TOKEN", "NEMO_CLIENT_ID", "SKILL_SOURCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NEMO_API_URL", backend.url)
    monkeypatch.setenv("NEMO_WEB_URL", backend.web_url)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.chdir(tmp_path)

    async def run(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        status = await asyncio.to_thread(main, [str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    return run
