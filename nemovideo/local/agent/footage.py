"""Wishes that make the video, or change how long it is."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import frozen

from nemovideo.local.agent.clauses import names_in
from nemovideo.local.agent.quantities import milliseconds, names_a_stretch, ordinals, without_times
from nemovideo.local.agent.timeline import VIDEO, Segment, Timeline
from nemovideo.local.agent.wish import CannotDo, Facts, Rule, Wish

if TYPE_CHECKING:
    from nemovideo.local.agent.clauses import Clause

PHOTO_MS = 3000
"""How long a photo stays when no length is asked for."""
TRANSITION_MS = 500
MAX_SECONDS = 600
MIN_SHOT_MS = 100
MOTIONS = ("zoom_in", "pan_left", "zoom_out", "pan_right")

_VIDEO = r"(?:videos?|slide\s?shows?|clip|reel|film|movie|montage|vlog|trailer)"
_NEW = rf"(?:(?!(?:the|this|that|it|my|our|your)\b)\S+ ){{0,8}}?{_VIDEO}\b"
"""A video that is not there yet: nothing points at one before the word."""
_MAKE = re.compile(
    rf"\b(?:make|create|generate|build|produce|edit)\b(?: me| us)? {_NEW}"
    rf"|\b(?:give|want|(?<!look )(?<!looks )like|need)\b(?: me| us)? an? {_NEW}"
    rf"|\b(?:make|turn)\b (?:them|these) (?:into )?an? {_NEW}"
    r"|\b(?:turn|convert|transform|make|combine)\b.*"
    r"\b(?:photos?|pictures?|images?|clips?|these|them|uploads|files|everything)\b.*\binto\b"
    rf"|^(?:an?|one) {_NEW}"
    r"|(?:做|制作|生成|创建|变(?![慢快亮暗])|剪(?![掉去短])|转(?!场)|合).{0,20}(?:视频|短片|影片|幻灯片|片子|vlog)"
)
_RESHAPE = re.compile(
    rf"\b(?:make|turn)\b (?:it|this|that) (?:into )?an? {_NEW}"
    r"|^(?:(?:quick|short|simple|nice|cool|fun) )*(?:video|reel|slide\s?show) (?:for|from|of|with)\b"
    r"|^(?!.*(?:照片|图|这些|素材)).*(?:做|变|改)成.{0,20}(?:视频|短片|影片|幻灯片|片子)"
)
"""Makes a video of what is there: where there is none yet, from the uploads."""
_OTHER_THINGS = (
    r"\b(?:titles?|captions?|sub-?titles?|texts?|words|fonts?|music|songs?|bgm|sounds?|audio)\b"
    r"|标题|字幕|文字|字体|音乐|声音|配乐"
)
OTHER_THINGS = re.compile(_OTHER_THINGS)
"""What lies over the pictures and under them: how long, bright or fast it is, is not how they are."""
NOT_FOOTAGE = re.compile(
    _OTHER_THINGS + r"|\b(?:transitions?|dissolves?|(?:cross-?)?fades?|wipes?)\b|转场|过渡|切换"
)
_LONGER = re.compile(r"\b(?:longer|extend|lengthen)\b|延长|加长|多")
_SHORTER = re.compile(r"\b(?:shorter|shorten)\b|缩短|减少")
_CUTS = re.compile(r"\b(?:remove|delete|cut|trim|drop)\b|[删剪去]")
_EXACTLY = re.compile(r"\bto\b|到|成|为")
_SOME = re.compile(
    r"\bonly\b[^,.;]*|\bfirst \w+ (?:photos|pictures|images|clips)\b"
    r"|\b(?:from|of|with) (?:photo|picture|image|clip)s? \d[^,.;]*"
)
_AROUND = re.compile(r"\b(?:about|around|in|for|total|please|all|of)\b|左右|大[概约]|差不多|一共|共")


@frozen
class MakeVideo:
    """A new video from the uploads.

    Attributes:
        length_ms: How long; None lets the footage decide.
    """

    op: ClassVar[str] = "generate_video"
    length_ms: int | None = None

    def apply(self, timeline: Timeline) -> Facts:
        """Lay out the photos and clips, replacing what was there."""
        chosen = _chosen(timeline)
        if not chosen:
            raise CannotDo("no_media")
        if self.length_ms is not None and self.length_ms < MIN_SHOT_MS * len(chosen):
            raise CannotDo("too_short")
        canvas = timeline.settings.get("canvas") or {"width": 1080, "height": 1920, "fps": 30}
        timeline.draft = {"t": [], "d": 0, "m": {"canvas": canvas}}
        lengths = _lengths([round(1000 * item["duration"]) for item in chosen], self.length_ms)
        segments = []
        for index, (item, length) in enumerate(zip(chosen, lengths, strict=True)):
            settings: dict[str, Any] = {
                "id": f"shot{index + 1}",
                "name": item["filename"],
                "source": item["cdn_url"],
            }
            if item["duration"]:
                # A clip shorter than its share is slowed down: the length that was asked for holds.
                settings["speed"] = min(1.0, round(1000 * item["duration"] / length, 4))
            else:
                settings["motion"] = MOTIONS[index % len(MOTIONS)]
            if index:
                settings["transition"] = {"type": "dissolve", "duration": TRANSITION_MS}
            segments.append({"d": length, "m": settings})
        timeline.replace(VIDEO, "", segments)
        timeline.settle()
        return {"count": len(chosen), "seconds": timeline.total_ms / 1000}


@frozen
class SetLength:
    """The whole video longer or shorter.

    Attributes:
        length_ms: How long.
        than_now: 1 when it is to be so much longer, -1 when so much shorter.
    """

    op: ClassVar[str] = "set_duration"
    length_ms: int
    than_now: int = 0

    def apply(self, timeline: Timeline) -> Facts:
        """Stretch every photo alike; clips get what they can give, and are slowed down beyond that."""
        footage = timeline.footage
        if not footage:
            raise CannotDo("no_video")
        before = sum(segment["d"] for segment in footage)
        length = _changed(before, self.length_ms, self.than_now)
        if length < MIN_SHOT_MS * len(footage):
            raise CannotDo("too_short")
        edges, at = [0], 0
        for segment in footage:
            at += segment["d"]
            edges.append(round(length * at / before))
        for segment, start, end in zip(footage, edges, edges[1:], strict=False):
            segment["d"] = end - start
            _slow_down(timeline, segment)
        timeline.settle()
        return {"seconds": length / 1000}


@frozen
class SetShotLength:
    """Some shots longer or shorter, or each of them.

    Attributes:
        length_ms: How long.
        places: Which; none means all.
        than_now: 1 when they are to be so much longer, -1 when so much shorter.
    """

    op: ClassVar[str] = "set_shot_duration"
    length_ms: int
    places: tuple[int, ...] = ()
    than_now: int = 0

    def apply(self, timeline: Timeline) -> Facts:
        """Set how long they stay; a clip that is too short for it is slowed down."""
        shots = picked(timeline, self.places)
        lengths = [_changed(shot["d"], self.length_ms, self.than_now) for shot in shots]
        if min(lengths) < MIN_SHOT_MS:
            raise CannotDo("too_short")
        for segment, length in zip(shots, lengths, strict=True):
            segment["d"] = length
            _slow_down(timeline, segment)
        timeline.settle()
        return {"seconds": timeline.total_ms / 1000}


def picked(timeline: Timeline, places: tuple[int, ...]) -> list[Segment]:
    """Return the shots at these places (from 1; from the end, -1), or all when none is named.

    Raises:
        CannotDo: There is no such place, or no video.
    """
    footage = timeline.footage
    if not footage:
        raise CannotDo("no_video")
    if not all(1 <= abs(place) <= len(footage) for place in places):
        raise CannotDo("no_such_photo")
    at = dict.fromkeys(place - 1 if place > 0 else len(footage) + place for place in places)
    return [footage[index] for index in at] or footage


def asks_for_video(text: str, *, has_video: bool = False) -> bool:
    """Return whether a clause asks for a new video, rather than for a change of the one there is."""
    if _RESHAPE.search(text):
        return not has_video
    return _MAKE.search(text) is not None


def _read_make(clause: Clause) -> Wish | None:
    if not clause.makes:
        return None
    return MakeVideo(None if _read_length(clause) else _length(clause.text))


def _read_length(clause: Clause) -> Wish | None:
    text = clause.text
    length = _length(text)
    if length is None or clause.quotes:
        return None
    if not clause.makes and (NOT_FOOTAGE.search(text) or _CUTS.search(text) or names_a_stretch(text)):
        return None
    than_now = 0 if _EXACTLY.search(text) else bool(_LONGER.search(text)) - bool(_SHORTER.search(text))
    if re.search(r"\beach\b|\bevery\b|\bper (?:photo|picture|image|shot)\b|每[张个段幅]", text):
        return SetShotLength(length, (), than_now)
    if clause.makes:
        return None
    if places := tuple(ordinals(text)):
        return SetShotLength(length, places, than_now)
    rest = without_times(text)
    words = r"\b(?:long|length|duration|total|shorten|extend|video|it|make)\b|长|短|总共|视频"
    if than_now or re.search(words, rest):
        return SetLength(length, than_now)
    return None if re.search(r"\w", _AROUND.sub("", rest)) else SetLength(length)


def _changed(now_ms: int, length_ms: int, than_now: int) -> int:
    return now_ms + than_now * length_ms if than_now else length_ms


def _slow_down(timeline: Timeline, segment: Segment) -> None:
    room = timeline.source_ms(segment) - segment["m"].get("source_start", 0)
    if timeline.is_clip(segment) and segment["d"] * segment["m"].get("speed", 1.0) > room:
        segment["m"]["speed"] = round(room / segment["d"], 4)


def _length(text: str) -> int | None:
    length = milliseconds(text)
    return None if length is None else max(MIN_SHOT_MS, min(length, 1000 * MAX_SECONDS))


def _chosen(timeline: Timeline) -> list[dict[str, Any]]:
    """Return the pictures that the message names, else all of them."""
    pictures = [item for item in timeline.media if item["file_type"] != "audio"]
    known = names_in(timeline.message, [item["filename"].lower() for item in pictures])
    named = [item for item in pictures if item["filename"].lower() in known]
    named.sort(key=lambda item: timeline.message.index(item["filename"].lower()))
    if not named and (said := _SOME.search(timeline.message)):
        places = [place for place in ordinals(said[0]) if 1 <= abs(place) <= len(pictures)]
        named = [pictures[place - 1 if place > 0 else place] for place in places]
    return named or pictures


def _lengths(own: list[int], total: int | None) -> list[int]:
    """Return how long each piece of footage is; they add up to the total exactly.

    Photos (own length 0) and clips get equal shares; a clip shorter than its share gives the rest to
    the others, while there are others.
    """
    if total is None:
        return [length or PHOTO_MS for length in own]
    shares = [0.0] * len(own)
    open_places, left = list(range(len(own))), float(total)
    while open_places:
        share_ms = left / len(open_places)
        short = [place for place in open_places if 0 < own[place] < share_ms]
        if not short or len(short) == len(open_places):
            for place in open_places:
                shares[place] = share_ms
            break
        for place in short:
            shares[place] = float(own[place])
            left -= own[place]
            open_places.remove(place)
    edges = [round(sum(shares[:count])) for count in range(len(own) + 1)]
    return [end - start for start, end in itertools.pairwise(edges)]


MAKE_RULE = Rule(
    "Make a video of N seconds from the photos (all of them, or the ones named)",
    (
        "turn these photos into a smooth 15-second video with transitions",
        "make a 10 second video from a.jpg and b.jpg",
        "把这些照片做成一个十五秒的视频",
    ),
    _read_make,
)
LENGTH_RULE = Rule(
    "Change how long it is, or each photo, or one",
    (
        "make it 20 seconds long",
        "extend the video by 5 seconds",
        "4 seconds each",
        "make the first photo 2 seconds long",
        "视频时长改成12秒",
    ),
    _read_length,
)
