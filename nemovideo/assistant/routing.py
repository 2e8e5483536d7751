"""Which way a message goes: to a deed that needs no agent and costs nothing, or to the agent."""
# ruff: noqa: RUF001 - it reads Chinese, whose punctuation is no mistake here

from __future__ import annotations

import enum
import re
import unicodedata

from nemovideo.assistant import vocabulary as words

RESOLUTION = re.compile(
    r"(?<![a-z0-9.])(?:\d{3,5}\s?[x×*]\s?\d{3,5}|(?:4320|2160|1440|1080|720|540|480|360)\s?[pi]?|[248]k)(?![a-z0-9])"
)
"""Such as 1080p, 1080, 4k, 1080x1920; in lower case."""
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'，。、）)]+", re.IGNORECASE)

_QUOTATION = re.compile(r"“[^”]*”|‘[^’]*’|\"[^\"]*\"|「[^」]*」|『[^』]*』|《[^》]*》|(?<!\w)'[^'\n]+'(?!\w)")
_TOKEN = re.compile(r"[\x00-\x02]|[a-z][a-z0-9]*(?:'[a-z]+)*|\d+|[\u3400-\u9fff]+|[^\W\d_]+")
_IDIOMS = (
    (re.compile(r"\b(?:run|ran|running) (?:out|low)\b"), "runout"),
    (re.compile(r"\btop(?:ping)?[ -]?up\b"), "topup"),
)
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
    said = tokens(plain)
    kinds = set(said)
    if not said:
        return Route.UPLOAD if has_files else Route.CHAT
    if _is_export(said):
        return Route.EXPORT
    if kinds & words.CREDIT_NOUNS and kinds <= words.CREDITS:
        return Route.CREDITS
    if (kinds & words.STATE_NOUNS and kinds <= words.STATE) or _asks_for_state(plain):
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


def _is_export(said: tuple[str, ...]) -> bool:
    kinds = set(said)
    if not kinds <= words.EXPORT:
        return False
    if kinds & (words.EXPORT_VERBS | words.HANDED_ALONE):
        return True
    if "convert" in kinds:
        return bool(kinds & {"mp4", "mov", "webm", "gif"})
    if not kinds & words.HANDING_VERBS:
        return False
    if (
        kinds & words.NEW_WORKS
        and kinds & {"a", "an", "一个", "一段", "一条"}
        and not kinds & {"copy", "link"}
    ):
        return False
    return bool(kinds & words.WORKS) or bool(kinds & words.HANDED_IT and kinds & {"it", "它", "\x02"})


def _asks_for_state(plain: str) -> bool:
    said = " ".join(re.sub(r"[^\w']+", " ", plain).split())
    said = _LEAD_INS.sub("", said)
    return any(re.fullmatch(question, said) for question in words.STATE_QUESTIONS)


def _announces_files(kinds: set[str]) -> bool:
    return bool(kinds & words.UPLOAD_VERBS) or bool(kinds & words.SENDING_VERBS and kinds & words.MEDIA)
