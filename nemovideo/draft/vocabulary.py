"""Every key this package understands: what the checks hold a draft to, and what the format's page lists."""

from __future__ import annotations

from attrs import frozen


@frozen
class Key:
    """One key of the wire.

    Attributes:
        name: As it stands on the wire; a dot leads into an object.
        json: `string`, `number`, `integer`, `object` or `list`.
        meaning: What it says, with its unit.
        default: What a missing one means; empty where nothing is meant.
        words: The words it may be, if they are a closed list.
        least: The least number that makes sense; None for any.
    """

    name: str
    json: str
    meaning: str
    default: str = ""
    words: tuple[str, ...] = ()
    least: float | None = None


DOCUMENTED = (
    Key("t", "list", "the tracks of a draft, lowest layer first", "none"),
    Key("tt", "integer", "the type of a track: 0 video, 1 audio, 7 text; others are kept", "unknown"),
    Key("sg", "list", "the segments of a track", "none"),
    Key(
        "d", "number", "duration, ms: of a draft or a segment", "where the last segment ends; `end` - `start`"
    ),
    Key("m", "object", "metadata: of a draft, a track or a segment", "empty"),
)
"""The five keys of the service's own documentation; they alone have their types enforced on reading."""

DRAFT = (
    Key("title", "string", "the project's name", "none"),
    Key("canvas", "object", "the picture's size and rate", "as below"),
    Key("canvas.width", "integer", "picture width, pixels", "1080", least=1),
    Key("canvas.height", "integer", "picture height, pixels", "1920", least=1),
    Key("canvas.fps", "number", "frames a second", "30", least=1),
)
"""Keys of a draft's `m`."""

TRACK = (
    Key("role", "string", "what the track is for", "`bgm` for audio, `title` for text"),
    Key("volume", "number", "factor on the volume of each segment", "1", least=0),
)
"""Keys of a track's `m`."""

TRANSITIONS = ("dissolve", "fade", "slide", "wipe", "none")
MOTIONS = ("zoom_in", "zoom_out", "pan_left", "pan_right", "pan_up", "pan_down", "none")
POSITIONS = ("center", "top", "bottom")

SEGMENT = (
    Key("id", "string", "names the segment; unique in the draft", "none"),
    Key("start", "number", "where it begins on the timeline, ms", "after the segment before it", least=0),
    Key("end", "number", "where it ends, ms; read only where `d` is missing", "none", least=0),
    Key("name", "string", "a label for people", "made from its text, source or music"),
    Key("source", "string", "the URL of the upload it shows or plays", "none"),
    Key("source_start", "number", "where in its source it begins, ms", "0", least=0),
    Key("speed", "number", "source time for timeline time, a factor above 0", "1", least=0.01),
    Key("volume", "number", "loudness, a factor: 1 is as it is", "1", least=0),
    Key("fade_in", "number", "how long sound or text takes to come up, ms", "0", least=0),
    Key("fade_out", "number", "how long sound or text takes to die away, ms", "0", least=0),
    Key("text", "string", "what a text segment says", "none"),
    Key("position", "string", "where the text stands", "top for titles, bottom for the rest", POSITIONS),
    Key("motion", "string", "how a still moves", "`none`", MOTIONS),
    Key("filter", "string", "the look of the picture, such as `warm`, `bright` or `black_and_white`", "none"),
    Key("transition", "object", "how it comes in over the one before", "a cut"),
    Key("transition.type", "string", "the kind of it", "a cut", TRANSITIONS),
    Key("transition.duration", "number", "how long that takes, from its start on, ms", "0", least=0),
    Key("music", "object", "music to make instead of playing a source", "none"),
    Key("music.mood", "string", "such as `lo-fi`", "no music"),
    Key("music.seed", "integer", "the same mood and seed make the same music", "0"),
)
"""Keys of a segment's `m`; read from the segment's own level where `m` has none."""
