"""Agent Development Kit events, key for key as a real server writes them [A]."""

from __future__ import annotations

import json
import math
import uuid
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, assert_never

from nemovideo.local.turn_events import Failure, NoContent, Text, ToolCall, ToolResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nemovideo._clock import Clock
    from nemovideo.local.turn_events import TurnEvent

AUTHOR = "nemo_agent"
MODEL = "local-1"
DELTA_LETTERS = 24
"""Letters in one partial event; more in a text that would otherwise make too many of them."""
MAX_DELTAS = 12

_ModelEvent = tuple[dict[str, Any], dict[str, Any]]
"""The fields beside the content, and the content's one part."""
_STOP = {
    "finishReason": "STOP",
    "usageMetadata": {"candidatesTokenCount": 0, "promptTokenCount": 0, "totalTokenCount": 0},
}


class AdkDialect:
    """Writes the events of one turn.

    Args:
        clock: Gives the time stamps.
        streaming: Partial events before each whole one, as with the kit's `streaming` mode.
    """

    heartbeat = b"data:\n\n"

    def __init__(self, clock: Clock, *, streaming: bool = True) -> None:
        self._clock = clock
        self._streaming = streaming
        self._invocation_id = f"e-{uuid.uuid4()}"

    def frames(self, event: TurnEvent) -> list[bytes]:
        """Return the frames of one event: deltas and their final, a call's preview and the call."""
        match event:
            case Text(text):
                return self._text(text)
            case ToolCall(call_id, name, args):
                part = {"functionCall": {"id": call_id, "args": args, "name": name}}
                return self._model_events([(_STOP, part), (_STOP, part)], {"longRunningToolIds": []})
            case ToolResult(call_id, name, result, state):
                part = {"functionResponse": {"id": call_id, "name": name, "response": result}}
                return [self._frame({"content": _content("user", part)}, state=state)]
            case NoContent():
                fields = {
                    "modelVersion": MODEL,
                    "finishReason": "STOP",
                    "errorCode": "MODEL_RETURNED_NO_CONTENT",
                    "errorMessage": "The model returned no content (finish_reason=STOP with empty parts).",
                    "usageMetadata": _STOP["usageMetadata"],
                }
                return [self._frame(fields)]
            case Failure(code, message):
                return [self._frame({"errorCode": code, "errorMessage": message})]
            case _:
                assert_never(event)

    def _text(self, text: str) -> list[bytes]:
        letters = max(DELTA_LETTERS, math.ceil(len(text) / MAX_DELTAS))
        pieces = [text[at : at + letters] for at in range(0, len(text), letters)]
        deltas: list[_ModelEvent] = [({}, {"text": piece}) for piece in pieces[:-1]]
        return self._model_events([*deltas, (_STOP, {"text": pieces[-1]}), (_STOP, {"text": text})])

    def _model_events(
        self, events: list[_ModelEvent], after: Mapping[str, Any] = MappingProxyType({})
    ) -> list[bytes]:
        """Return partial events and the whole one that ends them, all under one event id."""
        event_id = str(uuid.uuid4())
        frames = []
        for index, (fields, part) in enumerate(events if self._streaming else events[-1:]):
            partial = {"partial": index < len(events) - 1} if self._streaming else {}
            payload = {"modelVersion": MODEL, "content": _content("model", part), **partial, **fields}
            frames.append(self._frame(payload, after=after, event_id=event_id))
        return frames

    def _frame(
        self,
        fields: dict[str, Any],
        *,
        state: dict[str, Any] | None = None,
        after: Mapping[str, Any] = MappingProxyType({}),
        event_id: str | None = None,
    ) -> bytes:
        payload = {
            **fields,
            "invocationId": self._invocation_id,
            "author": AUTHOR,
            "actions": {
                "stateDelta": state or {},
                "artifactDelta": {},
                "requestedAuthConfigs": {},
                "requestedToolConfirmations": {},
            },
            "nodeInfo": {"path": ""},
            **after,
            "id": event_id or str(uuid.uuid4()),
            "timestamp": self._clock.time(),
        }
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        return f"data: {text}\n\n".encode()


def _content(role: str, part: dict[str, Any]) -> dict[str, Any]:
    return {"parts": [part], "role": role}
