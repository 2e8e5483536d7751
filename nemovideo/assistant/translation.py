"""Turns talk of buttons and panels, which a chat does not have, into words and deeds.

Only what tells the person to do something with a screen is taken away: a clause that begins with a verb of
the hand ("click the Export button", "你可以点击“导出”") and names a thing of the screen, or says where such a
thing is. "A hand clicks a red button" tells what the video shows, and stays.
"""
# ruff: noqa: RUF001 - it reads Chinese, whose punctuation is no mistake here

from __future__ import annotations

import enum
import re

from attrs import field, frozen

from nemovideo.assistant.patterns import one_of
from nemovideo.assistant.screen_talk import explains, follows, instructs, leads_to, tells_scene


class Action(enum.Enum):
    """A deed in place of an instruction."""

    EXECUTE = "execute"
    """Do what a click was to do."""
    STATE = "state"
    """Look instead of opening a panel."""
    EDIT = "edit"
    """Have the agent make the edit instead of dragging."""
    SUMMARY = "summary"
    """Tell what is on the timeline instead of previewing it."""
    EXPORT = "export"
    """Render the video and hand it over."""
    CREDITS = "credits"
    """Read the balance instead of opening the account."""
    UPLOAD = "upload"
    """Take files in the chat."""


@frozen
class Translation:
    """What to say, and what to do.

    Attributes:
        text: The message without the instructions; may be empty.
        actions: What they come to, in order, each once.
        instructions: The clauses that were taken away, as written; not part of equality.
    """

    text: str
    actions: tuple[Action, ...] = ()
    instructions: tuple[str, ...] = field(default=(), eq=False)


def translate(text: str) -> Translation:
    """Translate a message of the agent, in English or Chinese.

    Args:
        text: As the agent said it; lines and lists are kept.
    """
    masked, quotations = _mask(text)
    taken: list[str] = []
    kept = [_kept_line(line, taken) for line in masked.split("\n")]
    kept = _without_headings(masked.split("\n"), kept)
    said = _unmask("\n".join(line for line in kept if line is not None), quotations)
    instructions = tuple(_unmask(clause, quotations) for clause in taken)
    actions = dict.fromkeys(_action(clause) for clause in instructions)
    return Translation(re.sub(r"\n{3,}", "\n\n", said).strip(), tuple(actions), instructions)


# --- quotations are not cut ---------------------------------------------------------------------------

_QUOTATION = re.compile(
    r"“[^”\n]*”|\"[^\"\n]*\"|「[^」\n]*」|『[^』\n]*』|(?<!\w)'[^'\n]+'(?!\w)|《[^》\n]*》|【[^】\n]*】"
)
_MASK = re.compile("[\ue000-\uf8ff]")
_LONGEST_NAME = 22
"""What is longer in quotation marks is no button."""


def _mask(text: str) -> tuple[str, list[str]]:
    """Replace each quotation by one letter, so that it is neither cut nor read; names of buttons stay."""
    quotations: list[str] = []

    def keep(match: re.Match[str]) -> str:
        if len(match[0]) <= _LONGEST_NAME and not re.search(r"[.!?。！？]", match[0]):
            return match[0]
        if len(quotations) >= 0xF8FF - 0xE000:
            return match[0]
        quotations.append(match[0])
        return chr(0xE000 + len(quotations) - 1)

    return _QUOTATION.sub(keep, _MASK.sub("", text)), quotations


def _unmask(text: str, quotations: list[str]) -> str:
    return _MASK.sub(lambda mark: quotations[ord(mark[0]) - 0xE000], text)


# --- a line, its sentences, their clauses -------------------------------------------------------------

_BULLET = re.compile(
    r"^\s*(?:[-*•·▪]\s+|\d{1,2}[.)、]\s*|[①-⑳]\s*|\d\ufe0f?\u20e3\s*"
    r"|step \d+\s*[:.]\s*|第[一二三四五]步[:：，]?\s*)",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r" ?(?:\(([^()]*)\)|（([^（）]*)）)")
_SENTENCE = re.compile(
    r".+?(?:[!?。！？…]+[”\"'」』)）*]*|\.(?=[\"'”)*]*(?:\s|$))[\"'”)*]*"
    r"|$)\s*",
    re.DOTALL,
)
_CLAUSE_END = re.compile(
    r"([,;，；、]\s*|\s[–—-]{1,3}\s|—+)"
    r"|(\s(?=(?:and|then|or|but|so)\s+(?:then\s+|now\s+)*(?:(?:you|just|simply|please)\s+\w*\s*)?"
    r"(?:click|tap|press|hit|open|drag|preview|export|download|go|head|select|choose|use|find|play)\b))"
    # a list without a full stop, then an instruction
    r"|((?<=[)）”\"])\s(?=(?:(?-i:Preview|Click|Tap|Open|Drag|You can|Please)\b|请|可在|可以|您可以"
    r"|你可以|点击|打开|拖)))",
    re.IGNORECASE,
)
_COLON = re.compile(r":\s+|：\s*")
"""What follows it in an instruction is what there is to see: "check the timeline: 3 clips"."""
_LONGEST_ENDING = 20
_ENDING = re.compile(r"[.!?。！？…~]+[”\"'」』)）*]*\s*$")


def _kept_line(line: str, taken: list[str]) -> str | None:
    """Return a line without instructions; None if nothing of it is left."""
    if not line.strip():
        return line
    taken_before = len(taken)
    bullet = _BULLET.match(line)
    head = bullet[0] if bullet else ""

    def without(match: re.Match[str]) -> str:
        inner = match[1] or match[2] or ""
        if not instructs(inner):
            return match[0]
        taken.append(inner.strip())
        return ""

    body = _PARENTHESIS.sub(without, line[len(head) :])
    kept = "".join(_kept_sentence(sentence, taken) for sentence in _SENTENCE.findall(body))
    if len(taken) == taken_before:
        return line
    return head + kept.rstrip() if re.search(r"\w|[\ue000-\uf8ff]", kept) else None


def _kept_sentence(sentence: str, taken: list[str]) -> str:
    if "://" in sentence:
        return sentence  # a link can be followed from a chat
    pieces = [piece for piece in _CLAUSE_END.split(sentence) if piece]
    clauses = []
    in_scene = False
    for piece in pieces:
        clauses.append((piece, instructs(piece, in_scene=in_scene)))
        in_scene = in_scene or tells_scene(piece)
    if not any(is_instruction for _, is_instruction in clauses):
        return sentence
    kept: list[str] = []
    after = False
    for piece, is_instruction in clauses:
        if is_instruction:
            instruction, _, told = _COLON.sub("\n", piece, count=1).partition("\n")
            taken.append(instruction.rstrip(" \t*.!?。！？…~").lstrip(" \t*"))
            _drop_lead(kept)
            after = not told
            if told:
                kept.append(told)
        elif _is_separator(piece):
            if kept and not _is_separator(kept[-1]):
                kept.append(piece)
        elif not (after and follows(piece)):
            kept.append(piece)
            after = False
    return _mended("".join(kept), sentence)


def _drop_lead(kept: list[str]) -> None:
    """Take away a clause that only leads to the instruction: "when you are happy, …"."""
    while kept and (_is_separator(kept[-1]) or leads_to(kept[-1].strip())):
        kept.pop()


def _is_separator(piece: str) -> bool:
    return not re.search(r"\w|[\ue000-\uf8ff]", piece)


def _mended(kept: str, sentence: str) -> str:
    """Return what is left of a sentence with its end, and a capital where it lost its beginning."""
    body = kept.rstrip(" \t,;，；、–—-")
    if not re.search(r"\w|[\ue000-\uf8ff]", body):
        return ""
    if not sentence.startswith(kept[:8]):
        body = re.sub(r"^\s*(?:and|but|then|so)\s+", "", body)
        body = body[:1].upper() + body[1:]
    ending = _ENDING.search(sentence[-_LONGEST_ENDING:])
    if ending and not _ENDING.search(body[-_LONGEST_ENDING:]):
        body += ending[0]
    elif sentence[-1:].isspace():
        body += " "
    return body


def _without_headings(lines: list[str], kept: list[str | None]) -> list[str | None]:
    """Take away "To export your video:" where all that it announced is gone."""
    for at, line in enumerate(kept):
        if line is not None and explains(line.strip()):
            below = next((i for i in range(at + 1, len(lines)) if lines[i].strip()), None)
            if below is not None and kept[below] is None:
                kept[at] = None
    return kept


# --- which deed an instruction comes to -----------------------------------------------------------------

_ACTIONS = (
    (
        Action.EXPORT,
        r"export, download, render(?:ed)?, save (?:it|the|your), share",
        "导出, 下载, 渲染, 保存视频, 分享",
    ),
    (
        Action.CREDITS,
        "account, billing, credits?, subscription, plans?, balance, top up, pricing, upgrade",
        "账户, 账号, 账单, 积分, 余额, 充值, 套餐, 会员, 订阅",
    ),
    (Action.UPLOAD, "upload, import", "上传, 导入"),
    (Action.EDIT, "drag, drop, slide", "拖"),
    (Action.SUMMARY, "preview, watch", "预览"),
    (Action.STATE, "open, expand", "打开, 展开"),
    (Action.SUMMARY, "play, timeline", "播放, 时间[线轴]"),
    (
        Action.STATE,
        "go to, switch, navigate, head, find, see, view, check, look, visit",
        "查看, 切换, 进入, 前往",
    ),
)
"""The first whose word an instruction has; a click on anything else is to be executed."""
_WORDS = tuple(
    (action, re.compile(rf"\b{one_of(english)}\b|{one_of(chinese)}", re.IGNORECASE))
    for action, english, chinese in _ACTIONS
)


def _action(instruction: str) -> Action:
    return next((action for action, words in _WORDS if words.search(instruction)), Action.EXECUTE)
