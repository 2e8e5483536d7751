"""Photos into videos by talking: the async SDK for NemoVideo, with an offline backend that really renders.

    async with NemoVideo() as nemo:
        video = await nemo.make_video(["a.jpg", "b.jpg"], "a smooth 15-second video", to="out.mp4")

Names load on first use, so importing this package costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nemovideo._lazy import lazy_names
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

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "nemovideo.client": ("NemoVideo",),
        "nemovideo.config": ("Attribution", "Timing"),
        "nemovideo.draft.model": ("Draft",),
        "nemovideo.errors": ("NemoVideoError",),
        "nemovideo.events": (
            "ChatEvent", "Heartbeat", "Media", "StateDelta", "StillWorking", "Text", "TextDelta", "Thought",
            "ToolCall", "ToolResult", "UnknownEvent",
        ),
        "nemovideo.journal": ("Journal", "JournalEntry"),
        "nemovideo.models": (
            "CreditBalance", "OnProgress", "Outcome", "Progress", "RenderJob", "SessionState", "Turn",
            "Upload", "Video",
        ),
        "nemovideo.resources.chat": ("ChatStream",),
        "nemovideo.session": ("Session",),
    },
)  # fmt: skip

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
