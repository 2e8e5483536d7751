"""The timeline as a picture: tracks as lanes under a ruler, at any width, in light and dark.

Lengths along the time axis are percentages and letters have a fixed size, so that one picture reads well
in a narrow cell and on a wide page.
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

from nemovideo.draft.summary import MAX_LISTED
from nemovideo.draft.timeline import TrackType
from nemovideo.draft.wording import (
    described,
    one_line,
    percent,
    seconds,
    segment_name,
    span,
    track_name,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nemovideo.draft.timeline import TimedSegment, Timeline, Track

MAX_DRAWN = 300
"""A lane with more segments than this is drawn as the stretches that they cover."""

THIN = 0.6
"""Percent of the width: a bar that is narrower has no outline, and many such are drawn as stretches, too."""

HEAD_PX, RULER_PX, CAPTION_PX, BAR_PX, GAP_PX = 26, 22, 18, 28, 4

_COLOURS = {
    "light": "--paper:#fff;--ink:#1f2328;--faint:#667;--lane:#f0f1f4;--grid:#d5d8de;"
    "--video:#b9d4fb;--audio:#b5e3c4;--text:#e0cdfa;--other:#d7dae0;--level:#00000018;--veil:#ffffffa0",
    "dark": "--paper:#16181d;--ink:#e8eaed;--faint:#9aa0ab;--lane:#22252c;--grid:#363b45;"
    "--video:#2a4f86;--audio:#26603c;--text:#583a86;--other:#464b55;--level:#ffffff22;--veil:#00000070",
}
_STYLE = """
.nemo-draft{background:var(--paper);border-radius:6px;font:12px system-ui,sans-serif}
.nemo-draft text{fill:var(--ink);unicode-bidi:plaintext}
.nemo-draft .faint{fill:var(--faint);font-size:11px}
.nemo-draft .lane{fill:var(--lane)}
.nemo-draft .grid{stroke:var(--grid)}
.nemo-draft .end{stroke:var(--ink);stroke-dasharray:3 3}
.nemo-draft .bar{stroke:var(--paper);stroke-width:2}
.nemo-draft .level{fill:var(--level)}
.nemo-draft .veil{fill:var(--veil)}
.nemo-draft .video{fill:var(--video)}
.nemo-draft .audio{fill:var(--audio)}
.nemo-draft .text{fill:var(--text)}
.nemo-draft .other{fill:var(--other)}
""".strip().replace("\n", "")
_CLASSES = {TrackType.VIDEO: "video", TrackType.AUDIO: "audio", TrackType.TEXT: "text"}


def draw(timeline: Timeline, *, width: int | None = None, theme: str = "auto", language: str = "en") -> str:
    """Return a draft as an SVG document; `Draft.to_svg` tells of the arguments."""
    total = max(timeline.duration_ms, *(track.end_ms for track in timeline.tracks), 0) or 1000
    parts: list[str] = []
    top: float = HEAD_PX + RULER_PX
    for number, track in enumerate(timeline.tracks, 1):
        caption = f"{number}. {track_name(track, language)}"
        if track.volume != 1:
            caption += f" ({percent(track.volume)})"
        parts.append(_text(f'x="10" y="{top + 13:g}" class="faint"', caption))
        crowded = len(track.segments) > MAX_DRAWN
        rows = [list(track.timed_segments)] if crowded else track.layers or [[]]
        height = len(rows) * BAR_PX
        top += CAPTION_PX
        parts.append(f'<rect x="0" y="{top:g}" width="100%" height="{height:g}" class="lane"/>')
        for row in rows:
            parts.extend(_bars(row, track, top, total, language))
            top += BAR_PX
        top += GAP_PX
    bottom = top + GAP_PX
    size = "100%" if width is None else str(width)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nemo-draft" width="{size}" height="{bottom:g}" '
        f'role="img" aria-label="{_escaped(_headline(timeline))}">'
        f"<style>{_style(theme)}</style>"
        f'<rect width="100%" height="100%" fill="var(--paper)"/>'
        + _text('x="10" y="18" font-weight="600"', _headline(timeline))
        + ("".join(_ruler(total, bottom)) if timeline.tracks else "")
        + "".join(parts)
        + _end_mark(timeline.duration_ms, total, bottom)
        + "</svg>"
    )


def _headline(timeline: Timeline) -> str:
    canvas = timeline.canvas
    parts = [f"{seconds(timeline.duration_ms)}s", f"{canvas.width}x{canvas.height}", f"{canvas.fps:g} fps"]
    return " · ".join([*parts, one_line(timeline.title)] if timeline.title else parts)


def _style(theme: str) -> str:
    if theme != "auto":
        return f".nemo-draft{{{_COLOURS[theme]}}}{_STYLE}"
    dark = f"@media(prefers-color-scheme:dark){{.nemo-draft{{{_COLOURS['dark']}}}}}"
    return f".nemo-draft{{{_COLOURS['light']}}}{dark}{_STYLE}"


def _ruler(total: float, height: float) -> Iterator[str]:
    """A tick with its time at a round step, few enough for a narrow picture."""
    step = next(size * 10**power for power in count() for size in (1, 2, 5) if size * 10**power * 7 >= total)
    for tick in range(0, int(total) + 1, step):
        place = _share(tick, total)
        anchor = "start" if tick == 0 else "end" if float(place) > 94 else "middle"
        inset = {"start": 10, "middle": 0, "end": -4}[anchor]
        yield (
            f'<line x1="{place}%" x2="{place}%" y1="{HEAD_PX + 16}" y2="{height:g}" class="grid"/>'
            + _text(
                f'x="{place}%" dx="{inset}" y="{HEAD_PX + 12}" text-anchor="{anchor}" class="faint"',
                f"{seconds(tick)}s",
            )
        )


def _bars(
    row: Sequence[TimedSegment], track: Track, top: float, total: float, language: str
) -> Iterator[str]:
    kind = _CLASSES.get(track.type, "other")
    covered = sum(timed.end_ms - timed.start_ms for timed in row)
    if len(row) > MAX_DRAWN or (len(row) > MAX_LISTED and covered < THIN / 100 * total * len(row)):
        name = f"{len(row)} {words(language)['lines' if kind == 'text' else 'clips']}"
        for start, end in _stretches(row, total / 500):
            yield _bar(start, end, top, total, kind, name, f"{name} ({span(start, end)})", "")
        return
    for timed in row:
        segment = timed.segment
        volume = segment.volume * track.volume
        name = segment_name(segment, language) + ("" if volume == 1 else f" · {percent(volume)}")
        length = max(timed.end_ms - timed.start_ms, 1)
        tip = described(timed, track, language)
        inside = ""
        if kind == "audio":
            level = max(0.0, min(volume, 1.0)) * 100
            inside += f'<rect y="{100 - level:g}%" width="100%" height="{level:g}%" class="level"/>'
            inside += _wedge(0, _share(segment.fade_in_ms, length), "0,0 100,0 0,100")
            fade_out = min(segment.fade_out_ms, length)
            inside += _wedge(_share(length - fade_out, length), _share(fade_out, length), "0,0 100,0 100,100")
        if segment.transition:
            inside += _wedge(0, _share(segment.transition.duration_ms, length), "0,0 100,0 0,100")
            tip += f", {segment.transition.type} {seconds(segment.transition.duration_ms)}s"
        yield _bar(timed.start_ms, timed.end_ms, top, total, kind, name, tip, inside)


def _stretches(row: Sequence[TimedSegment], nearby: float) -> list[tuple[float, float]]:
    """Return what segments cover, where holes no wider than `nearby`, ms, do not count."""
    stretches: list[tuple[float, float]] = []
    for timed in sorted(row, key=lambda timed: timed.start_ms):
        if stretches and timed.start_ms <= stretches[-1][1] + nearby:
            stretches[-1] = (stretches[-1][0], max(timed.end_ms, stretches[-1][1]))
        else:
            stretches.append((timed.start_ms, timed.end_ms))
    return stretches


def _bar(
    start: float, end: float, top: float, total: float, kind: str, name: str, tip: str, inside: str
) -> str:
    start = max(start, 0)
    share = float(_share(max(end - start, 0), total))
    outline = f'<rect width="100%" height="100%" rx="5" class="bar {kind}"/>'
    if share < THIN:
        outline = f'<rect width="100%" height="100%" class="{kind}"/>'
    label = ""
    if share > 4:  # there is no room for letters in less
        label = f'<svg x="-6" width="100%" height="100%">{_text(_LABEL, name)}</svg>'
        if kind != "audio" and len(name) > share / 2:
            label += _FADING.format(kind=kind)
    return (
        f'<svg x="{_share(start, total)}%" y="{top:g}" width="{max(share, 0.2):g}%" height="{BAR_PX}">'
        f"<title>{_escaped(tip)}</title>"
        f"{outline}{inside}{label}</svg>"
    )


_LABEL = 'x="14" y="18"'
_FADING = (
    '<svg x="100%" overflow="visible" class="{kind}">'
    '<rect x="-20" y="3" width="14" height="22" opacity=".5"/>'
    '<rect x="-13" y="3" width="7" height="22" opacity=".7"/></svg>'
)
"""Lets a name that may be too long end softly."""


def _wedge(start: float | str, width: str, points: str) -> str:
    """A corner that is veiled: what comes in over another, or dies away."""
    if float(width) <= 0:
        return ""
    return (
        f'<svg x="{start}%" width="{width}%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none">'
        f'<polygon points="{points}" class="veil"/></svg>'
    )


def _end_mark(duration: float, total: float, height: float) -> str:
    """A dashed line where the draft ends before its segments do."""
    if not 0 < duration < total:
        return ""
    place = _share(duration, total)
    return f'<line x1="{place}%" x2="{place}%" y1="{HEAD_PX + 16}" y2="{height:g}" class="end"/>'


def _share(part: float, whole: float) -> str:
    return f"{max(0.0, min(part / whole, 1.0)) * 100:.4g}"


def _text(attributes: str, content: str) -> str:
    return f"<text {attributes}>{_escaped(content)}</text>"


_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITIES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("'"): "&#39;"}


def _escaped(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text).translate(_ENTITIES)
