"""What a turn comes to, in words: the agent's own, or the timeline's where it said nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nemovideo.assistant.texts import say
from nemovideo.draft.timeline import TrackType
from nemovideo.models import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from nemovideo.draft.model import Draft
    from nemovideo.models import Turn, Video

_MOST_CHANGES = 8
_MOST_NAMES = 5
_OWN_WISH = {
    "music": ("music", "bgm", "song", "sound", "lo-fi", "音乐", "配乐", "声音"),
    "title": ("title", "text", "caption", "标题", "片名", "文字", "字幕"),
}


def tell_changes(turn: Turn, language: str, *, is_first_video: bool) -> str:
    """Return what to say after a turn of which nothing was said.

    Args:
        turn: How it ended.
        language: The person's.
        is_first_video: Whether there was no video before it.
    """
    if turn.outcome is Outcome.UNCHANGED or not turn.changes:
        return say(language, "unchanged")
    if turn.outcome is not Outcome.RECOVERED and is_first_video and turn.draft is not None:
        return say(language, "video_ready", summary=turn.draft.summary(language))
    lines = [f"• {change.line(language)}" for change in turn.changes[:_MOST_CHANGES]]
    if len(turn.changes) > _MOST_CHANGES:
        lines.append(say(language, "more_changes", count=len(turn.changes) - _MOST_CHANGES))
    key = "recovered" if turn.outcome is Outcome.RECOVERED else "changed"
    return say(language, key, changes="\n".join(lines))


def tell_unasked(draft: Draft, wish: str, language: str) -> str:
    """Return what the service added to a first video by itself [P]; empty if nothing.

    Args:
        draft: The new timeline.
        wish: What the person had asked for: what it mentions was asked for.
        language: The person's.
    """
    found = {}
    for key, kind, role in (("music", TrackType.AUDIO, "bgm"), ("title", TrackType.TEXT, "title")):
        segments = [
            one
            for track in draft.tracks
            if track.type == kind and track.role == role
            for one in track.segments
        ]
        if segments and not any(word in wish.lower() for word in _OWN_WISH[key]):
            found[key] = say(language, f"added_{key}", name=segments[0].text or segments[0].label)
    if not found:
        return ""
    both = len(found) == 2
    additions = say(language, "added_both", **found) if both else next(iter(found.values()))
    return say(language, "added", additions=additions)


def tell_video(video: Video, language: str) -> str:
    """Return what to say with a finished file: its size, length and weight."""
    facts = [
        f"{video.width}x{video.height}" if video.width and video.height else "",
        say(language, "seconds", count=f"{video.duration:g}") if video.duration is not None else "",
        f"{video.size / 1e6:.1f} MB" if video.size >= 1e6 else f"{video.size / 1e3:.0f} kB",
    ]
    return say(language, "delivered", facts=", ".join(fact for fact in facts if fact))


def tell_names(files: list[Path], language: str) -> str:
    """Return the names of files, the first few of many."""
    names = ", ".join(file.name for file in files[:_MOST_NAMES])
    more = len(files) - _MOST_NAMES
    return say(language, "and_more", names=names, count=more) if more > 0 else names
