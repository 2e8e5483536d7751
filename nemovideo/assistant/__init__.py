"""A chat's editor: routes what a person writes, speaks to the service, delivers the video.

    async for reply in Assistant(nemo).handle("turn these into a 15-second video", files=["a.jpg", "b.jpg"]):
        ...

Names load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nemovideo.assistant.conversation import Assistant
    from nemovideo.assistant.exporting import ExportRequest, parse_export
    from nemovideo.assistant.replies import Reply, Say, SendFile, Suggest, Working
    from nemovideo.assistant.routing import Route, route
    from nemovideo.assistant.translation import Action, Translation, translate

_HOMES = {
    "conversation": ("Assistant",),
    "exporting": ("ExportRequest", "parse_export"),
    "replies": ("Reply", "Say", "SendFile", "Suggest", "Working"),
    "routing": ("Route", "route"),
    "translation": ("Action", "Translation", "translate"),
}
_HOME_OF = {name: f"nemovideo.assistant.{home}" for home, names in _HOMES.items() for name in names}

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


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
