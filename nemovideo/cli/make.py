"""`nemovideo make`: photos and a wish become a video file."""

from __future__ import annotations

import asyncio
from textwrap import shorten
from typing import TYPE_CHECKING

import click

from nemovideo.cli.arguments import as_json_option, out_option
from nemovideo.cli.client import journaling_client
from nemovideo.cli.display import Display
from nemovideo.cli.wording import echo_json, timeline_line, turn_object, video_line, video_object
from nemovideo.client import NemoVideo
from nemovideo.errors import EmptyDraftError
from nemovideo.events import ToolCall

if TYPE_CHECKING:
    from pathlib import Path

    from nemovideo.models import Turn, Video
    from nemovideo.session import Session

_LONGEST_ANSWER = 300
"""Letters of the agent's answer in an error line."""


def _check_prompt(_: click.Context, parameter: click.Parameter, prompt: str) -> str:
    if not prompt.strip():
        raise click.BadParameter("it is empty.", param=parameter)
    return prompt


@click.command()
@click.argument("photos", nargs=-1, required=True, metavar="PHOTO...")
@click.option("-p", "--prompt", required=True, callback=_check_prompt, help="What the video shall be like.")
@out_option
@click.option("--local", is_flag=True, help="Use the embedded backend: offline, no account, no credits.")
@as_json_option
def make(photos: tuple[str, ...], prompt: str, out: Path, *, local: bool, as_json: bool) -> None:
    """Turn photos and a wish into a video file.

    Video clips and sound files may stand among the photos. Nothing is sent before all files are checked.
    """
    session, turn, video = asyncio.run(_make(photos, prompt, out, local=local))
    if as_json:
        echo_json(video_object(video) | turn_object(turn) | {"task_id": session.task_id})
        return
    click.echo(video_line(video))
    click.echo(timeline_line(turn.draft))
    if not local:  # an embedded backend's sessions end with it
        click.echo(f'Go on: nemovideo chat {session.session_id} "..."')
        click.echo(f"In a browser: nemovideo open {session.session_id} --task {session.task_id}")


async def _make(
    photos: tuple[str, ...], prompt: str, out: Path, *, local: bool
) -> tuple[Session, Turn, Video]:
    async with NemoVideo.local() if local else journaling_client() as nemo:
        await nemo.uploads.check(*photos)
        with Display() as display:
            session = await nemo.sessions.create()
            await session.upload(*photos, on_progress=display)
            turn = await _ask(session, prompt, display)
            if turn.draft is not None and not turn.draft.is_renderable:
                said = shorten(turn.text, _LONGEST_ANSWER, placeholder=" ...")
                raise EmptyDraftError(f"The agent made no timeline. {said}".rstrip(), hint="")
            video = await session.export(out, draft=turn.draft, on_progress=display)
        return session, turn, video


async def _ask(session: Session, prompt: str, display: Display) -> Turn:
    display.show("chat")
    async with session.stream(prompt) as stream:
        async for event in stream:
            if isinstance(event, ToolCall):
                display.show("chat", note=event.name)
        return await stream.result()
