"""What the agent says, in English and Chinese. Like the real one, it talks of buttons and panels."""
# ruff: noqa: RUF001 - it reads and writes Chinese, whose punctuation is no mistake here

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "generate_video": (
        "The raw video is ready: {shots}, {length}. Music and a title come next.",
        "初版视频已生成：{count} 个画面，{seconds:g} 秒。接下来添加音乐和标题。",
    ),
    "set_duration": ("The video is {length} long now.", "视频时长现在是 {seconds:g} 秒。"),
    "set_shot_duration": ("The video is {length} long now.", "视频时长现在是 {seconds:g} 秒。"),
    "set_canvas": ("The canvas is {width}x{height} at {fps} fps.", "画布为 {width}x{height}，{fps} 帧。"),
    "set_transition": ("Transitions: {type}.", "转场：{type}。"),
    "set_motion": ("Camera move: {motion}.", "运镜：{motion}。"),
    "set_filter": ("Colour filter: {filter}.", "滤镜：{filter}。"),
    "set_filter_instead": (
        "Colour filter: {filter}, in place of {old_filter}.",
        "滤镜：{old_filter}换成{filter}。",
    ),
    "add_text": (
        'Added the {role} "{text}" ({start:g}-{end:g}s).',
        "已添加{role}“{text}”（{start:g}-{end:g} 秒）。",
    ),
    "add_text_instead": (
        'The {role} "{old_text}" is now "{text}" ({start:g}-{end:g}s).',
        "{role}“{old_text}”已改为“{text}”（{start:g}-{end:g} 秒）。",
    ),
    "remove_text": ("Removed the {role}.", "已删除{role}。"),
    "fade_text": ("The {role} fades slowly.", "{role}缓慢淡入淡出。"),
    "move_text": ("The {role} stands at the {position} now.", "{role}已移到{position}。"),
    "add_bgm": ("Background music: {name}, {percent}%.", "背景音乐：{name}，{percent}%。"),
    "remove_bgm": ("Removed the music.", "已删除音乐。"),
    "set_volume": ("The music is at {percent}% now.", "音乐音量现在是 {percent}%。"),
    "fade_bgm": ("The music fades.", "音乐已添加淡入淡出。"),
    "trim": ("Trimmed to {length}.", "已剪辑，剩余 {seconds:g} 秒。"),
    "remove_shot": ("Removed {name}.", "已删除 {name}。"),
    "move_shot": ("The order is now: {order}.", "现在的顺序：{order}。"),
    "swap_shots": ("The order is now: {order}.", "现在的顺序：{order}。"),
    "keep_shots": ("The order is now: {order}.", "现在的顺序：{order}。"),
    "reorder_shots": ("The order is now: {order}.", "现在的顺序：{order}。"),
    "reverse_order": ("The order is now: {order}.", "现在的顺序：{order}。"),
    "set_speed": (
        "Speed {factor:g}x: {length} in all.",
        "速度 {factor:g} 倍，共 {seconds:g} 秒。",
    ),
    "undo": ("Undone: this is how it was before.", "已撤销，恢复到之前的样子。"),
    "finished": (
        (
            "Your video is ready! {summary} Preview it in the timeline panel, "
            "then click the Export button to save it."
        ),
        "视频已完成！{summary} 可在时间线面板中预览，点击“导出”按钮保存。",
    ),
    "summary": ("{summary}", "{summary}"),
    "nothing_there": ("The timeline is empty.", "时间线还是空的。"),
    "export": (
        "Click the Export button in the top right corner to download your video.",
        "点击右上角的“导出”按钮即可下载视频。",
    ),
    "help": ("This is what I can do: {rules}.", "我能做的有：{examples}。"),
    "unread": (
        "I did not understand {pieces}. I follow a small set of wishes, such as: {examples}.",
        "我没有理解{pieces}。我能听懂的有：{examples}。",
    ),
    "left_out": ("I left out what I did not understand: {pieces}.", "没有理解的部分已略过：{pieces}。"),
    "no_media": (
        "There are no photos in this session yet. Click the Upload button and add some first.",
        "还没有照片，请先点击“上传”按钮添加。",
    ),
    "no_video": (
        "There is no video yet. Upload photos, then ask for one, such as: make a 15-second video.",
        "还没有视频。请先上传照片，再说：做一个15秒的视频。",
    ),
    "no_such_photo": ("I cannot find that photo on the timeline.", "时间线上找不到这张照片。"),
    "no_such_time": ("That stretch is not in the video.", "视频里没有这段时间。"),
    "too_short": ("That is too short for so many photos.", "时间太短，放不下这么多照片。"),
    "no_transitions": ("There are no transitions in the video.", "视频里没有转场。"),
    "no_text": ("There is no such text on the timeline.", "时间线上没有这样的文字。"),
    "no_music": ("There is no music on the timeline.", "时间线上没有音乐。"),
    "nothing_left": ("Nothing would be left of the video, so I kept it.", "删掉后视频就空了，所以没有删除。"),
    "nothing_to_undo": ("There is nothing to undo.", "没有可以撤销的操作。"),
}
_CHINESE_WORDS = {
    "title": "标题", "caption": "文字", "subtitle": "字幕", "text": "文字", "top": "顶部", "bottom": "底部",
    "center": "中间",
    "dissolve": "叠化", "fade": "淡入淡出", "slide": "滑动", "wipe": "擦除", "none": "无",
    "zoom": "缩放", "pan": "平移", "warm": "暖色", "cool": "冷色", "bright": "明亮",
    "black_and_white": "黑白", "vintage": "复古", "sepia": "棕褐", "vivid": "鲜艳", "dark": "暗色",
}  # fmt: skip


def sentence(key: str, facts: Mapping[str, Any], *, chinese: bool) -> str:
    """Return one sentence with its facts filled in."""
    english, translated = _SENTENCES[key]
    if not chinese:
        shown = {
            k: v.replace("_", " ") if k in ("filter", "old_filter", "motion") else v for k, v in facts.items()
        }
        counted = (("shots", "count", "shot"), ("length", "seconds", "second"))
        shown |= {word: _counted(facts[key], thing) for word, key, thing in counted if key in facts}
        return english.format(**shown)
    kept = {"text", "old_text", "name", "order", "summary"}  # a person's own words stay as they are
    words = {k: v if k in kept else _CHINESE_WORDS.get(v, v) for k, v in facts.items()}
    return translated.format(**words)


def _counted(number: float, thing: str) -> str:
    return f"{number:g} {thing}" if number == 1 else f"{number:g} {thing}s"


def is_chinese(message: str, language: str) -> bool:
    """Return whether to answer in Chinese: as the message is written, else as the session was opened."""
    if any("\u4e00" <= letter <= "\u9fff" for letter in message):
        return True
    return language.lower().startswith("zh") and not any(letter.isalpha() for letter in message)
