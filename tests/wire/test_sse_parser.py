"""Bytes become events by the WHATWG rules, whatever the chunks."""

from __future__ import annotations

import itertools
import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from stream_strategies import FIRST_FOUND, Stream, chunked, streams

from nemovideo._wire.sse import EventParser
from nemovideo.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable


def parse(chunks: tuple[bytes, ...]) -> list[str | None]:
    parser = EventParser()
    items = [item for chunk in chunks for item in parser.feed(chunk)]
    parser.close()
    return items


def reference(stream: bytes) -> tuple[list[str | None], bool]:
    """The rules as the standard words them, on the whole stream at once and without haste."""
    text = stream.decode("utf-8", "replace").removeprefix("\ufeff")
    *lines, unfinished = re.split("\r\n|\r|\n", text)
    items: list[str | None] = []
    data: list[str] = []
    for line in lines:
        field, colon, value = line.partition(":")
        if line == "":
            items += ["\n".join(data)] if data else []
            data = []
        elif field == "" and colon:
            items.append(None)
        elif field == "data":
            data.append(value[1:] if value[:1] == " " else value)
    return items, bool(data or unfinished)


@given(streams())
def test_every_legal_stream_gives_its_events_in_order(stream: Stream) -> None:
    """Comments are signs of life; empty data is an event; a frame without data is none."""
    assert parse(stream.chunks) == list(stream.items)


FIELDS = (b"data", b":", b" ", b"data: x", b"data: {}\n\n", b"id: 1", b"retry: 0", b"x", b"\0")
ENDS = (b"\n", b"\n", b"\r", b"\r\n", b"\n\n")
ODD_BYTES = (b"\xef\xbb\xbf", b"\xf0\x9f", b"\x8e\xac", b"\xff", b"\xc3")
soup = st.lists(st.sampled_from((*FIELDS, *ENDS, *ODD_BYTES)), max_size=30).map(b"".join)


@settings(max_examples=300)
@given(st.data(), soup)
def test_any_bytes_are_split_as_the_standard_says(data: st.DataObject, stream: bytes) -> None:
    """Invalid UTF-8, stray line ends and unfinished tails agree with a plain reading of the rules."""
    parser = EventParser()
    chunks = data.draw(chunked(stream))
    items = [item for chunk in chunks for item in parser.feed(chunk)]
    assert (items, parser.close()) == reference(stream)


@pytest.mark.parametrize(
    "reaches",
    [
        pytest.param(lambda s: any(c and c[-1] & 0xC0 == 0xC0 for c in s.chunks), id="split UTF-8"),
        pytest.param(
            lambda s: any(a[-1:] + b[:1] == b"\r\n" for a, b in itertools.pairwise(s.chunks)),
            id="CR and LF in two chunks",
        ),
        pytest.param(lambda s: "" in s.items, id="empty data"),
        pytest.param(lambda s: None in s.items, id="comments"),
        pytest.param(lambda s: any("\n" in (item or "") for item in s.items), id="several data lines"),
        pytest.param(lambda s: s.chunks[0].startswith(b"\xef\xbb\xbf") and bool(s.items), id="a BOM"),
        pytest.param(lambda s: b"retry: 999" in b"".join(s.chunks), id="huge retry"),
    ],
)
def test_the_generator_reaches(reaches: Callable[[Stream], bool]) -> None:
    """The streams above include every case that the parser must mind."""
    find(streams(), reaches, settings=FIRST_FOUND)


@pytest.mark.parametrize("line_end", [b"\n", b"\r", b"\r\n"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_line_ends_and_chunk_sizes_change_nothing(line_end: bytes, size: int) -> None:
    stream = '\ufeff: hi\ndata: {"a": "é🎬"}\n\ndata:x\ndata\n\ndata:\n\nid: 1\n\n'.encode()
    stream = stream.replace(b"\n", line_end)
    chunks = tuple(stream[start : start + size] for start in range(0, len(stream), size))
    assert parse(chunks) == [None, '{"a": "é🎬"}', "x\n", ""]


def test_the_lines_of_one_event_may_come_one_by_one() -> None:
    parser = EventParser()
    assert parser.feed(b"data: 1\n") == []
    assert parser.feed(b"data: 2\n\ndata: 3\n\n") == ["1\n2", "3"]


def test_a_comment_is_told_when_its_line_ends() -> None:
    """A heartbeat does not wait for the event after it."""
    assert EventParser().feed(b": ping\n") == [None]


@pytest.mark.parametrize("tail", [b"data: half", b"data: whole line\n", b"d", b"\xf0\x9f", b": half a comm"])
def test_an_unfinished_tail_is_flagged_and_never_emitted(tail: bytes) -> None:
    parser = EventParser()
    assert parser.feed(b"data: 1\n\n" + tail) == ["1"]
    assert parser.close()


@pytest.mark.parametrize("end", [b"", b"\n", b": comment\n", b"id: 7\n", b"\r"])
def test_nothing_lost_is_not_a_cut(end: bytes) -> None:
    parser = EventParser()
    parser.feed(b"data: 1\n\n" + end)
    assert not parser.close()


def test_invalid_utf8_becomes_replacement_characters() -> None:
    """The stream goes on, and the line end after a torn character still counts."""
    assert parse((b"data: a\xf0\x9f\n\ndata: \xffb\n\n",)) == ["a\ufffd", "\ufffdb"]


@pytest.mark.parametrize(
    ("start", "more"),
    [(b"data: ", b"x"), (b"", b"x"), (b"data:", b"\ndata:"), (b"data: 1", b"\ndata: 2"), (b"", b"data\r")],
)
def test_an_event_past_the_cap_is_refused_and_let_go(start: bytes, more: bytes) -> None:
    """An endless line, endless data lines and even endless empty ones stop close to the cap."""
    parser = EventParser(max_event_bytes=1000)
    parser.feed(start)
    with pytest.raises(ProtocolError, match="longer than 1000 bytes"):
        list(map(parser.feed, [more] * 1100))
    assert not parser.close()


def test_an_event_past_the_cap_is_refused_in_one_chunk_too() -> None:
    with pytest.raises(ProtocolError):
        EventParser(max_event_bytes=1000).feed(b"data: " + b"x" * 1001 + b"\n\n")


def test_the_cap_is_for_one_event_not_for_a_stream() -> None:
    parser = EventParser(max_event_bytes=100)
    assert len(parser.feed(b"data: 0123456789\n\n" * 50)) == 50
    assert len(parser.feed(b": comment\n" * 50)) == 50
    for _ in range(50):
        assert parser.feed(b"data: 01234\ndata: 56789\n\n") == ["01234\n56789"]
        assert parser.feed(b"data: 012") == []
        assert parser.feed(b"3456789\n\n") == ["0123456789"]


def test_a_long_event_costs_time_linear_in_its_length() -> None:
    """8 MiB in 16,384 chunks: joined or searched anew for each chunk, this would take half a minute."""
    parser = EventParser()
    start = time.process_time()
    parser.feed(b"data: ")
    for _ in range(16384):
        parser.feed(b"x" * 512)
    (item,) = parser.feed(b"\n\n")
    assert item is not None
    assert len(item) == 8 * 1024 * 1024
    assert time.process_time() - start < 3
