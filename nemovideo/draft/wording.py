"""How times, volumes, tracks and segments are put into words, in English and Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nemovideo.draft.timeline import TrackType

if TYPE_CHECKING:
    from nemovideo.draft.segment import Segment
    from nemovideo.draft.timeline import TimedSegment, Track

_ENGLISH = {
    "timeline": "Timeline", "track": "track", "tracks": "tracks",
    "video": "Video", "bgm": "BGM", "voice": "Voice", "sfx": "SFX",
    "title": "Title", "caption": "Caption", "subtitle": "Subtitle",
    "other": "Track type", "untyped": "Track", "empty": "empty", "draft": "Draft",
    "clip": "clip", "clips": "clips", "lines": "lines",
}  # fmt: skip
_CHINESE = {
    "timeline": "时间线", "track": "条轨道", "tracks": "条轨道",
    "video": "视频", "bgm": "背景音乐", "voice": "配音", "sfx": "音效",
    "title": "标题", "caption": "文字", "subtitle": "字幕",
    "other": "轨道类型", "untyped": "轨道", "empty": "空", "draft": "草稿",
    "clip": "片段", "clips": "个片段", "lines": "条文字",
    "added": "新增", "removed": "删除", "moved": "移动", "trimmed": "剪短", "extended": "延长",
    "replaced": "替换", "text": "文字", "volume": "音量", "speed": "速度", "transition": "转场",
    "motion": "运镜", "filter": "滤镜", "position": "位置", "fade in": "淡入", "fade out": "淡出",
    "track added": "轨道新增", "track removed": "轨道删除", "track moved": "轨道移动",
    "canvas": "画布", "duration": "时长", "none": "无",
    "dissolve": "叠化", "fade": "淡入淡出", "slide": "滑动", "wipe": "擦除",
    "zoom in": "推近", "zoom out": "拉远",
    "pan left": "左移", "pan right": "右移", "pan up": "上移", "pan down": "下移",
    "center": "居中", "top": "顶部", "bottom": "底部",
    "warm": "暖色", "cool": "冷色", "black and white": "黑白", "sepia": "怀旧",
    "bright": "明亮", "dark": "暗调", "vivid": "鲜艳", "vintage": "复古", "contrast": "高对比",
}  # fmt: skip


def words(language: str) -> dict[str, str]:
    """Return the words of a language: Chinese for `zh` and its regions, else English."""
    return _CHINESE if language.replace("_", "-").partition("-")[0].lower() == "zh" else _ENGLISH


def seconds(ms: float) -> str:
    """Return a time as seconds without needless digits: 2500 → `2.5`."""
    return f"{round(ms) / 1000:.3f}".rstrip("0").rstrip(".")


def span(start_ms: float, end_ms: float) -> str:
    """Return a stretch of time: `0-3s`."""
    return f"{seconds(start_ms)}-{seconds(end_ms)}s"


def percent(volume: float) -> str:
    """Return a volume factor as a percentage: 0.35 → `35%`."""
    return f"{volume * 100:.1f}".removesuffix(".0") + "%"


def track_name(track: Track, language: str = "en") -> str:
    """Return what a person calls a track: `Video`, `BGM`, `Title`."""
    names = words(language)
    if track.type == TrackType.VIDEO:
        return names["video"]
    if track.role:
        return names.get(track.role) or one_line(track.role)
    return names["untyped"] if track.type == TrackType.UNKNOWN else f"{names['other']} {int(track.type)}"


def segment_name(segment: Segment, language: str = "en") -> str:
    """Return what a person calls a segment, on one line: its quoted text, else its label."""
    if segment.text:
        return f'"{one_line(segment.text)}"'
    return one_line(segment.label) or words(language)["clip"]


def described(timed: TimedSegment, track: Track, language: str = "en") -> str:
    """Return a segment with its place and volume: `Lo-fi (0-10s, 35%)`."""
    volume = timed.segment.volume * track.volume
    loudness = "" if volume == 1 else f", {percent(volume)}"
    return f"{segment_name(timed.segment, language)} ({span(timed.start_ms, timed.end_ms)}{loudness})"


def term(value: str, language: str = "en") -> str:
    """Return a word of the draft as people say it: `black_and_white` → `black and white`, `""` → `none`."""
    word = one_line(value).replace("_", " ") or "none"
    return words(language).get(word, word)


def one_line(text: str) -> str:
    """Return a text with every run of white space, line breaks included, as one space."""
    return " ".join(text.split())
