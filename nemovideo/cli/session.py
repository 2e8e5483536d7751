"""`nemovideo state` and `nemovideo open`: look at a session here, or in a browser."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from nemovideo.cli.arguments import as_json_option, session_argument
from nemovideo.cli.wording import echo_json, timeline_line
from nemovideo.client import NemoVideo

if TYPE_CHECKING:
    from nemovideo.models import SessionState


@click.command("state")
@session_argument
@as_json_option
def show_state(session_id: str, *, as_json: bool) -> None:
    """Show a session's timeline.

    With --json it is all that the service keeps of the session.
    """
    state = asyncio.run(_state(session_id))
    if as_json:
        echo_json(dict(state.raw))
        return
    canvas = state.draft.canvas
    click.echo(timeline_line(state.draft))
    click.echo(f"{canvas.width}x{canvas.height} at {canvas.fps:g} fps, {state.draft.duration_ms / 1000:g} s")


@click.command("open")
@session_argument
@click.option("--task", "task_id", metavar="TASK", required=True, help="Its task; `make` tells both.")
@as_json_option
def open_link(session_id: str, task_id: str, *, as_json: bool) -> None:
    """Print a link with which a browser takes a session over."""
    link = asyncio.run(_claim_link(session_id, task_id))
    if as_json:
        echo_json({"session_id": session_id, "link": link})
    else:
        click.echo(link)


async def _state(session_id: str) -> SessionState:
    async with NemoVideo() as nemo:
        return await nemo.sessions.state(session_id)


async def _claim_link(session_id: str, task_id: str) -> str:
    async with NemoVideo() as nemo:
        return await nemo.sessions.claim_link(session_id, task_id)
