"""Server-sent events: bytes in, data strings out, by the WHATWG rules."""

from __future__ import annotations

import codecs
from typing import TypeAlias

from nemovideo.errors import ProtocolError

SseItem: TypeAlias = str | None
"""The data of one event (empty for a bare `data:`), or None for a comment line: a sign of life."""

MAX_EVENT_BYTES = 64 * 1024 * 1024
"""How long one event may be [D]; the longest seen on a real server was 300 KB [A]."""


class EventParser:
    """Splits a stream into events, whatever its chunks, line ends and encoding errors.

    Line ends are LF, CR or CRLF, also cut between two chunks. A leading BOM is dropped and invalid UTF-8
    becomes U+FFFD. The fields `id`, `event` and `retry` are ignored: a chat stream is never reconnected.

    Args:
        max_event_bytes: An event longer than this is refused, finished or not; so is an endless line.
            Complete lines count by their characters.
    """

    def __init__(self, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max_event_bytes = max_event_bytes
        self._line: list[bytes] = []  # the unfinished line in pieces; joined once, so that it stays linear
        self._line_size = 0
        self._data: list[str] = []  # data lines of the unfinished event
        self._data_size = 0
        self._skip_lf = False
        self._at_start = True

    def feed(self, chunk: bytes) -> list[SseItem]:
        """Take the next bytes and return what they complete, in order.

        Raises:
            ProtocolError: An event is longer than `max_event_bytes`.
        """
        if self._skip_lf and chunk:
            self._skip_lf = False
            if chunk[0] == 0x0A:  # the second half of a CRLF
                chunk = chunk[1:]
        if b"\r" in chunk:
            self._skip_lf = chunk[-1] == 0x0D
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        may_be_too_long = self._line_size + self._data_size + len(chunk) > self._max_event_bytes
        end = chunk.rfind(b"\n") + 1
        items: list[SseItem] = []
        if end:
            self._line.append(chunk[:end])
            text = b"".join(self._line).decode("utf-8", "replace")
            self._line.clear()
            self._line_size = 0
            chunk = chunk[end:]
            if self._at_start:
                self._at_start = False
                text = text.removeprefix("\ufeff")
            items = self._split(text)
        if chunk:
            self._line.append(chunk)
            self._line_size += len(chunk)
        if may_be_too_long:
            self._refuse_too_long(items)
        return items

    def close(self) -> bool:
        """End the stream, and return whether it broke off inside an event."""
        unfinished = b"".join(self._line)
        if self._at_start:
            unfinished = unfinished.removeprefix(codecs.BOM_UTF8)
        cut = bool(self._data or unfinished)
        self._data.clear()
        self._line.clear()
        return cut

    def _split(self, text: str) -> list[SseItem]:
        """Split complete lines, the last line end included."""
        if not self._data and text.startswith("data: ") and text.endswith("\n\n"):
            if text.find("\n") == len(text) - 2:  # one long event: splitting would search it all, slowly
                return [text[6:-2]]
            payloads: list[SseItem] = [*text[6:-2].split("\n\ndata: ")]
            if text.count("\n") == 2 * len(payloads):  # nothing but one-line events: no need to look at each
                return payloads
        items: list[SseItem] = []
        for line in text[:-1].split("\n"):
            if not line:
                if self._data:
                    items.append("\n".join(self._data))
                    self._data.clear()
                    self._data_size = 0
            elif line.startswith(":"):
                items.append(None)
            else:
                name, _, value = line.partition(":")
                if name == "data":
                    self._data.append(value.removeprefix(" "))
                    self._data_size += len(line)
        return items

    def _refuse_too_long(self, items: list[SseItem]) -> None:
        longest = max((len(item) for item in items if item is not None), default=0)
        if max(longest, self._line_size + self._data_size) > self._max_event_bytes:
            self.close()
            raise ProtocolError(f"an event is longer than {self._max_event_bytes} bytes", path="$stream")
