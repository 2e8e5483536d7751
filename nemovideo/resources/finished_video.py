"""A finished video: its file, and what the service says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nemovideo.models import Video

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nemovideo._transport.download import Saved
    from nemovideo.models import RenderJob


def finished_video(job: RenderJob, saved: Saved) -> Video:
    """Return the video of a completed job; what the service does not say stays None."""
    facts = _output(job)
    return Video(
        path=saved.path,
        url=job.url,
        render_id=job.id,
        width=_whole(facts.get("width")),
        height=_whole(facts.get("height")),
        duration=_number(facts.get("duration")),
        size=saved.size,
    )


def _output(job: RenderJob) -> Mapping[str, object]:
    for level in (job.raw.get("data"), job.raw):
        if isinstance(level, dict) and isinstance(output := level.get("output"), dict):
            return output
    return {}


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
