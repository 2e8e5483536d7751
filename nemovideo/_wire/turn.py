"""One turn, put together from the payloads of its stream: each text once, and how it ended."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, TypeAlias

from nemovideo._wire.frames import Failure, Item, NoContent, Truncated, parse
from nemovideo.events import Heartbeat, Media, StateDelta, Text, TextDelta, ToolCall, ToolResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nemovideo.events import ChatEvent

NOISE = "I encountered a temporary issue"
"""How a message begins that the service sometimes adds after a good answer, and that means nothing [P]."""


class Ending(enum.Enum):
    """How a turn's stream ended. Only `OK` means a whole answer; after the others the state tells more."""

    CUT = "cut"
    """It broke off: in transport, inside a text, or between a tool call and its result."""
    ERROR = "error"
    """The agent or its server reported an error."""
    SILENT = "silent"
    """Work was done, and nothing said."""
    UNCONFIRMED = "unconfirmed"
    """Nothing was said after the last tool result."""
    EMPTY = "empty"
    """Nothing came."""
    OK = "ok"
    """It was answered."""


_Speaker: TypeAlias = tuple[str, str]
"""Author and branch: agents on different branches speak at the same time."""


class _Pending:
    """Deltas that no final has closed yet."""

    __slots__ = ("_opening", "held", "pieces")

    def __init__(self, *, held: bool) -> None:
        self.pieces: list[str] = []
        self.held = held  # back from the reader, while it may be noise
        self._opening = ""

    def add(self, text: str) -> None:
        self.pieces.append(text)
        if self.held:
            self._opening = (self._opening + text)[: len(NOISE)]

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def may_be_noise(self) -> bool:
        return NOISE.startswith(self._opening)

    @property
    def is_noise(self) -> bool:
        return self.held and self._opening == NOISE


class TurnAssembler:
    """Turns payloads into events for a live reader, and keeps what the whole turn said and did.

    On the wire a text comes twice: in deltas, and whole in the final that closes them. Here the `TextDelta`
    events together are the whole text, once; a final that contradicts its deltas comes as a `Text` that
    replaces them.

    Attributes:
        error: Code and message of the first error; None without one.
        truncated: Whether the model's token limit cut the answer off.
        state: The merged changes of the session's state.
    """

    def __init__(self) -> None:
        self.error: tuple[str, str] | None = None
        self.truncated = False
        self.state: dict[str, object] = {}
        self._segments: list[str] = []
        self._tool_calls: list[ToolCall] = []
        self._tool_results: list[ToolResult] = []
        self._media: list[Media] = []
        self._pending: dict[_Speaker, _Pending] = {}
        self._held: list[Text] = []  # finals that are noise unless more is said
        self._open_calls: list[ToolCall] = []
        self._broken = False
        self._unclosed = False
        self._worked_silently = False
        self._unconfirmed = False

    def feed(self, payload: str | None) -> list[ChatEvent]:
        """Take the data of one server-sent event, or None for a comment line, and return what it tells."""
        if payload is None:
            return [Heartbeat()]
        items, branch = parse(payload)
        events: list[ChatEvent] = []
        for item in items:
            if isinstance(item, TextDelta):
                self._take_delta(item, (item.author, branch), events)
            elif isinstance(item, Text):
                self._take_final(item, (item.author, branch), items, events)
            else:
                if isinstance(item, ToolCall | ToolResult | Failure):
                    self._interrupt(items, branch, events)
                self._take_other(item, events)
        return events

    def finish(self, *, broken: bool) -> list[ChatEvent]:
        """End the turn and return what was still held back.

        Args:
            broken: Whether the transport broke or left half an event behind.
        """
        self._broken = broken
        events: list[ChatEvent] = []
        for (author, _), pending in self._pending.items():
            if not pending.is_noise:
                self._unclosed = True
                self._complete(pending, author, events)
        self._pending.clear()
        return events

    @property
    def ending(self) -> Ending:
        """How the turn ended: the first that fits, in the order of docs/wire.md."""
        if self._broken:
            return Ending.CUT
        if self.error is not None:
            return Ending.ERROR
        if self._open_calls or self._pending or self._unclosed:
            return Ending.CUT
        has_text = bool(self.text.strip())
        if not has_text and self._worked_silently:
            return Ending.SILENT
        if self._unconfirmed:
            return Ending.UNCONFIRMED
        return Ending.OK if has_text or self._media else Ending.EMPTY

    @property
    def segments(self) -> tuple[str, ...]:
        """The complete pieces of the answer, as they were said."""
        return tuple(self._segments)

    @property
    def text(self) -> str:
        """The answer: the segments, on lines of their own unless they bring their own white space."""
        pieces: list[str] = []
        for segment in self._segments:
            if pieces and _needs_newline(pieces[-1], segment):
                pieces.append("\n")
            pieces.append(segment)
        return "".join(pieces)

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The agent's calls, in order."""
        return tuple(self._tool_calls)

    @property
    def tool_results(self) -> tuple[ToolResult, ...]:
        """Their results, in the order they came."""
        return tuple(self._tool_results)

    @property
    def media(self) -> tuple[Media, ...]:
        """Files in the answer."""
        return tuple(self._media)

    @property
    def draft_json(self) -> Mapping[str, object] | None:
        """The last timeline that the stream told of, in wire form; None where it told none."""
        draft = self.state.get("draft")
        return draft if isinstance(draft, dict) else None

    def _take_delta(self, delta: TextDelta, speaker: _Speaker, events: list[ChatEvent]) -> None:
        if not delta.text:
            return
        pending = self._pending.get(speaker)
        is_first = pending is None
        if pending is None:
            pending = self._pending[speaker] = _Pending(held=bool(self._segments))
        pending.add(delta.text)
        if pending.held:
            if pending.may_be_noise:
                return
            pending.held = False
            is_first = True
            delta = TextDelta(pending.text, delta.author)
        if self._held:
            self._release(events)
        events.append(self._begin(delta.text, delta.author) if is_first else delta)

    def _take_final(
        self, final: Text, speaker: _Speaker, siblings: list[Item], events: list[ChatEvent]
    ) -> None:
        """Close the deltas before it; it is the authority on what they said."""
        pending = self._pending.pop(speaker, None)
        said = "" if pending is None else pending.text
        if not final.text:  # it only closes
            final = Text(said, final.author)
        if not final.text:
            return
        looks_like_noise = final.text.startswith(NOISE)
        if looks_like_noise and pending is not None and not final.text.startswith(said):
            self._complete(pending, final.author, events)  # another message, not the end of these deltas
        if looks_like_noise and self._segments:
            self._held.append(final)
            return
        if self._held:
            self._release(events)
        if pending is None or pending.held:
            events.append(self._begin(final.text, final.author))
        elif final.text.startswith(said):
            if len(final.text) > len(said):
                events.append(TextDelta(final.text[len(said) :], final.author))
        elif said.startswith(final.text) and not _is_last_text(final, siblings):
            remainder = self._pending[speaker] = _Pending(held=False)  # the texts that follow close it
            remainder.add(said[len(final.text) :])
        else:
            final = Text(final.text, final.author, replaces=True)
        self._add_segment(final, events)

    def _take_other(self, item: Item, events: list[ChatEvent]) -> None:
        if isinstance(item, Failure):
            self.error = self.error or (item.code, item.message)
            return
        if isinstance(item, Truncated):
            self.truncated = True
            return
        if isinstance(item, NoContent):
            self._worked_silently = True
            self._unconfirmed = False
            return
        if isinstance(item, ToolCall):
            self._tool_calls.append(item)
            self._open_calls.append(item)
        elif isinstance(item, ToolResult):
            self._tool_results.append(item)
            self._close_call(item)
            self._worked_silently = self._unconfirmed = True
        elif isinstance(item, StateDelta):
            self.state.update(item.delta)
            self._worked_silently = True
        elif isinstance(item, Media):
            self._media.append(item)
            self._unconfirmed = False
        events.append(item)

    def _interrupt(self, items: list[Item], branch: str, events: list[ChatEvent]) -> None:
        """Complete what was being said: a call, a result or an error follows it without repeating it."""
        self._release(events)
        if not self._pending or any(isinstance(item, Text | TextDelta) for item in items):
            return
        for speaker in list(self._pending):
            if speaker[1] == branch:
                self._complete(self._pending.pop(speaker), speaker[0], events)

    def _close_call(self, result: ToolResult) -> None:
        """Pair a result with its call: by id, or by name, first in first out."""
        for place, call in enumerate(self._open_calls):
            if call.id == result.id and (call.id is not None or call.name == result.name):
                del self._open_calls[place]
                return

    def _complete(self, pending: _Pending, author: str, events: list[ChatEvent]) -> None:
        """Make a segment of deltas that no final closes."""
        text = pending.text
        if pending.held:
            self._release(events)
            events.append(self._begin(text, author))
        self._add_segment(Text(text, author), events)

    def _release(self, events: list[ChatEvent]) -> None:
        """Give out what looked like trailing noise: something followed it."""
        held, self._held = self._held, []
        for final in held:
            events.append(self._begin(final.text, final.author))
            self._add_segment(final, events)

    def _begin(self, text: str, author: str) -> TextDelta:
        """Return the first delta of a segment, with the line break that belongs before it."""
        if self._segments and _needs_newline(self._segments[-1], text):
            text = f"\n{text}"
        return TextDelta(text, author)

    def _add_segment(self, text: Text, events: list[ChatEvent]) -> None:
        self._segments.append(text.text)
        self._unconfirmed = False
        events.append(text)


def _is_last_text(text: Text, items: list[Item]) -> bool:
    return text is next(item for item in reversed(items) if isinstance(item, Text))


def _needs_newline(before: str, after: str) -> bool:
    return not before[-1].isspace() and not after[0].isspace()
