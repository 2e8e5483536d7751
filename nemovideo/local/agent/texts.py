"""Wishes about words on the picture: titles, captions, subtitles."""
# ruff: noqa: RUF001 - it reads and writes Chinese, whose punctuation is no mistake here

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import frozen

from nemovideo.local.agent.footage import picked
from nemovideo.local.agent.quantities import names_a_stretch, ordinals, own_length_ms, span_ms
from nemovideo.local.agent.timeline import TEXT
from nemovideo.local.agent.wish import CannotDo, Facts, Rule, Wish

if TYPE_CHECKING:
    from nemovideo.local.agent.clauses import Clause
    from nemovideo.local.agent.timeline import Segment, Timeline

TITLE_MS = 3000
FADE_MS = 500
MAX_LETTERS = 500

_ROLES = (
    ("subtitle", r"\bsub-?titles?\b|字幕"),
    ("caption", r"\bcaptions?\b|\btext\b|\bwords\b|\blabel\b|文字|说明|文案"),
    ("title", r"\b(?:title|titled|heading|headline|name|called)\b|标题|片名"),
)
_POSITIONS = (
    ("top", r"\b(?:top|upper)\b|顶部|上方|上面"),
    ("bottom", r"\b(?:bottom|lower)\b|底部|下方|下面"),
    ("center", r"\b(?:cent(?:er|re)d?|middle)\b|居中|中间|中央"),
)
_UNQUOTED = re.compile(
    r"(?:\b(?:title|caption|subtitle|text)\b\s*(?:saying|that says|which says|reading|:|：)"
    r"|\b(?:change|rename|set)\b.*?\b(?:title|caption|subtitle|text)\b\s*to"
    r"|(?:标题|字幕|文字)\s*(?:为|是|：|:|改成|改为))\s*(?P<words>[^\x00]+)$"
)
_WHERE = re.compile(
    r"(?:\s+(?:(?:at|on|in) the (?:very )?(?:top|bottom|middle|cent(?:er|re)|start|beginning|end)"
    r"|for \d[\d. ]*s(?:ec(?:ond)?s?)?|from \d\S* (?:to|until) \d\S*(?: s(?:ec(?:ond)?s?)?)?))+$"
)
"""Place and time after words that are not quoted."""
_BESIDE = re.compile(
    r"\b(?:under|below|beneath|above|next to|after) (?:the |my )?(?:title|caption|sub-?title)"
)
_LOOK = re.compile(
    r"(?:the )?(?:top|bottom|left|right|middle|center|start|end)|[\d.]+ ?(?:s|sec\w*|秒)"
    r"|(?:in )?(?:red|blue|green|yellow|white|black|pink|orange|purple|gold(?:en)?|gr[ae]y|bold|italics?"
    r"|(?:upper|lower) ?case|capitals?|big(?:ger)?|small(?:er)?|larger?)(?: (?:letters|text|font))?"
    r"|.*色|斜体|粗体|更?[大小粗细][一点]*"
)
"""What a text is to look like, and not what it is to say."""
_UNSEEN = re.compile(r"\bvoice|\bnarrat|\bsticker|旁白|配音|贴纸")
_FADE = re.compile(
    r"(?:an? )?(?:(?:slow|soft|gentle|smooth|nice|long) )?fad(?:e|es|ing)(?:[ -](?:in|out))?"
    r"|淡入(?:淡出)?|淡出"
)
_REPLACED = re.compile(r"\bto\b|改成|改为|换成")
_PART = re.compile(r"\bfrom (?:the )?(?:title|caption|sub-?title)")
_REMOVE = re.compile(r"\b(?:remove|delete|drop|no|hide|clear)\b|去掉|删掉|删除|移除|不要|无|没有")


@frozen
class AddText:
    """Words for a stretch of the video.

    Attributes:
        role: Title, caption or subtitle. A title takes the place of one that is there at its time.
        text: What they say.
        when: The clause, for the time that it names.
        position: Center, top or bottom; empty leaves it to the role.
        places: The photo or clip that they are to stand on, if one is named.
    """

    op: ClassVar[str] = "add_text"
    role: str
    text: str
    when: str = ""
    position: str = ""
    places: tuple[int, ...] = ()

    def apply(self, timeline: Timeline) -> Facts:
        """Put them on the timeline."""
        shot = picked(timeline, self.places)[0]
        there = list(timeline.segments(TEXT, self.role))
        start, length = self._stretch(timeline.total_ms, there, shot)
        is_title = self.role == "title"
        replaced = [s for s in there if is_title and _overlaps(s, start, start + length)]
        place = "top" if is_title else "bottom"
        before = replaced[0]["m"] if replaced else {"id": timeline.new_id(self.role), "position": place}
        settings: dict[str, Any] = {
            "id": before["id"],
            "start": start,
            "text": self.text,
            "position": self.position or before["position"],
            "fade_in": min(FADE_MS, length // 2),
            "fade_out": min(FADE_MS, length // 2),
        }
        left = [segment for segment in there if segment not in replaced]
        texts = sorted([*left, {"d": length, "m": settings}], key=lambda segment: segment["m"]["start"])
        timeline.replace(TEXT, self.role, texts)
        facts: Facts = {"text": self.text, "role": self.role, "start": start / 1000}
        facts["end"] = (start + length) / 1000
        return {**facts, "told": "add_text_instead", "old_text": before["text"]} if replaced else facts

    def _stretch(self, total: int, there: list[Segment], shot: Segment) -> tuple[int, int]:
        own_length = own_length_ms(self.when)
        length = own_length or TITLE_MS
        start, end = span_ms(self.when, total) or (None, None)
        if start is None and self.places:
            return shot["m"]["start"], min(own_length or shot["d"], shot["d"])
        if start is None and own_length is None and self.role == "title" and there:
            return there[0]["m"]["start"], there[0]["d"]
        if start is None and self.role == "caption" and own_length is None:
            return 0, total
        if start is None:
            last_end = there[-1]["m"]["start"] + there[-1]["d"] if there else 0
            start = last_end if self.role == "subtitle" and last_end < total else 0
        elif start < 0:
            start = max(0, total - length)
        start = min(start, max(0, total - FADE_MS))
        end = min(total, start + length if end is None else end)
        return start, max(end - start, min(FADE_MS, total - start))


@frozen
class FadeText:
    """The words that were just put there come and go more slowly."""

    op: ClassVar[str] = "fade_text"
    role: str
    text: str

    def apply(self, timeline: Timeline) -> Facts:
        """Double their fades."""
        for segment in timeline.segments(TEXT, self.role):
            if segment["m"]["text"] == self.text:
                for key in ("fade_in", "fade_out"):
                    segment["m"][key] = min(2 * FADE_MS, segment["d"] // 2)
        return {"role": self.role}


@frozen
class RemoveText:
    """Titles, captions or subtitles go; with an empty role, all words do.

    Attributes:
        role: Title, caption or subtitle.
        when: The clause: where it names a time, only the words of that time go.
    """

    op: ClassVar[str] = "remove_text"
    role: str
    when: str = ""

    def apply(self, timeline: Timeline) -> Facts:
        """Take them away."""
        roles = [self.role] if self.role else [role for role, _ in _ROLES]
        start, end = span_ms(self.when, timeline.total_ms) or (0, None)
        start = start if start >= 0 else timeline.total_ms - 1
        end = start + 1 if end is None and names_a_stretch(self.when) else end or timeline.total_ms
        found = False
        for role in roles:
            there = timeline.segments(TEXT, role)
            left = [segment for segment in there if not _overlaps(segment, start, end)]
            found = found or len(left) < len(there)
            if there:
                timeline.replace(TEXT, role, left)
        if not found:
            raise CannotDo("no_text")
        return {"role": self.role or "text"}


@frozen
class MoveText:
    """The words that are there go elsewhere on the picture."""

    op: ClassVar[str] = "move_text"
    role: str
    position: str

    def apply(self, timeline: Timeline) -> Facts:
        """Set where they stand."""
        there = timeline.segments(TEXT, self.role)
        if not there:
            raise CannotDo("no_text")
        for segment in there:
            segment["m"]["position"] = self.position
        return {"role": self.role, "position": self.position}


def _read_text(clause: Clause) -> Wish | None:
    if isinstance(clause.before, AddText) and _FADE.fullmatch(clause.text):
        return FadeText(clause.before.role, clause.before.text)
    role, position = _role(clause.text), _position(clause.text)
    removes = _REMOVE.search(clause.text) is not None
    if clause.quotes and not any(quote.lower() in clause.names for quote in clause.quotes):
        before = clause.before
        if role is None and (removes or _UNSEEN.search(clause.text)):
            return None
        if role is None and isinstance(before, AddText) and before.role != "title":
            role = before.role
        words = clause.quotes[-1 if _REPLACED.search(clause.text) else 0]
        places = () if clause.makes else tuple(ordinals(clause.text))
        role = role or ("caption" if places else "title")
        return AddText(role, words[:MAX_LETTERS], clause.around, position, places)
    if role is None or _PART.search(clause.text):
        return None
    if removes:
        everything = re.search(r"\b(?:all|any) (?:the )?(?:text|words)\b|所有文字", clause.text)
        return RemoveText("" if everything else role, clause.text)
    unquoted = _UNQUOTED.search(clause.text)
    if unquoted and not _LOOK.fullmatch(unquoted["words"].strip()):
        words = _WHERE.sub("", unquoted["words"].strip())
        when = unquoted["words"].strip()[len(words) :]
        return AddText(role, words.title()[:MAX_LETTERS], when, _position(when))
    return MoveText(role, position) if position else None


def before_words(text: str) -> str:
    """Return a clause without the words that it gives to a text without quoting them."""
    unquoted = _UNQUOTED.search(text)
    return text[: unquoted.start("words")] if unquoted else text


def _overlaps(segment: Segment, start_ms: int, end_ms: int) -> bool:
    first: int = segment["m"]["start"]
    return first < end_ms and start_ms < first + segment["d"]


def _role(text: str) -> str | None:
    if _BESIDE.search(text):
        return "caption"
    return next((role for role, words in _ROLES if re.search(words, text)), None)


def _position(text: str) -> str:
    return next((position for position, words in _POSITIONS if re.search(words, text)), "")


TEXT_RULE = Rule(
    "Titles, captions and subtitles: put the words in quotes; with a time and a place",
    (
        "put a title 'Urban Dreams' at the start",
        'add a caption "Hand made" at the bottom from 4 to 8 seconds',
        "add subtitles 'Once upon a time'",
        "write 'For Mum' on the last photo",
        "move the title to the bottom",
        "remove the title",
        "在开头加标题“城市延时”",
    ),
    _read_text,
)
