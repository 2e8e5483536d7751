"""What a turn comes to, in words: the agent's own, or the timeline's where it said nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nemovideo.assistant.texts import count, say
from nemovideo.draft.timeline import TrackType
from nemovideo.models import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nemovideo.draft.changes import Change
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
    if is_first_video and turn.draft is not None and turn.draft.is_renderable:
        return say(language, "video_ready", summary=turn.draft.summary(language))
    lines = _change_lines(turn.changes, language)
    if len(lines) > _MOST_CHANGES:
        lines[_MOST_CHANGES:] = [say(language, "more_changes", count=len(lines) - _MOST_CHANGES)]
    key = "recovered" if turn.outcome is Outcome.RECOVERED else "changed"
    return say(language, key, changes="\n".join(lines))


def _change_lines(changes: Iterable[Change], language: str) -> list[str]:
    """Return a line for each change; the same change of several segments is one line."""
    alike: dict[object, list[Change]] = {}
    for change in changes:
        kind = (change.kind, change.key, str(change.old), str(change.new))
        alike.setdefault(kind if change.segment is not None else change.path, []).append(change)
    return [f"• {_one_line(group, language)}" for group in alike.values()]


def _one_line(group: list[Change], language: str) -> str:
    first, *others = group
    names = [change.segment.segment.label for change in others if change.segment is not None]
    if not others:
        return first.line(language)
    if len(names) > _MOST_NAMES:
        names[_MOST_NAMES:] = ["…"]
    return say(language, "same_for", line=first.line(language), names=say(language, "comma").join(names))


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
        count(language, "seconds", video.duration) if video.duration is not None else "",
        f"{video.size / 1e6:.1f} MB" if video.size >= 1e6 else f"{video.size / 1e3:.0f} kB",
    ]
    return say(language, "delivered", facts=say(language, "comma").join(fact for fact in facts if fact))


def tell_names(names: list[str], language: str) -> str:
    """Return names in a row, the first few of many."""
    comma = say(language, "comma")
    if len(names) > _MOST_NAMES:
        shown = comma.join(names[:_MOST_NAMES])
        return say(language, "and_more", names=shown, count=len(names) - _MOST_NAMES)
    *first, last = names
    return say(language, "and_last", names=comma.join(first), last=last) if first else last
