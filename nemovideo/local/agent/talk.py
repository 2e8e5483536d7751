"""Wishes that are answered with words, and undo."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from attrs import frozen

from nemovideo.local.agent.wish import Facts, Rule, Wish

if TYPE_CHECKING:
    from nemovideo.local.agent.clauses import Clause
    from nemovideo.local.agent.timeline import Timeline

_UNDO = re.compile(r"\bundo\b|\bgo back\b|\brevert\b|撤销|撤回|恢复上一步")
_SHOW = re.compile(
    r"\b(?:what(?:'s| is| do)|show|describe|list|how long)\b"
    r".*\b(?:timeline|video|draft|there|tracks?|have|it)\b"
    r"|\bstatus\b|多长(?!一)|现在.*(?:什么|怎么样)|时间线|看看"
)
_HELP = re.compile(r"\bhelp\b|\bwhat can (?:you|i)\b|\bhow (?:do|can) i\b|帮助|你能做什么|怎么用|会什么")
_EXPORT = re.compile(
    r"\b(?:export|download|send me|send (?:it|that|the video) to me|save)\b|导出|下载|保存|发给我"
)


@frozen
class Say:
    """An answer without an edit: `summary`, `help` or `export`."""

    op: ClassVar[str] = "say"
    topic: str

    def apply(self, timeline: Timeline) -> Facts:  # noqa: ARG002 - every wish is given it
        """Change nothing."""
        return {}


@frozen
class Undo:
    """Back to the draft before the last turn that changed it."""

    op: ClassVar[str] = "undo"

    def apply(self, timeline: Timeline) -> Facts:  # noqa: ARG002 - every wish is given it
        """Change nothing: whoever has the earlier drafts goes back."""
        return {}


def _read_talk(clause: Clause) -> Wish | None:
    if clause.quotes or clause.makes:
        return None
    for topic, words in (("export", _EXPORT), ("help", _HELP), ("summary", _SHOW)):
        if words.search(clause.text):
            return Say(topic)
    return None


def _read_undo(clause: Clause) -> Wish | None:
    return Undo() if _UNDO.search(clause.text) and not clause.quotes else None


UNDO_RULE = Rule("Undo", ("undo", "撤销"), _read_undo)
TALK_RULE = Rule(
    "Ask: what is on the timeline, what can be done, how to export",
    ("what's on the timeline?", "help", "export the video", "现在有什么"),
    _read_talk,
)
