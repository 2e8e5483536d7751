"""Why a render did not happen."""

from __future__ import annotations


class RenderError(Exception):
    """The draft cannot be rendered; the message is for a person and says why."""


class UnreadableMedia(RenderError):
    """A file that is no photo, video or sound, or is cut short."""


class RenderCancelled(RenderError):
    """The render was called off; it left nothing behind."""
