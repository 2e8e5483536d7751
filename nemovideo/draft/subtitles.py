"""Texts out and in as SubRip (.srt) and WebVTT (.vtt), through webvtt-py (the extra `subtitles`)."""

from __future__ import annotations

import html
import io
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from nemovideo.draft.timeline import Timeline, Track, TrackType
from nemovideo.errors import ConfigurationError, DraftError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from nemovideo.draft.timeline import TimedSegment

SubtitleFormat: TypeAlias = Literal["srt", "vtt"]


def write_subtitles(timeline: Timeline, format: SubtitleFormat, roles: Collection[str] | None) -> str:  # noqa: A002  # as the library says
    """Return the texts of a draft as a subtitle file; `Draft.to_subtitles` tells of the arguments."""
    webvtt = _library()
    captions = [
        webvtt.Caption(_stamp(timed.start_ms), _stamp(timed.end_ms), _cue_text(timed.segment.text, format))
        for timed in sorted(_texts(timeline, roles), key=lambda timed: timed.start_ms)
    ]
    out = io.StringIO()
    webvtt.WebVTT(captions=captions).write(out, format=format)
    return out.getvalue()


def read_subtitles(content: str) -> Track:
    """Return a subtitle track with the cues of a file; `Draft.with_subtitles` tells of the rest."""
    webvtt = _library()
    is_vtt = content.lstrip("\ufeff").startswith("WEBVTT")
    try:
        captions = webvtt.from_buffer(
            io.StringIO(content.removeprefix("\ufeff")), format="vtt" if is_vtt else "srt"
        ).captions
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError, ValueError):
        captions = []
    if not captions:
        raise DraftError("This is neither SubRip nor WebVTT with a cue in it.")
    segments = []
    for caption in captions:
        start, end = _milliseconds(caption.start_time), _milliseconds(caption.end_time)
        text = html.unescape(caption.text) if is_vtt else caption.text
        segments.append({"d": max(end - start, 0), "m": {"start": start, "text": text}})
    return Track.from_wire({"tt": int(TrackType.TEXT), "m": {"role": "subtitle"}, "sg": segments})


def _library() -> Any:
    try:
        import webvtt
    except ImportError:
        message = "Subtitles need a library that is not installed."
        raise ConfigurationError(message, hint='pip install "nemovideo[subtitles]"') from None
    return webvtt


def _texts(timeline: Timeline, roles: Collection[str] | None) -> Iterator[TimedSegment]:
    for track in timeline.tracks:
        if track.type == TrackType.TEXT and (roles is None or track.role in roles):
            for timed in track.timed_segments:
                if timed.segment.text.strip() and timed.end_ms > max(timed.start_ms, 0):
                    yield timed


def _cue_text(text: str, format: SubtitleFormat) -> str:  # noqa: A002  # as the library says
    """Return a text as a cue may have it: without empty lines, which would end it, or markup of its own."""
    lines = "\n".join(line for line in text.splitlines() if line.strip())
    if format == "vtt":
        return html.escape(lines, quote=False)
    return lines.replace("-->", "→")  # SubRip knows no escapes


def _stamp(ms: float) -> str:
    whole = max(round(ms), 0)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"


def _milliseconds(stamp: Any) -> int:
    """Return a `webvtt.models.Timestamp` in ms."""
    seconds = stamp.hours * 3600 + stamp.minutes * 60 + stamp.seconds
    return int(seconds * 1000 + stamp.milliseconds)
