"""What happened between two drafts, one typed change at a time, each printable as a line."""

from __future__ import annotations

import enum
import json
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from nemovideo.draft.wording import (
    aside,
    described,
    labelled,
    length,
    one_line,
    percent,
    quoted,
    segment_name,
    span,
    term,
    track_name,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from nemovideo.draft.segment import Transition
    from nemovideo.draft.timeline import Canvas, TimedSegment, Track


class ChangeKind(enum.StrEnum):
    """What a `Change` is about, and what its `old` and `new` hold."""

    ADDED = "added"
    """A segment came: `new` is a `TimedSegment`."""
    REMOVED = "removed"
    """A segment went: `old` is a `TimedSegment`."""
    MOVED = "moved"
    """A segment has another place or order: two `TimedSegment`s."""
    TRIMMED = "trimmed"
    """A segment is shorter, longer, or begins elsewhere in its source: two `TimedSegment`s."""
    REPLACED = "replaced"
    """A segment shows or plays something else: two `TimedSegment`s."""
    TEXT = "text"
    """Another text: strings."""
    VOLUME = "volume"
    """Another volume of a segment or a whole track: factors."""
    SPEED = "speed"
    """Another speed: factors."""
    TRANSITION = "transition"
    """Another way of coming in: `Transition`s, or None for a cut."""
    MOTION = "motion"
    """Another motion of a still: words."""
    FILTER = "filter"
    """Another look: words, empty for none."""
    POSITION = "position"
    """Another place of a text in the picture: words, empty for its role's own."""
    FADE = "fade"
    """Another fade in or out, as `key` says: ms."""
    SETTING = "setting"
    """Another value of any other key, of a segment, a track or the draft: JSON values, None if missing."""
    TRACK_ADDED = "track added"
    """An empty track came: `new` is a `Track`."""
    TRACK_REMOVED = "track removed"
    """An empty track went: `old` is a `Track`."""
    TRACK_MOVED = "track moved"
    """A track lies above or below others than before: its indexes."""
    CANVAS = "canvas"
    """Another picture size or rate: `Canvas` values."""
    DURATION = "duration"
    """Another total length that no change of a segment explains: ms."""


@frozen
class Change:
    """One difference between two drafts. `str(change)` is a line for a person.

    Attributes:
        kind: What it is about.
        path: Where in the new draft; in the old one for what is gone.
        old: The value before, as `kind` says; None if there was none.
        new: The value now; None if there is none.
        key: Which key of `m`, for kinds that cover several.
        track: The track it is in, as it is now (as it was, if gone); None for the draft itself.
        segment: The segment it is about, as it is now (as it was, if gone); None for a track or the draft.
    """

    kind: ChangeKind
    path: str
    old: Any = None
    new: Any = None
    key: str = ""
    track: Track | None = field(default=None, repr=False, eq=False)
    segment: TimedSegment | None = field(default=None, repr=False, eq=False)

    def line(self, language: str = "en") -> str:
        """Return it in words, such as `Title added: "Paradise Found" (0-3s)`.

        Args:
            language: `zh` (or a region of it) for Chinese; anything else is English.
        """
        names = words(language)
        subject = names["draft"] if self.track is None else track_name(self.track, language)
        return labelled(
            names["subject"].format(subject, self._verb(language)), self._details(language), language
        )

    def __str__(self) -> str:
        return self.line()

    def _verb(self, language: str) -> str:
        if self.kind is ChangeKind.SETTING:
            return one_line(self.key)
        verb = self.kind.value
        if self.kind is ChangeKind.TRIMMED and self.new.segment.duration_ms > self.old.segment.duration_ms:
            verb = "extended"
        if self.kind is ChangeKind.FADE:
            verb = self.key.replace("_", " ")
        return words(language).get(verb, verb)

    def _details(self, language: str) -> str:
        if self.kind is ChangeKind.TRACK_MOVED:
            return f"{self.old + 1} → {self.new + 1}"
        if self.kind in (ChangeKind.TRACK_ADDED, ChangeKind.TRACK_REMOVED):
            return words(language)["empty"]
        if self.segment is None or self.track is None:
            return self._values(language)
        name = segment_name(self.segment.segment, language)
        place = span(self.segment.start_ms, self.segment.end_ms, language)
        if self.kind in (ChangeKind.ADDED, ChangeKind.REMOVED):
            return described(self.segment, self.track, language)
        if self.kind in (ChangeKind.MOVED, ChangeKind.TRIMMED):
            before = span(self.old.start_ms, self.old.end_ms, language)
            return name + aside(f"{before} → {place}", language)
        if self.kind is ChangeKind.REPLACED:
            before = segment_name(self.old.segment, language)
            return f"{before} → {described(self.segment, self.track, language)}"
        if self.kind is ChangeKind.TEXT:
            return self._values(language) + aside(place, language)
        return f"{name} {self._values(language)}"

    def _values(self, language: str) -> str:
        show = _FORMATS.get(self.kind, term)
        return f"{show(self.old, language)} → {show(self.new, language)}"


def _as_json(value: Any, language: str) -> str:
    text = json.dumps(value, ensure_ascii=False) if value is not None else term("", language)
    return text if len(text) <= _LONGEST_JSON else f"{text[: _LONGEST_JSON - 1]}…"


def _as_transition(value: Transition | None, language: str) -> str:
    kind = term("" if value is None else value.type, language)
    return kind if value is None else kind + aside(length(value.duration_ms, language), language)


def _as_canvas(value: Canvas, _: str) -> str:
    return f"{value.width}x{value.height}, {value.fps:g} fps"


_LONGEST_JSON = 40
_FORMATS: dict[ChangeKind, Callable[[Any, str], str]] = {
    ChangeKind.TEXT: quoted,
    ChangeKind.VOLUME: lambda volume, _: percent(volume),
    ChangeKind.SPEED: lambda factor, _: f"{factor:g}x",
    ChangeKind.TRANSITION: _as_transition,
    ChangeKind.FADE: length,
    ChangeKind.SETTING: _as_json,
    ChangeKind.CANVAS: _as_canvas,
    ChangeKind.DURATION: length,
}
