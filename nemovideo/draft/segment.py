"""One segment of a track, read through typed, forgiving properties."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from attrs import field, frozen

from nemovideo.draft.codec import Object, copy_tree, is_number, milliseconds, read_segment


@frozen
class Transition:
    """How a segment comes in over the one before, from its own start on.

    Attributes:
        type: `dissolve`, `fade`, `slide`, `wipe`, or a word that a newer service knows.
        duration_ms: How long it takes.
    """

    type: str
    duration_ms: float


@frozen
class Music:
    """Music that is made rather than uploaded.

    Attributes:
        mood: Such as `lo-fi`.
        seed: The same mood and seed give the same sound.
    """

    mood: str
    seed: int


@frozen(repr=False)
class Segment:
    """A stretch of picture, sound or text. Immutable; equal when its JSON is.

    Readers look into `m` first and then at the segment's own level, where real servers were seen to put
    `id`, `start`, `end` and `text`. A missing value, or one of a wrong type, reads as its default:
    `Draft.validate` tells of the latter. Times are ms.
    """

    _wire: Object = field(factory=dict)

    @classmethod
    def from_wire(cls, value: object) -> Segment:
        """Return the segment that a JSON object describes; raises `DraftError` where it cannot."""
        return cls(read_segment(value))

    @classmethod
    def of_source(cls, source: str, seconds: float, **settings: Any) -> Segment:
        """Return a segment that shows or plays an upload.

        Args:
            source: The upload's `cdn_url`.
            seconds: How long.
            settings: More keys of `m` as the wire has them, such as `motion="zoom_in"`, `volume=0.5`.
        """
        return cls.from_wire({"d": milliseconds(seconds), "m": {"source": source, **settings}})

    @classmethod
    def of_text(cls, text: str, seconds: float, **settings: Any) -> Segment:
        """Return a segment that shows a text; `settings` as for `of_source`, such as `position="top"`."""
        return cls.from_wire({"d": milliseconds(seconds), "m": {"text": text, **settings}})

    @classmethod
    def of_music(cls, mood: str, seconds: float, *, seed: int = 0, **settings: Any) -> Segment:
        """Return a segment of music that is made, such as `lo-fi`; `settings` as for `of_source`."""
        music = {"mood": mood, "seed": seed}
        return cls.from_wire({"d": milliseconds(seconds), "m": {"music": music, **settings}})

    def to_wire(self) -> Object:
        """Return the JSON object, a copy, with every key it came with, in order."""
        copy: Object = copy_tree(self._wire)
        return copy

    @property
    def metadata(self) -> Object:
        """All of `m`, a copy."""
        copy: Object = copy_tree(self._wire.get("m") or {})
        return copy

    @property
    def id(self) -> str:
        """The segment's id; empty if it has none."""
        return self._text("id")

    @property
    def start_ms(self) -> float | None:
        """Its own start on the timeline; None: it follows the segment before it (`Track.timed_segments`)."""
        return self._number("start")

    @property
    def duration_ms(self) -> float:
        """How long it shows: `d`, else its `end` minus its `start`, else 0."""
        duration: float | None = self._wire.get("d")
        if duration is not None:
            return duration
        end = self._number("end")
        return 0 if end is None else end - (self.start_ms or 0)

    @property
    def name(self) -> str:
        """A label given by a person or the service; empty if none."""
        return self._text("name")

    @property
    def label(self) -> str:
        """What to call it: its name, text, source file's name, music's mood or id; empty if it has none."""
        return (
            self.name
            or self.text
            or unquote(_path_of(self.source)).rpartition("/")[2]
            or (self.music.mood if self.music else "")
            or self.id
        )

    @property
    def source(self) -> str:
        """The URL of the upload it shows or plays; empty if none."""
        return self._text("source")

    @property
    def source_start_ms(self) -> float:
        """Where in its source it begins; 0 by default."""
        return self._number("source_start") or 0

    @property
    def speed(self) -> float:
        """Source seconds for each second on the timeline; 1 by default, and where it is not positive."""
        speed = self._number("speed")
        return 1 if speed is None or speed <= 0 else speed

    @property
    def volume(self) -> float:
        """Loudness as a factor; 1, as it is, by default."""
        volume = self._number("volume")
        return 1 if volume is None else volume

    @property
    def fade_in_ms(self) -> float:
        """How long it takes to come up; 0 by default."""
        return self._number("fade_in") or 0

    @property
    def fade_out_ms(self) -> float:
        """How long it takes to die away; 0 by default."""
        return self._number("fade_out") or 0

    @property
    def text(self) -> str:
        """What a text segment says; empty if nothing."""
        return self._text("text")

    @property
    def position(self) -> str:
        """Where text stands: `center`, `top` or `bottom`; empty: where its track's role wants it."""
        return self._text("position")

    @property
    def motion(self) -> str:
        """How a still moves: `zoom_in`, `zoom_out`, `pan_left`, `pan_right`, `pan_up`, `pan_down`, `none`."""
        return self._text("motion") or "none"

    @property
    def filter(self) -> str:
        """The look of the picture, such as `warm`; empty if none."""
        return self._text("filter")

    @property
    def transition(self) -> Transition | None:
        """How it comes in; None: with a cut."""
        value = self._value("transition")
        if not isinstance(value, dict) or not isinstance(value.get("type"), str) or value["type"] == "none":
            return None
        duration = value.get("duration")
        return Transition(value["type"], max(duration, 0) if is_number(duration) else 0)

    @property
    def music(self) -> Music | None:
        """The music to make for it; None if it plays a source."""
        value = self._value("music")
        if not isinstance(value, dict) or not isinstance(value.get("mood"), str):
            return None
        seed = value.get("seed")
        return Music(value["mood"], seed if type(seed) is int else 0)

    def _value(self, key: str) -> Any:
        metadata = self._wire.get("m")
        value = metadata.get(key) if metadata else None
        return self._wire.get(key) if value is None else value

    def _number(self, key: str) -> float | None:
        value = self._value(key)
        return value if is_number(value) else None

    def _text(self, key: str) -> str:
        value = self._value(key)
        return value if isinstance(value, str) else ""

    def __repr__(self) -> str:
        return f"Segment({self._wire!r})"


def _path_of(url: str) -> str:
    """Return a URL's path; nothing for what is no URL."""
    try:
        return urlsplit(url).path
    except ValueError:  # an unclosed [ in the host
        return ""
