"""What happens in a turn, before any dialect writes it down."""

from __future__ import annotations

from typing import Any, Protocol

from attrs import frozen


@frozen
class Text:
    """The agent says something."""

    text: str


@frozen
class ToolCall:
    """The agent calls one of its tools."""

    id: str
    name: str
    args: dict[str, Any]


@frozen
class ToolResult:
    """The tool answered, and changed the session's state."""

    id: str
    name: str
    result: dict[str, Any]
    state: dict[str, Any]


@frozen
class NoContent:
    """The turn ends without a word: the edit is done, and nothing is said about it."""


@frozen
class Failure:
    """The agent gives up.

    Attributes:
        code: One word for it, such as `INTERNAL`.
        message: What happened.
    """

    code: str
    message: str


TurnEvent = Text | ToolCall | ToolResult | NoContent | Failure


class Dialect(Protocol):
    """Writes a turn down as server-sent events."""

    heartbeat: bytes
    """The frame that only says that the stream is alive."""

    def frames(self, event: TurnEvent) -> list[bytes]:
        """Return the frames of one event, each ended by its blank line."""
        ...
