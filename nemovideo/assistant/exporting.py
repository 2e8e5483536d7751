"""What an export is asked to be like, and how a timeline is made to fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from nemovideo.assistant.routing import RESOLUTION, normalized
from nemovideo.draft.editing import LONG_SIDE, SHORT_SIDE
from nemovideo.resources.renders import FORMATS

if TYPE_CHECKING:
    from nemovideo.draft.model import Draft

_FORMAT = re.compile(r"(?<![a-z])(mp4|mov|webm|gif|avi|mkv|wmv|flv|m4v|mpeg|quicktime)(?![a-z])|动图")
_QUALITIES = (
    ("low", r"\b(?:low|lowest|lower|small|smallest|sd)\b|低|标清|最小"),
    ("medium", r"\b(?:medium|mid|normal|standard)\b|中等|中质量|中画质|普通|标准"),
    ("high", r"\b(?:high|highest|higher|best|max|maximum|top|hd|fhd|uhd|full hd)\b|高|超清|最好|最大|蓝光"),
)
_REFUSAL = re.compile(
    r"\b(?:don'?t|do not|never|not|no|without)(?: (?:yet|ready|want|need|have|to|the|any|it|me|you))*"
    r" (?:export|render|download|deliver|sav|send)(?:e|ed|ing)?\b"
    r"|(?:不要|不用|不必|不需要|先不|别)(?:急着|着急|马上|现在|先|再|给我)*(?:导出|渲染|下载|输出|保存"
    r"|发(?:送|给我|我|过来|视频|了)*(?![\u3400-\u9fff]))"
)
_ALIASES = {"quicktime": "mov", "动图": "gif"}
_THOUSANDS = {"2k": 1440, "4k": 2160, "8k": 4320}


@frozen
class ExportRequest:
    """What was asked for.

    Attributes:
        file_format: Such as `mp4`; also one that cannot be made, such as `avi`. None: not said.
        resolution: Pixels of the short side, such as 1080; None: not said.
        quality: low, medium or high; None: not said.
    """

    file_format: str | None = None
    resolution: int | None = None
    quality: str | None = None

    @property
    def can_have_format(self) -> bool:
        """Whether the format, if one was named, can be made."""
        return self.file_format is None or self.file_format in FORMATS

    @property
    def can_have_resolution(self) -> bool:
        """Whether the resolution, if one was named, is not too large."""
        return self.resolution is None or self.resolution <= SHORT_SIDE

    def fitted(self, draft: Draft) -> Draft:
        """Return the draft, its picture scaled to the resolution asked for as far as that is exported."""
        if self.resolution is None:
            return draft
        canvas = draft.canvas
        short, long = sorted((canvas.width, canvas.height))
        factor = min(self.resolution / short, SHORT_SIDE / short, LONG_SIDE / long)
        width, height = (max(2, round(side * factor / 2) * 2) for side in (canvas.width, canvas.height))
        return draft if (width, height) == (canvas.width, canvas.height) else draft.set_canvas(width, height)


def parse_export(text: str) -> ExportRequest:
    """Read what an export message asks for, in English or Chinese; what is not said is None."""
    plain = normalized(text)
    size = RESOLUTION.search(plain)
    named = _FORMAT.search(plain)
    rest = RESOLUTION.sub(" ", plain)
    return ExportRequest(
        file_format=_ALIASES.get(named[0], named[0]) if named else None,
        resolution=_short_side(size[0]) if size else None,
        quality=next((quality for quality, said in _QUALITIES if re.search(said, rest)), None),
    )


def refuses_export(text: str) -> bool:
    """Return whether a message says that the file is not wanted, or not yet: "don't export yet"."""
    return _REFUSAL.search(normalized(text)) is not None


def _short_side(resolution: str) -> int:
    numbers = [int(digits) for digits in re.findall(r"\d+", resolution)]
    return _THOUSANDS.get(resolution) or min(numbers)
