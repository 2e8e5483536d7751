"""A draft that is being edited: the wire's own objects, with names for what lies on them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

VIDEO, AUDIO, TEXT = 0, 1, 7

Segment = dict[str, Any]


class Timeline:
    """A working copy of a wire draft.

    Args:
        draft: The draft; empty for a new one. It is copied.
        media: The session's uploads, oldest first.
        message: What the person wrote, lower case: it may name files.
    """

    def __init__(
        self, draft: dict[str, Any], media: Sequence[dict[str, Any]] = (), message: str = ""
    ) -> None:
        self.draft = copy.deepcopy(draft) or {"t": [], "d": 0, "m": {}}
        self.media = media
        self.message = message

    @property
    def total_ms(self) -> int:
        """How long the video is."""
        return int(self.draft["d"])

    @property
    def settings(self) -> dict[str, Any]:
        """The draft's own `m`."""
        settings: dict[str, Any] = self.draft.setdefault("m", {})
        return settings

    @property
    def footage(self) -> list[Segment]:
        """The photos and clips, in order; empty before there is a video."""
        return self.segments(VIDEO)

    def segments(self, kind: int, role: str = "") -> list[Segment]:
        """Return the segments of the first track of a kind (and role); an empty list that is no track's."""
        for track in self.draft["t"]:
            if track["tt"] == kind and (not role or track.get("m", {}).get("role") == role):
                segments: list[Segment] = track["sg"]
                return segments
        return []

    def replace(self, kind: int, role: str, segments: list[Segment]) -> None:
        """Make these the segments of a kind and role; without any, the track goes."""
        tracks = self.draft["t"]
        for track in tracks:
            if track["tt"] == kind and track.get("m", {}).get("role", "") == role:
                track["sg"] = segments
                break
        else:
            tracks.append({"tt": kind, "sg": segments, **({"m": {"role": role}} if role else {})})
        # Pictures, then sound, then text: the order in which the service's own summary lists them.
        self.draft["t"] = sorted((track for track in tracks if track["sg"]), key=lambda track: track["tt"])

    def new_id(self, prefix: str) -> str:
        """Return an id that no segment has."""
        taken = {segment["m"].get("id") for track in self.draft["t"] for segment in track["sg"]}
        number = 1
        while f"{prefix}{number}" in taken:
            number += 1
        return f"{prefix}{number}"

    def is_clip(self, segment: Segment) -> bool:
        """Return whether a piece of footage moves by itself."""
        return self.source_ms(segment) > 0

    def source_ms(self, segment: Segment) -> int:
        """Return the length of the file behind a segment; 0 for a photo."""
        # By path: the backend may have another port by now.
        path = urlsplit(segment["m"].get("source", "")).path
        lengths = (item["duration"] for item in self.media if urlsplit(item["cdn_url"]).path == path)
        return round(1000 * float(next(lengths, 0.0)))

    def settle(self) -> None:
        """Lay the footage end to end, and make sound and text end with it."""
        at = 0
        for index, segment in enumerate(self.footage):
            segment["m"]["start"] = at
            at += segment["d"]
            transition = segment["m"].get("transition")
            if index == 0:
                segment["m"].pop("transition", None)
            elif transition:
                room = min(segment["d"], self.footage[index - 1]["d"]) // 2
                transition["duration"] = min(transition["duration"], room)
        self.draft["d"] = at
        for track in self.draft["t"]:
            if track["tt"] == AUDIO:
                for segment in track["sg"]:
                    self._fit_sound(segment)
            elif track["tt"] == TEXT:
                for segment in track["sg"]:
                    segment["d"] = min(segment["d"], at)
                    segment["m"]["start"] = min(segment["m"]["start"], at - segment["d"])

    def _fit_sound(self, segment: Segment) -> None:
        left = self.total_ms - segment["m"].get("start", 0)
        length = self.source_ms(segment)
        segment["d"] = max(0, min(left, length - segment["m"].get("source_start", 0)) if length else left)
