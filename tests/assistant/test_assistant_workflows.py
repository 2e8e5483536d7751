"""The three ways in which people work: one quick edit, several files at once, one step after the other."""

from __future__ import annotations

import asyncio
from pathlib import Path

import av
import pytest

from assistant.chatting import backend_of, only, replies, words
from nemovideo.assistant.conversation import Assistant
from nemovideo.assistant.replies import SendFile
from nemovideo.client import NemoVideo


@pytest.fixture
async def clip(nemo: NemoVideo, photos: list[Path], tmp_path: Path) -> Path:
    """A clip of two seconds."""
    (sent,) = only(
        SendFile, await replies(Assistant(nemo, folder=tmp_path), "make a 2-second 1:1 video", photos)
    )
    return sent.video.path.rename(tmp_path / "clip.mp4")


def length(path: Path) -> float:
    """Return how many seconds a video plays, as another decoder sees it."""
    with av.open(str(path)) as container:
        return float((container.duration or 0) / av.time_base)


async def test_quick_edit(nemo: NemoVideo, clip: Path, tmp_path: Path) -> None:
    """A clip and a wish: the edited file comes back, in one exchange."""
    assistant = Assistant(nemo, folder=tmp_path)
    await replies(assistant, "make a 1:1 video of this clip and trim the first 1 second", [clip])
    (sent,) = only(SendFile, await replies(assistant, "export 360p"))
    assert length(sent.video.path) == pytest.approx(1.0, abs=0.05)


async def test_batch_style(nemo: NemoVideo, photos: list[Path], tmp_path: Path) -> None:
    """Several files at once, each with its own wish, session and render; none sees another's."""
    wishes = {
        photos[0]: "make a 1-second 1:1 video titled 'Sea'",
        photos[1]: "make a 2-second 1:1 video titled 'Mug'",
    }
    chats = [Assistant(nemo, folder=tmp_path) for _ in wishes]
    said = await asyncio.gather(
        *(replies(chat, wish, [photo]) for chat, (photo, wish) in zip(chats, wishes.items(), strict=True))
    )
    for one, title, seconds in zip(said, ("Sea", "Mug"), (1.0, 2.0), strict=True):
        (sent,) = only(SendFile, one)
        assert f'Title: "{title}"' in words(one)
        assert length(sent.video.path) == pytest.approx(seconds, abs=0.05)
    assert len(backend_of(nemo).ledger.charges()) == 2


async def test_iterative(nemo: NemoVideo, photos: list[Path], tmp_path: Path) -> None:
    """Step by step in one session: each wish builds on the one before, and only turns cost credits."""
    assistant = Assistant(nemo, folder=tmp_path)
    await replies(assistant, "make a 2-second 1:1 video titled 'One'", photos)
    for wish in ("change the title to Two", "make it 1 second long", "remove the music", "undo"):
        await replies(assistant, wish)
    summary = words(await replies(assistant, "status"))
    assert "(3 tracks)" in summary
    assert "(0-1s" in summary
    assert '"Two"' in summary
    (sent,) = only(SendFile, await replies(assistant, "send me the video"))
    assert length(sent.video.path) == pytest.approx(1.0, abs=0.05)
    assert len(backend_of(nemo).ledger.charges()) == 5
