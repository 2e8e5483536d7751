"""Photos into videos by talking: the async SDK for NemoVideo, with an offline backend that really renders.

    async with NemoVideo() as nemo:
        video = await nemo.make_video(["a.jpg", "b.jpg"], "a smooth 15-second video", to="out.mp4")

Names load on first use, so importing this package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from nemovideo._version import __version__

if TYPE_CHECKING:
    from nemovideo.client import NemoVideo
    from nemovideo.config import Attribution, Timing
    from nemovideo.draft.model import Draft
    from nemovideo.errors import NemoVideoError
    from nemovideo.events import (
        ChatEvent,
        Heartbeat,
        Media,
        StateDelta,
        StillWorking,
        Text,
        TextDelta,
        Thought,
        ToolCall,
        ToolResult,
        UnknownEvent,
    )
    from nemovideo.journal import Journal, JournalEntry
    from nemovideo.models import (
        CreditBalance,
        OnProgress,
        Outcome,
        Progress,
        RenderJob,
        SessionState,
        Turn,
        Upload,
        Video,
    )
    from nemovideo.resources.chat import ChatStream
    from nemovideo.session import Session

_HOMES = {
    "client": ("NemoVideo",),
    "config": ("Attribution", "Timing"),
    "draft.model": ("Draft",),
    "errors": ("NemoVideoError",),
    "events": (
        "ChatEvent", "Heartbeat", "Media", "StateDelta", "StillWorking", "Text", "TextDelta", "Thought",
        "ToolCall", "ToolResult", "UnknownEvent",
    ),
    "journal": ("Journal", "JournalEntry"),
    "models": (
        "CreditBalance", "OnProgress", "Outcome", "Progress", "RenderJob", "SessionState", "Turn", "Upload",
        "Video",
    ),
    "resources.chat": ("ChatStream",),
    "session": ("Session",),
}  # fmt: skip
_HOME_OF = {name: f"nemovideo.{home}" for home, names in _HOMES.items() for name in names}

__all__ = [
    "Attribution",
    "ChatEvent",
    "ChatStream",
    "CreditBalance",
    "Draft",
    "Heartbeat",
    "Journal",
    "JournalEntry",
    "Media",
    "NemoVideo",
    "NemoVideoError",
    "OnProgress",
    "Outcome",
    "Progress",
    "RenderJob",
    "Session",
    "SessionState",
    "StateDelta",
    "StillWorking",
    "Text",
    "TextDelta",
    "Thought",
    "Timing",
    "ToolCall",
    "ToolResult",
    "Turn",
    "UnknownEvent",
    "Upload",
    "Video",
    "__version__",
]


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
