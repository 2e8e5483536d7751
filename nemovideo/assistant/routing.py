"""Which way a message goes: to a deed that needs no agent and costs nothing, or to the agent."""
# ruff: noqa: RUF001 - it reads Chinese, whose punctuation is no mistake here

from __future__ import annotations

import enum
import re
import unicodedata

from nemovideo.assistant import vocabulary as words

RESOLUTION = re.compile(
    r"(?<![a-z0-9.])(?:[1-9]\d{2,4}\s?[x×*]\s?[1-9]\d{2,4}|(?:4320|2160|1440|1080|720|540|480|360)(?:\s?[pi](?:\d\d)?)?|[248]k)"
    r"(?![a-z0-9])"
)
"""Such as 1080p, 1080p60, 1080, 4k, 1080x1920; in lower case."""
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'，。、）)]+", re.IGNORECASE)

_QUOTATION = re.compile(r"“[^”]*”|‘[^’]*’|\"[^\"]*\"|「[^」]*」|『[^』]*』|《[^》]*》|(?<!\w)'[^'\n]+'(?!\w)")
_TOKEN = re.compile(r"[\x00-\x02]|[a-z][a-z0-9]*(?:'[a-z]+)*|\d+|[\u3400-\u9fff]+|[^\W\d_]+")
_IDIOMS = (
    (re.compile(r"\b(?:run|ran|running) (?:out|low)\b"), "runout"),
    (re.compile(r"\btop(?:ping)?[ -]?up\b"), "topup"),
    (re.compile(r"\bbalance(?= (?:it|this|that|them|everything)\b)"), "balancing"),
    (re.compile(r"\bdraft(?= (?:an?|it|me|us|some)\b)"), "drafting"),
    (re.compile(r"\bsummary (?=(?:video|clip|movie|film|reel)\b)"), "summarizing "),
    (re.compile(r"(?:^|(?<=[,.;!] ))(?=(?:i|we|you) (?:now |already )?have\b)"), "owning "),
    (re.compile(r"\bhere (?:is|are|comes?|(?=my\b))"), "here's "),
    (re.compile(r"\bgive you\b"), "send you"),
    (re.compile(r"(?<=视频|影片|片子|成片)呢"), "在哪里"),
)
"""Words that mean something else together."""
_REPORT = re.compile(
    r"\b(?:(?:the|this|that|my|your) )?"
    r"(?:export|render|download|output|upload|credits?|balance|timeline|tracks|draft|summary|progress|status)"
    rf" (?:(?:is|are|was|looks?) (?:(?:so|very|just|now|all) )*(?:{'|'.join(words.PRAISE)})|done|ready)\b"
    r"|已经?(?:导出|下载|保存|渲染|输出|上传|传|发给我|发我)(?:好|完|过)?了?"
    r"|(?<!可以)(?<![要能该])(?:导出|下载|保存|渲染|输出|上传|传)(?:好|完|过)?了"
    r"|(?:导出|下载|保存|渲染|输出)(?:好|来|出来)?的"
)
"""What was done, and how it came out: said of a deed, it asks for none, unless it is a question."""
_INSIDE = re.compile(
    r"\b(?:in|into|over|at) (?:the|my|our|this|that) (?:\w+ )?(?:video|clip|movie|film|reel|slideshow)\b"
    r"|(?:视频|影片|片子)[里上中]面?(?:显示|展示)"
)
"""A place in the picture: what is to be shown there is an edit."""
_LEAD_INS = re.compile(r"^(?:(?:please|ok|okay|hi|hey|hello|so|and|thanks)\b *|请问)+")
_LONGEST_WORD = max(len(word) for word in words.KNOWN)


class Route(enum.Enum):
    """Where a message goes."""

    EXPORT = "export"
    """Render the timeline and hand over the file."""
    CREDITS = "credits"
    """Read the balance."""
    STATE = "state"
    """Tell what is on the timeline."""
    UPLOAD = "upload"
    """Take files, and nothing else."""
    CHAT = "chat"
    """Everything else: the agent reads it, and it costs credits."""


def route(text: str, has_files: bool = False) -> Route:
    """Return where a message goes.

    It is a deed only if nothing else is said: one word that belongs to no deed ("don't", "title", a
    quotation) makes it a message for the agent, which misunderstands less than a keyword would.

    Args:
        text: What the person wrote, in English or Chinese.
        has_files: Whether files came with it. They are uploaded first, whatever the route; `Route.UPLOAD`
            means that nothing else is asked for.
    """
    plain = normalized(text)
    if not tokens(plain):
        return Route.UPLOAD if has_files else Route.CHAT
    if _asks_for_state(plain):
        return Route.STATE
    if _INSIDE.search(plain):
        return Route.CHAT
    if not re.search("[?吗]", plain):
        plain = _REPORT.sub(" ", plain)
    kinds = set(tokens(plain))
    if _is_export(kinds, has_files=has_files):
        return Route.EXPORT
    if kinds & words.CREDIT_NOUNS and kinds <= words.CREDITS:
        return Route.CREDITS
    if kinds & words.STATE_NOUNS and kinds <= words.STATE:
        return Route.STATE
    if kinds <= words.UPLOAD and (has_files or _announces_files(kinds)):
        return Route.UPLOAD
    return Route.CHAT


def normalized(text: str) -> str:
    """Return a message in lower case, full-width letters as plain ones, quotations and addresses as marks."""
    text = re.sub(r"[\x00-\x02]", " ", text)
    text = WEB_ADDRESS.sub(" \x01 ", text)
    text = _QUOTATION.sub(" \x00 ", text.replace("’", "'") if "‘" not in text else text)
    text = unicodedata.normalize("NFKC", text).lower()
    for idiom, word in _IDIOMS:
        text = idiom.sub(word, text)
    return text


def tokens(plain: str) -> tuple[str, ...]:
    """Return the words of a normalized message; resolutions as marks, Chinese cut by the known words."""
    found: list[str] = []
    for token in _TOKEN.findall(RESOLUTION.sub(" \x02 ", plain)):
        found += _cut(token) if "\u3400" <= token[0] <= "\u9fff" else [token]
    return tuple(found)


def _cut(run: str) -> list[str]:
    """Cut Chinese into known words, the longest first; what is unknown stays a piece of its own."""
    pieces: list[str] = []
    at = 0
    while at < len(run):
        ends = range(min(len(run), at + _LONGEST_WORD), at, -1)
        end = next((end for end in ends if run[at:end] in words.KNOWN), at + 1)
        pieces.append(run[at:end])
        at = end
    return pieces


def _is_export(kinds: set[str], *, has_files: bool) -> bool:
    if not kinds <= words.EXPORT:
        return False
    if kinds & (words.EXPORT_VERBS | words.HANDED_ALONE):
        return True
    if "convert" in kinds:
        return bool(kinds & {"mp4", "mov", "webm", "gif"})
    if kinds & words.FILES and kinds & words.ASKING and not has_files:
        return True
    if not kinds & words.HANDING_VERBS:
        return False
    if kinds & words.NEW_WORKS and kinds & words.ONE and not kinds & (words.FILES | {"copy"}):
        return False
    if "\x02" in kinds and kinds & {"it", "它"}:
        return True
    return bool(kinds & words.WORKS) or bool(kinds & words.HANDED_IT and kinds & {"it", "它", "\x02"})


def _asks_for_state(plain: str) -> bool:
    said = " ".join(re.sub(r"[^\w']+", " ", plain).split())
    said = _LEAD_INS.sub("", said)
    return any(re.fullmatch(question, said) for question in words.STATE_QUESTIONS)


def _announces_files(kinds: set[str]) -> bool:
    return bool(kinds & words.UPLOAD_VERBS) or bool(kinds & words.SENDING_VERBS and kinds & words.MEDIA)
