"""A session as a page: server-made HTML and one style sheet, no script."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import frozen

from nemovideo._markup import Markup, fill

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nemovideo.draft.model import Draft
    from nemovideo.local._store.chat_log import Message
    from nemovideo.local._store.sessions import SessionRecord
    from nemovideo.local.render_queue import RenderJob

MAX_SHOWN = 100
"""Entries of a list; a page of thousands would load for minutes."""

_T = TypeVar("_T")

STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")


@frozen
class Workspace:
    """What the page shows.

    Attributes:
        session: The session.
        timeline: Its draft.
        picture: The timeline as SVG.
        messages: What was said, oldest first.
        renders: Jobs in order of arrival, each with its progress in percent.
        valid_until: Unix time at which the link ends.
    """

    session: SessionRecord
    timeline: Draft
    picture: str
    messages: tuple[Message, ...]
    renders: tuple[tuple[RenderJob, float], ...]
    valid_until: float


def page(workspace: Workspace) -> Markup:
    """Return the page of a session."""
    return _document(
        workspace.session.task_name,
        fill(
            """
<header><h1 dir="auto">{name}</h1></header>
<main>
<div>
<section><h2>Videos</h2>{renders}</section>
<section><h2>Timeline</h2>{timeline}</section>
</div>
<div>
<section><h2>Conversation</h2>{messages}</section>
<section><h2>Media</h2>{media}</section>
</div>
</main>
<footer>Changes are made in the chat; reload to see them. This link is valid until {until}.</footer>""",
            name=workspace.session.task_name,
            renders=_list("cards", workspace.renders, _render, "No video yet.", newest_first=True),
            timeline=_timeline(workspace),
            messages=_list("messages", workspace.messages, _message, "Nothing said yet."),
            media=_list("tiles", workspace.session.media, _upload, "No files yet."),
            until=_time(workspace.valid_until),
        ),
    )


def notice(heading: str, text: str) -> Markup:
    """Return a page that says that there is nothing to see."""
    return _document(
        heading,
        fill('<main class="notice"><h1>{heading}</h1><p>{text}</p></main>', heading=heading, text=text),
    )


def _document(title: str, body: Markup) -> Markup:
    return fill(
        """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
<title>{title} · NemoVideo</title><style>{style}</style></head>
<body>{body}
</body></html>
""",
        title=title,
        style=Markup(STYLE),
        body=body,
    )


def _list(
    name: str,
    entries: Sequence[_T],
    shown: Callable[[_T], Markup],
    otherwise: str,
    *,
    newest_first: bool = False,
) -> Markup:
    """Return a list of the latest of some entries, which come oldest first."""
    if not entries:
        return fill('<p class="faint">{text}</p>', text=otherwise)
    items = [shown(entry) for entry in entries[-MAX_SHOWN:]]
    listed = fill('<ul class="{name}">{items}</ul>', name=name, items=items[::-1] if newest_first else items)
    if len(items) == len(entries):
        return listed
    note = f"The latest {len(items)} of {len(entries)}."
    return fill('{listed}<p class="faint">{note}</p>', listed=listed, note=note)


def _timeline(workspace: Workspace) -> Markup:
    if not workspace.timeline.tracks:
        return fill('<p class="faint">Nothing on it yet.</p>')
    return Markup(workspace.picture)  # the draft escapes what it draws


def _render(render: tuple[RenderJob, float]) -> Markup:
    job, progress = render
    label = f"{job.output['format'].upper()}, {job.output['quality']} quality"
    if job.status == "completed":
        return fill(
            """<li>{player}<p class="row">{label}
<a class="button" href="{url}" download>Download</a></p></li>""",
            player=_player("image" if job.output["format"] == "gif" else "video", job.cdn_path),
            label=label,
            url=job.cdn_path,
        )
    if job.is_over:
        return fill(
            '<li><p>{label}: {status}</p><p class="faint" dir="auto">{error}</p></li>',
            label=label,
            status=job.status,
            error=job.error,
        )
    return fill(
        '<li><p>{label}: {status}, {percent} %</p><progress max="100" value="{percent}"></progress></li>',
        label=label,
        status=job.status,
        percent=f"{progress:.0f}",
    )


def _message(message: Message) -> Markup:
    text = fill("{text}", text=message.text) if message.text else fill("<i>Done, without a word.</i>")
    return fill(
        '<li class="{author}"><p dir="auto">{text}</p>{time}</li>',
        author=message.author,
        text=text,
        time=_time(message.at),
    )


def _upload(item: dict[str, Any]) -> Markup:
    facts = [] if item["file_type"] == "audio" else [f"{item['width']}x{item['height']}"]
    facts += [f"{item['duration']:g} s"] if item["duration"] else []
    return fill(
        '<li>{player}<p><span dir="auto">{name}</span> <span class="faint">{facts}</span></p></li>',
        player=_player(item["file_type"], item["cdn_path"]),
        name=item["filename"],
        facts=" · ".join(facts),
    )


_PLAYERS = {
    "image": '<img loading="lazy" src="{url}" alt="">',
    "video": '<video controls preload="metadata" playsinline src="{url}#t=0.1"></video>',
    "audio": '<audio controls preload="metadata" src="{url}"></audio>',
}


def _player(file_type: str, url: str) -> Markup:
    return fill(_PLAYERS[file_type], url=url)


def _time(unix: float) -> Markup:
    moment = datetime.fromtimestamp(unix, tz=UTC)
    return fill(
        '<time datetime="{iso}">{shown} UTC</time>',
        iso=moment.isoformat(timespec="seconds"),
        shown=f"{moment:%H:%M}",
    )
