"""Wishes that take footage away, move it, or change its speed."""
# ruff: noqa: RUF001 - it reads and writes Chinese, whose punctuation is no mistake here

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from attrs import frozen

from nemovideo.local.agent.clauses import names_in
from nemovideo.local.agent.footage import MIN_SHOT_MS, NOT_FOOTAGE, TRANSITION_MS, picked
from nemovideo.local.agent.looks import speaks_of_looks
from nemovideo.local.agent.quantities import milliseconds, names_a_stretch, ordinals, share, span_ms
from nemovideo.local.agent.timeline import VIDEO
from nemovideo.local.agent.wish import CannotDo, Facts, Rule, Wish

if TYPE_CHECKING:
    from nemovideo.local.agent.clauses import Clause
    from nemovideo.local.agent.timeline import Segment, Timeline

_PICTURE = r"(?:photos?|pictures?|images?|clips?|shots?|one)"
_CUT = re.compile(r"\b(?:trim|cut|remove|delete|drop|crop)\b|从.*剪到|剪掉|剪去|删掉|删除|去掉|裁掉")
_CUT_TO = re.compile(r"\b(?:trim|cut)\b.*?\bto\b|剪到|剪成")
_KEEP = re.compile(r"\b(?:keep|only)\b|保留|只留")
_TIMED = re.compile(r"\d|second|minute|秒|分钟|\b(?:one|two|three|four|five|six|ten)\b")
_REMOVE = re.compile(r"\b(?:remove|delete|drop|take out|leave out|get rid of)\b|去掉|删掉|删除|删了|移除")
_FACTOR = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*(?:x|×|times|倍)(?![a-z0-9])(?!\s*\d)")
_SPEED = re.compile(
    r"(?P<half>\bhalf (?:the )?speed\b|半速)|"
    r"(?P<double>\b(?:double (?:the )?speed|twice as fast)\b|(?:加?快|加速)一倍|[两二]倍)"
    r"|(?P<fast>\bspeed (?:it )?up\b|\bfaster\b|加速|快一点|更快)"
    r"|(?P<slow>\bslow(?:er\b| .*?\bdown\b)|\bslow[- ]?mo(?:tion)?\b|减速|慢一点|更慢|慢动作|放慢)"
)
_SPEED_WORDS = {"half": 0.5, "double": 2.0, "fast": 1.5, "slow": 0.5}
_TO_FRONT = r"(?:to |at |as |be |comes? )?(?:the )?(?:start|front|beginning|first)\b"
_TO_BACK = r"(?:to |at |as |be |comes? )?(?:the )?(?:end|back|last)\b"


@frozen
class CutOut:
    """A stretch of the video goes, and what follows moves up.

    Attributes:
        text: The words that name the stretch.
        keep: The stretch stays, and the rest goes.
    """

    op: ClassVar[str] = "trim"
    text: str
    keep: bool = False

    def apply(self, timeline: Timeline) -> Facts:
        """Shorten or remove each shot in the stretch; with `keep`, those outside of it."""
        total = timeline.total_ms
        stretch = span_ms(self.text, total)
        if not timeline.footage:
            raise CannotDo("no_video")
        if stretch is None:
            raise CannotDo("no_such_time")
        start, end = max(0, stretch[0]), min(total, total if stretch[1] is None else stretch[1])
        gone = [(0, start), (end, total)] if self.keep else [(start, end)]
        lost = sum(b - a for a, b in gone)
        if start >= end or total - lost < MIN_SHOT_MS:
            raise CannotDo("no_such_time")
        for a, b in sorted(gone, reverse=True):
            _cut(timeline, a, b)
        return {"seconds": timeline.total_ms / 1000}


@frozen
class RemoveShots:
    """Some photos or clips go, and their time with them."""

    op: ClassVar[str] = "remove_shot"
    places: tuple[int, ...] = ()
    names: tuple[str, ...] = ()

    def apply(self, timeline: Timeline) -> Facts:
        """Remove them; the video gets shorter."""
        gone = _found(timeline, self.places, self.names)
        left = [segment for segment in timeline.footage if segment not in gone]
        if not left:
            raise CannotDo("nothing_left")
        timeline.replace(VIDEO, "", left)
        timeline.settle()
        return {"name": ", ".join(segment["m"].get("name", "") for segment in gone)}


@frozen
class KeepShots:
    """Only these photos or clips stay, in this order."""

    op: ClassVar[str] = "keep_shots"
    places: tuple[int, ...] = ()
    names: tuple[str, ...] = ()

    def apply(self, timeline: Timeline) -> Facts:
        """Take the others away."""
        _reorder(timeline, _found(timeline, self.places, self.names))
        return {"order": _order(timeline)}


@frozen
class OrderShots:
    """The photos and clips in the order of these places; those not named follow."""

    op: ClassVar[str] = "reorder_shots"
    places: tuple[int, ...]

    def apply(self, timeline: Timeline) -> Facts:
        """Put them in order."""
        first = _found(timeline, self.places, ())
        _reorder(timeline, [*first, *(shot for shot in timeline.footage if shot not in first)])
        return {"order": _order(timeline)}


@frozen
class MoveShot:
    """A photo or clip goes to the front or the end."""

    op: ClassVar[str] = "move_shot"
    places: tuple[int, ...]
    names: tuple[str, ...]
    to_front: bool

    def apply(self, timeline: Timeline) -> Facts:
        """Move it."""
        shot = _found(timeline, self.places[:1], self.names)[0]
        rest = [segment for segment in timeline.footage if segment is not shot]
        _reorder(timeline, [shot, *rest] if self.to_front else [*rest, shot])
        return {"order": _order(timeline)}


@frozen
class SwapShots:
    """Two photos or clips change places."""

    op: ClassVar[str] = "swap_shots"
    places: tuple[int, ...] = ()
    names: tuple[str, ...] = ()

    def apply(self, timeline: Timeline) -> Facts:
        """Swap them."""
        shots = _found(timeline, self.places, self.names)
        if len(shots) != 2:
            raise CannotDo("no_such_photo")
        order = list(timeline.footage)
        one, other = (order.index(shot) for shot in shots)
        order[one], order[other] = order[other], order[one]
        _reorder(timeline, order)
        return {"order": _order(timeline)}


@frozen
class ReverseShots:
    """The last photo first."""

    op: ClassVar[str] = "reverse_order"

    def apply(self, timeline: Timeline) -> Facts:
        """Turn the order around."""
        if not timeline.footage:
            raise CannotDo("no_video")
        _reorder(timeline, timeline.footage[::-1])
        return {"order": _order(timeline)}


@frozen
class SetSpeed:
    """Faster or slower; 2 takes half the time."""

    op: ClassVar[str] = "set_speed"
    factor: float
    places: tuple[int, ...] = ()

    def apply(self, timeline: Timeline) -> Facts:
        """Change how fast clips play, and how long everything stays."""
        if not timeline.footage:
            raise CannotDo("no_video")
        for segment in picked(timeline, self.places):
            segment["d"] = max(MIN_SHOT_MS, round(segment["d"] / self.factor))
            if timeline.is_clip(segment):
                segment["m"]["speed"] = round(segment["m"].get("speed", 1.0) * self.factor, 4)
        timeline.settle()
        return {"factor": self.factor, "seconds": timeline.total_ms / 1000}


def _cut(timeline: Timeline, start: int, end: int) -> None:
    kept: list[Segment] = []
    for segment in timeline.footage:
        first = segment["m"]["start"]
        last = first + segment["d"]
        before, after = max(0, min(last, start) - first), max(0, last - max(first, end))
        speed = segment["m"].get("speed", 1.0)
        origin = segment["m"].get("source_start", 0)
        if before:
            kept.append({**segment, "d": before, "m": dict(segment["m"])})
        if after:
            settings = dict(segment["m"])
            if timeline.is_clip(segment):
                settings["source_start"] = round(origin + (segment["d"] - after) * speed)
            if before:
                settings.pop("transition", None)
                settings["id"] = timeline.new_id("shot")
            kept.append({**segment, "d": after, "m": settings})
    timeline.replace(VIDEO, "", kept)
    timeline.settle()


def _reorder(timeline: Timeline, order: list[Segment]) -> None:
    """Put the shots in this order; the transition that the old first one lacks comes from its neighbour."""
    transition = next(
        (s["m"]["transition"] for s in timeline.footage if "transition" in s["m"]),
        None,
    )
    for segment in order[1:]:
        if transition and "transition" not in segment["m"]:
            segment["m"]["transition"] = {"duration": TRANSITION_MS, **transition}
    timeline.replace(VIDEO, "", order)
    timeline.settle()


def _found(timeline: Timeline, places: tuple[int, ...], names: tuple[str, ...]) -> list[Segment]:
    if not timeline.footage:
        raise CannotDo("no_video")
    named = [s for s in timeline.footage if s["m"].get("name", "").lower() in names]
    if not named and not places:
        raise CannotDo("no_such_photo")
    return named or picked(timeline, places)


def _order(timeline: Timeline) -> str:
    return ", ".join(segment["m"].get("name", "") for segment in timeline.footage)


def _read_cut(clause: Clause) -> Wish | None:
    text = clause.text
    if re.search(rf"\b{_PICTURE}\b|[张个幅]", text) or not _TIMED.search(text) or NOT_FOOTAGE.search(text):
        return None
    length = milliseconds(text)
    if length and _CUT_TO.search(text) and not re.search(r"\bfrom\b|\bbetween\b|从", text):
        return CutOut(f"first {length / 1000:g} s", keep=True)
    keep = _KEEP.search(text) is not None
    if (keep or _CUT.search(text)) and span_ms(text, 0) is not None:
        return CutOut(text, keep)
    return None


def _read_remove(clause: Clause) -> Wish | None:
    text = clause.text
    # "Remove the zoom on the first photo", "make only the last one warm": the photos stay.
    if NOT_FOOTAGE.search(text) or speaks_of_looks(text) or milliseconds(text):
        return None
    removes, keeps = _REMOVE.search(text), _KEEP.search(text)
    places, names = tuple(ordinals(text)), _named(clause)
    if not names and not (places and re.search(rf"\b{_PICTURE}\b|[张个段幅]", text)):
        return None
    if removes:
        return RemoveShots(places, names)
    return KeepShots(places, names) if keeps else None


def _read_order(clause: Clause) -> Wish | None:
    text = clause.text
    places, names = ordinals(text), _named(clause)
    if re.search(r"\b(?:re)?order\b|顺序|排序", text) and len(places) > 1:
        return OrderShots(tuple(places))
    if re.search(r"\breverse\b|\bbackwards\b|倒序|反过来|倒过来|颠倒", text):
        return None if places else ReverseShots()
    if re.search(r"\b(?:swap|exchange|switch)\b|交换|对调|互换|换一下|换个?位", text):
        return SwapShots((places[0], places[-1]) if places else (), names)
    if not re.search(r"\b(?:move|put|place|start|bring)\b|移到|移动|放到|放在|挪到", text) or clause.quotes:
        return None
    if not names and not re.search(rf"\b{_PICTURE}\b|[张个段幅]", text):
        return None
    if re.search(rf"{_TO_FRONT}$|最前|开头|前面|第一", text):
        return MoveShot(tuple(places), names, to_front=True)
    if re.search(rf"{_TO_BACK}$|最后|末尾|结尾|后面", text):
        return MoveShot(tuple(places), names, to_front=False)
    return None


def _read_speed(clause: Clause) -> Wish | None:
    if NOT_FOOTAGE.search(clause.text) or names_a_stretch(clause.text):
        return None
    places = tuple(ordinals(clause.text))
    if factor := _FACTOR.search(clause.text):
        return SetSpeed(max(0.1, min(float(factor[1]), 10.0)), places)
    if match := _SPEED.search(clause.text):
        word, change = match.lastgroup or "", share(clause.text)
        if change and word in ("fast", "slow"):
            return SetSpeed(max(0.1, 1 + change if word == "fast" else 1 - change), places)
        return SetSpeed(_SPEED_WORDS[word], places)
    return None


def _named(clause: Clause) -> tuple[str, ...]:
    said = (clause.text, *(quote.lower() for quote in clause.quotes))
    return tuple(name for text in said for name in names_in(text, clause.names))


CUT_RULE = Rule(
    "Trim the first or last N seconds, cut from A to B, keep only a stretch",
    ("trim the first 2 seconds", "cut from 3 to 5 seconds", "keep only the first 6 seconds", "剪掉最后3秒"),
    _read_cut,
)
REMOVE_RULE = Rule(
    "Remove photos or clips, by place or name, or keep only some",
    ("remove the second photo", "delete b.jpg", "keep only photos 1 and 3", "删除第二张照片"),
    _read_remove,
)
ORDER_RULE = Rule(
    "Reorder: to the start or the end, swap, reverse",
    (
        "move the last photo to the start",
        "swap the first and third photo",
        "reverse the order",
        "reorder photos 3, 1, 2",
        "交换第一张和第二张",
    ),
    _read_order,
)
SPEED_RULE = Rule("Speed", ("2x speed", "slow it down", "speed up the second clip", "慢一点"), _read_speed)
