"""What notebooks show of the records: HTML for a cell, in the notebook's own colours."""

from __future__ import annotations

import base64
import mimetypes
from typing import TYPE_CHECKING

from nemovideo._markup import Markup, fill

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_INLINE_BYTES = 20 * 1024 * 1024
"""A longer file would make the notebook itself too long to open."""

_FITTING = 'style="max-width:100%;max-height:480px"'
_PLAYERS = {
    "image": f'<img src="{{url}}" alt="" {_FITTING}>',
    "video": f'<video src="{{url}}" controls preload="metadata" {_FITTING}></video>',
    "audio": '<audio src="{url}" controls preload="metadata"></audio>',
}


def turn(answer: str, changes: Iterable[object], picture: str) -> str:
    """Return what was said, what changed, and the timeline.

    Args:
        answer: The agent's words, or what is to be said in their place.
        changes: Each printable as a line.
        picture: The timeline as SVG, which escapes what it shows; empty for none.
    """
    lines = [fill('<li dir="auto">{change}</li>', change=change) for change in changes]
    return fill(
        '<p dir="auto" style="white-space:pre-line">{answer}</p>{changes}{picture}',
        answer=answer,
        changes=fill("<ul>{lines}</ul>", lines=lines) if lines else "",
        picture=Markup(picture),
    )


def upload(name: str, file_type: str, url: str, about: str) -> str:
    """Return a file that the service holds, to look at or listen to, with its name.

    Args:
        name: The file's.
        file_type: `image`, `video` or `audio`; nothing is shown of others.
        url: Where it lies.
        about: Facts in a line.
    """
    shown = fill(_PLAYERS.get(file_type, ""), url=url) if _is_web(url) else ""
    return _captioned(Markup(shown), name, about)


def video(path: Path, url: str | None, about: str) -> str:
    """Return a player that holds the file itself; for one that is too long or gone, a link.

    Args:
        path: The file.
        url: Where it was fetched from.
        about: Facts in a line.
    """
    content = _read_small(path)
    if content is None:
        shown = fill(
            '<a href="{url}">{path}</a>',
            url=url if url and _is_web(url) else path.absolute().as_uri(),
            path=path,
        )
        return _captioned(shown, "", about)
    kind = mimetypes.guess_type(path.name)[0] or "video/mp4"
    data = f"data:{kind};base64,{base64.b64encode(content).decode()}"
    return _captioned(
        fill(_PLAYERS.get(kind.partition("/")[0], _PLAYERS["video"]), url=data), path.name, about
    )


def credit_balance(available: float, frozen: float, total: float) -> str:
    """Return the credits in a line."""
    held = f" ({frozen:g} more are held for running work, {total:g} in all)" if frozen else ""
    return fill("<p><b>{available}</b> credits{held}</p>", available=f"{available:g}", held=held)


def facts(width: int | None, height: int | None, duration: float | None, size: int | None = None) -> str:
    """Return what is known of a file in a line, such as `1080x1920 · 15 s · 4.2 MB`."""
    known = [f"{width}x{height}"] if width and height else []
    known += [f"{duration:g} s"] if duration else []
    known += [f"{size / 1e6:.1f} MB"] if size is not None else []
    return " · ".join(known)


def _captioned(shown: Markup, name: str, about: str) -> str:
    return fill(
        '<figure style="margin:0">{shown}<figcaption><b dir="auto">{name}</b> {about}</figcaption></figure>',
        shown=shown,
        name=name,
        about=about,
    )


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _read_small(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.stat().st_size < MAX_INLINE_BYTES else None
    except OSError:
        return None
