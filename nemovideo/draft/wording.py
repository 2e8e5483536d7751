"""How times, volumes, tracks and segments are put into words, in English and Chinese."""
# ruff: noqa: RUF001 - it writes Chinese, whose punctuation is no mistake here

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
    "seconds": "{}s", "aside": " ({})", "quoted": '"{}"', "comma": ", ",
    "labelled": "{}: {}", "subject": "{} {}",
}  # fmt: skip
_CHINESE = {
    "timeline": "时间线", "track": "条轨道", "tracks": "条轨道",
    "video": "视频", "bgm": "背景音乐", "voice": "配音", "sfx": "音效",
    "title": "标题", "caption": "文字", "subtitle": "字幕",
    "other": "轨道类型", "untyped": "轨道", "empty": "空", "draft": "草稿",
    "clip": "片段", "clips": "个片段", "lines": "条文字",
    "seconds": "{} 秒", "aside": "（{}）", "quoted": "“{}”", "comma": "，",
    "labelled": "{}：{}", "subject": "{}{}",
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


def length(ms: float, language: str = "en") -> str:
    """Return a length of time: `2.5s`."""
    return words(language)["seconds"].format(seconds(ms))


def span(start_ms: float, end_ms: float, language: str = "en") -> str:
    """Return a stretch of time: `0-3s`."""
    return words(language)["seconds"].format(f"{seconds(start_ms)}-{seconds(end_ms)}")


def aside(text: str, language: str = "en") -> str:
    """Return a text in parentheses, as it follows a word."""
    return words(language)["aside"].format(text)


def quoted(text: str, language: str = "en") -> str:
    """Return a text in quotation marks, on one line."""
    return words(language)["quoted"].format(one_line(text))


def labelled(label: str, text: str, language: str = "en") -> str:
    """Return a text behind what it is about: `Video: a.jpg`."""
    return words(language)["labelled"].format(label, text)


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
        return quoted(segment.text, language)
    return one_line(segment.label) or words(language)["clip"]


def described(timed: TimedSegment, track: Track, language: str = "en") -> str:
    """Return a segment with its place and volume: `Lo-fi (0-10s, 35%)`."""
    volume = timed.segment.volume * track.volume
    place = span(timed.start_ms, timed.end_ms, language)
    if volume != 1:
        place = words(language)["comma"].join((place, percent(volume)))
    return segment_name(timed.segment, language) + aside(place, language)


def term(value: str, language: str = "en") -> str:
    """Return a word of the draft as people say it: `black_and_white` → `black and white`, `""` → `none`."""
    word = one_line(value).replace("_", " ") or "none"
    return words(language).get(word, word)


def one_line(text: str) -> str:
    """Return a text with every run of white space, line breaks included, as one space."""
    return " ".join(text.split())
