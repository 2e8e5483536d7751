"""What the agent is told, and what it answers."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen


@frozen
class Scene:
    """Where a session stands when a message comes.

    Attributes:
        draft: The wire draft; empty before the first edit.
        media: The uploads, oldest first, with `filename`, `file_type`, `cdn_url` and `duration` in seconds.
        task_name: What the person called the session.
        language: The session's language tag.
        undo: Earlier drafts, the latest last.
    """

    draft: dict[str, Any] = field(factory=dict)
    media: tuple[dict[str, Any], ...] = ()
    task_name: str = "project"
    language: str = "en"
    undo: tuple[dict[str, Any], ...] = ()


@frozen
class Step:
    """One tool call.

    Attributes:
        tool: Its name.
        args: What it is called with; `op` says which edit.
        draft: The timeline after it.
        text: What the agent says once it is done; may be empty.
        generated: Media that came of it.
    """

    tool: str
    args: dict[str, Any]
    draft: dict[str, Any]
    text: str = ""
    generated: tuple[dict[str, Any], ...] = ()


@frozen
class Reply:
    """The answer to a message.

    Attributes:
        text: What the agent says in the end.
        steps: Its edits; empty when nothing changed.
        undo: The earlier drafts as they are after this turn.
        may_be_silent: Whether the edit may be done without a word.
    """

    text: str
    steps: tuple[Step, ...] = ()
    undo: tuple[dict[str, Any], ...] = ()
    may_be_silent: bool = False
