"""Drafts that the agent made, and what a test wants to know of them."""

from __future__ import annotations

from typing import Any

from nemovideo.local.agent.reply import Reply, Scene
from nemovideo.local.agent.respond import respond
from nemovideo.local.agent.timeline import AUDIO, TEXT

PHOTOS = tuple(
    {"filename": f"{name}.jpg", "file_type": "image", "cdn_url": f"/cdn/{name}", "duration": 0.0}
    for name in "abc"
)
CLIP = {"filename": "clip.mp4", "file_type": "video", "cdn_url": "/cdn/clip", "duration": 4.0}
SONG = {"filename": "song.mp3", "file_type": "audio", "cdn_url": "/cdn/song", "duration": 60.0}


def made(message: str = "make a 12-second video", media: Any = PHOTOS, **scene: Any) -> dict[str, Any]:
    """Return the draft of a new video."""
    return dict(respond(message, Scene(media=media, **scene)).steps[-1].draft)


def edit(message: str, draft: dict[str, Any] | None = None, media: Any = PHOTOS) -> Reply:
    """Return the answer to a message about a draft: by default three photos in 12 s, with music and title."""
    return respond(message, Scene(draft=made(media=media) if draft is None else draft, media=media))


def edited(message: str, draft: dict[str, Any] | None = None, media: Any = PHOTOS) -> dict[str, Any]:
    reply = edit(message, draft, media)
    assert reply.steps, reply.text
    return dict(reply.steps[-1].draft)


def shots(draft: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Return name, start and length of the footage, in ms."""
    return [(s["m"]["name"], s["m"]["start"], s["d"]) for s in draft["t"][0]["sg"]]


def values(draft: dict[str, Any], key: str) -> list[Any]:
    """Return one setting of each shot."""
    return [segment["m"].get(key) for segment in draft["t"][0]["sg"]]


def track(draft: dict[str, Any], kind: int, role: str) -> list[dict[str, Any]]:
    found = [t["sg"] for t in draft["t"] if t["tt"] == kind and t["m"]["role"] == role]
    return found[0] if found else []


def music(draft: dict[str, Any]) -> Any:
    return track(draft, AUDIO, "bgm")[0]["m"]


def texts(draft: dict[str, Any], role: str = "title") -> list[tuple[str, int, int, str]]:
    """Return text, start, length and place of each text of a role."""
    return [(s["m"]["text"], s["m"]["start"], s["d"], s["m"]["position"]) for s in track(draft, TEXT, role)]
