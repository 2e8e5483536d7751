"""The draft: a timeline that a person can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from nemovideo.draft.codec import read_draft
from nemovideo.draft.summary import summarize
from nemovideo.draft.timeline import Timeline
from nemovideo.draft.validation import Finding, validate

if TYPE_CHECKING:
    from collections.abc import Collection


@frozen(repr=False, hash=False)
class Draft(Timeline):
    """A timeline of tracks and segments. Immutable; equal when its JSON is.

    Made with `Draft.from_wire`; `Draft()` is the empty one. Times inside are ms.
    """

    @classmethod
    def from_wire(cls, value: object) -> Draft:
        """Return the draft that a JSON object describes, every key kept, in order.

        Args:
            value: The object as `json.loads` gives it. None and `{}` are the empty draft.

        Raises:
            DraftError: It is no JSON object (too deep, cyclic, NaN, a lone surrogate), or one of the keys
                `t`, `tt`, `sg`, `d`, `m` has a wrong type; with the path.
        """
        return cls(read_draft(value))

    def summary(self, language: str = "en") -> str:
        """Return the timeline in one line.

        Such as `Timeline (2 tracks): 1. Video: city timelapse (0-10s) 2. BGM: Lo-fi (0-10s, 35%)`.

        Args:
            language: `zh` (or a region of it) for Chinese; anything else is English.
        """
        return summarize(self, language)

    def validate(self, sources: Collection[str] | None = None) -> tuple[Finding, ...]:
        """Return all that is odd about it; empty for a draft that renders as it reads. Never raises.

        Args:
            sources: The URLs (`Upload.cdn_url`) that segments may show and play; None: any.
        """
        return validate(self, sources)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return f"<Draft: {self.summary()}>"
