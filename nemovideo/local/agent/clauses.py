"""A message cut into clauses, so that each number and each quoted word goes with what it was said about."""
# ruff: noqa: RUF001 - it reads and writes Chinese, whose punctuation is no mistake here

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_QUOTED = re.compile(
    r"“([^”]+)”|‘([^’]+)’|\"([^\"]+)\"|「([^」]+)」|『([^』]+)』|《([^》]+)》|(?<!\w)'([^'\n]+)'(?!\w)"
)
_MARK = re.compile(r"\x00(\d+)\x00")
_ORDINAL = r"(?:the )?(?:first|second|third|fourth|fifth|last|\d+(?:st|nd|rd|th))"
_PHOTO = r"(?: photo| picture| image| clip)?"
_LISTED = r"\s*(?:,|、|&|\band\b|,\s*and\b)\s*"
_THING = (
    r"(?:the |any |a |background )*"
    r"(?:music|titles?|captions?|sub-?titles?|text|transitions?|filters?|motion)\b"
)
_THING_ZH = r"(?:背景音乐|音乐|标题|字幕|文字|转场|滤镜)"
_SECONDS = r"[\w.]+[ -]?(?:s|secs?|seconds?)"
_EDGE = rf"(?:the )?(?:first|last) {_SECONDS}\b"
_TAKE = r"\b(?:trim|cut|crop|take|remove)(?: off)?"
_FROM = r"(?:off|from|at|of)(?: of)?(?: the)?(?: very)?"
_EDGE_ZH = r"(?:开头|前|最后|结尾)的?[\d.一二两三四五六七八九十半]+秒"
_WHERE = (
    r"(?:(?:(?:put|place|show) it )?(?:at|on|in|from|for|during) (?:the )?(?:very )?"
    rf"(?:top|bottom|middle|cent(?:er|re)|start|beginning|end|\d[^,;，；\x00]{{0,30}}?|{_EDGE})"
    rf"|(?:放在?|在|从|显示)?(?:顶部|底部|中间|上方|下方|开头|结尾|{_EDGE_ZH}|[\d.]+秒[到至][\d.]+秒))"
)
"""Where and when, and nothing else: said after a comma, it belongs to the words before."""
_TRANSITIONS = (
    r"(?:\b(?:transitions?|dissolves?|cross-?fades?|wipes?|slides|fades?)\b|转场|叠化|溶解|淡入淡出|擦除)"
)
_SHORT_TIME = r"(?:0?\.\d+|[012](?:\.\d+)?)[\s-]*(?:s|secs?|seconds?|秒)"
"""Said after transitions it is theirs: no video is that short."""
_OVER = r"\s*(?:[,;.!?，；。！？]|$)"
_REWRITES = (
    (re.compile(r"\bget(?:ting)? rid of\b|\btake (?:out|away|off)\b"), "remove"),
    (re.compile(r"\bpic(?=s?\b)"), "photo"),
    (re.compile(r"titel(?=s?\b)"), "title"),
    (re.compile(r"\bw/(?=\s|o\b)"), "with"),
    (re.compile(r"(\x00)\s+(?=\x00)"), r"\1, "),
    (re.compile(r"(\x00[\x00\d, &and]*\x00) as (captions?|sub-?titles?|titles?)\b"), r"\2 \1"),
    (re.compile(rf"{_TAKE} ({_SECONDS}) {_FROM} end\b"), r"trim the last \1"),
    (re.compile(rf"{_TAKE} ({_SECONDS}) {_FROM} (?:start|beginning|front)\b"), r"trim the first \1"),
    (re.compile(r"\bblack[\s-]*(?:and|&|'?n'?)[\s-]*white\b|\bb\s*&\s*w\b"), "black_and_white"),
    (re.compile(r"\b(between [^,;]{1,30}?) and\b"), r"\1 to"),
    (re.compile(r"\b((?:replace|swap|change|exchange)\b[^,;]{1,40}?) (?:with|for)\b"), r"\1 to"),
    (re.compile(rf"\b({_ORDINAL}{_PHOTO}){_LISTED}(?={_ORDINAL}\b)"), r"\1 & "),
    (re.compile(rf"(?<=\d){_LISTED}(?=\d+\b(?!\s*(?:s\b|sec|%|秒|x\b)))"), " & "),
    (re.compile(r"(第[^，,]{1,3}[张个段]?)(?:和|跟|与)(第)"), r"\1&\2"),
    (re.compile(r"\bwithout\b(?: any)?"), ", no"),
    (
        re.compile(
            rf"\b(?:don['’]?t|do not) (?:use|want|need|add|include|have|put) (?:any |the |a )?(?={_THING})"
        ),
        "no ",
    ),
    (re.compile(rf"(?:不要|别)(?:加|用|放|使用|添加)(?={_THING_ZH})"), "不要"),
    (re.compile(rf"\b(no )({_THING}) or (?={_THING})"), r"\1\2, \1"),
    (re.compile(rf"\b((?:remove|delete|drop) )({_THING}) and (?={_THING})"), r"\1\2, \1"),
    (re.compile(rf"(去掉|删掉|删除|移除|不要)({_THING_ZH})[和跟与、](?={_THING_ZH})"), r"\1\2，\1"),
    (
        re.compile(
            rf"\b((?:trim|cut|crop|remove|delete|drop)(?: off)? )({_EDGE})(?:,| and|, and) (?={_EDGE})"
        ),
        r"\1\2, \1",
    ),
    (re.compile(rf"(剪掉|剪去|裁掉|去掉|删掉)({_EDGE_ZH})[和跟与、](?={_EDGE_ZH})"), r"\1\2，\1"),
    (re.compile(rf"(\x00[^,;，；\x00]{{0,60}}?)\s*(?:[,，]|\band\b)\s*(?={_WHERE}{_OVER})"), r"\1 "),
    (re.compile(rf"({_TRANSITIONS}[^,;，；]{{0,40}}?)\s*[,，]\s*(?={_SHORT_TIME}{_OVER})"), r"\1 "),
    (re.compile(r"\bzoom in and out\b"), "zoom"),
    (re.compile(r"\b(fad(?:e|ing) (?:the )?(?:background )?music in) and out\b"), r"\1, \1 out"),
    (re.compile(r"\bfade in and out\b"), "fade"),
)
_SEAM = re.compile(r"(?<=[a-z])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[a-z])")
"""Between an English word and a Chinese one, which people write without a space."""
_CUT = re.compile(
    r"[,;!?\n，；。、！？]|\.(?=\s|$)|\b(?:and|then|also|plus|with|but)\b"
    r"|然后|并且|并|再|还有|以及|同时|和|带有?|配上?|(?<![尾头后秒])(?:(?<![张片图])加上|加上(?![^,，。]{0,4}\x00))"
)


@frozen
class Clause:
    r"""A piece of a message.

    Attributes:
        text: Lower case, quotations replaced by `\\x00n\\x00`.
        quotes: What was quoted in it, as written.
        words: As the person wrote it, for an answer.
        before: The wish read last in the same message.
        makes: Whether it asks for a new video.
        names: The file names of the uploads, lower case.
    """

    text: str
    quotes: tuple[str, ...]
    words: str
    before: object = None
    makes: bool = False
    names: tuple[str, ...] = ()

    @property
    def around(self) -> str:
        """The text without what was quoted."""
        return " ".join(_MARK.sub(" ", self.text).split())


def names_in(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the file names that a text mentions, all in lower case."""
    return tuple(
        name for name in names if name and re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text)
    )


def clauses(message: str, names: Sequence[str] = ()) -> list[Clause]:
    """Cut a message where one wish ends and the next begins.

    Args:
        message: What the person wrote.
        names: The file names of the uploads, lower case: a list of them stays in one piece.
    """
    quotes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quotes.append(next(group for group in match.groups() if group))
        return f"\x00{len(quotes) - 1}\x00"

    text = _QUOTED.sub(keep, message.replace("\x00", ""))
    text = re.sub(r"\s+", " ", text).strip()
    lowered = _SEAM.sub(" ", text.lower())
    for pattern, replacement in _REWRITES:
        lowered = pattern.sub(replacement, lowered)
    if named := names_in(lowered, names):
        name = "|".join(re.escape(name) for name in named)
        lowered = re.sub(rf"({name})(?:\s*(?:,|，|、|and|和)\s*)+(?={name})", r"\1 & ", lowered)
    pieces = [piece.strip() for piece in _CUT.split(lowered)]
    return [_clause(piece, quotes) for piece in pieces if piece]


def _clause(piece: str, quotes: list[str]) -> Clause:
    said = tuple(quotes[int(mark)] for mark in _MARK.findall(piece))
    return Clause(piece, said, _MARK.sub(lambda mark: f'"{quotes[int(mark[1])]}"', piece))
