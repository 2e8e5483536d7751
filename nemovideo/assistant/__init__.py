"""A chat's editor: routes what a person writes, speaks to the service, delivers the video.

    async for reply in Assistant(nemo).handle("turn these into a 15-second video", files=["a.jpg", "b.jpg"]):
        ...

Names load on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nemovideo._lazy import lazy_names

if TYPE_CHECKING:
    from nemovideo.assistant.conversation import Assistant
    from nemovideo.assistant.exporting import ExportRequest, parse_export
    from nemovideo.assistant.replies import Reply, Say, SendFile, Suggest, Working
    from nemovideo.assistant.routing import Route, route
    from nemovideo.assistant.translation import Action, Translation, translate

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "nemovideo.assistant.conversation": ("Assistant",),
        "nemovideo.assistant.exporting": ("ExportRequest", "parse_export"),
        "nemovideo.assistant.replies": ("Reply", "Say", "SendFile", "Suggest", "Working"),
        "nemovideo.assistant.routing": ("Route", "route"),
        "nemovideo.assistant.translation": ("Action", "Translation", "translate"),
    },
)

__all__ = [
    "Action",
    "Assistant",
    "ExportRequest",
    "Reply",
    "Route",
    "Say",
    "SendFile",
    "Suggest",
    "Translation",
    "Working",
    "parse_export",
    "route",
    "translate",
]
