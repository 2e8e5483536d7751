"""The records people hold: uploads, states, turns, jobs, videos, credits."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, TypeAlias

from attrs import field, frozen

from nemovideo import pictures

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from nemovideo.draft.changes import Change
    from nemovideo.draft.model import Draft
    from nemovideo.events import Media, ToolCall, ToolResult


@frozen
class Progress:
    """How far a long call is.

    Attributes:
        phase: `upload`, `chat`, `render` or `download`.
        done: What is done, in bytes for transfers and in percent for renders.
        total: What there is to do, in the same unit; None while unknown.
        message: One line for a person.
    """

    phase: str
    done: float
    total: float | None = None
    message: str = ""

    @property
    def fraction(self) -> float | None:
        """Between 0 and 1; None while the total is unknown."""
        if self.total is None:
            return None
        return min(1.0, self.done / self.total) if self.total > 0 else 1.0


OnProgress: TypeAlias = "Callable[[Progress], Awaitable[None] | None]"
"""A plain or an async callable; called about ten times a second at most, and never able to break the work."""


@frozen
class StarterToken:
    """An anonymous token [P].

    Attributes:
        token: The secret; kept out of the repr.
        user_id: Such as `anon_…`; registering with it keeps the work.
        credits: The starting balance.
        expires_at: ISO 8601.
    """

    token: str = field(repr=False)
    user_id: str
    expires_at: str
    credits: float | None = None


@frozen
class SessionInfo:
    """What the service says of a new session [P]."""

    session_id: str
    task_id: str | None = None
    user_id: str | None = None


@frozen
class Upload:
    """A file that the service holds [P].

    Attributes:
        filename: Its name there.
        file_type: `video`, `image` or `audio`; other words are kept.
        cdn_url: Where it lies; a draft's segments refer to it.
        duration: Seconds; None for stills, or where not said.
        width: Pixels, upright.
        height: Pixels, upright.
        fps: Frames a second.
        hash: The content's hash, in the service's own form.
    """

    filename: str
    file_type: str = ""
    cdn_url: str = ""
    duration: float | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    hash: str | None = None

    def _repr_html_(self) -> str:
        return pictures.upload(
            self.filename,
            self.file_type,
            self.cdn_url,
            pictures.facts(self.width, self.height, self.duration),
        )


@frozen
class SessionState:
    """A session as the service keeps it [S][P].

    Attributes:
        draft: The timeline; empty before the first edit.
        video_infos: What is known of the uploaded media, as JSON.
        canvas: The canvas settings, as JSON.
        generated_media: What the agent made, as JSON.
        raw: All of `data.state`, foreign keys included.
    """

    draft: Draft
    video_infos: object
    canvas: object
    generated_media: object
    raw: Mapping[str, object] = field(repr=False)


class Outcome(enum.Enum):
    """How a turn ended well."""

    ANSWERED = "answered"
    """The agent answered in words."""
    SILENT = "silent"
    """No text, but the draft changed."""
    UNCHANGED = "unchanged"
    """No text and no change."""
    RECOVERED = "recovered"
    """The stream broke; the change was then found in the state."""


@frozen
class Turn:
    """One message and what came of it.

    Attributes:
        session_id: The session.
        text: The answer; empty after a silent turn.
        outcome: How it ended.
        draft: The timeline after it; None where the state could not be read.
        changes: What it changed on the timeline; each prints as a line.
        segments: The answer's pieces, as they were said.
        tool_calls: The edits and look-ups that the agent made, in order.
        tool_results: Their answers, in the order they came.
        media: Files in the answer.
        truncated: Whether the answer was cut off by the agent's token limit.
    """

    session_id: str
    text: str
    outcome: Outcome
    draft: Draft | None = None
    changes: tuple[Change, ...] = ()
    segments: tuple[str, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_results: tuple[ToolResult, ...] = ()
    media: tuple[Media, ...] = ()
    truncated: bool = False

    def _repr_html_(self) -> str:
        picture = self.draft.to_svg() if self.draft is not None else ""
        return pictures.turn(self.text or self.outcome.value, self.changes, picture)


@frozen
class RenderJob:
    """A render on the farm [S][P].

    Attributes:
        id: Ours; enough to find the job again from any process.
        status: `pending`, `processing`, `completed`, `failed`, `cancelled`, or a word not known yet.
        progress: 0 to 100.
        url: Where the video lies once completed.
        error: Why it failed.
        raw: The service's answer.
    """

    id: str
    status: str
    progress: float = 0.0
    url: str | None = None
    error: str | None = None
    raw: Mapping[str, object] = field(factory=dict, repr=False)

    @property
    def is_completed(self) -> bool:
        """Whether the video can be downloaded."""
        return self.status == "completed"

    @property
    def is_failed(self) -> bool:
        """Whether it ended without a video."""
        return self.status in {"failed", "cancelled"}


@frozen
class Video:
    """A finished video on disk.

    Attributes:
        path: The file.
        url: Where it was fetched from; such links expire.
        render_id: Its job.
        width: Pixels; None where neither the service nor the draft says.
        height: Pixels.
        duration: Seconds.
        size: Bytes.
    """

    path: Path
    url: str | None
    render_id: str
    width: int | None
    height: int | None
    duration: float | None
    size: int

    def _repr_html_(self) -> str:
        return pictures.video(
            self.path, self.url, pictures.facts(self.width, self.height, self.duration, self.size)
        )


@frozen
class CreditBalance:
    """The credits of the account [S].

    Attributes:
        available: Free to spend.
        frozen: Held for running work.
        total: Both.
    """

    available: float
    frozen: float = 0.0
    total: float = 0.0

    def _repr_html_(self) -> str:
        return pictures.credit_balance(self.available, self.frozen, self.total)
