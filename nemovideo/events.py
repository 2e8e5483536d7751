"""What a chat stream tells while it runs.

To show an answer as it grows, print every `TextDelta`; together they are the whole text, once. `Text` follows
when a piece is complete and is for keeping: printing both prints everything twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping


@frozen
class TextDelta:
    """More text of the answer, never repeated.

    Attributes:
        text: What is new.
        author: The agent that speaks; empty in the simple dialect.
    """

    text: str
    author: str = ""


@frozen
class Text:
    """A piece of the answer is complete.

    Attributes:
        text: The whole piece.
        author: The agent that spoke.
        replaces: Whether it corrects the deltas before it instead of ending them: show it in their place.
    """

    text: str
    author: str = ""
    replaces: bool = False


@frozen
class Thought:
    """What the agent thinks aloud; not part of the answer.

    Attributes:
        text: The thought, or more of it where `partial`.
        partial: Whether a complete one follows.
    """

    text: str
    author: str = ""
    partial: bool = False


@frozen
class ToolCall:
    """The agent starts an edit or a look-up.

    Attributes:
        name: The tool.
        args: What it is given, as JSON.
        id: Pairs it with its result; None in the simple dialect, which pairs by name, first in first out.
    """

    name: str
    args: Mapping[str, object] = field(factory=dict)
    id: str | None = None


@frozen
class ToolResult:
    """What a tool answered.

    Attributes:
        name: The tool.
        result: Its answer, as JSON.
        id: The id of its call, if the dialect has ids.
    """

    name: str
    result: object = None
    id: str | None = None


@frozen
class StateDelta:
    """What changed in the session's state; may come twice, so merge it idempotently.

    Attributes:
        delta: Changed keys and their new values; `draft` is the new timeline in wire form.
        artifacts: Changed artifacts and their versions.
    """

    delta: Mapping[str, object] = field(factory=dict)
    artifacts: Mapping[str, object] = field(factory=dict)


@frozen
class Media:
    """A file in the answer.

    Attributes:
        mime_type: Such as `image/png`; empty if not said.
        uri: Where it is, for a file that is referred to.
        data: Base64, for a file that came along.
    """

    mime_type: str = ""
    uri: str = ""
    data: str = ""


@frozen
class Heartbeat:
    """The service is alive; nothing new."""


@frozen
class StillWorking:
    """Nothing new for `Timing.still_working` seconds, but the turn goes on.

    Attributes:
        elapsed: Seconds since the message was sent.
        recovering: Whether the stream broke and the outcome is now looked up in the state.
    """

    elapsed: float
    recovering: bool = False


@frozen
class UnknownEvent:
    """A frame that this version does not know, passed on as it came.

    Attributes:
        raw: The frame's JSON, or its text where it is not JSON.
    """

    raw: object


ChatEvent: TypeAlias = (
    TextDelta
    | Text
    | Thought
    | ToolCall
    | ToolResult
    | StateDelta
    | Media
    | Heartbeat
    | StillWorking
    | UnknownEvent
)
