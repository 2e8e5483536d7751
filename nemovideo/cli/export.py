"""`nemovideo export`: a session's timeline becomes a video file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from nemovideo.cli.arguments import as_json_option, out_option, session_argument
from nemovideo.cli.client import journaling_client
from nemovideo.cli.display import Display
from nemovideo.cli.wording import echo_json, video_line, video_object

if TYPE_CHECKING:
    from pathlib import Path

    from nemovideo.models import Video


@click.command()
@session_argument
@out_option
@click.option("--quality", type=click.Choice(["low", "medium", "high"]), default="high", show_default=True)
@as_json_option
def export(session_id: str, out: Path, quality: str, *, as_json: bool) -> None:
    """Render a session's timeline and fetch the video. This costs no credits."""
    video = asyncio.run(_export(session_id, out, quality))
    if as_json:
        echo_json({"session_id": session_id} | video_object(video))
    else:
        click.echo(video_line(video))


async def _export(session_id: str, out: Path, quality: str) -> Video:
    async with journaling_client() as nemo:
        session = nemo.sessions.attach(session_id)
        with Display() as display:
            return await session.export(out, quality=quality, on_progress=display)
