"""The smallest session that has something to edit, and the smallest timeline that renders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from nemovideo.draft import Draft

if TYPE_CHECKING:
    from nemovideo import NemoVideo
    from nemovideo.session import Session

MAKE = "make a 1-second video"
"""A wish that one photo is enough for; never answered in silence."""


def photo(folder: Path, name: str = "red.png") -> Path:
    """Write a picture and return where."""
    path = folder / name
    Image.new("RGB", (64, 48), "red").save(path)
    return path


async def session_with_photo(nemo: NemoVideo, folder: Path) -> Session:
    """Open a session that holds one picture."""
    session = await nemo.sessions.create()
    await session.upload(photo(folder))
    return session


def tiny_draft(duration_ms: int = 200, side: int = 64) -> Draft:
    """Return a timeline of one title on a tiny canvas: it renders at once, and needs no media."""
    title = {"d": duration_ms, "m": {"text": "Hi"}}
    canvas = {"width": side, "height": side, "fps": 10}
    return Draft.from_wire(
        {"t": [{"tt": 7, "sg": [title], "m": {}}], "d": duration_ms, "m": {"canvas": canvas}}
    )
