"""Agent Development Kit events, key for key as a real server writes them [A]."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, assert_never

from nemovideo.local.turn_events import Failure, NoContent, Text, ToolCall, ToolResult

if TYPE_CHECKING:
    from nemovideo._clock import Clock
    from nemovideo.local.turn_events import TurnEvent

AUTHOR = "nemo_agent"
DELTA_LETTERS = 24
"""Letters in one partial event."""


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
                return self._model_events(({}, part), ({"finishReason": "STOP"}, part))
            case ToolResult(call_id, name, result, state):
                part = {"functionResponse": {"id": call_id, "name": name, "response": result}}
                return [self._frame({"content": _content("user", part)}, state=state)]
            case NoContent():
                fields = {
                    "modelVersion": "local-1",
                    "finishReason": "STOP",
                    "errorCode": "MODEL_RETURNED_NO_CONTENT",
                    "errorMessage": "The model returned no content (finish_reason=STOP with empty parts).",
                }
                return [self._frame(fields)]
            case Failure(code, message):
                return [self._frame({"errorCode": code, "errorMessage": message})]
            case _:
                assert_never(event)

    def _text(self, text: str) -> list[bytes]:
        pieces = [text[at : at + DELTA_LETTERS] for at in range(0, len(text), DELTA_LETTERS)]
        deltas: list[tuple[dict[str, Any], dict[str, Any]]] = [({}, {"text": piece}) for piece in pieces[:-1]]
        return self._model_events(
            *deltas,
            ({"finishReason": "STOP"}, {"text": pieces[-1]}),
            ({"finishReason": "STOP"}, {"text": text}),
        )

    def _model_events(self, *events: tuple[dict[str, Any], dict[str, Any]]) -> list[bytes]:
        """Return partial events and the whole one that ends them, all under one event id."""
        event_id = str(uuid.uuid4())
        frames = []
        for fields, part in events[:-1] if self._streaming else ():
            payload = {"content": _content("model", part), "partial": True, **fields}
            frames.append(self._frame({"modelVersion": "local-1", **payload}, event_id=event_id))
        fields, part = events[-1]
        whole: dict[str, Any] = {"content": _content("model", part)}
        if self._streaming:
            whole["partial"] = False
        frames.append(self._frame({"modelVersion": "local-1", **whole, **fields}, event_id=event_id))
        return frames

    def _frame(
        self,
        fields: dict[str, Any],
        *,
        state: dict[str, Any] | None = None,
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
            "id": event_id or str(uuid.uuid4()),
            "timestamp": self._clock.time(),
        }
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        return f"data: {text}\n\n".encode()


def _content(role: str, part: dict[str, Any]) -> dict[str, Any]:
    return {"parts": [part], "role": role}
