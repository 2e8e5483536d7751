"""The simple frames: `{"type": …}`, one for each event [P]."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, assert_never

from nemovideo.local.turn_events import Failure, NoContent, Text, ToolCall, ToolResult

if TYPE_CHECKING:
    from nemovideo.local.turn_events import TurnEvent


class SimpleDialect:
    """Writes the simple frames."""

    heartbeat = b'data: {"type": "heartbeat"}\n\n'

    def frames(self, event: TurnEvent) -> list[bytes]:
        """Return the frame of one event; a silent end is an empty `data:`, as seen."""
        match event:
            case Text(text):
                return [_frame({"type": "text", "content": text})]
            case ToolCall(_, name, args):
                return [_frame({"type": "tool_call", "name": name, "args": args})]
            case ToolResult(_, name, result, _):
                return [_frame({"type": "tool_result", "name": name, "result": result})]
            case NoContent():
                return [b"data:\n\n"]
            case Failure(code, message):
                return [_frame({"error": f"{code}: {message}"})]
            case _:
                assert_never(event)


def _frame(payload: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(payload, ensure_ascii=False)}\n\n".encode()
