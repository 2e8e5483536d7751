"""Write docs/draft-format.md from the vocabulary, so that the page cannot tell other things than the code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from nemovideo.draft import Draft, TrackType, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nemovideo.draft.vocabulary import Key

PAGE = Path(__file__).parent.parent / "docs" / "draft-format.md"

_HEAD = """# The draft format

<!-- Written by scripts/draft_format_doc.py: change nemovideo/draft/vocabulary.py, then run it. -->

A draft is the timeline of a video as JSON: tracks, which hold segments. Times are milliseconds. Five short
keys are the service's own; all else lies in their `m`, and a key that is not listed here is kept as it came,
in its place: reading a draft and writing it again gives the same JSON.
"""

_TAIL = """
## Rules

- Only the five documented keys have their types enforced when a draft is read; a wrong one is a `DraftError`
  with its path, such as `$.t[1].sg[0].d`. So is what is no JSON: NaN, a lone surrogate, more than 100 levels,
  a cycle. Everywhere else a value of a wrong type reads as missing, and `Draft.validate()` tells of it.
- A segment begins at its own `start`, else where the one before it in its track ends, else at 0.
- `id`, `start`, `end`, `text` and the other keys of a segment are looked for in `m` first, then at the
  segment's own level, where real servers were seen to put them. Edits change them where they stand.
- Segments of a video track do not overlap: three photos in 15 s are 0-5, 5-10 and 10-15 s. A `transition`
  belongs to the segment that comes in: from its start on, for `duration`, the one before is held underneath.
- Later tracks lie above earlier ones. The volume of a sound is its segment's times its track's.
- A draft can be rendered if at least one track has a segment.
- A track type that is not listed is kept: `TrackType(12) == 12`.
"""

_EXAMPLE = {
    "t": [
        {"tt": 0, "sg": [
            {"d": 5000, "m": {"source": "https://cdn.example/beach.jpg", "motion": "zoom_in"}},
            {"d": 5000, "m": {
                "source": "https://cdn.example/city.jpg",
                "transition": {"type": "dissolve", "duration": 500}}},
        ]},
        {"tt": 1, "sg": [{"d": 10000, "m": {
            "music": {"mood": "lo-fi", "seed": 0}, "name": "Lo-fi", "volume": 0.35, "fade_out": 1500}}]},
        {"tt": 7, "sg": [{"d": 3000, "m": {"text": "Urban Dreams", "position": "center"}}]},
    ],
    "d": 10000,
    "m": {"canvas": {"width": 1080, "height": 1920, "fps": 30}},
}  # fmt: skip


def page() -> str:
    """Return the whole page."""
    types = [f"- `{int(kind)}` {kind.name.lower()}" for kind in TrackType if kind is not TrackType.UNKNOWN]
    sections = (
        _HEAD,
        _section("The documented keys", vocabulary.DOCUMENTED),
        "## Track types\n\n" + "\n".join(types) + "\n",
        _section("In the `m` of a draft", vocabulary.DRAFT),
        _section("In the `m` of a track", vocabulary.TRACK),
        _section("In the `m` of a segment", vocabulary.SEGMENT),
        f"## An example\n\n```json\n{json.dumps(_EXAMPLE, indent=2)}\n```\n",
        f"`Draft.from_wire(…).summary()` says of it:\n\n> {Draft.from_wire(_EXAMPLE).summary()}",
    )
    return "\n".join(sections) + "\n" + _TAIL


def _section(title: str, keys: Iterable[Key]) -> str:
    rows = [f"| `{key.name}` | {key.json} | {_meaning(key)} | {key.default} |" for key in keys]
    return "\n".join(
        (f"## {title}\n", "| key | type | meaning | if missing |", "|---|---|---|---|", *rows, "")
    )


def _meaning(key: Key) -> str:
    words = ", ".join(f"`{word}`" for word in key.words)
    return f"{key.meaning}: {words}" if words else key.meaning


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Wrote {PAGE}")
