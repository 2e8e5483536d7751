"""Wishes about how the footage looks: shape, transitions, camera moves, colours."""
# ruff: noqa: RUF001 - it reads and writes Chinese, whose punctuation is no mistake here

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, TypeVar

from attrs import frozen

from nemovideo.local.agent.footage import MOTIONS, OTHER_THINGS, TRANSITION_MS, picked
from nemovideo.local.agent.quantities import milliseconds, names_a_stretch, ordinals
from nemovideo.local.agent.wish import CannotDo, Facts, Rule, Wish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nemovideo.local.agent.clauses import Clause
    from nemovideo.local.agent.timeline import Timeline

Name = TypeVar("Name")

MAX_SIDE, MIN_SIDE = 1920, 64

_REPLACED = re.compile(r"^.*\b(?:replace|swap|change|exchange|switch)\b.*? to\b|^.*(?:换成|改成|改为)")

_SHAPES = (
    (
        (1080, 1920),
        (
            r"9\s*[:：x比]\s*16|\bvertical\b|\bportrait\b|\btiktok\b|\breels?\b|\bshorts\b"
            r"|\b(?:instagram|insta|facebook) stor(?:y|ies)\b|竖屏|竖版|抖音|快手"
        ),
    ),
    ((1920, 1080), r"16\s*[:：x比]\s*9|\bhorizontal\b|\blandscape\b|\bwidescreen\b|\byoutube\b|横屏|横版"),
    ((1080, 1080), r"(?<!\d)1\s*[:：x比]\s*1(?!\d)|\bsquare\b|\binstagram\b|方形|正方"),
    ((1080, 1350), r"(?<!\d)4\s*[:：x比]\s*5(?!\d)"),
)
_SIZE = re.compile(r"(\d{2,4})\s*[x×*]\s*(\d{2,4})")
_FPS = re.compile(r"(?<!\d)(\d{2})\s*(?:fps|frames per second)|(\d{2})\s*帧")

_JOINTS = r"(?:transitions?|dissolves?|(?:cross-?)?fades?|wipes?|slides?)"
_JOINTS_ZH = r"(?:转场|过渡|切换|叠化|溶解|淡入淡出|擦除|滑动)"
_TRANSITIONS = (
    (
        "none",
        (
            rf"\bno (?:more )?{_JOINTS}\b|\bhard cuts?\b"
            rf"|(?:remove|delete|drop|turn off) (?:all |the )*{_JOINTS}\b"
            r"|\btransitions? (?:\w+ )?(?:off|gone|removed|away)\b"
            rf"|(?:无|没有|去掉|删掉|删除|移除|取消|不要)(?:所有|全部)?的?{_JOINTS_ZH}"
            r"|转场[都也全部]*(?:去掉|删掉|删除|移除|取消|不要)"
        ),
    ),
    ("dissolve", r"\b(?:cross[- ]?)?dissolv(?:e|es|ing)\b|\bcross[- ]?fad(?:e|es|ing)\b|叠化|溶解"),
    ("slide", r"\bslid(?:e|es|ing)\b|滑动|滑入|推移"),
    ("wipe", r"\bwip(?:e|es|ing)\b|擦除|划像"),
    ("fade", r"\bfad(?:e|es|ing)\b(?! (?:in|out|to black)\b)|淡入|淡出"),
    (
        "dissolve",
        (
            r"^(?!.*\b(?:more|other|different|various|random|mixed)\b).*\btransitions?\b"
            r"|^(?!.*(?:其他|不同|各种|随机)).*(?:转场|过渡|切换)"
        ),
    ),
)
_THEM = re.compile(r"\b(?:transitions?|dissolves?|fades?|wipes?|slides?)\b|转场|过渡|切换")
_STRETCH = re.compile(
    r"(?P<longer>\b(?:longer|slower|slow down)\b|长一点|更长|慢一点|放慢)"
    r"|\b(?:shorter|faster|quicker|speed up)\b|短一点|更短|快一点|加快"
)
_MOTIONS = (
    (
        ("none",),
        (
            r"\b(?:no|without|stop|remove|turn off)(?: the| camera)*"
            r" (?:motion|movement|zoom(?:ing)?|pan(?:ning)?)\b"
            r"|\bstill photos\b|\bstatic\b"
            r"|静止|不要(?:运动|缩放)"
        ),
    ),
    (("zoom_in",), r"\bzoom(?:s|ing)? in\b|放大|推近|推进"),
    (("zoom_out",), r"\bzoom(?:s|ing)? out\b|缩小|拉远"),
    (("pan_left",), r"\bpan(?:s|ning)? (?:to the )?left\b|向左(?:平移|摇)"),
    (("pan_right",), r"\bpan(?:s|ning)? (?:to the )?right\b|向右(?:平移|摇)"),
    (("pan_up",), r"\bpan(?:s|ning)? up\b|向上(?:平移|摇)"),
    (("pan_down",), r"\bpan(?:s|ning)? down\b|向下(?:平移|摇)"),
    (("zoom_in", "zoom_out"), r"\bzoom(?:s|ing)?\b|缩放"),
    (("pan_left", "pan_right"), r"\bpan(?:s|ning)?\b|平移|摇镜"),
    (MOTIONS, r"\bken burns\b|\b(?:camera )?(?:motion|movement)\b|运镜"),
)
_OTHERS = re.compile(r"\b(?:others|rest|other (?:photo|picture|image|clip|one)s?)\b|其他|其余|剩下")
_FILTERS = (
    (
        "",
        (
            r"\b(?:no|remove|delete|drop|reset)\b.*\b(?:filters?|colou?rs?|black_and_white|sepia|vintage|retro)\b"
            r"|\b(?:natural|original) colou?rs?\b|原色|原来的颜色"
            r"|(?:去掉|移除|取消|不要).*(?:滤镜|黑白|暖|冷色|复古|棕褐|鲜艳)"
        ),
    ),
    ("black_and_white", r"\bblack_and_white\b|\bmonochrome\b|\bgr[ae]yscale\b|黑白"),
    ("warm", r"\bwarm(?:er)?\b|暖"),
    ("cool", r"\bcool(?:er)? (?:colou?rs?|tones?|look|filter)\b|\bcold(?:er)?\b|冷色|冷调"),
    ("bright", r"\bbright(?:er|en)?\b|变亮|更亮|提亮|亮一点|明亮"),
    ("vintage", r"\bvintage\b|\bretro\b|\bold (?:film|movie)\b|复古"),
    ("sepia", r"\bsepia\b|棕褐"),
    ("vivid", r"\bvivid\b|\bsaturated\b|\bcolou?rful\b|鲜艳"),
    ("dark", r"\bdark(?:er)?\b|变暗|更暗|暗一点"),
)


@frozen
class SetCanvas:
    """Another shape or frame rate; None keeps what there is."""

    op: ClassVar[str] = "set_canvas"
    size: tuple[int, int] | None
    fps: int | None

    def apply(self, timeline: Timeline) -> Facts:
        """Write the canvas; works before there is a video, too."""
        canvas = {"width": 1080, "height": 1920, "fps": 30, **timeline.settings.get("canvas", {})}
        if self.size:
            canvas["width"], canvas["height"] = self.size
        if self.fps:
            canvas["fps"] = self.fps
        timeline.settings["canvas"] = canvas
        return dict(canvas)


@frozen
class SetTransitions:
    """How each shot comes in: dissolve, fade, slide, wipe or none."""

    op: ClassVar[str] = "set_transition"
    type: str
    length_ms: int = TRANSITION_MS

    def apply(self, timeline: Timeline) -> Facts:
        """Set it on every shot but the first."""
        for segment in picked(timeline, ())[1:]:
            if self.type == "none":
                segment["m"].pop("transition", None)
            else:
                segment["m"]["transition"] = {"type": self.type, "duration": self.length_ms}
        timeline.settle()
        return {"type": self.type}


@frozen
class StretchTransitions:
    """The transitions that are there take so many times as long."""

    op: ClassVar[str] = "set_transition"
    factor: float

    def apply(self, timeline: Timeline) -> Facts:
        """Change their lengths; none gets longer than half a shot."""
        found = [s["m"]["transition"] for s in picked(timeline, ()) if "transition" in s["m"]]
        if not found:
            raise CannotDo("no_transitions")
        for transition in found:
            transition["duration"] = round(transition["duration"] * self.factor)
        timeline.settle()
        return {"type": found[0]["type"]}


@frozen
class SetMotion:
    """Camera moves over the photos, in turn; for some places only, or all."""

    op: ClassVar[str] = "set_motion"
    motions: tuple[str, ...]
    places: tuple[int, ...] = ()

    def apply(self, timeline: Timeline) -> Facts:
        """Set them on the photos; clips move by themselves."""
        photos = [s for s in picked(timeline, self.places) if not timeline.is_clip(s)]
        if not photos:
            raise CannotDo("no_such_photo")
        for index, segment in enumerate(photos):
            segment["m"]["motion"] = self.motions[index % len(self.motions)]
        return {"motion": self.motions[0].partition("_")[0]}


@frozen
class SetFilter:
    """A colour look for some shots or all; an empty name takes it away."""

    op: ClassVar[str] = "set_filter"
    filter: str
    places: tuple[int, ...] = ()

    def apply(self, timeline: Timeline) -> Facts:
        """Set it; a shot has one filter at most."""
        old = set()
        for segment in picked(timeline, self.places):
            old.add(segment["m"].pop("filter", ""))
            if self.filter:
                segment["m"]["filter"] = self.filter
        facts: Facts = {"filter": self.filter or "none"}
        if self.filter and (replaced := sorted(old - {"", self.filter})):
            facts |= {"told": "set_filter_instead", "old_filter": replaced[0]}
        return facts


def _read_canvas(clause: Clause) -> Wish | None:
    if not clause.makes and OTHER_THINGS.search(clause.text):
        return None
    fps = _FPS.search(clause.text)
    rate = int(fps[1] or fps[2]) if fps else None
    if rate is not None and not 10 <= rate <= 60:
        rate = None
    if exact := _SIZE.search(clause.text):
        width, height = (_even(int(side)) for side in exact.groups())
        return SetCanvas((width, height), rate)
    size = _named_in(clause.text, _SHAPES)
    return SetCanvas(size, rate) if size or rate else None


def speaks_of_looks(text: str) -> bool:
    """Return whether a text names a transition, a camera move or a colour."""
    tables = (*_TRANSITIONS, *_MOTIONS, *_FILTERS, ("", r"\b(?:filters?|effects?)\b|滤镜|特效"))
    return any(re.search(words, text) for _, words in tables)


def _read_transitions(clause: Clause) -> Wish | None:
    # Between which photos cannot be said: all transitions are alike.
    if not clause.makes and (_is_elsewhere(clause.text) or ordinals(clause.text)):
        return None
    if _THEM.search(clause.text) and (match := _STRETCH.search(clause.text)):
        return StretchTransitions(2.0 if match["longer"] else 0.5)
    kind = _named_in(clause.text, _TRANSITIONS)
    if kind is None:
        return None
    length = None if clause.makes else milliseconds(clause.text)
    return SetTransitions(kind, max(100, min(length or TRANSITION_MS, 3000)))


def _read_motion(clause: Clause) -> Wish | None:
    if not clause.makes and _is_elsewhere(clause.text):
        return None
    motions = _named_in(clause.text, _MOTIONS)
    return SetMotion(motions, () if clause.makes else tuple(ordinals(clause.text))) if motions else None


def _read_filter(clause: Clause) -> Wish | None:
    if not clause.makes and _is_elsewhere(clause.text):
        return None
    name = _named_in(clause.text, _FILTERS)
    return None if name is None else SetFilter(name, () if clause.makes else tuple(ordinals(clause.text)))


def _is_elsewhere(text: str) -> bool:
    """Return whether a clause is about words, sound, some seconds, or pictures that it does not number."""
    return any(pattern.search(text) for pattern in (OTHER_THINGS, _OTHERS)) or names_a_stretch(text)


def _named_in(text: str, table: Sequence[tuple[Name, str]]) -> Name | None:
    """Return what a text names; of "the old one to the new one" it is the new one."""
    for part in (_REPLACED.sub("", text), text):
        for name, words in table:
            if re.search(words, part):
                return name
    return None


def _even(side: int) -> int:
    return max(MIN_SIDE, min(side, MAX_SIDE)) // 2 * 2


CANVAS_RULE = Rule(
    "Shape and frame rate: 9:16, vertical, 16:9, 1:1, 4:5, 1080x1920, for TikTok / Reels / Shorts / YouTube",
    ("make it 16:9", "square, for Instagram", "1080x1920 at 60 fps", "改成横屏"),
    _read_canvas,
)
TRANSITION_RULE = Rule(
    "Transitions: dissolve, fade, slide, wipe, none; and how long",
    ("use slide transitions", "1-second dissolves", "no transitions", "使用擦除转场"),
    _read_transitions,
)
MOTION_RULE = Rule(
    "Camera moves over photos: zoom in or out, pan left, right, up or down, none",
    ("zoom in on the second photo", "no motion", "照片向左平移"),
    _read_motion,
)
FILTER_RULE = Rule(
    "Colours: warm, cool, bright, dark, vivid, vintage, sepia, black and white, none",
    ("make it warmer", "make the first photo black and white", "变成黑白"),
    _read_filter,
)
