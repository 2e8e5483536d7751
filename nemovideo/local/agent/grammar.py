"""From a message to the wishes in it."""

# ruff: noqa: RUF001 - it reads Chinese and typographic apostrophes

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from nemovideo.local.agent.clauses import Clause, clauses
from nemovideo.local.agent.cuts import CUT_RULE, ORDER_RULE, REMOVE_RULE, SPEED_RULE
from nemovideo.local.agent.footage import LENGTH_RULE, MAKE_RULE, asks_for_video
from nemovideo.local.agent.looks import CANVAS_RULE, FILTER_RULE, MOTION_RULE, TRANSITION_RULE
from nemovideo.local.agent.music import MUSIC_RULE
from nemovideo.local.agent.talk import TALK_RULE, UNDO_RULE, Undo
from nemovideo.local.agent.texts import TEXT_RULE, before_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nemovideo.local.agent.wish import Rule, Wish

SUBJECT_RULES: tuple[Rule, ...] = (
    UNDO_RULE,
    TEXT_RULE,
    MUSIC_RULE,
    REMOVE_RULE,
    ORDER_RULE,
    CUT_RULE,
    SPEED_RULE,
)
"""A clause has one subject: the first of these that reads it."""
STYLE_RULES: tuple[Rule, ...] = (
    MAKE_RULE,
    LENGTH_RULE,
    CANVAS_RULE,
    TRANSITION_RULE,
    MOTION_RULE,
    FILTER_RULE,
)
"""A clause without a subject may say several of these at once."""
RULES: tuple[Rule, ...] = (
    MAKE_RULE, LENGTH_RULE, TRANSITION_RULE, MOTION_RULE, CANVAS_RULE, FILTER_RULE, TEXT_RULE, MUSIC_RULE,
    CUT_RULE, REMOVE_RULE, ORDER_RULE, SPEED_RULE, UNDO_RULE, TALK_RULE,
)  # fmt: skip
"""Every rule, in the order of docs/local.md."""

MAX_CLAUSE_LETTERS = 400
"""A longer clause is no wish; reading it could take the patterns below very long."""
MAX_CLAUSES = 50
"""What comes after so many in one message is not read."""
SHOWN_LETTERS = 60

_HELD_BACK = re.compile(
    r"\b(?:don['’]?t|(?<!why )not|except|excluding|apart from|other than|instead of)\b"
    r"|\b(?:too|less)\b (?!loud|quiet)\w|除了|以外|之外|太(?![阳空])"
    r"|(?<![特分区级告])别(?!的)|不要(?=[删去移改换动变剪缩调加放用])"
    r"|(?<![\w.])-\d[\d.]*[\s-]*(?:s|secs?|seconds?|秒)(?![a-z])"
)
"""A clause that forbids, excepts or complains, or a time below zero: it names what cannot be wanted."""

_ASKS = re.compile(
    r"^(?:why(?! not\b)|which|who|where|when|what(?! (?:about|if)\b)|how(?! about\b))\b"
    r"|为什么|哪些|什么"
)
"""A clause that wants to know something: what it names is not to be done."""

_FILLERS = re.compile(
    r"\x00\d+\x00|[^\w\s]|\b\d+\b|\b(?:please|pls|plz|kindly|thanks|thx|thank you|hi|hello|hey|ok"
    r"|okay|can|could|would|you|i|we"
    r"|me|want|need|like|d|let|s|us|to|a|an|the|it|its|this|that|these|those|my|our|some|nice|nicely|good"
    r"|great|beautiful|simple|smooth|smoothly|soft|add|make|use|put|in|on|of|for|from|at|by|is|be|have|has"
    r"|do|just|now|look|looks|love|lovely|perfect|awesome|wow|hmm|very|more|much|lot|video|photos?|pictures?|images?)\b"
    r"|[请帮我吧呢啊嘛呀谢的了一个下把给这些张照片图片视频想要]"
)


@frozen
class Reading:
    """What was found in a message.

    Attributes:
        wishes: In the order in which they were said.
        unread: The pieces that no rule knows, as written.
    """

    wishes: tuple[Wish, ...]
    unread: tuple[str, ...]


def read(message: str, names: Iterable[str] = (), *, has_video: bool = False) -> Reading:
    """Find the wishes in a message.

    Args:
        message: What the person wrote.
        names: The file names of the uploads.
        has_video: Whether there is one to be changed.
    """
    known = tuple(name.lower() for name in names)
    wishes: list[Wish] = []
    unread = []
    for number, piece in enumerate(clauses(message, known)):
        if number == MAX_CLAUSES:
            unread.append(f"{piece.words[:SHOWN_LETTERS]}…")
            break
        if len(piece.text) <= MAX_CLAUSE_LETTERS and _HELD_BACK.search(before_words(piece.text)):
            unread.append(piece.words)
            continue
        if len(piece.text) > MAX_CLAUSE_LETTERS:
            unread.append(f"{piece.words[:SHOWN_LETTERS]}…")
            continue
        makes = asks_for_video(piece.text, has_video=has_video)
        clause = evolve(piece, makes=makes, before=_last(wishes), names=known)
        found = [] if _ASKS.search(before_words(clause.text)) else _wishes(clause)
        if wishes and any(isinstance(wish, Undo) for wish in found):
            found = []  # it would take back what came before this message
        if not found and (answer := TALK_RULE.read(clause)):
            found = [answer]
        wishes += found
        if not found and not _is_filler(clause):
            unread.append(clause.words)
    return Reading(tuple(wishes), tuple(unread))


def _wishes(clause: Clause) -> list[Wish]:
    for rule in () if clause.makes else SUBJECT_RULES:
        if wish := rule.read(clause):
            return [wish]
    found = [wish for rule in STYLE_RULES if (wish := rule.read(clause))]
    if clause.makes and clause.quotes and (title := TEXT_RULE.read(clause)):
        found.append(title)
    return found


def _is_filler(clause: Clause) -> bool:
    """Return whether nothing is lost when a clause goes unread: politeness, and names of uploads."""
    text = clause.text
    for name in clause.names:
        text = text.replace(name, " ")
    return not _FILLERS.sub("", text).strip()


def _last(wishes: list[Wish]) -> Wish | None:
    return wishes[-1] if wishes else None
