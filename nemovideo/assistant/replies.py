"""What an assistant replies with: values that a bot turns into messages of its own kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

if TYPE_CHECKING:
    from nemovideo.models import Video


@frozen
class Say:
    """A message to keep in the chat.

    Attributes:
        text: Plain text; may have several lines.
    """

    text: str


@frozen
class Working:
    """A sign that work goes on; a bot may show it for as long as it lasts, in place of the one before.

    Attributes:
        text: One line.
    """

    text: str


@frozen
class SendFile:
    """A finished video to hand over.

    Attributes:
        video: The file, on this machine.
        text: What to say with it.
    """

    video: Video
    text: str


@frozen
class Suggest:
    """What could come next, in the person's words: a bot may show buttons that send these.

    Attributes:
        options: Messages that `Assistant.handle` understands.
    """

    options: tuple[str, ...]


Reply: TypeAlias = Say | Working | SendFile | Suggest
