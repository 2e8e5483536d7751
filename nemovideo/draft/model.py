"""The draft: a timeline that a person can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from nemovideo.draft.codec import read_draft
from nemovideo.draft.editing import EditableTimeline
from nemovideo.draft.summary import summarize
from nemovideo.draft.timeline import Canvas

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from nemovideo.draft.slideshow import Source
    from nemovideo.draft.subtitles import SubtitleFormat
    from nemovideo.draft.validation import Finding


@frozen(repr=False)
class Draft(EditableTimeline):
    """A timeline of tracks and segments. Immutable; equal when its JSON is.

    Made with `Draft.from_wire`; `Draft()` is the empty one. Times inside are ms.

    What draws, checks, exchanges or makes whole drafts is imported when it is called: a client that only
    carries drafts starts faster without it.
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

    @classmethod
    def slideshow(
        cls,
        uploads: Iterable[Source],
        seconds: float | None = None,
        *,
        transition: str = "dissolve",
        title: str = "",
        music: str | Source | None = None,
        volume: float = 0.35,
        canvas: Canvas | None = None,
    ) -> Draft:
        """Return a draft that shows uploads one after the other: a video without a word to the assistant.

        Photos move slowly, each in its own way; clips play as they are.

        Args:
            uploads: Photos and clips in order, such as the `Upload`s of a session. Sounds are refused.
            seconds: The whole length, exactly; None: 5 s for each photo, and clips in full. Clips keep
                their own length, at most their fair share, and photos share what is left.
            transition: How each picture comes in over the one before; `none` for cuts.
            title: A text over the first 3 s; empty for none.
            music: A mood such as `lo-fi` to make music of, or an uploaded sound; None for silence.
            volume: Of the music; 1 is as it is.
            canvas: Size and rate of the picture; 1080x1920 at 30 by default.

        Raises:
            DraftError: There is nothing to show, a sound among the pictures, or no time for all of them.
        """
        from nemovideo.draft.slideshow import slideshow

        return cls.from_wire(
            slideshow(
                tuple(uploads),
                seconds,
                transition=transition,
                title=title,
                music=music,
                volume=volume,
                canvas=canvas or Canvas(),
            )
        )

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
        from nemovideo.draft.validation import validate

        return validate(self, sources)

    def to_svg(
        self,
        *,
        width: int | None = None,
        theme: Literal["auto", "light", "dark"] = "auto",
        language: str = "en",
    ) -> str:
        """Return a picture of the timeline: a lane for each track, labels, volumes, fades, transitions.

        Args:
            width: In pixels; None fills the page. Letters keep their size, time is stretched.
            theme: `auto` follows the viewer's preference.
            language: Of the track names: `zh` for Chinese; anything else is English.
        """
        from nemovideo.draft.svg import draw

        return draw(self, width=width, theme=theme, language=language)

    def to_otio(self) -> Any:
        """Return it as an `opentimelineio.schema.Timeline`, for editing programs; needs the extra `otio`.

        Times are whole frames at the canvas's rate. Texts are generator clips and, besides, markers. What
        overlaps within a track gets tracks of its own. `otio.adapters.write_to_file` saves it.

        Raises:
            ConfigurationError: The extra is not installed.
        """
        from nemovideo.draft.otio_writing import write_otio

        return write_otio(self)

    @classmethod
    def from_otio(cls, timeline: Any) -> Draft:
        """Return the draft that an `opentimelineio.schema.Timeline` describes; needs the extra `otio`.

        One that `to_otio` made comes back as it was, to the last key. What another program changed since
        (cuts, order, transitions, linked media, texts) is taken over; clips it added are new segments.

        Raises:
            DraftError: It is no such timeline, or a clip in it has no length.
            ConfigurationError: The extra is not installed.
        """
        from nemovideo.draft.otio_reading import read_otio

        return cls.from_wire(read_otio(timeline))

    def to_subtitles(self, format: SubtitleFormat = "srt", *, roles: Collection[str] | None = None) -> str:  # noqa: A002  # the field's word
        """Return its texts as a subtitle file; needs the extra `subtitles`.

        SubRip cannot hold everything: there, what looks like a tag is left out.

        Args:
            format: `srt` (SubRip) or `vtt` (WebVTT).
            roles: Only text tracks with these roles, such as `{"subtitle"}`; None: all of them.

        Raises:
            ConfigurationError: The extra is not installed.
        """
        from nemovideo.draft.subtitles import write_subtitles

        return write_subtitles(self, format, roles)

    def with_subtitles(self, content: str) -> Draft:
        """Return the draft with one more track, of the cues of a subtitle file; needs the extra `subtitles`.

        Args:
            content: The file's text: SubRip or WebVTT. Styles are left out.

        Raises:
            DraftError: It is neither, or it has no cue.
            ConfigurationError: The extra is not installed.
        """
        from nemovideo.draft.subtitles import read_subtitles

        return self.append_track(read_subtitles(content))

    def _repr_html_(self) -> str:
        return self.to_svg()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002  # what IPython hands over
        return {"text/plain": repr(self), "text/html": self.to_svg()}

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return f"<Draft: {self.summary()}>"
