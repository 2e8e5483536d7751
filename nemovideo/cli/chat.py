"""`nemovideo chat`: one message, its answer as it comes, and what it changed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from nemovideo.cli.arguments import as_json_option, session_argument
from nemovideo.cli.client import journaling_client
from nemovideo.cli.wording import echo_json, one_line, printable, timeline_line, turn_object
from nemovideo.events import StillWorking, Text, TextDelta
from nemovideo.models import Outcome

if TYPE_CHECKING:
    from nemovideo.events import ChatEvent
    from nemovideo.models import Turn

_OUTCOMES = {
    Outcome.SILENT: "(Done without words.)",
    Outcome.UNCHANGED: "(No answer, and nothing changed.)",
    Outcome.RECOVERED: "(The answer broke off; the timeline shows that it was done.)",
}


@click.command()
@session_argument
@click.argument("text")
@as_json_option
def chat(session_id: str, text: str, *, as_json: bool) -> None:
    """Say something to a session's editor.

    The answer is printed as it comes, then what changed on the timeline. A message is sent once at most.
    """
    turn = asyncio.run(_chat(session_id, text, quiet=as_json))
    if as_json:
        echo_json(turn_object(turn))
        return
    if turn.text:
        click.echo()
    echo_outcome(turn)


def echo_outcome(turn: Turn) -> None:
    """Print how a turn ended and what it changed."""
    if turn.outcome in _OUTCOMES:
        click.echo(_OUTCOMES[turn.outcome])
    for change in turn.changes:
        click.echo(f"- {one_line(str(change))}")
    if turn.changes:
        click.echo(timeline_line(turn.draft))


async def _chat(session_id: str, text: str, *, quiet: bool) -> Turn:
    async with journaling_client() as nemo, nemo.chat.stream(session_id, text) as stream:
        async for event in stream:
            if not quiet:
                _show(event)
        return await stream.result()


def _show(event: ChatEvent) -> None:
    if isinstance(event, TextDelta):
        click.echo(printable(event.text), nl=False)
    elif isinstance(event, Text) and event.replaces:
        click.echo(f"\n{printable(event.text)}", nl=False)
    elif isinstance(event, StillWorking):
        click.echo(f"Still working, {event.elapsed:.0f} s so far ...", err=True)
