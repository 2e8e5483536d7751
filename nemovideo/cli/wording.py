"""How values are put into lines for a terminal and into objects for a script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from nemovideo.draft.model import Draft
    from nemovideo.models import Turn, Upload, Video


def printable(text: str) -> str:
    """Return a text from the service without control characters, which could take over a terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)


def one_line(text: str) -> str:
    """Return a text from anywhere as one printable line."""
    return printable(" ".join(text.split()))


def echo_json(value: dict[str, Any]) -> None:
    """Print one object on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False))


def size_text(size_bytes: int) -> str:
    """Return a file's size for a person: `812 kB`, `3.4 MB`."""
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 1e6 else f"{size_bytes / 1e3:.0f} kB"


def video_line(video: Video) -> str:
    """Return where a video is and what it is: `/home/ada/out.mp4: 1080x1920, 15 s, 3.4 MB`."""
    facts = [
        f"{video.width}x{video.height}" if video.width and video.height else "",
        f"{video.duration:g} s" if video.duration is not None else "",
        size_text(video.size),
    ]
    return f"{video.path}: {', '.join(fact for fact in facts if fact)}"


def video_object(video: Video) -> dict[str, Any]:
    """Return a video as JSON: duration in seconds, size in bytes."""
    return {
        "path": str(video.path),
        "width": video.width,
        "height": video.height,
        "duration": video.duration,
        "size": video.size,
        "url": video.url,
        "render_id": video.render_id,
    }


def turn_object(turn: Turn) -> dict[str, Any]:
    """Return a turn as JSON: what was said, and what changed, a line each."""
    return {
        "session_id": turn.session_id,
        "outcome": turn.outcome.value,
        "text": turn.text,
        "changes": [str(change) for change in turn.changes],
        "timeline": timeline_line(turn.draft),
    }


def timeline_line(draft: Draft | None) -> str:
    """Return a draft's summary; empty where the timeline could not be read."""
    return "" if draft is None else one_line(draft.summary())


def upload_line(upload: Upload) -> str:
    """Return what an upload is: `mug.jpg: image, 3000x2000`."""
    facts = [
        upload.file_type,
        f"{upload.width}x{upload.height}" if upload.width and upload.height else "",
        f"{upload.duration:g} s" if upload.duration else "",
    ]
    return one_line(f"{upload.filename}: {', '.join(fact for fact in facts if fact)}")
